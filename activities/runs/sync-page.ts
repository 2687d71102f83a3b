import { failureClass } from '../../core/failures.ts';
import { outcomeReason } from '../../core/outcome.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { RunRow } from '../../ledger/runs.ts';
import type { RecordWait, SyncResult } from '../../workflows/messages.ts';
import type { PageResult, SyncPage } from '../../workflows/run-messages.ts';
import type { Attempt, Engine } from '../engine.ts';
import { syncRecords } from '../sync/sync-records.ts';

/** Syncs one page of a run, and notes the records that a person may want to look at in the run's list. */
export async function syncPage(engine: Engine, attempt: Attempt, page: SyncPage): Promise<PageResult> {
  const { runId, object, system, lane, mode, waiter, isLastTry } = page;
  const { runs } = engine.ledger;
  if (attempt.attempt === 1) await runs.progress(runId, page.countsBefore); // later ones would take newer counts back
  const refs = page.ids.map((id): RecordRef => ({ system, object, id }));
  const results = await syncRecords(engine, attempt, { refs, lane, mode, waiter, runId, asksAgain: !isLastTry });
  const again = isLastTry ? [] : results.filter(mayPass);
  const undecided = results.filter(isUndecided);
  const ended = results.filter((result) => !again.includes(result) && !isUndecided(result));
  await runs.addRows(runId, ended.flatMap(rowOf));
  return {
    counts: countBy(ended, countedAs),
    undecided: undecided.map(({ ref }) => ref.id),
    wait: soonest(undecided.flatMap(({ wait }) => wait ?? [])),
    again: again.map(({ ref }) => ref.id),
  };
}

type Done = Extract<SyncResult, { kind: 'done' }>;

/** A segment without a deadline is nothing to wait beside: it stays in the waits of the ledger. */
const isUndecided = (result: SyncResult): result is Done =>
  result.kind === 'done' && result.outcome.kind === 'waiting' && (result.wait?.endsInMs ?? null) !== null;

/** Somebody works on the record, and may ask less of it; or it was refused for a reason that passes by itself. */
const mayPass = (result: SyncResult): boolean =>
  result.kind === 'busy' ||
  (result.kind === 'done' && result.outcome.kind === 'failed' && failureClass(result.outcome.category) === 'retrySoon');

/** Skips that somebody may want to settle. */
const ofInterest: readonly string[] = ['duplicate', 'deleted', 'deleteConflict', 'merged'];

/** What somebody should look at: failures, doubles, records without their counterpart, and what nobody came to. */
function rowOf(result: SyncResult): RunRow[] {
  const { kind, ref } = result;
  if (kind === 'busy') return [{ ref, outcome: kind, reason: '' }];
  if (kind !== 'done') return [];
  const { outcome } = result;
  const isOfInterest = outcome.kind === 'failed' || (outcome.kind === 'skipped' && ofInterest.includes(outcome.reason));
  return isOfInterest ? [{ ref, outcome: outcome.kind, reason: outcomeReason(outcome) ?? '' }] : [];
}

function countedAs(result: SyncResult): string {
  if (result.kind !== 'done') return result.kind;
  const reason = outcomeReason(result.outcome);
  return reason ? `${result.outcome.kind}:${reason}` : result.outcome.kind;
}

const countBy = <T>(rows: readonly T[], key: (row: T) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([name, group]) => [name, group.length]));

function soonest(waits: readonly RecordWait[]): PageResult['wait'] {
  const times = waits.flatMap(({ endsInMs, lookAgainInMs }) => [endsInMs, lookAgainInMs]).filter((ms) => ms !== null);
  if (times.length === 0) return null;
  return { segmentIds: [...new Set(waits.flatMap(({ segmentIds }) => segmentIds))], inMs: Math.min(...times) };
}
