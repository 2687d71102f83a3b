import { failureClass } from '../../core/failures.ts';
import { outcomeReason } from '../../core/outcome.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { RecordWait, SyncResult } from '../../workflows/messages.ts';
import type { PageResult, SyncPage } from '../../workflows/run-messages.ts';
import type { Attempt, Engine } from '../engine.ts';
import { syncRecords } from '../sync/sync-records.ts';

/** Syncs one page of a run, and notes the records that a person may want to look at in the run's list. */
export async function syncPage(engine: Engine, attempt: Attempt, page: SyncPage): Promise<PageResult> {
  const { object, system, lane, mode, waiter } = page;
  const refs = page.ids.map((id): RecordRef => ({ system, object, id }));
  const results = await syncRecords(engine, attempt, { refs, lane, mode, waiter });
  const counts: Record<string, number> = {};
  const undecided: string[] = [];
  const again: string[] = [];
  let wait: RecordWait | null = null;
  for (const result of results) {
    if (isUndecided(result)) {
      undecided.push(result.ref.id);
      wait = wait ?? result.wait;
    } else if (mayPass(result)) again.push(result.ref.id);
    else {
      const key = countedAs(result);
      counts[key] = (counts[key] ?? 0) + 1;
    }
  }
  await engine.ledger.runs.addRows(
    page.runId,
    results.flatMap((result) => {
      if (result.kind !== 'done' || mayPass(result)) return [];
      const { kind } = result.outcome;
      const isOfInterest = kind === 'failed' || (kind === 'skipped' && result.outcome.reason === 'duplicate');
      return isOfInterest ? [{ ref: result.ref, outcome: kind, reason: outcomeReason(result.outcome) ?? '' }] : [];
    }),
  );
  return { counts, undecided, wait, again };
}

type Done = Extract<SyncResult, { kind: 'done' }>;

/** A segment without a deadline is nothing to wait beside: it stays in the waits of the ledger. */
const isUndecided = (result: SyncResult): result is Done =>
  result.kind === 'done' && result.outcome.kind === 'waiting' && (result.wait?.endsInMs ?? null) !== null;

const mayPass = (result: SyncResult): boolean =>
  result.kind === 'done' && result.outcome.kind === 'failed' && failureClass(result.outcome.category) === 'retrySoon';

function countedAs(result: SyncResult): string {
  if (result.kind !== 'done') return result.kind;
  const reason = outcomeReason(result.outcome);
  return reason ? `${result.outcome.kind}:${reason}` : result.outcome.kind;
}
