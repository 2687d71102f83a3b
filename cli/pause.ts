import type { Command } from 'commander';
import type { PauseTarget } from '../client/pause.ts';
import { answering, type Cli, UsageError, withExample } from './command.ts';

const argument = 'an object, or the id of a workflow (left out: everything)';

/** `tandem pause`, `tandem resume` */
export function addPause(program: Command, cli: Cli): void {
  const pause = program
    .command('pause')
    .argument('[what]', argument)
    .description('stop polls, watches and runs after what they have under way; of an object, its watches and runs')
    .requiredOption('--reason <text>', 'why, for whoever looks at the workflows; name no person in it');
  withExample(
    pause,
    'tandem pause --reason "Salesforce is in maintenance"',
    'tandem pause contacts --reason "new segment"',
  );
  answering(cli, pause, async (what: string | undefined, { reason }: { reason: string }) => {
    const reached = await cli.services.withTandem((tandem) => tandem.pause(targetOf(what), reason));
    return { json: { paused: reached }, text: list('paused', reached) };
  });

  const resume = program
    .command('resume')
    .argument('[what]', argument)
    .description('let what was paused go on')
    .option('--reason <text>', 'why, for the history of the workflows');
  withExample(resume, 'tandem resume', 'tandem resume tandem/import/contacts/this-year');
  answering(cli, resume, async (what: string | undefined, { reason }: { reason?: string }) => {
    const reached = await cli.services.withTandem((tandem) => tandem.resume(targetOf(what), reason));
    return { json: { resumed: reached }, text: list('resumed', reached) };
  });
}

/** Names of objects have no slash, ids of workflows have several. */
function targetOf(what: string | undefined): PauseTarget {
  if (what === undefined) return 'everything';
  if (what.includes('/record/')) {
    throw new UsageError('The workflow of one record takes no pause: name its object, or leave the name out.');
  }
  return what.includes('/') ? { workflowId: what } : { object: what };
}

const list = (done: string, reached: readonly { readonly workflowId: string }[]): string =>
  reached.length === 0
    ? `Nothing was ${done}: no watch and no run of it is under way.`
    : [`${done}:`, ...reached.map(({ workflowId }) => `  ${workflowId}`)].join('\n');
