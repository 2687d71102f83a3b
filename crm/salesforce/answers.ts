import { z } from 'zod';
import { toId18 } from '../../core/record-ref.ts';
import { faultSchema } from './refusals.ts';

/** The answers that we use, as far as we use them. */
const id = z.string().transform((text, context) => {
  const id18 = toId18(text);
  if (id18) return id18;
  context.addIssue({ code: 'custom', message: 'no id' });
  return z.NEVER;
});

/** `2026-01-01T00:00:00.000+0000`, brought into ISO. */
export const stamp = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text).toISOString());

const page = z.object({ totalSize: z.number(), done: z.boolean(), nextRecordsUrl: z.string().optional() });

export const countAnswer = page;

export const recordsAnswer = page.extend({
  records: z.array(
    z.looseObject({
      Id: id,
      CreatedDate: stamp,
      LastModifiedDate: stamp,
      IsConverted: z.boolean().optional(),
      ConvertedContactId: id.nullish(),
    }),
  ),
});
export type RecordRow = z.infer<typeof recordsAnswer>['records'][number];

export const ownersAnswer = page.extend({
  records: z.array(z.looseObject({ Id: id, Email: z.string().nullish(), Name: z.string().nullish() })),
});

export const fatesAnswer = page.extend({
  records: z.array(z.looseObject({ Id: id, IsDeleted: z.boolean(), MasterRecordId: id.nullish() })),
});

export const changesAnswer = page.extend({
  records: z.array(z.object({ Id: id, SystemModstamp: stamp, CreatedDate: stamp })),
});

export const idsAnswer = page.extend({ records: z.array(z.object({ Id: id })) });

export const coveredAnswer = z.object({ latestDateCovered: stamp });

export const describeAnswer = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      createable: z.boolean(),
      updateable: z.boolean(),
      nillable: z.boolean(),
      defaultedOnCreate: z.boolean(),
      calculated: z.boolean(),
      unique: z.boolean(),
      externalId: z.boolean(),
      length: z.number(),
      precision: z.number(),
      scale: z.number(),
      restrictedPicklist: z.boolean(),
      picklistValues: z.array(z.object({ value: z.string(), active: z.boolean() })).nullish(),
    }),
  ),
});

/** Results of a collections write: one per record, in the order of the request. */
export const rowsAnswer = z.array(
  z.object({
    id: id.nullish(),
    success: z.boolean(),
    created: z.boolean().nullish(),
    errors: z.array(faultSchema).nullish(),
  }),
);
