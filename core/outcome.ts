import type { FailureCategory } from './failures.ts';

/** Why a record was left alone. */
export const skipReasons = [
  'notInSegment',
  'createOff',
  'noMatchValue',
  'duplicate',
  'converted',
  'notInSettings',
  'salesforceCondition',
  'deleted',
  'deleteConflict',
  'merged',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** Why a record can't be decided yet. */
export const waitReasons = [
  'segmentNotReevaluated',
  'segmentSettling',
  'segmentProcessing',
  'segmentMissing',
  'segmentStatic',
  'segmentUnreadable',
] as const;
export type WaitReason = (typeof waitReasons)[number];

/** What a sync of one record came to. Holds no field value, so it may stand in histories and search attributes. */
export type Outcome =
  | { readonly kind: 'synced' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'waiting'; readonly reason: WaitReason }
  | { readonly kind: 'failed'; readonly category: FailureCategory };

/** The reason, category or undefined: what `SyncReason` shows. */
export function outcomeReason(outcome: Outcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.category;
  return outcome.kind === 'skipped' || outcome.kind === 'waiting' ? outcome.reason : undefined;
}

/** One line for people: `skipped (notInSegment)`. */
export function describeOutcome(outcome: Outcome): string {
  const reason = outcomeReason(outcome);
  return reason ? `${outcome.kind} (${reason})` : outcome.kind;
}
