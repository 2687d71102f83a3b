import { type OptionEntry, options, type Property, property } from '../property.ts';

export const text = (name: string, label: string, more: Partial<Property> = {}): Property =>
  property({ name, label, type: 'string', fieldType: 'text', ...more });

export const number = (name: string, label: string, more: Partial<Property> = {}): Property =>
  property({ name, label, type: 'number', fieldType: 'number', ...more });

export const choice = (
  name: string,
  label: string,
  entries: readonly OptionEntry[],
  more: Partial<Property> = {},
): Property =>
  property({ name, label, type: 'enumeration', fieldType: 'select', options: options(...entries), ...more });

/** What an account's people added themselves. */
export const custom = (draft: Parameters<typeof property>[0]): Property =>
  property({ ...draft, hubspotDefined: false });

export const readOnly = { readOnly: true, formField: false } as const;

/** Whose record it is; its options are the account's owners and stand in no answer. */
export const owner = (label: string, groupName = 'sales_properties'): Property =>
  property({
    name: 'hubspot_owner_id',
    label,
    type: 'enumeration',
    fieldType: 'select',
    groupName,
    externalOptions: true,
    referencedObjectType: 'OWNER',
  });

/** What HubSpot keeps of every record by itself. */
export function systemProperties(created: string, modified: string, groupName = 'contactinformation'): Property[] {
  const shared = { ...readOnly, groupName };
  return [
    property({ name: created, label: 'Create Date', type: 'datetime', fieldType: 'date', ...shared }),
    property({ name: modified, label: 'Last Modified Date', type: 'datetime', fieldType: 'date', ...shared }),
    property({ name: 'hs_object_id', label: 'Record ID', type: 'number', fieldType: 'number', ...shared }),
    text('hs_object_source', 'Record source', shared),
    text('hs_object_source_id', 'Record source ID', shared),
    text('hs_object_source_label', 'Record source label', shared),
    text('hs_merged_object_ids', 'Merged record IDs', shared),
  ];
}
