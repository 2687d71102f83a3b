import type { Command } from 'commander';
import { checkName } from '../client/errors.ts';
import { answering, type Cli, withExample } from './command.ts';
import { parseRef, recordArgument, syncRecord } from './record.ts';
import { type RunOptions, startRun, withRunOptions } from './start-run.ts';

/** `tandem resync …` */
export function addResync(program: Command, cli: Cli): void {
  const resync = program.command('resync').description('sync what is there already, without waiting for a change');

  const segment = withRunOptions(
    resync
      .command('segment <object> [segment]')
      .description("sync every member of a segment, by id or exact name (left out: the object's included ones)"),
  );
  withExample(segment, 'tandem resync segment contacts --watch', 'tandem resync segment contacts "Customers" --yes');
  answering(cli, segment, (object: string, named: string | undefined, options: RunOptions) => {
    const asked = { object, ...(named === undefined ? {} : { segment: named }) };
    const name = options.name === undefined ? {} : { name: checkName(options.name) };
    return startRun(cli, { kind: 'resync', ...asked }, options, (tandem, preview) =>
      tandem.resyncSegment({ ...asked, ...name }, preview),
    );
  });

  const record = resync
    .command('record')
    .argument('<record>', recordArgument)
    .description('the same as `tandem record sync`: sync one record now and wait for the outcome');
  withExample(record, 'tandem resync record contacts/hubspot/51');
  answering(cli, record, async (given: string) => syncRecord(cli, parseRef(given)));
}
