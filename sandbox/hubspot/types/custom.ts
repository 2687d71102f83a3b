import type { Property } from '../property.ts';
import { systemProperties } from './common-properties.ts';
import type { ObjectType } from './object-type.ts';

/** A custom object as its schema defines it. */
export interface CustomType {
  readonly name: string;
  readonly labels: { readonly singular: string; readonly plural: string };
  readonly primaryDisplayProperty: string;
  readonly secondaryDisplayProperties: readonly string[];
  readonly requiredProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly properties: readonly Property[];
  readonly description: string;
}

/** The group that HubSpot makes for a custom object's properties. */
export const groupOf = (name: string): string => `${name}_information`;

/** `typeId` is `2-N`; in paths the fully qualified name `p{portal}_{name}` serves as well. */
export function customType(schema: CustomType, typeId: string): ObjectType {
  const shown = [schema.primaryDisplayProperty, ...schema.secondaryDisplayProperties];
  return {
    name: schema.name,
    typeId,
    singular: schema.name.toUpperCase(),
    title: schema.labels.singular,
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    naturalKey: undefined,
    requiredOneOf: [],
    required: schema.requiredProperties,
    shownByDefault: [],
    shownAfterWrite: [...shown, 'hs_object_source', 'hs_object_source_id'],
    searchable: [...schema.searchableProperties, 'hs_object_id'],
    forwardOnly: [],
    groups: [groupOf(schema.name)],
    properties: [
      ...schema.properties,
      ...systemProperties('hs_createdate', 'hs_lastmodifieddate', groupOf(schema.name)),
    ],
    derived: {},
  };
}
