import { once } from 'node:events';
import type { RunningPart } from '../workers/parts.ts';
import { onShutdown, Stopped } from '../workers/shutdown.ts';
import type { Cli } from './command.ts';

/**
 * Starts something, says where it answers, and keeps it until the process is asked to stop (which is no failure) or it
 * ends by itself (which is one: the reason is thrown). With `stays: false` it is stopped at once.
 */
export async function runUntilStopped<T extends RunningPart>(
  cli: Cli,
  start: (signal: AbortSignal) => Promise<T>,
  describe: (part: T) => string,
  { stays = true }: { readonly stays?: boolean } = {},
): Promise<void> {
  const { signal, release } = onShutdown();
  try {
    const part = await start(signal);
    cli.io.out(describe(part));
    const stopped = signal.aborted || !stays ? undefined : once(signal, 'abort').then(() => undefined);
    const failure = await Promise.race([stopped, ...(part.failed ? [part.failed] : [])]);
    await part.stop();
    if (failure) throw failure;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    release();
  }
}

/** Name and address, a line each; or all of it as JSON, with the environment that leads there. */
export const describePart =
  (isJson: boolean | undefined) =>
  ({ addresses, env = {} }: RunningPart): string =>
    isJson
      ? JSON.stringify({ addresses, env }, undefined, 2)
      : Object.entries(addresses)
          .map(([name, address]) => `${name.padEnd(20)} ${address}`)
          .join('\n');
