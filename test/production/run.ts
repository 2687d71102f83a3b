import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { messageOf } from '../../workers/caught.ts';
import { killGroup } from '../../workers/processes.ts';
import { duration, withProgress } from '../../workers/progress.ts';
import { binaries as postgresBinaries } from '../postgres/binaries.ts';
import { startServer } from '../postgres/server.ts';
import { temporalBinaries, temporalServerVersion } from './binaries.ts';
import { startProductionServer } from './temporal-server.ts';

const root = path.join(import.meta.dirname, '../..');
const terminal = process.stderr;

/**
 * Runs the end-to-end tests as in production (`npm run test:production`): a Temporal server on PostgreSQL, built from
 * source where the cache does not have it; ledgers on PostgreSQL; each installation with two worker processes. Arguments
 * go to jest. Everything is stopped and removed in any case, also on Ctrl-C.
 */
async function run(signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const programs = await temporalBinaries({ env: process.env, terminal, signal });
  const postgres = await withProgress({ terminal }, 'Starting a PostgreSQL of its own', () =>
    // Temporal takes connections for each of its services, Tandem for each process.
    startServer(postgresBinaries(), ['max_connections=300']),
  );
  try {
    const label = `Starting the Temporal server ${temporalServerVersion} on it`;
    const temporal = await withProgress({ terminal }, label, () =>
      startProductionServer({ binaries: programs, databaseUrl: postgres.url, signal }),
    );
    try {
      signal.throwIfAborted();
      return await runTests(signal, {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_NAMESPACE: temporal.namespace,
        TANDEM_TEST_DATABASE_URL: postgres.url,
      });
    } finally {
      await temporal.stop();
    }
  } finally {
    await postgres.stop();
    terminal.write(`Stopped and removed both servers, ${duration(performance.now() - began)} after the start.\n`);
  }
}

async function runTests(signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<number> {
  const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const args = [...jest, '--config=test/production/jest.config.js', ...process.argv.slice(2)];
  // A group of its own, so that the worker processes of the tests end with it.
  const tests: ChildProcess = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env, detached: true });
  const end = (): void => killGroup(tests);
  signal.addEventListener('abort', end);
  process.once('exit', end);
  const [code] = (await once(tests, 'exit')) as [number | null];
  end();
  process.off('exit', end);
  signal.throwIfAborted();
  return code ?? 1;
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
try {
  process.exitCode = await run(interrupted.signal);
} catch (error) {
  if (!interrupted.signal.aborted) console.error(messageOf(error));
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
