import { type Command, Option } from 'commander';
import type { RunFilter } from '../client/api.ts';
import type { RunKind } from '../workflows/run-messages.ts';
import { type Answer, answering, type Cli, UsageError, withExample } from './command.ts';
import { consents } from './consent.ts';
import { findRun } from './find-run.ts';
import { count } from './options.ts';
import { describeRun, titleOf } from './run-report.ts';
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

  const retry = run
    .command('retry <run>')
    .option('-y, --yes', 'go on without a question')
    .description('sync again what failed in it, by name or id; those mended since go through');
  withExample(retry, 'tandem run retry this-year');
  answering(cli, retry, (given: string, { yes }: { yes?: true }) => retryRun(cli, given, yes));
}

async function retryRun(cli: Cli, given: string, isAgreed?: true): Promise<Answer> {
  const found = await findRun(cli.services.api(), given, {});
  if (found.state === 'running') {
    throw new UsageError(`${titleOf(found)} is under way: it tries again by itself what may pass.`);
  }
  const counts = `${titleOf(found)}: ${failed(found.counts)} failed. They are synced again, each within its gate as always.`;
  if (failed(found.counts) === 0) return { json: { records: 0, runs: [] }, text: `${titleOf(found)}: nothing failed.` };
  if (!(await consents(cli, counts, isAgreed))) return { json: { records: 0, runs: [] }, text: 'Nothing was started.' };
  const { records, runs } = await cli.services.withTandem((tandem) => tandem.retryRun(found.id));
  const started = runs.map(({ workflowId }) => workflowId);
  const text = [`${records} records are tried again:`, ...started.map((id) => `  ${id}`)].join('\n');
  return { json: { records, runs: started }, text };
}

const failed = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [key, records]) => sum + (/\/failed:[^/]*$/.test(key) ? records : 0), 0);
