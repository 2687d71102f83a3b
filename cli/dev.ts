import type { Command } from 'commander';
import { type Cli, withExample } from './command.ts';
import { port } from './options.ts';
import { describePart, runUntilStopped } from './run-until-stopped.ts';
import { adminHint, type SandboxOptions, sandboxesOf, withSandboxOptions } from './sandbox.ts';

interface DevOptions extends SandboxOptions {
  readonly temporalPort?: number;
  readonly temporalUiPort?: number;
  readonly json?: true;
}

/** `tandem dev` */
export function addDev(program: Command, cli: Cli): void {
  const dev = withSandboxOptions(program.command('dev'))
    .description('run everything on this machine: Temporal, both sandboxes, worker and HTTP service')
    .option('--temporal-port <port>', 'port of Temporal (left out: 7233, or a free one where that is taken)', port)
    .option('--temporal-ui-port <port>', "port of Temporal's UI (left out: 8233, or a free one)", port)
    .option('--json', 'print JSON for machines');
  dev.addHelpText('after', '\nWhile it runs, commands in the same folder need no environment.');
  withExample(dev, 'tandem dev', 'tandem dev --evaluation-delay 10s');
  dev.action(async ({ json, temporalPort, temporalUiPort, ...options }: DevOptions) => {
    const ports = { temporal: temporalPort, temporalUi: temporalUiPort };
    await runUntilStopped(
      cli,
      async (signal) =>
        (await import('../workers/dev.ts')).startDev({
          env: cli.io.env,
          sandboxes: sandboxesOf(options),
          ports,
          say: json ? () => {} : (line) => cli.io.out(line),
          terminal: process.stderr,
          signal,
        }),
      (part) =>
        json
          ? describePart(json)(part)
          : `\n${adminHint(part.env?.['SALESFORCE_LOGIN_URL'])}\n\nEverything runs; Ctrl-C stops it.`,
    );
  });
}
