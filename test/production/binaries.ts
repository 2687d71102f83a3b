import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../workers/caught.ts';
import { lockWhenFree } from '../../workers/process-lock.ts';
import type { Terminal } from '../../workers/progress.ts';
import { temporalCacheDir } from '../../workers/temporal/cache.ts';
import { buildWithGo } from '../../workers/temporal/go-install.ts';
import { isExecutable } from '../../workers/temporal/on-path.ts';

/** The newest server whose two programs `go install` was seen to build. */
export const temporalServerVersion = 'v1.31.2';

/** The programs of a Temporal server as it runs in production. */
export interface TemporalBinaries {
  /** `temporal-server`, all of its services in one process. */
  readonly server: string;
  /** `temporal-sql-tool`, which makes its databases. */
  readonly sql: string;
}

interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** The programs in our cache, or else built from source into it with Go. Throws where that is not possible. */
export async function temporalBinaries({ env, terminal, signal }: BuildOptions): Promise<TemporalBinaries> {
  const cacheDir = path.join(path.dirname(temporalCacheDir(env)), `server-${temporalServerVersion}`);
  const folder = path.join(cacheDir, 'bin');
  const binaries = { server: path.join(folder, 'server'), sql: path.join(folder, 'sql') };
  await mkdir(cacheDir, { recursive: true });
  const waiting = `Another process is building the Temporal server into ${cacheDir}: waiting for it …\n`;
  const lock = await lockWhenFree(path.join(cacheDir, 'fetch.lock'), () => terminal.write(waiting), signal);
  try {
    if (Object.values(binaries).every(isExecutable)) return binaries;
    const workDir = path.join(cacheDir, 'building');
    await rm(workDir, { recursive: true, force: true }); // what a killed build left
    await mkdir(workDir);
    try {
      const label = `Building the Temporal server ${temporalServerVersion} with go install (about 6 minutes the first time)`;
      const packages = ['cmd/server', 'cmd/tools/sql'].map(
        (name) => `go.temporal.io/server/${name}@${temporalServerVersion}`,
      );
      await buildWithGo({ env, terminal, signal, workDir }, label, packages);
      await rm(folder, { recursive: true, force: true });
      await rename(workDir, folder);
    } catch (error) {
      signal.throwIfAborted();
      const remedy = 'it is built from source, for which Go 1.21 or newer must be on PATH and the network reachable';
      throw new Error(`The Temporal server can't be built (${messageOf(error)}): ${remedy}.`, { cause: error });
    } finally {
      await rm(workDir, { recursive: true, force: true });
    }
    return binaries;
  } finally {
    lock.release();
  }
}
