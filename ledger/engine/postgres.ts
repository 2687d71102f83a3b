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

/** A PostgreSQL server. `connections` times the number of processes must stay below its `max_connections`. */
export function openPostgres(databaseUrl: string, connections = 10): Engine {
  const pool = new Pool({
    connectionString: databaseUrl,
    ...(wantsTls(databaseUrl) ? { ssl: { rejectUnauthorized: true } } : {}),
    ...timeouts,
    application_name: 'tandem',
    max: connections,
    types: { getTypeParser: (oid, format) => parsers[oid] ?? types.getTypeParser(oid, format) },
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  return { dialect: new PostgresDialect({ pool }) };
}

/** TLS with certificate check, unless the address says otherwise (`sslmode`) or never leaves this machine. */
function wantsTls(databaseUrl: string): boolean {
  const url = URL.parse(databaseUrl);
  if (!url || url.searchParams.has('sslmode') || url.searchParams.has('ssl')) return false;
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return !(host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host));
}
