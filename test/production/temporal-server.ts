import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { stringify } from 'yaml';
import { codeOf, messageOf } from '../../workers/caught.ts';
import { connectionProblem, isPortFree } from '../../workers/ports.ts';
import { killGroup } from '../../workers/processes.ts';
import { ensureSearchAttributes } from '../../workers/temporal/search-attributes.ts';
import type { TemporalBinaries } from './binaries.ts';
import { type DatabaseServer, portsNeeded, temporalConfig, temporalDatabases } from './temporal-config.ts';

export interface ProductionServer {
  readonly address: string;
  readonly namespace: string;
  /** Ends the server and removes its folder; its databases stay. */
  stop(): Promise<void>;
}

interface StartOptions {
  readonly binaries: TemporalBinaries;
  /** The PostgreSQL server for its two databases, with a user that may create them. */
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
}

const namespace = 'tandem';
const startWithinMs = 60_000;
const connectWithinMs = 10_000;
const stopWithinMs = 20_000;

/**
 * A Temporal server as it runs in production, on PostgreSQL: makes its databases, starts all of its services on
 * 127.0.0.1, and makes a namespace with our search attributes.
 */
export async function startProductionServer(options: StartOptions): Promise<ProductionServer> {
  const { binaries, signal } = options;
  const database = databaseServer(options.databaseUrl);
  for (const [name, schema] of Object.entries(temporalDatabases)) {
    signal.throwIfAborted();
    await makeDatabase(binaries.sql, database, name, schema);
  }
  signal.throwIfAborted();
  const folder = await mkdtemp(path.join(tmpdir(), 'tandem-temporal-'));
  const ports = await lowPorts(portsNeeded);
  const configFile = path.join(folder, 'temporal.yaml');
  const logFile = path.join(folder, 'temporal.log');
  await writeFile(configFile, stringify(temporalConfig(database, ports)), { mode: 0o600 });
  const log = await open(logFile, 'w');
  const child = spawn(binaries.server, ['--config-file', configFile, '--allow-no-auth', 'start'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', log.fd, log.fd],
    detached: true, // out of reach of Ctrl-C: it is stopped after those who use it
  });
  const gone = new AbortController();
  const exited = once(child, 'exit').finally(() => gone.abort(new Error('it ended')));
  await log.close();
  const kill = (): void => killGroup(child);
  process.once('exit', kill); // the last resort, where nobody called stop
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(kill, stopWithinMs);
    await exited;
    clearTimeout(timer);
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = `127.0.0.1:${ports[0]}`;
    await makeNamespace(address, AbortSignal.any([signal, gone.signal, AbortSignal.timeout(startWithinMs)]));
    return { address, namespace, stop };
  } catch (error) {
    const said = await lastWords(logFile);
    await stop();
    signal.throwIfAborted();
    throw new Error(`The Temporal server did not come up (${messageOf(error)}). Its last words: ${said}`, {
      cause: error,
    });
  }
}

function databaseServer(url: string): DatabaseServer {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

/** Creates a database of Temporal's and brings it to the newest version of its schema. */
async function makeDatabase(tool: string, server: DatabaseServer, name: string, schema: string): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: server.host,
    SQL_PORT: String(server.port),
    SQL_USER: server.user,
    SQL_PASSWORD: server.password,
    SQL_DATABASE: name,
  };
  const steps = [['create-database'], ['setup-schema', '-v', '0.0'], ['update-schema', '--schema-name', schema]];
  for (const step of steps) await promisify(execFile)(tool, step, { env, timeout: 120_000 });
}

/** Free ports that fit into the server's own table of its members, which has 15 bits for them. */
async function lowPorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = randomInt(15_000, 30_000); found.length < count; port += 1)
    if (await isPortFree(port)) found.push(port);
  return found;
}

async function lastWords(logFile: string): Promise<string> {
  const line = (await readFile(logFile, 'utf8')).trim().split('\n').at(-1) ?? '';
  const { msg, error } = JSON.parse(line.startsWith('{') ? line : JSON.stringify({ msg: line })) as Record<
    string,
    string
  >;
  return [msg, error].filter(Boolean).join(': ') || 'it said nothing';
}

/** Waits for the server, and makes a namespace as an operator does, with our search attributes. */
async function makeNamespace(address: string, signal: AbortSignal): Promise<void> {
  const port = Number(address.split(':').at(-1));
  while (await connectionProblem('127.0.0.1', port, 1_000)) await delay(100, undefined, { signal });
  const connection = await Connection.connect({ address, connectTimeout: connectWithinMs });
  try {
    const workflowExecutionRetentionPeriod = msToTs('3 days');
    await answered(signal, () =>
      connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod }),
    );
    // A server learns of new namespaces when it next looks at its database.
    await answered(signal, () =>
      connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: 'any' } }),
    );
    await ensureSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}

const notFound = 5;
const unavailable = 14;

/** Asks until the server has come up so far. */
async function answered(signal: AbortSignal, ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (![notFound, unavailable].includes(Number(codeOf(error)))) throw error;
      await delay(200, undefined, { signal });
    }
  }
}
