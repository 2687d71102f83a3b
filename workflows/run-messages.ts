import { defineQuery } from '@temporalio/workflow';
import type { System } from '../core/record-ref.ts';
import type { Timing } from './messages.ts';

/** Inputs, states and answers of the workflows that work through many records: JSON, ids and counts only. */

/**
 * What is asked of each record: the pair and its identity alone, or everything; `projected` also fills records that would be
 * members with the values of Salesforce.
 */
export const syncModes = ['identity', 'full', 'projected'] as const;
export type SyncMode = (typeof syncModes)[number];

/** Where the ids of a phase come from. */
export type IdSource =
  /** Salesforce records of one type; `draft` holds a SOQL condition. */
  | { readonly kind: 'salesforce'; readonly type: string; readonly draft: number | null }
  /** The members of a segment. */
  | { readonly kind: 'members'; readonly segmentId: string }
  /** Pairs with a base. */
  | { readonly kind: 'pairs' }
  /** Records that were edited since their object was enabled, and whose edit nobody has looked at. */
  | { readonly kind: 'unseen'; readonly system: System; readonly type: string }
  /** None: only counts the records that were never in step, which nobody brings into step unasked. */
  | { readonly kind: 'neverInStep' }
  /** Those that came with the run's input. */
  | { readonly kind: 'given'; readonly system: System };

export const systemOf = (source: IdSource): System => {
  if (source.kind === 'salesforce') return 'salesforce';
  return source.kind === 'given' || source.kind === 'unseen' ? source.system : 'hubspot';
};

export interface Phase {
  readonly name: string;
  readonly mode: SyncMode;
  readonly source: IdSource;
  /** How many records it will see, where that is cheap to know. */
  readonly total: number | null;
}

/** How many records came to what: `synced`, `skipped:notInSegment`, `failed:propertyValues`, `busy`, … */
export type Counts = Readonly<Record<string, number>>;

export const runKinds = ['import', 'resync', 'catchUp', 'reconcile'] as const;
export type RunKind = (typeof runKinds)[number];

/** What every run is started with. */
export interface RunInput {
  readonly object: string;
  /** Names the run beside others of its kind. */
  readonly name: string;
  readonly timing: Timing;
  /** Where an earlier run of this execution stood; set by continue-as-new only. */
  readonly state?: RunState;
}

export interface ImportInput extends RunInput {
  /** The draft that holds a SOQL condition, or null for all records. */
  readonly draft: number | null;
}

export interface ResyncInput extends RunInput {
  /** The segment whose members are synced; left out: the object's included ones. */
  readonly segmentId?: string;
}

export interface CatchUpInput extends RunInput {
  readonly system: System;
  readonly ids: readonly string[];
}

/** Where a run stands. */
export interface RunState {
  readonly runId: string;
  /** Chosen when the run began; empty before. */
  readonly phases: readonly Phase[];
  readonly phase: number;
  /** Where to read on; null from the beginning. */
  readonly cursor: string | null;
  /** All ids of the phase have been read. */
  readonly exhausted: boolean;
  /** Ids read and not yet started. */
  readonly ids: readonly string[];
  readonly done: number;
  /** By phase. */
  readonly counts: readonly Counts[];
  /** Records that wait for their segment, and until when they do so without being asked again (the workflow's clock). */
  readonly undecided: readonly string[];
  readonly wait: { readonly segmentIds: readonly string[]; readonly atMs: number } | null;
  /** Records that were busy, or refused for a reason that passes. */
  readonly again: readonly string[];
}

export interface RunStatus {
  readonly state: 'starting' | 'running' | 'paused' | 'waiting' | 'ended';
  readonly pausedBecause: string | null;
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly counts: readonly { readonly phase: string; readonly counts: Counts }[];
}
export const runStatusQuery = defineQuery<RunStatus>('status');

export interface RunResult {
  readonly runId: string;
  readonly counts: readonly { readonly phase: string; readonly counts: Counts }[];
}

/** What the activities behind the page loop take and give. */
export interface BeginRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly object: string;
  readonly name: string;
  readonly draft: number | null;
  readonly segmentId: string | null;
  /** The ids that the run brings along. */
  readonly given?: { readonly system: System; readonly count: number };
}
export interface BegunRun {
  readonly phases: readonly Phase[];
}
export interface ReadIds {
  readonly object: string;
  readonly source: IdSource;
  readonly cursor: string | null;
}
export interface ReadIdsResult {
  readonly ids: readonly string[];
  /** Null where these were the last ones. */
  readonly next: string | null;
  /** Records that are counted and left alone. */
  readonly counts?: Counts;
}
export interface SyncPage {
  readonly runId: string;
  readonly object: string;
  readonly system: System;
  readonly ids: readonly string[];
  readonly mode: SyncMode;
  readonly lane: 'live' | 'bulk';
  /** The workflow that waits for undecided records. */
  readonly waiter: string;
  /** Nothing is asked again after this: records that are busy, or were refused for a reason that passes, count as such. */
  readonly isLastTry: boolean;
  /** What the run had come to when this page was started, for its row in the ledger. */
  readonly countsBefore: Counts;
}
export interface PageResult {
  readonly counts: Counts;
  readonly undecided: readonly string[];
  /** When the first of the undecided records is to be asked again at the latest, from the end of the activity on. */
  readonly wait: { readonly segmentIds: readonly string[]; readonly inMs: number } | null;
  readonly again: readonly string[];
}
