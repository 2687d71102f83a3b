import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { failureCategories, failureClass } from '../core/failures.ts';
import { type Outcome, outcomeReason } from '../core/outcome.ts';
import { finishes } from './activity-options.ts';
import {
  type Change,
  type RecordStatus,
  type RecordSyncInput,
  recordChangedSignal,
  type SyncNowAnswer,
  type SyncResult,
  searchAttributes,
  segmentReevaluatedSignal,
  statusQuery,
  syncNowUpdate,
} from './messages.ts';
import { nextTryText, recordDetails, waitsForText } from './record-details.ts';

/**
 * Brings one record into step after changes, and stays until its segment has decided about it.
 *
 * - **gathering**: a fixed window from the first change on, so that several cost one sync; `syncNow` ends it.
 * - **syncing**: one pass of `syncRecords`. What arrives meanwhile belongs to the next pass.
 * - **waiting**: the segment has not been re-evaluated for the values read. Ends with `segmentReevaluated`, a new
 *   change, `syncNow` or the deadline, and each time another pass looks.
 * - **retrying**: a row was refused for a reason that passes by itself (a lock, an edit in between).
 *
 * It ends when nothing is pending. A record that may wait without end stays in the ledger's waits, where
 * `segmentWatch` finds it.
 */
export async function recordSync(input: RecordSyncInput): Promise<Outcome | null> {
  const { ref, timing } = input;
  const { syncRecords, handOver } = proxyActivities<Activities>({
    ...finishes,
    startToCloseTimeout: timing.syncMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  });

  const handled = new Set<string>(input.handled);
  let pending = input.pending ?? 0;
  let looked = true; // false while a segment's news or `syncNow` asks for a pass, which no window delays
  let begun = 0;
  let ended = 0;
  let answer: SyncNowAnswer = { busy: true };
  let outcome: Outcome | null = null;
  let state: RecordStatus['state'] = 'gathering';
  let since = Date.now();
  let waitsFor: string | null = null;

  setHandler(
    recordChangedSignal,
    (change?: Partial<Change>) => {
      // Whoever sends a signal by hand may leave its contents out.
      if (change?.id !== undefined) {
        if (handled.has(change.id)) return;
        handled.add(change.id);
      }
      pending += 1;
    },
    { description: 'A change was seen: look at the record. Repeats of an id are dropped.' },
  );
  setHandler(
    segmentReevaluatedSignal,
    () => {
      looked = false;
    },
    { description: 'A segment has been evaluated again: look once more. Never itself a verdict.' },
  );
  setHandler(
    syncNowUpdate,
    async () => {
      const mine = begun + 1; // a pass that runs already may have read the record too early
      looked = false;
      await condition(() => ended >= mine);
      return answer;
    },
    { description: 'Sync now, and answer with the outcome of the first pass that begins after this.' },
  );
  setHandler(statusQuery, () => ({
    state,
    since: new Date(since).toISOString(),
    waitsFor,
    lastOutcome: outcome,
    passes: begun,
  }));

  const enter = (next: RecordStatus['state'], sleep?: Sleep): void => {
    state = next;
    since = Date.now();
    waitsFor = sleep?.reason ?? null;
    const untilMs = sleep ? since + sleep.ms : null;
    setCurrentDetails(recordDetails({ ref, state, sinceMs: since, waitsFor, untilMs, outcome, passes: begun }));
  };
  const news = (): boolean => pending > 0 || !looked;

  let retries = 0;
  for (;;) {
    if (looked) {
      enter('gathering');
      await condition(() => !looked, timing.gatherMs, { summary: 'gathers changes' });
    }
    enter('syncing');
    pending = 0; // before the await: what arrives from here on belongs to the next pass
    looked = true;
    begun += 1;
    const result = await pass();
    outcome = result.kind === 'done' ? result.outcome : outcome;
    answer = toAnswer(result);
    if (result.kind === 'done') publish(result);
    ended += 1;

    if (result.kind === 'moved') {
      pending = 0; // what came during the pass goes along; what comes during the hand-over gets one of its own
      await handOver({ changes: [{ ref: result.to, id: `moved/${workflowInfo().runId}/${begun}` }] });
    } else if (result.kind === 'done') {
      const wait = sleepFor(result, timing.retryMs[retries]);
      retries = wait?.retry ? retries + 1 : 0;
      if (wait && !news()) {
        enter(wait.retry ? 'retrying' : 'waiting', wait);
        const woken = await condition(news, wait.ms, { summary: wait.summary });
        looked = woken && looked;
      }
    }
    if (!news()) break;
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) {
      await continueAsNew<typeof recordSync>({ ...input, handled: [...handled].slice(-200), pending });
    }
  }
  enter('ended');
  await condition(allHandlersFinished);
  return outcome;

  async function pass(): Promise<SyncResult> {
    try {
      const [result] = await syncRecords({ refs: [ref], lane: 'live' });
      return result ?? { kind: 'busy', ref };
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
      const { type } = error.cause;
      const category = failureCategories.find((known) => known === type) ?? 'unexpected';
      return {
        kind: 'done',
        ref,
        outcome: { kind: 'failed', category },
        hubspotId: null,
        salesforceId: null,
        wait: null,
      };
    }
  }
}

function toAnswer(result: SyncResult): SyncNowAnswer {
  if (result.kind === 'moved') return { movedTo: result.to };
  return result.kind === 'busy' ? { busy: true } : { outcome: result.outcome };
}

/** How long to stay, and why. */
interface Sleep {
  readonly ms: number;
  readonly retry: boolean;
  /** For people. */
  readonly reason: string;
  /** For the timer in the history. */
  readonly summary: string;
}

/** Undefined where the workflow has nothing to wait for. */
function sleepFor(result: Extract<SyncResult, { kind: 'done' }>, retryMs: number | undefined): Sleep | undefined {
  const { outcome, wait } = result;
  if (outcome.kind === 'failed' && failureClass(outcome.category) === 'retrySoon') {
    if (retryMs === undefined) return undefined;
    return { ms: retryMs, retry: true, reason: nextTryText(outcome), summary: 'waits for the next try' };
  }
  if (!wait || wait.endsInMs === null) return undefined;
  const ms = Math.max(250, Math.min(wait.endsInMs, wait.lookAgainInMs ?? Number.POSITIVE_INFINITY));
  const summary = `waits for segment ${wait.segmentIds.join(', ')}`;
  return { ms, retry: false, reason: waitsForText(outcome, wait), summary };
}

function publish(result: Extract<SyncResult, { kind: 'done' }>): void {
  upsertSearchAttributes([
    { key: searchAttributes.outcome, value: result.outcome.kind },
    { key: searchAttributes.reason, value: outcomeReason(result.outcome) ?? null },
    { key: searchAttributes.segmentId, value: result.wait?.segmentIds[0] ?? null },
    ...(result.hubspotId ? [{ key: searchAttributes.hubspotId, value: result.hubspotId }] : []),
    ...(result.salesforceId ? [{ key: searchAttributes.salesforceId, value: result.salesforceId }] : []),
  ]);
}
