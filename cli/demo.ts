import type { Command } from 'commander';
import type { Demo } from '../workers/demo/start-demo.ts';
import { type Cli, withExample } from './command.ts';
import { toTry } from './demo-farewell.ts';
import { terminalNarrator } from './demo-narrator.ts';
import { runUntilStopped } from './run-until-stopped.ts';

/** `tandem demo` */
export function addDemo(program: Command, cli: Cli): void {
  const demo = program
    .command('demo')
    .description('run everything on this machine and tell a story of one segment that really happens')
    .option('--once', 'end after the story; status 0 only if every step came true');
  withExample(demo, 'tandem demo', 'tandem demo --once');
  demo.action(async ({ once }: { once?: true }) => {
    const { io } = cli;
    const pauses = !once && io.terminal !== undefined && process.stdin.isTTY;
    const beganMs = performance.now();
    // Somebody who stops the demo in its middle has not seen it fail; with `--once` only the whole story counts.
    cli.status = once ? 1 : 0;
    io.out('Starting Temporal, HubSpot, Salesforce (both played by sandboxes) and Tandem.\n');
    await runUntilStopped(
      cli,
      async (signal) =>
        (await import('../workers/demo/start-demo.ts')).startDemo({
          env: io.env,
          narrator: terminalNarrator(io, { pauses, signal }),
          say: (line) => io.out(line),
          terminal: process.stderr,
          signal,
        }),
      (part) => {
        cli.status = part.story.failed === undefined ? 0 : 1;
        const end = `\n${ending(part, performance.now() - beganMs)}`;
        return once ? end : `${end}\n\n${toTry(part, io.cwd)}`;
      },
      { stays: !once },
    );
  });
}

function ending({ story }: Demo, ms: number): string {
  if (story.failed !== undefined) return `The story did not come true. It failed at: ${story.failed}`;
  return `The story came true: ${story.steps.length} steps in ${Math.round(ms / 1_000)} s.`;
}
