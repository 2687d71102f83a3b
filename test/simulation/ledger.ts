import { Kysely, sql } from 'kysely';
import { openMemory } from '../../ledger/engine/pglite.ts';
import { type Ledger, ledgerOn } from '../../ledger/ledger.ts';
import { migrate } from '../../ledger/migrate.ts';
import { migrations } from '../../ledger/migrations/index.ts';
import type { Db, Tables } from '../../ledger/tables.ts';

/** A real ledger whose database takes the time from us: its `now()` stands before PostgreSQL's own. */
export class SimulatedLedger {
  readonly db: Db;
  readonly ledger: Ledger;
  #shown = '';

  private constructor(db: Db) {
    this.db = db;
    this.ledger = ledgerOn(db, new Uint8Array(32), async () => {});
  }

  static async open(): Promise<SimulatedLedger> {
    const db = new Kysely<Tables>({ dialect: (await openMemory()).dialect });
    await sql`create schema sim`.execute(db);
    for (const name of ['now', 'clock_timestamp']) {
      await sql
        .raw(
          `create function sim.${name}() returns timestamptz language sql stable as $$ select current_setting('sim.now')::timestamptz $$`,
        )
        .execute(db);
    }
    await sql`select set_config('sim.now', '2026-01-01T00:00:00Z', false)`.execute(db);
    await sql`set search_path = public, sim, pg_catalog`.execute(db);
    await migrate(db, migrations);
    return new SimulatedLedger(db);
  }

  /** Shows the database another time. */
  async showTime(ms: number): Promise<void> {
    const time = new Date(ms).toISOString();
    if (time === this.#shown) return;
    this.#shown = time;
    await sql`select set_config('sim.now', ${time}, false)`.execute(this.db);
  }

  /** For the next history. */
  async empty(): Promise<void> {
    const { rows } = await sql<{ tables: string }>`
      select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
      where schemaname = 'public' and tablename <> 'migrations'`.execute(this.db);
    await sql.raw(`truncate ${rows[0]?.tables} restart identity`).execute(this.db);
  }
}
