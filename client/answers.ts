import { z } from 'zod';
import { type FailureCategory, failureCategories } from '../core/failures.ts';
import type { Outcome } from '../core/outcome.ts';
import { systems } from '../core/record-ref.ts';

/** What Tandem's HTTP API answers. Unknown keys are passed over, so that an older client reads a newer service. */

const time = z.string();

const ref = z.object({ system: z.enum(systems), object: z.string(), id: z.string() });

/** Reasons are open here: a newer service may know more of them. */
const outcome = z.object({
  kind: z.enum(['synced', 'unchanged', 'skipped', 'waiting', 'failed']),
  reason: z.string().exactOptional(),
  category: z.string().exactOptional(),
}) as unknown as z.ZodType<Outcome>;

const decision = z.object({
  outcome,
  verdict: z.enum(['open', 'closed', 'undecided']).nullable(),
  basis: z.string().nullable(),
  segmentId: z.string().nullable(),
  segmentVersion: z.string().nullable(),
  decidedAt: time,
  seenAt: time,
});
export type DecisionView = z.infer<typeof decision>;

const wait = z.object({
  ref,
  segmentId: z.string(),
  expected: z.boolean().nullable(),
  reason: z.string(),
  since: time,
  deadline: time.nullable(),
});
export type WaitView = z.infer<typeof wait>;

const write = z.object({
  id: z.string(),
  system: z.enum(systems),
  recordId: z.string().nullable(),
  kind: z.enum(['create', 'update', 'remove']),
  /** Names only: values stay in the ledger. */
  fields: z.array(z.string()),
  basis: z.string(),
  intendedAt: time,
  /** Null while the answer is out, or where it never came. */
  ok: z.boolean().nullable(),
  code: z.string().nullable(),
});
export type WriteView = z.infer<typeof write>;

export const draftAnswer = z.object({ draft: z.int() });

export const settingsAnswer = z.object({
  version: z.int(),
  draft: z.int(),
  activatedAt: time,
  yaml: z.string(),
});
export type RunningSettings = z.infer<typeof settingsAnswer>;

/** What the ledger knows of one record. Holds ids, names and times, and no field value. */
export const recordAnswer = z.object({
  ref,
  workflowId: z.string(),
  pair: z.object({ hubspotId: z.string(), salesforceId: z.string(), salesforceType: z.string() }).nullable(),
  /** The newest of either side; null where nothing has been decided. */
  decision: decision.nullable(),
  waits: z.array(wait),
  /** The newest first. */
  writes: z.array(write),
});
export type RecordView = z.infer<typeof recordAnswer>;

/** Asks for another pair; a Salesforce id of 15 or 18 characters. */
export const pairingRequest = z.strictObject({ salesforceId: z.string() });
/** What was asked for; `before` is the Salesforce record that it is paired with so far. */
export const pairingAnswer = z.object({ ref, salesforceId: z.string(), before: z.string().nullable() });
export type PairingAsked = z.infer<typeof pairingAnswer>;

const explained = decision.extend({ says: z.string(), helps: z.string().nullable() });

/** Why a record did or did not sync, each time that this changed, newest first. */
export const explanationAnswer = z.object({
  ref,
  decisions: z.array(explained),
  /** Records that are no longer there: `deleted`, `merged` or `converted`, and what they became. */
  fates: z.array(z.object({ ref, fate: z.string(), intoId: z.string().nullable(), notedAt: time })),
});
export type ExplanationView = z.infer<typeof explanationAnswer>;

export const workflowAnswer = z.object({ ref, workflowId: z.string() });

const segment = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  /** `COMPLETE` once HubSpot has evaluated it for every record. */
  processingStatus: z.string(),
  /** Included or excluded by the settings that run. */
  chosen: z.boolean(),
  /** Number of members; null where HubSpot does not tell. */
  size: z.int().nullable(),
  /** Of its definition; grows with each change of the filter. */
  version: z.string(),
  /** This version is judged by HubSpot's answer alone, as an operator declared. */
  trusted: z.boolean(),
});
export type SegmentView = z.infer<typeof segment>;
export const segmentsAnswer = z.object({ segments: z.array(segment) });

/** One segment with its filter as HubSpot stored it, and that in words where words can say it. */
export const segmentAnswer = segment.extend({ condition: z.string().nullable(), filterBranch: z.unknown() });
export type SegmentDetail = z.infer<typeof segmentAnswer>;

const segmentName = z.string().trim().min(1).max(200);
/** Asks for a new active segment: `where` is a condition in words, `filterBranch` HubSpot's own form. */
export const segmentRequest = z.union([
  z.strictObject({ name: segmentName, where: z.string() }),
  z.strictObject({ name: segmentName, filterBranch: z.record(z.string(), z.unknown()) }),
]);
export type SegmentRequest = z.infer<typeof segmentRequest>;

/** Asks what another choice of included segments would change; ids or exact names, none: every record. */
export const segmentsChosen = z.strictObject({ include: z.array(z.string()).max(50) });

/** Numbers of records. All but the first are null where they can't be told: see `unknown`. */
export const segmentChange = z.object({
  /** Of the object's type in HubSpot. */
  all: z.int(),
  /** That may sync now, and after the change. */
  before: z.int().nullable(),
  after: z.int().nullable(),
  added: z.int().nullable(),
  removed: z.int().nullable(),
  /** Of which HubSpot does not tell now whether they are members: a segment is being evaluated, gone or very large. */
  unknown: z.int(),
});
export type SegmentChange = z.infer<typeof segmentChange>;

const object = z.string();

/** Asks what a run would look at. */
export const previewRequest = z.discriminatedUnion('kind', [
  /**
   * `where`: a SOQL condition that holds for each Salesforce type of the object. `forecast`: also how many of the first records
   * would stay blank, which takes some fifteen calls for each type.
   */
  z.strictObject({
    kind: z.literal('import'),
    object,
    where: z.string().exactOptional(),
    forecast: z.boolean().exactOptional(),
  }),
  /** `segment`: id or exact name; left out, the object's included ones. */
  z.strictObject({ kind: z.literal('resync'), object, segment: z.string().exactOptional() }),
]);
export type PreviewRequest = z.infer<typeof previewRequest>;

export const previewAnswer = z.object({
  /** Holds the condition; null where there is none. */
  draft: z.int().nullable(),
  /** The segment that was named, by its id; null where none was. */
  segmentId: z.string().nullable(),
  /** `records` is null where HubSpot does not tell. */
  counts: z.array(z.object({ what: z.string(), records: z.int().nullable() })),
});
export type RunPreview = z.infer<typeof previewAnswer>;

const run = z.object({
  id: z.string(),
  workflowId: z.string(),
  kind: z.string(),
  object: object.nullable(),
  name: z.string(),
  /** `running`, `done`, `failed` or `cancelled`. */
  state: z.string(),
  /** By `{phase}/{outcome}`. */
  counts: z.record(z.string(), z.int()),
  startedAt: time,
  endedAt: time.nullable(),
});
export type RunView = z.infer<typeof run>;

export const runsAnswer = z.object({ runs: z.array(run) });

export const runAnswer = run.extend({
  /** The first records that were refused or left alone as duplicates. */
  rows: z.array(z.object({ ref, outcome: z.string(), reason: z.string() })),
  moreRows: z.boolean(),
});
export type RunDetail = z.infer<typeof runAnswer>;

/** Records of a run that failed or that nobody came to: a page of one system's, `after` leads to the next. */
export const retryAnswer = z.object({ object, ids: z.array(z.string()), after: z.string().nullable() });
export type RetryPage = z.infer<typeof retryAnswer>;

export const schedulesAnswer = z.object({
  schedules: z.array(
    z.object({
      name: z.string(),
      run: z.object({ kind: z.enum(['resync', 'reconcile']), object, segmentId: z.string().exactOptional() }),
      cron: z.string(),
      timezone: z.string(),
      overlap: z.string(),
    }),
  ),
});
export type ScheduleInSettings = z.infer<typeof schedulesAnswer>['schedules'][number];

export const workflowsAnswer = z.object({
  workflows: z.array(z.object({ workflowId: z.string(), kind: z.string(), object: object.nullable() })),
});
/** A workflow that can be paused. */
export type WorkflowView = z.infer<typeof workflowsAnswer>['workflows'][number];

const count = z.int();

export const healthAnswer = z.object({
  installation: z.string(),
  /** What keeps the service from being ready, one sentence each. */
  problems: z.array(z.string()),
  settings: z.object({ version: z.int(), activatedAt: time }).nullable(),
  counts: z.object({
    pairs: count,
    waits: count,
    overdue: count,
    openWrites: count,
    oldestOpenWriteAt: time.nullable(),
    leases: count,
    expiredLeases: count,
    unresolvedConflicts: count,
    failed: z.partialRecord(z.enum(failureCategories as [FailureCategory, ...FailureCategory[]]), count),
    /** Writes on another basis than an open gate, by basis. */
    exceptions: z.record(z.string(), count),
  }),
  /**
   * By object of the settings, when its last whole compare of all pairs began; null where there was none. What HubSpot tells
   * nobody of, such as a changed association, is found no later than by the next one.
   */
  compared: z.array(z.object({ object, at: time.nullable() })),
  /** The first of the waits past their deadline. */
  overdue: z.array(wait),
  /** Notices that came since the service started; left out where it takes none. */
  webhooks: z.object({ taken: z.int(), repeated: z.int(), refused: z.int() }).exactOptional(),
});
export type HealthView = z.infer<typeof healthAnswer>;

/** `name` is stable; `message` is a sentence for people. */
export const errorAnswer = z.object({ error: z.object({ name: z.string(), message: z.string() }) });
