import { z } from 'zod';
import { faultSchema } from './refusals.ts';

/** The answers that we use, as far as we use them. Ids are numbers in some places and texts in others. */
const id = z.union([z.string(), z.number()]).transform(String);

const stamp = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text).toISOString());

/** Texts or null; the odd number or boolean is brought into the form that all others have. */
const value = z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable();

const version = z.object({
  value: value.optional(),
  timestamp: stamp,
  sourceType: z.string().nullish(),
  sourceId: z.string().nullish(),
});

export const recordAnswer = z.object({
  id,
  properties: z.record(z.string(), value),
  createdAt: stamp,
  updatedAt: stamp,
  objectWriteTraceId: z.string().nullish(),
  propertiesWithHistory: z.record(z.string(), z.array(version)).nullish(),
});
export type RecordAnswer = z.infer<typeof recordAnswer>;

/** Batch answers, 200, 201 or 207: `errors` tells of the rows that are missing from `results`. */
export const batchAnswer = z.object({ results: z.array(recordAnswer), errors: z.array(faultSchema).nullish() });
export type BatchAnswer = z.infer<typeof batchAnswer>;

export const searchAnswer = z.object({
  total: z.number(),
  results: z.array(recordAnswer),
  paging: z.object({ next: z.object({ after: id }).nullish() }).nullish(),
});

export const accountAnswer = z.object({ portalId: id, timeZone: z.string(), uiDomain: z.string() });

const list = z.object({
  listId: id,
  listVersion: z.union([z.string(), z.number()]),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: z.string(),
  processingStatus: z.string(),
  filtersUpdatedAt: z.string().nullish(),
  deletedAt: z.string().nullish(),
  size: z.number().nullish(),
  /** A search tells the size here. */
  additionalProperties: z.object({ hs_list_size: z.string().nullish() }).nullish(),
  filterBranch: z.unknown().optional(),
});
export type ListAnswer = z.infer<typeof list>;

export const listAnswer = z.object({ list });
export const listsAnswer = z.object({ lists: z.array(list) });
export const listSearchAnswer = z.object({ lists: z.array(list), hasMore: z.boolean(), offset: z.number() });

export const membersAnswer = z.object({
  results: z.array(z.object({ recordId: id, membershipTimestamp: stamp })),
  paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
});

export const membershipsAnswer = z.object({
  results: z.array(z.object({ recordId: id, recordListMemberships: z.array(z.object({ listId: id })) })),
  errors: z.array(faultSchema).nullish(),
});

export const propertyAnswer = z.object({
  name: z.string(),
  type: z.string(),
  fieldType: z.string(),
  groupName: z.string().nullish(),
  calculated: z.boolean().nullish(),
  hasUniqueValue: z.boolean().nullish(),
  options: z.array(z.object({ value: z.string() })).nullish(),
  modificationMetadata: z.object({ readOnlyValue: z.boolean().nullish() }).nullish(),
});
export const propertiesAnswer = z.object({ results: z.array(propertyAnswer) });

export const ownersAnswer = z.object({
  results: z.array(
    z.object({
      id,
      email: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
    }),
  ),
  paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
});

const associationType = z.object({ category: z.string(), typeId: z.number(), label: z.string().nullish() });

export const associationsAnswer = z.object({
  results: z.array(
    z.object({
      from: z.object({ id }),
      to: z.array(z.object({ toObjectId: id, associationTypes: z.array(associationType) })),
      paging: z.object({ next: z.object({ after: z.string() }).nullish() }).nullish(),
    }),
  ),
});

export const labelsAnswer = z.object({
  results: z.array(associationType),
});

export const associatedAnswer = z.object({ errors: z.array(faultSchema).nullish() });
