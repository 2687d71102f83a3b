/** HubSpot's property types. https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide */
export type PropertyType = 'bool' | 'date' | 'datetime' | 'enumeration' | 'number' | 'phone_number' | 'string';

export const propertyTypes: readonly PropertyType[] = [
  'bool',
  'date',
  'datetime',
  'enumeration',
  'number',
  'phone_number',
  'string',
];

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
  readonly description?: string;
}

/** What the sandbox knows of a property, apart from what follows from it on the wire. */
export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly displayOrder: number;
  readonly hasUniqueValue: boolean;
  readonly hidden: boolean;
  readonly formField: boolean;
  readonly calculated: boolean;
  readonly readOnly: boolean;
  readonly hubspotDefined: boolean;
  readonly externalOptions: boolean;
  readonly referencedObjectType?: string;
  readonly showCurrencySymbol?: boolean;
  readonly createdAt: number;
}

type Draft = Pick<Property, 'name' | 'label' | 'type' | 'fieldType'> & Partial<Property>;

/** A property with HubSpot's defaults for whatever is left out. */
export function property(draft: Draft): Property {
  return {
    groupName: 'contactinformation',
    description: '',
    options: draft.type === 'bool' ? options(['true', 'Yes'], ['false', 'No']) : [],
    displayOrder: -1,
    hasUniqueValue: false,
    hidden: false,
    formField: true,
    calculated: false,
    readOnly: false,
    hubspotDefined: true,
    externalOptions: false,
    createdAt: Date.UTC(2020, 0, 1),
    ...draft,
  };
}

/** A value and its label, or a value that is its own label. */
export type OptionEntry = string | readonly [value: string, label: string];

export function options(...entries: readonly OptionEntry[]): PropertyOption[] {
  return entries.map((entry, displayOrder) => {
    const [value, label] = typeof entry === 'string' ? [entry, entry] : entry;
    return { label, value, displayOrder, hidden: false };
  });
}

/** The property as `/crm/v3/properties` shows it. */
export function propertyJson(definition: Property): Record<string, unknown> {
  const { readOnly, createdAt, referencedObjectType, ...rest } = definition;
  const stamp = new Date(createdAt).toISOString();
  return {
    ...rest,
    ...(referencedObjectType !== undefined && { referencedObjectType }),
    archived: false,
    createdAt: stamp,
    updatedAt: stamp,
    createdUserId: null,
    updatedUserId: null,
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyValue: readOnly,
      ...(definition.type === 'enumeration' && { readOnlyOptions: definition.externalOptions }),
    },
  };
}
