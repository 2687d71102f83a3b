import type { Command } from 'commander';
import type { HealthView } from '../client/answers.ts';
import { explainBasis } from '../core/explain.ts';
import { type FailureCategory, failures } from '../core/failures.ts';
import { refKey } from '../core/record-ref.ts';
import { answering, type Cli, withExample } from './command.ts';
import { pairs, table } from './table.ts';

/** `tandem health` */
export function addHealth(program: Command, cli: Cli): void {
  const health = program
    .command('health')
    .description('show whether the service is ready, and what waits, is overdue or has failed');
  withExample(health, 'tandem health', 'tandem health --json');
  answering(cli, health, async () => {
    const view = await cli.services.api().health();
    return { json: view, text: describe(view, cli.io.columns), status: view.problems.length > 0 ? 1 : 0 };
  });
}

function describe(
  { installation, problems, settings, counts, compared, overdue }: HealthView,
  columns: number | undefined,
): string {
  const facts = pairs([
    ['installation', installation],
    ['ready', problems.length === 0 ? 'yes' : 'no'],
    ...problems.map((problem) => ['', problem] as const),
    ['settings', settings ? `version ${settings.version}, since ${settings.activatedAt}` : 'none run yet'],
    ['pairs', counts.pairs],
    ['waiting', `${counts.waits}, of which overdue ${counts.overdue}`],
    [
      'writes without an answer',
      counts.openWrites === 0 ? 0 : `${counts.openWrites}, oldest ${counts.oldestOpenWriteAt}`,
    ],
    ['records in work', counts.leases],
    ['conflicts', counts.unresolvedConflicts],
    ...compared.map(({ object, at }, i) => [i === 0 ? 'compared in full' : '', `${object}: ${at ?? 'never'}`] as const),
  ]);
  const failed = (Object.entries(counts.failed) as [FailureCategory, number][]).map(([category, count]) => [
    category,
    count,
    failures[category].says,
  ]);
  const exceptions = Object.entries(counts.exceptions).map(([basis, count]) => [
    basis,
    count,
    explainBasis(basis) ?? '',
  ]);
  const late = overdue.map(({ ref, segmentId, reason, since, deadline }) => [
    refKey(ref),
    segmentId,
    reason,
    since,
    deadline,
  ]);
  return [
    facts,
    ...(failed.length > 0 ? [table(['failed', 'records', 'what it means'], failed, columns)] : []),
    ...(exceptions.length > 0 ? [table(['written as', 'writes', 'because'], exceptions, columns)] : []),
    ...(late.length > 0 ? [table(['overdue', 'segment', 'because', 'since', 'deadline'], late, columns)] : []),
  ].join('\n\n');
}
