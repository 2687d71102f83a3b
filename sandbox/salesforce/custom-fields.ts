import { z } from 'zod';
import { type Field, type FieldType, field } from './fields.ts';

const kinds = {
  text: 'string',
  textarea: 'textarea',
  email: 'email',
  phone: 'phone',
  url: 'url',
  number: 'double',
  checkbox: 'boolean',
  date: 'date',
  datetime: 'datetime',
  picklist: 'picklist',
  multipicklist: 'multipicklist',
  currency: 'currency',
  lookup: 'reference',
} as const satisfies Record<string, FieldType>;

/** A custom field as an administrator makes it. */
export const customFieldSchema = z.strictObject({
  object: z.string().min(1),
  name: z.string().regex(/^[A-Za-z]\w*__c$/, 'a custom field starts with a letter and ends in __c'),
  label: z.string().optional(),
  type: z.enum(Object.keys(kinds) as [keyof typeof kinds, ...(keyof typeof kinds)[]]),
  length: z.int().min(1).max(131_072).optional(),
  scale: z.int().min(0).max(17).default(0),
  externalId: z.boolean().default(false),
  unique: z.boolean().default(false),
  caseSensitive: z.boolean().default(false),
  values: z.array(z.string().min(1)).default([]),
  restricted: z.boolean().default(true),
  /** The object that a lookup leads to. */
  referenceTo: z.string().optional(),
  required: z.boolean().default(false),
});

export type CustomField = z.input<typeof customFieldSchema>;

/** Reads what an administrator asks for; throws a `ZodError` where it is malformed. */
export function customField(asked: CustomField): Field {
  const {
    name,
    label,
    type,
    length,
    scale,
    externalId,
    unique,
    caseSensitive,
    values,
    restricted,
    referenceTo,
    required,
  } = customFieldSchema.parse(asked);
  const isChoice = type === 'picklist' || type === 'multipicklist';
  return field(name, kinds[type], {
    ...(label !== undefined && { label }),
    ...(length !== undefined && { length }),
    ...((type === 'number' || type === 'currency') && { precision: 18, scale }),
    ...(referenceTo !== undefined && {
      referenceTo: [referenceTo],
      relationshipName: name.replace(/__c$/, '__r'),
    }),
    ...(required && { nillable: false }),
    externalId,
    unique,
    caseSensitive,
    picklist: values,
    restricted: isChoice && restricted,
  });
}
