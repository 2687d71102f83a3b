import { Command, CommanderError } from 'commander';
import { messageOf } from '../workers/caught.ts';
import type { Cli } from './command.ts';
import { addDemo } from './demo.ts';
import { addDev } from './dev.ts';
import { isUsage, nameOf, sentenceOf } from './errors.ts';
import { addHealth } from './health.ts';
import { addImport } from './import.ts';
import type { Io } from './io.ts';
import { addPause } from './pause.ts';
import { addRecord } from './record.ts';
import { addResync } from './resync.ts';
import { addRun } from './run.ts';
import { addSandbox } from './sandbox.ts';
import { addSchedule } from './schedule.ts';
import { addSegment } from './segment.ts';
import { addServe } from './serve.ts';
import { type Services, servicesOf } from './services.ts';
import { addSettings } from './settings.ts';
import { addSetup } from './setup.ts';
import { packageVersion } from './version.ts';

/** Runs one command line and answers the process's status: 0 done, 1 failed, 2 bad usage or settings. */
export async function run(argv: readonly string[], io: Io, services: Services = servicesOf(io.env)): Promise<number> {
  const cli: Cli = { io, services, status: 0 };
  try {
    await createProgram(cli).parseAsync(argv, { from: 'user' });
    return cli.status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (argv.includes('--json'))
      io.out(JSON.stringify({ error: { name: nameOf(error), message: messageOf(error) } }, undefined, 2));
    io.err(sentenceOf(error));
    return isUsage(error) ? 2 : 1;
  }
}

/** The whole command line. */
export function createProgram(cli: Cli): Command {
  const { io } = cli;
  const program = new Command('tandem')
    .description('Keeps HubSpot and Salesforce in step, record by record, on Temporal.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      ...(io.columns === undefined ? {} : { getOutHelpWidth: () => io.columns ?? 80 }),
    })
    .showHelpAfterError('(--help says more)');
  addSettings(program, cli);
  addSegment(program, cli);
  addRecord(program, cli);
  addImport(program, cli);
  addResync(program, cli);
  addSchedule(program, cli);
  addPause(program, cli);
  addRun(program, cli);
  addHealth(program, cli);
  addSetup(program, cli);
  addDemo(program, cli);
  addServe(program, cli);
  addDev(program, cli);
  addSandbox(program, cli);
  return program;
}
