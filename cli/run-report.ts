import type { RunDetail, RunView } from '../client/answers.ts';
import { type FailureCategory, failures } from '../core/failures.ts';
import { refKey } from '../core/record-ref.ts';
import { pairs, table } from './table.ts';

/** A run for people: how it ended, what its records came to by phase, and the first ones that were refused. */
export function describeRun(run: RunDetail, columns: number | undefined): string {
  const { rows, moreRows, workflowId, state, startedAt, endedAt } = run;
  const facts = pairs([
    ['run', titleOf(run)],
    ['state', state],
    ['started', startedAt],
    ['ended', endedAt],
    ['workflow', workflowId],
  ]);
  const counts = countsOf(run);
  const refused = rows.map(({ ref, outcome, reason }) => [refKey(ref), outcome, reason, meaningOf(reason)]);
  return [
    facts,
    counts.length > 0 ? table(['phase', 'outcome', 'records'], counts, columns) : 'No record has come to an end yet.',
    ...(refused.length > 0 ? [table(['record', 'outcome', 'because', 'what it means'], refused, columns)] : []),
    ...(moreRows ? [`More than these ${rows.length} are in the list.`] : []),
  ].join('\n\n');
}

export const titleOf = ({ kind, object, name }: RunView): string => `${kind} of ${object ?? '?'}: ${name}`;

/** Phases in the order in which they follow one another; the ledger keeps none. */
const order = ['identity', 'full fields', 'pairs', 'unseen', 'never in step'];
const placeOf = (phase: string): number => order.findIndex((start) => phase.startsWith(start));

/** Rows of phase, outcome and number. */
const countsOf = ({ counts }: RunView): [string, string, number][] =>
  Object.entries(counts)
    .map(([key, records]): [string, string, number] => {
      const at = key.lastIndexOf('/');
      return [key.slice(0, at), key.slice(at + 1), records];
    })
    .sort(([a, one], [b, other]) => placeOf(a) - placeOf(b) || a.localeCompare(b) || one.localeCompare(other));

const meaningOf = (reason: string): string =>
  Object.hasOwn(failures, reason) ? failures[reason as FailureCategory].says : '';
