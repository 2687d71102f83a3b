import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { killGroup } from '../../workers/processes.ts';
import { onProductionServers, runInterruptibly } from './servers.ts';

const root = path.join(import.meta.dirname, '../..');

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

/**
 * Runs the end-to-end tests as in production (`npm run test:production`): ledgers on PostgreSQL beside Temporal's own
 * databases; each installation with two worker processes. Arguments go to jest.
 */
await runInterruptibly((signal) =>
  onProductionServers(signal, ({ temporal, databaseUrl }) =>
    runTests(signal, {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
      ...temporal,
      TANDEM_TEST_DATABASE_URL: databaseUrl,
    }),
  ),
);
