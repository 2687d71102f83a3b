import { PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Engine } from './engine.ts';
import { parsers } from './types.ts';

/** Bounds for one connection: no statement, lock or forgotten transaction may hold up the others for long. */
const timeouts = {
  connectionTimeoutMillis: 10_000,
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
} as const;

/**
 * A PostgreSQL server. `connections` times the number of processes must stay below its `max_connections`. TLS with
 * certificate check, unless the address says otherwise (`sslmode`) or never leaves this machine.
 */
export function openPostgres(databaseUrl: string, connections = 10): Engine {
  const url = URL.parse(databaseUrl);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new Error('DATABASE_URL: expected postgres://user:password@host:port/database, found something else.');
  }
  const pool = new Pool({
    connectionString: databaseUrl,
    ...(wantsTls(url) ? { ssl: { rejectUnauthorized: true } } : {}),
    ...timeouts,
    application_name: 'tandem',
    max: connections,
    types: { getTypeParser: (oid, format) => parsers[oid] ?? types.getTypeParser(oid, format) },
  });
  // A connection that breaks is replaced and its query fails; without listeners, for idle ones and for those in use, it
  // would end the process besides.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  return {
    dialect: new PostgresDialect({ pool }),
    place: `${hostOf(url) || 'localhost'}${url.pathname} (DATABASE_URL)`,
  };
}

/** `?host=` names a folder with a socket, as PostgreSQL's own tools understand it. */
const hostOf = (url: URL): string => url.searchParams.get('host') ?? decodeURIComponent(url.host);

/** Exported for tests alone. */
export function wantsTls(url: URL): boolean {
  if (url.searchParams.has('sslmode') || url.searchParams.has('ssl')) return false;
  return !/^$|^\/|^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(hostOf(url));
}
