import type { Command } from 'commander';
import type { RunDetail } from '../client/answers.ts';
import { checkName } from '../client/errors.ts';
import type { RunStatus } from '../workflows/run-messages.ts';
import { answering, type Cli, withExample } from './command.ts';
import { findRun } from './find-run.ts';
import { describeRun } from './run-report.ts';
import { type RunOptions, startRun, withRunOptions } from './start-run.ts';
import { pairs } from './table.ts';

interface ImportOptions extends RunOptions {
  readonly where?: string;
}

/** `tandem import …` */
export function addImport(program: Command, cli: Cli): void {
  const command = program.command('import').description('bring Salesforce records into HubSpot');

  const start = withRunOptions(
    command
      .command('start <object>')
      .description(
        'first the identity of every record (for people the email), then the other fields of those that may sync',
      )
      .option('--where <condition>', "a SOQL condition that each of the object's Salesforce types takes"),
  );
  withExample(
    start,
    'tandem import start contacts',
    `tandem import start contacts --where "CreatedDate = THIS_YEAR" --name this-year --watch`,
  );
  answering(cli, start, (object: string, options: ImportOptions) => {
    const { where, name } = options;
    const asked = { object, ...(where === undefined ? {} : { where }) };
    const named = name === undefined ? {} : { name: checkName(name) };
    return startRun(cli, { kind: 'import', forecast: true, ...asked }, options, (tandem, preview) =>
      tandem.startImport({ ...asked, ...named }, preview),
    );
  });

  const status = command
    .command('status <import>')
    .description('show how far an import is, or what became of it; by its name or the id of its workflow');
  withExample(status, 'tandem import status this-year', 'tandem import status tandem/import/contacts/this-year');
  answering(cli, status, async (given: string) => {
    const run = await findRun(cli.services.api(), given, { kind: 'import' });
    const now = run.state === 'running' ? await statusOf(cli, run) : null;
    const text = [describeRun(run, cli.io.columns), ...(now ? [describeNow(now)] : [])].join('\n\n');
    return { json: { ...run, now }, text };
  });
}

/** Null where no worker answers for it. */
const statusOf = (cli: Cli, { workflowId }: RunDetail): Promise<RunStatus | null> =>
  cli.services.withTandem((tandem) =>
    tandem
      .run(workflowId)
      .status()
      .catch(() => null),
  );

const describeNow = ({ state, pausedBecause, phase, done, total }: RunStatus): string =>
  pairs([
    ['now', pausedBecause === null ? state : `paused (${pausedBecause})`],
    ['phase', phase],
    ['records', `${done}${total === null ? '' : ` of ${total}`}`],
  ]);
