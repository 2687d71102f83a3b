import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../caught.ts';
import { lockWhenFree } from '../process-lock.ts';
import type { Terminal } from '../progress.ts';
import { StartError } from '../start-error.ts';
import { temporalCacheDir, temporalExecutable } from './cache.ts';
import { cliProblem } from './cli-problem.ts';
import type { Fetcher } from './fetcher.ts';
import { goInstall } from './go-install.ts';
import { isExecutable, onPath } from './on-path.ts';
import { sdkDownload } from './sdk-download.ts';

export interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly signal?: AbortSignal | undefined;
  /** Tried in this order where no CLI is on the machine; tests give their own. */
  readonly fetchers?: readonly Fetcher[];
}

export interface TemporalCli {
  readonly path: string;
  /** Where it was found: `TEMPORAL_CLI_PATH`, `PATH`, `cache`, or the name of the fetcher that just got it. */
  readonly source: string;
}

export type FoundTemporal =
  | { readonly kind: 'server'; readonly address: string }
  | { readonly kind: 'cli'; readonly cli: TemporalCli };

/** The running server that `TEMPORAL_ADDRESS` names, or else a Temporal CLI to start one with (`findTemporalCli`). */
export async function findTemporal(options: FindOptions): Promise<FoundTemporal> {
  const address = options.env['TEMPORAL_ADDRESS'];
  return address ? { kind: 'server', address } : { kind: 'cli', cli: await findTemporalCli(options) };
}

/**
 * A usable Temporal CLI: the one that `TEMPORAL_CLI_PATH` names, the one on PATH, the one in our cache; else it is
 * fetched into the cache. A CLI on PATH that is too old is named and passed over. Throws a `StartError` with the ways to
 * get one where there is none, and where `TEMPORAL_CLI_PATH` names no usable one.
 */
export async function findTemporalCli(options: FindOptions): Promise<TemporalCli> {
  const { env, terminal } = options;
  const named = env['TEMPORAL_CLI_PATH'];
  if (named) {
    const problem = isExecutable(named) ? await cliProblem(named) : 'is no executable file';
    if (problem) throw new StartError(`TEMPORAL_CLI_PATH names ${named}, which ${problem}: correct it or unset it.`);
    return { path: named, source: 'TEMPORAL_CLI_PATH' };
  }
  const installed = onPath(temporalExecutable, env);
  if (installed) {
    const problem = await cliProblem(installed);
    if (!problem) return { path: installed, source: 'PATH' };
    terminal.write(`${installed} on PATH ${problem}: looking further.\n`);
  }
  const cached = path.join(temporalCacheDir(env), temporalExecutable);
  return isExecutable(cached) ? { path: cached, source: 'cache' } : await fetchInto(cached, options);
}

/** Fetches under a lock, aside, and moves into place what proved to run: a half-made file is never at `cached`. */
async function fetchInto(cached: string, options: FindOptions): Promise<TemporalCli> {
  const { env, terminal, signal, fetchers = [sdkDownload, goInstall] } = options;
  const folder = path.dirname(cached);
  await mkdir(folder, { recursive: true });
  const waiting = `Another process is fetching the Temporal CLI into ${folder}: waiting for it …\n`;
  const lock = await lockWhenFree(path.join(folder, 'fetch.lock'), () => terminal.write(waiting), signal);
  try {
    if (isExecutable(cached)) return { path: cached, source: 'cache' };
    await removeLeftovers(folder);
    const failures: string[] = [];
    for (const fetcher of fetchers) {
      const workDir = await mkdtemp(path.join(folder, 'fetching-'));
      try {
        const file = await fetcher.fetch({ env, terminal, signal, workDir });
        const problem = await cliProblem(file);
        if (problem) throw new Error(`the result ${problem}`);
        await rename(file, cached);
        return { path: cached, source: fetcher.name };
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(`${fetcher.name}: ${messageOf(error)}`);
      } finally {
        await rm(workDir, { recursive: true, force: true });
      }
    }
    throw new StartError(
      `There is no Temporal server to be had (${failures.join('; ')}): set TEMPORAL_ADDRESS to a running one, install the Temporal CLI (https://docs.temporal.io/cli) on PATH or name it in TEMPORAL_CLI_PATH, or install Go 1.25 or newer so that it can be built.`,
    );
  } finally {
    lock.release();
  }
}

/** What builders left that were killed. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('fetching-'));
  await Promise.all(names.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
