import { ApplicationFailure, Context } from '@temporalio/activity';
import { judge } from '../core/gate.ts';
import type { ApplySettingsInput, ApplySettingsResult, Round, SyncResult } from '../workflows/messages.ts';
import type {
  BeginRun,
  BegunRun,
  Counts,
  PageResult,
  ReadIds,
  ReadIdsResult,
  SyncPage,
} from '../workflows/run-messages.ts';
import type { Attempt, Engine } from './engine.ts';
import { withFailures } from './failures.ts';
import { type ChangedRecord, type HandOver, handOver, recordsWait, waitsOver } from './hand-over.ts';
import { alive } from './heartbeat.ts';
import { pollSystem } from './poll-system.ts';
import { beginRun } from './runs/begin-run.ts';
import { readIds } from './runs/read-ids.ts';
import { syncPage } from './runs/sync-page.ts';
import { activateSettings, arrangeWorkflows } from './settings.ts';
import { type SyncRequest, syncRecords } from './sync/sync-records.ts';
import { type Look, watchSegment } from './watch-segment.ts';

export type ActivityDeps = Omit<Engine, 'handOver' | 'recordsWait' | 'waitsOver' | 'now' | 'judge'> &
  Omit<HandOver, 'ledger'> & {
    /** Stands in for the gate; only tests of what the gate prevents have another one. */
    readonly judge?: Engine['judge'];
  };

/** Inputs and answers of all activities hold ids and counts only. */
export interface Activities {
  syncRecords(request: SyncRequest): Promise<SyncResult[]>;
  handOver(input: { readonly changes: readonly ChangedRecord[] }): Promise<void>;
  watchSegment(input: Look): Promise<Round>;
  pollSystem(input: { readonly system: 'hubspot' | 'salesforce' }): Promise<Round>;
  activateSettings(input: ApplySettingsInput): Promise<ApplySettingsResult>;
  arrangeWorkflows(input: { readonly version: number }): Promise<void>;
  beginRun(input: BeginRun): Promise<BegunRun>;
  readIds(input: ReadIds): Promise<ReadIdsResult>;
  syncPage(page: SyncPage): Promise<PageResult>;
  noteRun(input: { readonly runId: string; readonly counts: Counts }): Promise<void>;
  endRun(input: { readonly runId: string; readonly state: string; readonly counts: Counts }): Promise<void>;
}

/** The activities of one worker process. */
export function createActivities(deps: ActivityDeps): Activities {
  const engine = createEngine(deps);
  return withFailures({
    syncRecords: (request) => syncRecords(engine, thisAttempt(), request),
    handOver: ({ changes }) => engine.handOver(changes),
    watchSegment: (input) => alive(() => watchSegment(engine, deps, input)),
    pollSystem: ({ system }) => alive(() => pollSystem(engine, system)),
    activateSettings: (input) => alive(() => activateSettings(engine, input)),
    arrangeWorkflows: () => alive(() => arrangeWorkflows(engine, deps)),
    beginRun: (input) => beginRun(engine, input),
    readIds: (input) => readIds(engine, input),
    syncPage: (page) => syncPage(engine, thisAttempt(), page),
    noteRun: ({ runId, counts }) => engine.ledger.runs.progress(runId, counts),
    endRun: ({ runId, state, counts }) => engine.ledger.runs.finish(runId, state, counts),
  });
}

/** The engine with the real clock and the real way to the record workflows. */
export function createEngine(deps: ActivityDeps): Engine {
  return {
    judge,
    ...deps,
    now: () => Date.now(),
    handOver: (changes) => handOver(deps, changes),
    recordsWait: (segmentIds) => recordsWait(deps, segmentIds),
    waitsOver: (waits) => waitsOver(deps, waits, new Date(Date.now()).toISOString()),
  };
}

/** Run and activity id name the holder of leases; they stay the same over the retries of one activity. */
function thisAttempt(): Attempt {
  const { workflowExecution, activityId, attempt, startToCloseTimeoutMs } = Context.current().info;
  if (!workflowExecution)
    throw ApplicationFailure.nonRetryable('syncRecords runs inside workflows only.', 'unexpected');
  return {
    owner: `${workflowExecution.runId}/${activityId}`,
    attempt,
    endsAtMs: Date.now() + startToCloseTimeoutMs,
  };
}
