import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { clearOrphan } from '../../workers/pid-file.ts';
import { withProgress } from '../../workers/progress.ts';
import { connectTemporal } from '../../workers/temporal/connect.ts';
import { findTemporal } from '../../workers/temporal/find.ts';
import { ensureSearchAttributes } from '../../workers/temporal/search-attributes.ts';
import { startTemporalServer } from '../../workers/temporal/server.ts';
import { keepServer } from './run-server.ts';

const cacheDir = path.resolve('.cache');
const serversDir = path.join(cacheDir, 'test-servers');

/** Before the first test that needs a server: one Temporal server and one bundle of the workflows for the whole run. */
export default async function globalSetup(): Promise<void> {
  await bundleWorkflows();
  await clearKilledRuns();
  const terminal = process.stderr;
  const found = await findTemporal({ env: process.env, terminal });
  if (found.kind === 'server') return await prepare();
  const folder = path.join(serversDir, String(process.pid));
  const server = await withProgress({ terminal }, `Starting Temporal for the tests (${found.cli.path})`, () =>
    startTemporalServer({ cli: found.cli.path, folder, database: 'memory' }),
  );
  process.env['TEMPORAL_ADDRESS'] = server.address; // the processes of jest inherit it
  keepServer({ server, folder });
  // Node would end at once; by way of `exit` the server ends too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
}

/** A server that was there may not know our search attributes. */
async function prepare(): Promise<void> {
  const { client, namespace, close } = await connectTemporal(process.env);
  await ensureSearchAttributes(client.connection, namespace);
  await close();
}

async function bundleWorkflows(): Promise<void> {
  const workflowsPath = path.resolve('workflows/index.ts');
  if (!existsSync(workflowsPath)) return;
  const { code } = await withProgress({ terminal: process.stderr }, 'Bundling the workflows', () =>
    bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') }),
  );
  await mkdir(cacheDir, { recursive: true });
  const aside = path.join(cacheDir, `workflow-bundle.${process.pid}.js`);
  await writeFile(aside, code);
  await rename(aside, path.join(cacheDir, 'workflow-bundle.js'));
}

/** A run that was killed left its server; one that still runs keeps it. */
async function clearKilledRuns(): Promise<void> {
  await mkdir(serversDir, { recursive: true });
  for (const name of await readdir(serversDir)) {
    const folder = path.join(serversDir, name);
    const { ownedBy } = await clearOrphan(path.join(folder, 'temporal.pid.json'));
    if (ownedBy === undefined) await rm(folder, { recursive: true, force: true });
  }
}
