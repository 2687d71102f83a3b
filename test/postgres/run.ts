import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { binaries } from './binaries.ts';
import { startServer } from './server.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Runs the ledger's tests on a PostgreSQL server of its own (`npm run test:postgres`), with those that need a real server
 * (`*.postgres.ts`) and without those of the embedded database. Arguments go to jest. The server is stopped and removed in
 * any case, also on Ctrl-C.
 */
async function run(): Promise<number> {
  let tests: ChildProcess | undefined;
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    tests?.kill('SIGTERM');
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

  const folder = binaries();
  console.log(`Starting a PostgreSQL of its own in a temporary folder, with the programs in ${folder} (some seconds).`);
  const server = await startServer(folder);
  try {
    if (!interrupted) {
      const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
      tests = spawn(process.execPath, [...jest, '--config=test/postgres/jest.config.js', ...process.argv.slice(2)], {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, TANDEM_TEST_DATABASE_URL: server.url },
      });
      const [code] = (await once(tests, 'exit')) as [number | null];
      if (!interrupted) return code ?? 1;
    }
    return 130;
  } finally {
    await server.stop();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
