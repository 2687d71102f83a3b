import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Outcome } from '../core/outcome.ts';
import type { RecordRef } from '../core/record-ref.ts';

/** Messages, inputs and answers of the workflows: JSON only, ids and counts only. Wire names never change. */

/** A notice that a record may have changed: a hint, never data. `id` drops repeats within one run of the workflow. */
export interface Change {
  readonly id: string;
  /** When, by the clock of the system that changed; ISO. */
  readonly at?: string;
}
export const recordChangedSignal = defineSignal<[Change]>('recordChanged');

/** A segment has been evaluated again: look once more. A hint from anyone, never itself a verdict. */
export interface SegmentReevaluated {
  readonly segmentId: string;
  readonly checkedAt: string;
}
export const segmentReevaluatedSignal = defineSignal<[SegmentReevaluated]>('segmentReevaluated');

export interface RecordStatus {
  readonly state: 'gathering' | 'syncing' | 'waiting' | 'retrying' | 'ended';
  readonly since: string;
  /** What it waits for, for people: the segment and until when, or the category of a failure. */
  readonly waitsFor: string | null;
  readonly lastOutcome: Outcome | null;
  readonly passes: number;
}
export interface WatchStatus {
  readonly state: 'looking' | 'resting' | 'paused' | 'ended';
  readonly since: string;
  readonly pausedBecause: string | null;
  /** Rounds since the start of this run, and what they found. */
  readonly rounds: number;
  readonly found: number;
}
export const statusQuery = defineQuery<RecordStatus>('status');
export const watchStatusQuery = defineQuery<WatchStatus>('status');

/** The outcome of the first pass that began after the request; or who works on the record; or where it lives now. */
export type SyncNowAnswer = { readonly outcome: Outcome } | { readonly busy: true } | { readonly movedTo: RecordRef };
export const syncNowUpdate = defineUpdate<SyncNowAnswer>('syncNow');

export interface Reason {
  readonly reason: string;
}
export const pauseSignal = defineSignal<[Reason]>('pause');
export const resumeSignal = defineSignal<[Reason]>('resume');

/** To a watch or a poll: don't rest, look now (records began to wait, or somebody asks). */
export const lookNowSignal = defineSignal('lookNow');

/**
 * To a watch: this version of its segment is one that Tandem must not judge by its filter, so HubSpot's answer decides
 * alone; without a version, the one that the next look reads. `trusted: false` takes it back.
 */
export interface SegmentTrust {
  readonly version?: string;
  readonly trusted?: boolean;
}
export const trustSegmentSignal = defineSignal<[SegmentTrust]>('trustSegment');

export const searchAttributes = {
  object: defineSearchAttributeKey('SyncObject', SearchAttributeType.KEYWORD),
  outcome: defineSearchAttributeKey('SyncOutcome', SearchAttributeType.KEYWORD),
  reason: defineSearchAttributeKey('SyncReason', SearchAttributeType.KEYWORD),
  segmentId: defineSearchAttributeKey('SegmentId', SearchAttributeType.KEYWORD),
  hubspotId: defineSearchAttributeKey('HubSpotId', SearchAttributeType.KEYWORD),
  salesforceId: defineSearchAttributeKey('SalesforceId', SearchAttributeType.KEYWORD),
};

/** Times of one installation's workflows, in milliseconds; tests make them short. */
export interface Timing {
  /** How long `recordSync` gathers changes before it looks. */
  readonly gatherMs: number;
  /** Start-to-close of `syncRecords`. */
  readonly syncMs: number;
  /** How often a segment with waiting records is looked at. */
  readonly lookMs: number;
  /** Waits before each new try of a record whose refusal passes by itself; after the last one it stays failed. */
  readonly retryMs: readonly number[];
}
export const defaultTiming: Timing = {
  gatherMs: 2_000,
  syncMs: 60_000,
  lookMs: 3_000,
  retryMs: [1_000, 5_000, 20_000, 60_000, 300_000],
};

export interface RecordSyncInput {
  readonly ref: RecordRef;
  readonly timing: Timing;
  /** Ids of changes already handled, kept by continue-as-new so that repeats stay dropped. */
  readonly handled?: readonly string[];
  /** Changes that came but were not looked at when the run continued as new. */
  readonly pending?: number;
}

export interface SegmentWatchInput {
  readonly segmentId: string;
  readonly timing: Timing;
  /** What was declared but not carried out when the run continued as new. */
  readonly trust?: SegmentTrust;
}

export interface PollChangesInput {
  readonly system: RecordRef['system'];
}

export interface ApplySettingsInput {
  readonly draft: number;
  /** The version that the draft was made from; null for the first. */
  readonly replaces: number | null;
}

/** What is wrong with settings: where, what was found, what is expected. */
export interface SettingsProblem {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  readonly line?: number;
}

export type ApplySettingsResult =
  | { readonly applied: true; readonly version: number }
  | { readonly applied: false; readonly problems: readonly SettingsProblem[] };

/** What `syncRecords` came to for one ref. */
export type SyncResult =
  | {
      readonly kind: 'done';
      readonly ref: RecordRef;
      readonly outcome: Outcome;
      readonly hubspotId: string | null;
      readonly salesforceId: string | null;
      readonly wait: RecordWait | null;
    }
  | { readonly kind: 'busy'; readonly ref: RecordRef }
  | { readonly kind: 'moved'; readonly ref: RecordRef; readonly to: RecordRef };

/** What a waiting record waits for; durations from the end of the activity, since clocks differ. */
export interface RecordWait {
  readonly segmentIds: readonly string[];
  readonly endsInMs: number | null;
  readonly lookAgainInMs: number | null;
}

/** What one round of a long-lived loop came to. */
export interface Round {
  readonly found: number;
  /** How long to rest before the next round; 0 goes on at once, null ends the loop. */
  readonly restMs: number | null;
  /** One line for people. */
  readonly says: string;
}
