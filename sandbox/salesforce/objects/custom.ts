import { z } from 'zod';
import { field } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { ownedRecord } from './shared.ts';

/** A custom object as an administrator makes it; its fields are added one by one. */
export const customObjectSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z]\w*__c$/, 'a custom object starts with a letter and ends in __c'),
  label: z.string().optional(),
  /** Digits of a number that Salesforce gives as the name; left out: the name is a text. */
  autoNumber: z.int().min(1).max(10).optional(),
});
export type CustomObject = z.input<typeof customObjectSchema>;

/** `count` tells custom objects apart: their ids begin with `a` and a number. */
export function customObject(asked: CustomObject, count: number): ObjectType {
  const { name, label, autoNumber } = customObjectSchema.parse(asked);
  return new ObjectType(name, {
    keyPrefix: `a${String(count).padStart(2, '0')}`,
    label: label ?? name.replace(/__c$/, '').replaceAll('_', ' '),
    fields: [
      ...ownedRecord(name, ['Group', 'User']).filter((one) => one.name !== 'MasterRecordId'),
      field('Name', 'string', {
        length: 80,
        nameField: true,
        ...(autoNumber !== undefined && { autoNumber, nillable: false }),
      }),
    ],
  });
}
