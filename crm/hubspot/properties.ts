import type { z } from 'zod';
import { type HubSpotReader, type PropertyInfo, VendorError } from '../types.ts';
import { propertiesAnswer, propertyAnswer } from './answers.ts';
import type { Send } from './connection.ts';
import { paths } from './paths.ts';

type PropertyAnswer = z.infer<typeof propertyAnswer>;

export function propertyReads(send: Send): Pick<HubSpotReader, 'properties' | 'createUniqueProperty'> {
  const all = async (type: string): Promise<PropertyAnswer[]> =>
    (await send({ method: 'GET', path: paths.properties(type) }, propertiesAnswer)).data.results;

  return {
    properties: async (type) => new Map((await all(type)).map((property) => [property.name, infoOf(property)])),

    createUniqueProperty: async (type, name, label) => {
      const known = await all(type);
      const present = known.find((property) => property.name === name);
      if (present) return usable(type, present);
      const body = {
        name,
        label,
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
        // A property needs a group; the record's id stands in the type's own.
        groupName: known.find((property) => property.name === 'hs_object_id')?.groupName ?? known[0]?.groupName,
      };
      try {
        await send({ method: 'POST', path: paths.properties(type), body, writes: true }, propertyAnswer);
        return 'created';
      } catch (error) {
        // Somebody else made it meanwhile, or our own call came through although its answer was lost.
        if (!(error instanceof VendorError)) throw error;
        const made = (await all(type)).find((property) => property.name === name);
        if (!made) throw error;
        return usable(type, made);
      }
    },
  };
}

/** Throws a sentence for people where a property of that name is of no use as a key. */
function usable(type: string, { name, type: valueType, hasUniqueValue }: PropertyAnswer): 'present' {
  if (valueType === 'string' && hasUniqueValue) return 'present';
  throw new Error(
    `HubSpot has a property "${name}" of ${type} that is no unique text property, and that cannot be changed ` +
      'afterwards. Choose another name for keys.hubspot in the settings, or delete that property in HubSpot.',
  );
}

const infoOf = (property: PropertyAnswer): PropertyInfo => ({
  name: property.name,
  type: property.type,
  fieldType: property.fieldType,
  readOnly: property.modificationMetadata?.readOnlyValue ?? false,
  calculated: property.calculated ?? false,
  unique: property.hasUniqueValue ?? false,
  options: property.options?.map(({ value }) => value) ?? [],
});
