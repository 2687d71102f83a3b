import { contactProperties } from './contact-properties.ts';
import type { Property } from './property.ts';

/** Reads a stored property of the record at hand; null where it has no value. */
export type ReadStored = (property: string) => string | null;

/** One row per kind of record: a further kind is added by a further row. */
export interface ObjectType {
  /** The name in paths. */
  readonly name: string;
  readonly typeId: string;
  /** As error messages call it. */
  readonly singular: string;
  /** As the duplicate message calls it. */
  readonly title: string;
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** Unique without being declared so, whatever the case of its letters. */
  readonly naturalKey: string | undefined;
  /** A create needs a value in at least one of these. */
  readonly requiredOneOf: readonly string[];
  /** Shown where a call names no properties. */
  readonly shownByDefault: readonly string[];
  /** Shown in the answer of a write besides what was written. */
  readonly shownAfterWrite: readonly string[];
  /** Looked through by the `query` of a search. */
  readonly searchable: readonly string[];
  /** A value of one of these moves along the property's options only. */
  readonly forwardOnly: readonly string[];
  readonly groups: readonly string[];
  readonly properties: readonly Property[];
  /** Values that HubSpot works out itself from the stored ones. */
  readonly derived: Readonly<Record<string, (read: ReadStored) => string | null>>;
}

const contacts: ObjectType = {
  name: 'contacts',
  typeId: '0-1',
  singular: 'CONTACT',
  title: 'Contact',
  createdProperty: 'createdate',
  modifiedProperty: 'lastmodifieddate',
  naturalKey: 'email',
  requiredOneOf: ['email', 'firstname', 'lastname'],
  shownByDefault: ['email', 'firstname', 'lastname'],
  shownAfterWrite: [
    'email',
    'hs_email_domain',
    'hs_is_unworked',
    'hs_object_source',
    'hs_object_source_id',
    'hs_object_source_label',
    'lifecyclestage',
  ],
  searchable: ['firstname', 'lastname', 'email', 'phone', 'company', 'hs_object_id'],
  forwardOnly: ['lifecyclestage'],
  groups: ['contactinformation', 'sales_properties', 'emailinformation', 'contact_activity'],
  properties: contactProperties,
  derived: {
    hs_email_domain: (read) => read('email')?.split('@')[1] ?? null,
    hs_is_unworked: (read) => String(read('hubspot_owner_id') === null),
  },
};

export const objectTypes: readonly ObjectType[] = [contacts];
