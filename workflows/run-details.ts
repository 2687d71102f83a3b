import type { Counts, RunState, RunStatus } from './run-messages.ts';

/** What the phases of a run have come to so far. */
export const countsByPhase = ({ phases, counts }: Pick<RunState, 'phases' | 'counts'>): RunStatus['counts'] =>
  phases.map(({ name }, i) => ({ phase: name, counts: counts[i] ?? {} }));

/** One flat row of counts for the ledger: `full fields, Lead/synced`. */
export const flatCounts = (phases: RunStatus['counts']): Counts =>
  Object.fromEntries(
    phases.flatMap(({ phase, counts }) => Object.entries(counts).map(([key, n]) => [`${phase}/${key}`, n])),
  );

/** The page of a run in the Temporal UI, in markdown. */
export function runDetails(
  title: string,
  { state, pausedBecause, phase, done, total, counts }: RunStatus,
  { undecided, wait, again }: Pick<RunState, 'undecided' | 'wait' | 'again'>,
): string {
  const share = total ? ` of ${total} (${Math.min(100, Math.round((100 * done) / total))} %)` : '';
  const waiting =
    wait && undecided.length > 0 ? `${undecided.length} wait for segment ${wait.segmentIds.join(', ')}` : '';
  const trying = again.length > 0 ? `${again.length} are tried again` : '';
  return [
    `**${title}**: ${state}${pausedBecause === null ? '' : ` (${pausedBecause})`}`,
    ...(phase === '' ? [] : [`In "${phase}": ${done}${share}`]),
    ...[waiting, trying].filter((line) => line !== ''),
    ...(counts.length === 0 ? [] : [outcomeTable(counts), emptyLine]),
  ].join('\n\n');
}

/** The UI (2.42) makes its frame too low by a line: rather this one than the table's last. */
const emptyLine = '\u00a0';

/** A row for each outcome, a column for each phase: a page of the UI shows few rows at once. */
function outcomeTable(phases: RunStatus['counts']): string {
  const outcomes = [...new Set(phases.flatMap(({ counts }) => Object.keys(counts)))].sort();
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['outcome', ...phases.map(({ phase }) => phase)]),
    row(['---', ...phases.map(() => '---:')]),
    ...outcomes.map((outcome) => row([outcome, ...phases.map(({ counts }) => counts[outcome] ?? '')])),
  ].join('\n');
}
