import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { killGroup } from '../processes.ts';
import { withProgress } from '../progress.ts';
import { temporalCliVersion, temporalExecutable } from './cache.ts';
import type { FetchContext, Fetcher } from './fetcher.ts';
import { onPath } from './on-path.ts';

/** Builds the Temporal CLI where Go is present. */
export const goInstall: Fetcher = {
  name: 'go install',
  async fetch(context) {
    const label = `Building the Temporal CLI ${temporalCliVersion} with go install (the first time about 1300 packages and 5 minutes)`;
    await buildWithGo(context, label, [`github.com/temporalio/cli/cmd/temporal@${temporalCliVersion}`]);
    return path.join(context.workDir, temporalExecutable);
  },
};

/** Builds these packages of one module into `workDir`, and shows how far the build is. Throws where there is no Go. */
export async function buildWithGo(context: FetchContext, label: string, packages: readonly string[]): Promise<void> {
  const go = onPath(process.platform === 'win32' ? 'go.exe' : 'go', context.env);
  if (!go) throw new Error('there is no Go on PATH');
  await withProgress({ terminal: context.terminal }, label, (detail) => build(go, packages, context, detail));
}

async function build(
  go: string,
  packages: readonly string[],
  { env, workDir, signal }: FetchContext,
  detail: (text: string) => void,
): Promise<void> {
  signal?.throwIfAborted();
  // -s -w leave out the debugger's tables: a third of the file.
  const child = spawn(go, ['install', '-v', '-ldflags=-s -w', ...packages], {
    env: { ...env, GOBIN: workDir },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, so that the compilers that go starts end with it
  });
  const kill = (): void => killGroup(child);
  signal?.addEventListener('abort', kill);
  process.once('exit', kill);
  const build = { modules: 0, packages: 0 };
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading ')) build.modules += 1;
    else if (/^[\w.~/-]+$/.test(line)) build.packages += 1;
    else said.push(line.trim());
    detail(`modules downloaded: ${build.modules}, packages compiled: ${build.packages}`);
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(said.at(-1) ?? `go ended with ${code}`);
  } finally {
    signal?.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}
