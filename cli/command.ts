import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { Services } from './services.ts';

/** What a command came to. `status` is the process's: 0 done, 1 failed, 2 bad usage or settings. */
export interface Answer {
  /** For machines, with `--json`. */
  readonly json: unknown;
  /** For people. */
  readonly text: string;
  readonly status?: 0 | 1 | 2;
}

/** One run of the command line. */
export interface Cli {
  readonly io: Io;
  readonly services: Services;
  status: number;
}

/** What a person typed cannot be meant; ends with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Adds an example to a command's help. */
export const withExample = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);

/** Gives a command its `--json` and prints what it answers. `act` gets the arguments, then the options. */
export function answering(cli: Cli, command: Command, act: (...args: never[]) => Promise<Answer>): void {
  command.option('--json', 'print JSON for machines');
  command.action(async (...args: unknown[]) => {
    const answer = await act(...(args as never[]));
    cli.io.out(command.opts<{ json?: true }>().json ? JSON.stringify(answer.json, undefined, 2) : answer.text);
    cli.status = answer.status ?? 0;
  });
}
