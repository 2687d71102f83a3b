import { z } from 'zod';
import {
  badValuePolicies,
  createPolicies,
  directions,
  exitPolicies,
  hubspotDeletes,
  importEvaluations,
  overlapPolicies,
  rules,
  type Settings,
  salesforceDeletes,
} from './settings.ts';

const names = z.array(z.string());
const matched = z.object({ hubspot: z.string(), salesforce: z.string() });

/** Settings as they stand in the ledger. A key added later has a default here, so that older versions can be read. */
const stored = z.object({
  keys: matched.extend({ native: z.enum(['ignore', 'adopt']).exactOptional() }),
  objects: z.record(
    z.string(),
    z.object({
      name: z.string(),
      hubspot: z.object({ type: z.string(), typeId: z.string() }),
      salesforce: z.object({
        types: names,
        create: z.array(z.object({ when: z.record(z.string(), names).exactOptional(), type: z.string() })),
        where: z.record(z.string(), z.string()).exactOptional(),
      }),
      direction: z.enum(directions),
      create: z.object({ hubspot: z.enum(createPolicies), salesforce: z.enum(createPolicies) }),
      gate: z.object({
        settleMs: z.number(),
        reevaluationTimeoutMs: z.number(),
        onTimeout: z.enum(['hold', 'trustHubSpot']),
        firstSync: z.enum(['writeBack', 'guarded']),
        importEvaluation: z.enum(importEvaluations).exactOptional(),
        exit: z.enum(exitPolicies).exactOptional(),
      }),
      match: z.array(matched),
      segments: z.object({ include: names, exclude: names }),
      onBadValue: z.enum(badValuePolicies).exactOptional(),
      associations: z
        .array(
          z.object({
            to: z.string(),
            label: z.string().exactOptional(),
            salesforce: z.record(z.string(), z.string()),
          }),
        )
        .exactOptional(),
      owner: z.object({ table: z.record(z.string(), z.string()) }).exactOptional(),
      deletes: z
        .object({
          fromHubSpot: z.enum(salesforceDeletes),
          fromSalesforce: z.enum(hubspotDeletes),
          hubspotMark: z.string().exactOptional(),
          salesforceMark: z.string().exactOptional(),
        })
        .exactOptional(),
      fields: z.array(
        z.object({
          hubspot: z.string(),
          salesforce: z.record(z.string(), z.string()),
          rule: z.enum(rules),
          values: z.array(z.tuple([z.string(), z.string()])).exactOptional(),
          whenBlank: z
            .object({ hubspot: z.string().exactOptional(), salesforce: z.string().exactOptional() })
            .exactOptional(),
        }),
      ),
    }),
  ),
  polling: z.object({ hubspotMs: z.number(), salesforceMs: z.number() }),
  schedules: z
    .array(
      z.object({
        name: z.string(),
        run: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('resync'), object: z.string(), segmentId: z.string().exactOptional() }),
          z.object({ kind: z.literal('reconcile'), object: z.string() }),
        ]),
        cron: z.string(),
        timezone: z.string(),
        overlap: z.enum(overlapPolicies),
      }),
    )
    .default([]),
});

/** Reads settings from their stored JSON; throws where it is none, which means a damaged ledger or a newer Tandem. */
export function readStoredSettings(value: unknown): Settings {
  const parsed = stored.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(`The stored settings cannot be read (at ${where}); a newer version of Tandem may have written them.`);
}
