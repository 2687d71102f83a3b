import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { RecordingTerminal } from './terminal.ts';

const children: ChildProcess[] = [];
afterAll(async () => {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  // Asked, not killed: what a child started ends with it.
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map((child) => once(child, 'exit')));
});

/** A process that a test started; ended after the test file at the latest. */
export interface ScriptProcess {
  readonly child: ChildProcess;
  /** What it writes to both outputs, with a way to wait for a text. */
  readonly output: RecordingTerminal;
  /** What it writes to standard output alone. */
  readonly answers: RecordingTerminal;
  /** Its exit status, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts a program with arguments and exactly this environment. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
): ScriptProcess {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const output = new RecordingTerminal();
  const answers = new RecordingTerminal();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answers.write(text);
    output.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.write(text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { child, output, answers, ended };
}

/** Starts `test/{script}` in a Node process of its own, with arguments and exactly this environment. */
export const runScript = (script: string, args: readonly string[], env: NodeJS.ProcessEnv): ScriptProcess =>
  runProgram(process.execPath, [path.resolve('test', script), ...args], { env });
