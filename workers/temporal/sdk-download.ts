import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killGroup } from '../processes.ts';
import { withProgress } from '../progress.ts';
import { temporalCliVersion } from './cache.ts';
import type { Fetcher } from './fetcher.ts';

interface DownloadOptions {
  /** A module that downloads into the folder of its first argument the version of its second. */
  readonly script: string;
  /** How long the file may take to appear, and then to grow. */
  readonly beginWithinMs: number;
  readonly growWithinMs: number;
}

/** `sdkDownload` with another script and other limits, for tests. */
export const downloadBy = ({ script, beginWithinMs, growWithinMs }: DownloadOptions): Fetcher => ({
  name: 'download',
  async fetch({ env, terminal, workDir, signal }) {
    signal?.throwIfAborted();
    const whole = path.join(workDir, `temporal-${temporalCliVersion}${process.platform === 'win32' ? '.exe' : ''}`);
    const partial = `${whole}.downloading`;
    const child = spawn(process.execPath, [script, workDir, temporalCliVersion], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const ended = once(child, 'close').then(() => true);
    const kill = (): void => killGroup(child);
    signal?.addEventListener('abort', kill);
    process.once('exit', kill);

    const whileRunning = async (isOver: () => boolean): Promise<void> => {
      while (!isOver()) if (await Promise.race([ended, delay(200, false)])) break;
      signal?.throwIfAborted();
    };
    const result = (): string => {
      if (!existsSync(whole)) throw new Error(said.join('').trim().split(': ').at(-1) || 'no answer');
      return whole;
    };
    try {
      const giveUpAt = performance.now() + beginWithinMs;
      await whileRunning(() => existsSync(partial) || existsSync(whole) || performance.now() > giveUpAt);
      if (!existsSync(partial)) return result();
      return await withProgress({ terminal }, `Downloading the Temporal CLI ${temporalCliVersion}`, async (detail) => {
        await whileRunning(stalled(partial, growWithinMs, detail));
        return result();
      });
    } finally {
      kill();
      signal?.removeEventListener('abort', kill);
      process.off('exit', kill);
    }
  },
});

/**
 * The SDK's own download. It runs in a process of its own, which is ended as soon as the file is whole: the SDK would go
 * on to start a server, keeps its native runtime for good, and sets itself no time limit. Says nothing where the
 * download does not begin, so that a machine without network goes on to the next way at once.
 */
export const sdkDownload: Fetcher = downloadBy({
  script: path.join(import.meta.dirname, `sdk-download-process${path.extname(import.meta.filename)}`),
  beginWithinMs: 10_000,
  growWithinMs: 60_000,
});

/** True when the file is gone (renamed: whole; removed: failed) or has not grown for a while. */
function stalled(partial: string, growWithinMs: number, detail: (text: string) => void): () => boolean {
  let bytes = 0;
  let grewAt = performance.now();
  return () => {
    const now = statSync(partial, { throwIfNoEntry: false })?.size;
    if (now === undefined) return true;
    if (now > bytes) {
      bytes = now;
      grewAt = performance.now();
      detail(`${Math.floor(bytes / 1_000_000)} MB so far`);
    }
    return performance.now() - grewAt > growWithinMs;
  };
}
