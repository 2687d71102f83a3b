import type { Command } from 'commander';
import type { PreviewRequest, RunPreview } from '../client/answers.ts';
import type { StartedRun } from '../client/run.ts';
import type { Tandem } from '../client/tandem.ts';
import { type Answer, type Cli, UsageError } from './command.ts';
import { consents } from './consent.ts';
import { sentenceOf } from './errors.ts';
import { findRun } from './find-run.ts';
import { waitingFor } from './io.ts';
import { describeRun } from './run-report.ts';
import { table } from './table.ts';
import { watchRun } from './watch-run.ts';

export interface RunOptions {
  readonly name?: string;
  readonly watch?: true;
  readonly yes?: true;
}

/** Gives a command that starts a run the options that all of them have. */
export const withRunOptions = (command: Command): Command =>
  command
    .option('--name <name>', 'name the run beside others of its kind (left out: the moment)')
    .option('--watch', 'show how far it is, wait for its end and tell what became of it')
    .option('-y, --yes', 'start without asking');

/**
 * Shows what a run would look at, asks whether to go on, and starts it. With `--watch` it waits for the end; the status
 * is then that of the run.
 */
export async function startRun(
  cli: Cli,
  request: PreviewRequest,
  { watch, yes }: RunOptions,
  start: (tandem: Tandem, preview: RunPreview) => Promise<StartedRun>,
): Promise<Answer> {
  const { io, services } = cli;
  const preview = await waitingFor(io, 'Counting', () => services.api().previewRun(request));
  if (!(await consents(cli, describePreview(preview, io.columns), yes))) {
    return { json: { started: false, preview }, text: 'Nothing was started.', status: 1 };
  }
  return await services.withTandem(async (tandem) => {
    const run = await start(tandem, preview);
    if (watch) return await watched(cli, run, preview);
    const { workflowId } = run;
    return { json: { started: true, workflowId, preview }, text: `${workflowId} is under way.` };
  });
}

function describePreview({ counts }: RunPreview, columns: number | undefined): string {
  const rows = counts.map(({ what, records }) => [what, records ?? 'not known']);
  return table(['it looks at', 'records'], rows, columns);
}

async function watched(cli: Cli, run: StartedRun, preview: RunPreview): Promise<Answer> {
  const { io } = cli;
  const { workflowId } = run;
  io.err(`${workflowId} is under way. Ctrl-C ends the watching, not the run.`);
  const end = await watchRun(io, run);
  const detail = await endedRun(cli, workflowId);
  const report = detail ? describeRun(detail, io.columns) : undefined;
  if ('result' in end) {
    return { json: { started: true, workflowId, preview, run: detail }, text: report ?? `${workflowId} has ended.` };
  }
  const sentence = sentenceOf(end.error);
  return {
    json: { started: true, workflowId, preview, run: detail, error: { message: sentence } },
    text: [report, sentence].filter(Boolean).join('\n\n'),
    status: 1,
  };
}

/** One that was refused at its begin has left no trace but in Temporal. */
async function endedRun(cli: Cli, workflowId: string) {
  try {
    return await findRun(cli.services.api(), workflowId, {});
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
