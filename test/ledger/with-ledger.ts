import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { Client } from 'pg';
import type { Engine } from '../../ledger/engine/engine.ts';
import { openMemory } from '../../ledger/engine/pglite.ts';
import { openPostgres } from '../../ledger/engine/postgres.ts';
import { type Ledger, ledgerOn } from '../../ledger/ledger.ts';
import { migrate } from '../../ledger/migrate.ts';
import { migrations } from '../../ledger/migrations/index.ts';
import type { Db, Tables } from '../../ledger/tables.ts';

const databaseUrl = process.env['TANDEM_TEST_DATABASE_URL'];

/** A ledger for a test file, with the handle below it. */
export interface TestLedger extends Ledger {
  readonly db: Db;
  /** A second ledger on the same database: on PostgreSQL with connections of its own. */
  readonly other: Ledger;
  /** Statements run so far. */
  readonly statements: readonly string[];
  /** Lets the leases of an owner run out. */
  expire(owner: string): Promise<void>;
}

/** An empty database: PGlite in memory, or a fresh one on the server that `TANDEM_TEST_DATABASE_URL` names. */
export async function freshDatabase(): Promise<{ url: string; open(): Promise<Engine>; drop(): Promise<void> }> {
  if (!databaseUrl) return { url: '', open: openMemory, drop: async () => {} };
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    open: async () => openPostgres(url.href),
    drop: () => onServer(`drop database ${name} with (force)`),
  };
}

/** The same tests run on both engines. The database is made for the file and emptied before each test. */
export function withLedger(): TestLedger {
  // Ends a test that hangs; nothing waits for it.
  jest.setTimeout(300_000);
  let test: TestLedger | undefined;
  let end = async (): Promise<void> => {};

  beforeAll(async () => {
    const database = await freshDatabase();
    const statements: string[] = [];
    const db = new Kysely<Tables>({
      dialect: (await database.open()).dialect,
      log: ({ query }) => void statements.push(query.sql),
    });
    const otherDb = databaseUrl ? new Kysely<Tables>({ dialect: (await database.open()).dialect }) : db;
    await migrate(db, migrations);
    const key = randomBytes(32);
    end = async () => {
      await otherDb.destroy();
      await db.destroy();
      await database.drop();
    };
    test = {
      ...ledgerOn(db, key, end),
      db,
      other: ledgerOn(otherDb, key, end),
      statements,
      expire: async (owner) => {
        await sql`update leases set until = now() - interval '1 second' where owner = ${owner}`.execute(db);
      },
    };
  });
  beforeEach(async () => {
    if (test) await empty(test.db);
  });
  afterAll(() => end());

  return new Proxy({} as TestLedger, { get: (_, name) => test?.[name as keyof TestLedger] });
}

async function empty(db: Db): Promise<void> {
  const { rows } = await sql<{ tables: string }>`
    select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
    where schemaname = 'public' and tablename <> 'migrations'`.execute(db);
  await sql.raw(`truncate ${rows[0]?.tables} restart identity`).execute(db);
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
