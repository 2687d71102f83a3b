import { z } from 'zod';

/** What HubSpot's documentation and captures say its answers look like, written by hand and strict: nothing more, nothing less. */
const contextSchema = z.record(z.string(), z.array(z.string()));

/** HubSpot's error envelope, as documented and seen: the category is not always there. */
export const errorBody = z.strictObject({
  status: z.literal('error'),
  message: z.string(),
  correlationId: z.uuid(),
  category: z.string().optional(),
  subCategory: z.string().optional(),
  context: contextSchema.optional(),
  errors: z
    .array(z.strictObject({ message: z.string(), code: z.string().optional(), context: contextSchema.optional() }))
    .optional(),
  errorType: z.string().optional(),
  policyName: z.string().optional(),
  groupName: z.string().optional(),
  links: z.record(z.string(), z.string()).optional(),
});

export const stamp = z.iso.datetime({ precision: 3 });

/** A record on the wire: every value a text or null. */
export const recordBody = z.strictObject({
  id: z.string().regex(/^\d+$/),
  properties: z.record(z.string(), z.string().nullable()),
  propertiesWithHistory: z
    .record(
      z.string(),
      z.array(
        z.strictObject({
          value: z.string(),
          timestamp: stamp,
          sourceType: z.string(),
          sourceId: z.string(),
          sourceLabel: z.string().optional(),
          updatedByUserId: z.number().optional(),
        }),
      ),
    )
    .optional(),
  createdAt: stamp,
  updatedAt: stamp,
  archived: z.boolean(),
  archivedAt: stamp.optional(),
  url: z.url(),
  objectWriteTraceId: z.string().optional(),
  associations: z
    .record(z.string(), z.strictObject({ results: z.array(z.strictObject({ id: z.string(), type: z.string() })) }))
    .optional(),
  new: z.boolean().optional(),
});

/** The answer of a batch of records, complete or in part. */
export const batchBody = z.strictObject({
  status: z.literal('COMPLETE'),
  results: z.array(recordBody),
  startedAt: stamp,
  completedAt: stamp,
  numErrors: z.number().optional(),
  errors: z
    .array(
      z.strictObject({
        status: z.literal('error'),
        category: z.string(),
        subCategory: z.string().optional(),
        message: z.string(),
        context: contextSchema,
        errors: z.array(z.unknown()).optional(),
      }),
    )
    .optional(),
});

/** A list on the wire. */
export const listBody = z.strictObject({
  listId: z.string(),
  listVersion: z.number(),
  name: z.string(),
  objectTypeId: z.string(),
  processingType: z.enum(['DYNAMIC', 'MANUAL', 'SNAPSHOT']),
  processingStatus: z.enum(['COMPLETE', 'PROCESSING', 'PAUSED']),
  size: z.number(),
  createdAt: stamp,
  updatedAt: stamp,
  filtersUpdatedAt: stamp,
  createdById: z.string().optional(),
  updatedById: z.string().optional(),
  filterBranch: z.unknown().optional(),
});
