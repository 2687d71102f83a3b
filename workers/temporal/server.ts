import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { clearOrphan, writePidFile } from '../pid-file.ts';
import { connectionProblem, freePorts, isPortFree } from '../ports.ts';
import { killGroup } from '../processes.ts';
import { StartError } from '../start-error.ts';
import { launchDevServer } from './launch.ts';
import { ensureSearchAttributes } from './search-attributes.ts';

export interface TemporalServerOptions {
  /** Path of the Temporal CLI. */
  readonly cli: string;
  /** Holds the server's log, pid file and database; made where it does not exist. One server per folder. */
  readonly folder: string;
  readonly database: 'file' | 'memory';
  /** What is left out becomes a free port. */
  readonly ports?: { readonly grpc?: number | undefined; readonly ui?: number | undefined };
  readonly signal?: AbortSignal | undefined;
}

export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  readonly pid: number;
  /** Resolves with the reason when the server ends without having been stopped. */
  readonly failed: Promise<Error>;
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>;
}

const startWithinMs = 60_000;
const stopWithinMs = 10_000;

/**
 * Starts Temporal's development server on 127.0.0.1, with its UI and our search attributes, and returns when it answers.
 * First ends a server that a killed predecessor left in the same folder. Throws a `StartError` where a port is taken,
 * where the folder's server belongs to a living process, and where the server does not come up.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { folder, ports = {} } = options;
  await mkdir(folder, { recursive: true });
  const pidFile = path.join(folder, 'temporal.pid.json');
  const { ownedBy } = await clearOrphan(pidFile);
  if (ownedBy !== undefined) {
    throw new StartError(
      `A Temporal server of process ${ownedBy} uses ${folder}: stop that process, or use another folder.`,
    );
  }
  await refuseTaken('server', 'TEMPORAL_ADDRESS to use the server that runs there, or --temporal-port', ports.grpc);
  await refuseTaken('UI', '--temporal-ui-port', ports.ui);
  for (let more = 2; ; more -= 1) {
    const [freeGrpc = 0, freeUi = 0] = await freePorts(2);
    try {
      return await startOn({ grpc: ports.grpc ?? freeGrpc, ui: ports.ui ?? freeUi }, pidFile, options);
    } catch (error) {
      // Another program was quicker to take a port that was free.
      if (more === 0 || !(error instanceof StartError && error.message.includes('address already in use'))) throw error;
    }
  }
}

async function startOn(
  { grpc, ui }: { grpc: number; ui: number },
  pidFile: string,
  options: TemporalServerOptions,
): Promise<TemporalServer> {
  const logFile = path.join(options.folder, 'temporal.log');
  const { child, exited } = await launchDevServer(options, { grpc, ui }, logFile);
  const kill = (): void => killGroup(child);
  process.once('exit', kill); // the last resort, where nobody called stop
  let stopping = false;
  const failure = Promise.withResolvers<Error>();
  void exited.then((how) => {
    if (!stopping) failure.resolve(new StartError(`The Temporal server ended (${how}): see ${logFile}.`));
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    child.kill('SIGTERM');
    if (!(await within(exited, stopWithinMs))) kill();
    await exited;
    process.off('exit', kill);
    await rm(pidFile, { force: true });
  };
  try {
    if (child.pid !== undefined) await writePidFile(pidFile, child.pid);
    const address = `127.0.0.1:${grpc}`;
    await answers(address, exited, logFile, options.signal);
    return {
      address,
      namespace: 'default',
      uiUrl: `http://127.0.0.1:${ui}`,
      pid: child.pid ?? 0,
      failed: failure.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function refuseTaken(part: string, options: string, port: number | undefined): Promise<void> {
  if (port === undefined || (await isPortFree(port))) return;
  throw new StartError(
    `Port ${port} for the Temporal ${part} is taken: end the program that has it, or set ${options}.`,
  );
}

/** Returns when the frontend answers gRPC and the namespace has our search attributes. */
async function answers(address: string, exited: Promise<string>, logFile: string, signal?: AbortSignal): Promise<void> {
  const port = Number(address.split(':').at(-1));
  const giveUpAt = performance.now() + startWithinMs;
  const failed = async (how: string): Promise<StartError> =>
    new StartError(`The Temporal server did not start (${how}: ${await lastLine(logFile)}): see ${logFile}.`);
  while (await connectionProblem('127.0.0.1', port, 1_000)) {
    const how = await Promise.race([exited, delay(50, undefined, signal && { signal })]);
    if (how !== undefined) throw await failed(`ended with ${how}`);
    if (performance.now() > giveUpAt) throw await failed('no answer');
  }
  const connection = await Connection.connect({ address, connectTimeout: startWithinMs });
  try {
    await ensureSearchAttributes(connection, 'default');
  } finally {
    await connection.close();
  }
}

async function lastLine(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.at(-1)?.trim() || 'it said nothing';
}

async function within(event: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([event.then(() => true), late]);
  timer.abort();
  return inTime;
}
