import type { TemporalServer } from '../../workers/temporal/server.ts';

interface RunServer {
  readonly server: TemporalServer;
  readonly folder: string;
}

// Setup and teardown are loaded apart from each other; the global object is what they share.
const shared = globalThis as { tandemRunServer?: RunServer };

/** Keeps the server of this run for the teardown. */
export function keepServer(server: RunServer): void {
  shared.tandemRunServer = server;
}

/** The server that this run started; undefined where it used one that was there. */
export const keptServer = (): RunServer | undefined => shared.tandemRunServer;
