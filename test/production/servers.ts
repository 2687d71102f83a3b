import { messageOf } from '../../workers/caught.ts';
import { duration, withProgress } from '../../workers/progress.ts';
import { binaries as postgresBinaries } from '../postgres/binaries.ts';
import { startServer } from '../postgres/server.ts';
import { temporalBinaries, temporalServerVersion } from './binaries.ts';
import { startProductionServer } from './temporal-server.ts';

const terminal = process.stderr;

/** Leads to both servers. */
export interface ProductionServers {
  readonly temporal: { readonly TEMPORAL_ADDRESS: string; readonly TEMPORAL_NAMESPACE: string };
  /** A PostgreSQL server, with a user that may create databases. */
  readonly databaseUrl: string;
}

/**
 * Does some work on a Temporal server on PostgreSQL, built from source where the cache does not have it. Both servers are
 * stopped and removed in any case.
 */
export async function onProductionServers<T>(
  signal: AbortSignal,
  work: (servers: ProductionServers) => Promise<T>,
): Promise<T> {
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
      const { address, namespace } = temporal;
      const variables = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
      return await work({ temporal: variables, databaseUrl: postgres.url });
    } finally {
      await temporal.stop();
    }
  } finally {
    await postgres.stop();
    terminal.write(`Stopped and removed both servers, ${duration(performance.now() - began)} after the start.\n`);
  }
}

/** Runs a program that ends what it started also on Ctrl-C, and tells in one line what went wrong. */
export async function runInterruptibly(run: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());
  try {
    process.exitCode = await run(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) console.error(messageOf(error));
    process.exitCode = interrupted.signal.aborted ? 130 : 1;
  }
}
