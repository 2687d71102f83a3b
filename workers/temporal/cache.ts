import { homedir } from 'node:os';
import path from 'node:path';

/** The Temporal CLI that we fetch: the newest tag that `go install` can build (later ones hold a `replace`). */
export const temporalCliVersion = 'v1.5.1';

export const temporalExecutable = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** The folder for what we fetched of this version, by the XDG rules; it may not exist yet. */
export function temporalCacheDir(env: NodeJS.ProcessEnv): string {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(env['HOME'] ?? homedir(), '.cache');
  return path.join(base, 'tandem', 'temporal', temporalCliVersion);
}
