import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { killGroup } from '../../workers/processes.ts';
import { onPath } from '../../workers/temporal/on-path.ts';
import { DevTools } from './dev-tools.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const startWithinMs = 30_000;

/** The browser, and the way to end it. */
export interface Browser {
  readonly devTools: DevTools;
  close(): Promise<void>;
}

/** The path of a Chromium, which is installed with apt-get where there is none. Throws with one sentence. */
export function findChromium(): string {
  const find = () => names.flatMap((name) => onPath(name, process.env) ?? [])[0];
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    console.log('Chromium is not installed; waiting for apt-get to install it (about a minute).');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'],
    ]) {
      spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 });
    }
    const installed = find();
    if (installed) return installed;
  }
  throw new Error(`The pictures need a Chromium, and none of ${names.join(', ')} is on PATH: install one of them.`);
}

/** Starts a headless Chromium that has seen nothing yet, with one empty page of this size. */
export async function openBrowser(size: { readonly width: number; readonly height: number }): Promise<Browser> {
  const executable = findChromium();
  const profile = await mkdtemp(path.join(tmpdir(), 'tandem-chromium-'));
  const flags = ['headless', 'no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-sync'];
  flags.push('disable-background-networking', 'disable-component-update', 'hide-scrollbars', 'no-proxy-server');
  flags.push(`user-data-dir=${profile}`, `window-size=${size.width},${size.height}`, 'remote-debugging-port=0');
  const child = spawn(executable, [...flags.map((flag) => `--${flag}`), 'about:blank'], {
    stdio: 'ignore',
    detached: true, // a group of its own, so that its many processes end with it
  });
  const kill = (): void => killGroup(child);
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    kill();
    await exited;
    process.off('exit', kill);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { devTools: await DevTools.connect(await pageUrl(profile)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Chromium notes its port in a file; there it lists its pages. */
async function pageUrl(profile: string): Promise<string> {
  const signal = AbortSignal.timeout(startWithinMs);
  for (;;) {
    const [port] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n');
    if (port) {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`, { signal });
      const page = targets.parse(await response.json()).find(({ type }) => type === 'page');
      if (page) return page.webSocketDebuggerUrl;
    }
    await delay(50, undefined, { signal });
  }
}

const targets = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }));
