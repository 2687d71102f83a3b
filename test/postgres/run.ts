import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { binaries } from './binaries.ts';
import { startServer } from './server.ts';

/**
 * Runs the ledger's tests on a PostgreSQL server of its own (`npm run test:postgres`), with those that need a real server
 * (`*.postgres.ts`) and without those of the embedded database. Arguments go to jest. The server is stopped and removed in
 * any case.
 */
async function run(): Promise<number> {
  const folder = binaries();
  console.log(`Starting a PostgreSQL of its own in a temporary folder (${folder}).`);
  const server = await startServer(folder);
  let tests: ChildProcess | undefined;
  const interrupt = (): void => void tests?.kill('SIGTERM');
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    tests = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
        '--config=test/postgres/jest.config.js',
        ...process.argv.slice(2),
      ],
      { stdio: 'inherit', env: { ...process.env, TANDEM_TEST_DATABASE_URL: server.url } },
    );
    const [code] = (await once(tests, 'exit')) as [number | null];
    return code ?? 1;
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
