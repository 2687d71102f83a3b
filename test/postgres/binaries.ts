import { spawnSync } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const homes = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
];

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The folder of PostgreSQL's programs: on PATH, or where Linux distributions and Homebrew put them, newest first. */
function findBinaries(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const elsewhere = homes
    .flatMap((pattern) => globSync(pattern))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...onPath, ...elsewhere].find(
    (folder) => isRunnable(join(folder, 'initdb')) && isRunnable(join(folder, 'postgres')),
  );
}

/** Finds PostgreSQL's programs, installing them with apt-get where they are missing. Throws with one sentence. */
export function binaries(): string {
  const found = findBinaries();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  const canInstall = isRoot && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    console.log('PostgreSQL is not installed; waiting for apt-get to install it (about a minute).');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', 'postgresql'],
    ]) {
      spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    const installed = findBinaries();
    if (installed) return installed;
  }
  throw new Error(
    'PostgreSQL is needed for these tests and was not found (initdb and postgres, on PATH or in /usr/lib/postgresql): ' +
      `install it${canInstall ? '; apt-get could not.' : ', for instance with "apt-get install postgresql" or "brew install postgresql".'}`,
  );
}
