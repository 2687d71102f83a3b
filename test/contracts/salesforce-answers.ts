import { z } from 'zod';

/** What Salesforce's documentation says its answers look like, written by hand and strict: nothing more, nothing less. */
const id = z.string().regex(/^[a-zA-Z0-9]{15}[A-Z0-5]{3}$/);
export const stamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);

const attributes = z.strictObject({
  type: z.string(),
  url: z.string().regex(/^\/services\/data\/v\d\d\.0\/sobjects\/\w+\/[a-zA-Z0-9]{18}$/),
});
export const record = z.looseObject({ attributes });

export const saved = z.strictObject({
  id,
  success: z.literal(true),
  errors: z.tuple([]),
  created: z.boolean().optional(),
});
const failed = z.strictObject({
  success: z.literal(false),
  errors: z.array(z.strictObject({ statusCode: z.string(), message: z.string(), fields: z.array(z.string()) })).min(1),
});
export const items = z.array(z.union([saved, failed]));

export const errors = z
  .array(z.strictObject({ message: z.string(), errorCode: z.string(), fields: z.array(z.string()).optional() }))
  .min(1);

export const page = z.strictObject({
  totalSize: z.number(),
  done: z.boolean(),
  nextRecordsUrl: z
    .string()
    .regex(/^\/services\/data\/v67\.0\/query\/01g[a-zA-Z0-9]{15}-\d+$/)
    .optional(),
  records: z.array(record),
});

export const composite = z.strictObject({
  compositeResponse: z.array(
    z.strictObject({
      body: z.unknown(),
      httpHeaders: z.record(z.string(), z.string()),
      httpStatusCode: z.number(),
      referenceId: z.string(),
    }),
  ),
});

export const updated = z.strictObject({ ids: z.array(id), latestDateCovered: stamp });
export const deleted = z.strictObject({
  deletedRecords: z.array(z.strictObject({ id, deletedDate: stamp })),
  earliestDateAvailable: stamp,
  latestDateCovered: stamp,
});

export const token = z.strictObject({
  access_token: z.string().min(20),
  signature: z.string(),
  scope: z.string(),
  instance_url: z.url(),
  id: z.string().regex(/\/id\/00D[a-zA-Z0-9]{15}\/005[a-zA-Z0-9]{15}$/),
  token_type: z.literal('Bearer'),
  issued_at: z.string().regex(/^\d{13}$/),
  api_instance_url: z.url(),
});
export const tokenError = z.strictObject({ error: z.string(), error_description: z.string() });

const fieldTypes = [
  'id',
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'boolean',
  'int',
  'double',
  'currency',
  'date',
  'datetime',
  'picklist',
  'multipicklist',
  'reference',
] as const;

export const describe = z.looseObject({
  name: z.string(),
  keyPrefix: z.string().length(3),
  createable: z.boolean(),
  recordTypeInfos: z.array(z.unknown()),
  childRelationships: z.array(z.unknown()),
  fields: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      type: z.enum(fieldTypes),
      length: z.number(),
      createable: z.boolean(),
      updateable: z.boolean(),
      nillable: z.boolean(),
      defaultedOnCreate: z.boolean(),
      calculated: z.boolean(),
      calculatedFormula: z.string().nullable(),
      externalId: z.boolean(),
      idLookup: z.boolean(),
      unique: z.boolean(),
      caseSensitive: z.boolean(),
      restrictedPicklist: z.boolean(),
      referenceTo: z.array(z.string()),
      relationshipName: z.string().nullable(),
      picklistValues: z.array(
        z.strictObject({
          active: z.boolean(),
          defaultValue: z.boolean(),
          label: z.string(),
          validFor: z.null(),
          value: z.string(),
        }),
      ),
    }),
  ),
});
