import { type Command, Option } from 'commander';
import type { RunFilter } from '../client/api.ts';
import type { RunKind } from '../workflows/run-messages.ts';
import { answering, type Cli, withExample } from './command.ts';
import { findRun } from './find-run.ts';
import { count } from './options.ts';
import { describeRun } from './run-report.ts';
import { table } from './table.ts';

/** Written out, since their own file loads the SDK. */
const kinds = ['import', 'resync', 'catchUp', 'reconcile'] as const satisfies readonly RunKind[];

interface ListOptions {
  readonly kind?: RunKind;
  readonly object?: string;
  readonly limit: number;
}

/** `tandem run …` */
export function addRun(program: Command, cli: Cli): void {
  const run = program.command('run').description('see imports, resyncs, catch-ups and reconciles');

  const list = run
    .command('list')
    .description('the newest runs first')
    .addOption(new Option('--kind <kind>', 'only these').choices(kinds))
    .option('--object <object>', 'only those of one object')
    .option('--limit <number>', 'at most so many', count, 20);
  withExample(list, 'tandem run list', 'tandem run list --kind import --object contacts');
  answering(cli, list, async ({ kind, object, limit }: ListOptions) => {
    const filter: RunFilter = { ...(kind && { kind }), ...(object !== undefined && { object }), limit };
    const runs = await cli.services.api().runs(filter);
    const rows = runs.map(({ kind, object, name, state, startedAt, endedAt, counts }) => [
      kind,
      object,
      name,
      state,
      startedAt,
      endedAt,
      failed(counts),
    ]);
    const heads = ['kind', 'object', 'name', 'state', 'started', 'ended', 'failed'];
    const text = runs.length === 0 ? 'There is no such run yet.' : table(heads, rows, cli.io.columns);
    return { json: { runs }, text };
  });

  const show = run
    .command('show <run>')
    .description('what became of its records, and the first that were refused; by name or id');
  withExample(show, 'tandem run show this-year', 'tandem run show tandem/import/contacts/this-year');
  answering(cli, show, async (given: string) => {
    const found = await findRun(cli.services.api(), given, {});
    return { json: found, text: describeRun(found, cli.io.columns) };
  });
}

const failed = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [key, records]) => sum + (/\/failed:[^/]*$/.test(key) ? records : 0), 0);
