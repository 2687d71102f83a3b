import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Migration } from './migrations/migration.ts';
import type { Db, Tables } from './tables.ts';
import { transact } from './transact.ts';

/** The schema of the database and this release do not fit each other. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/** Any number will do, as long as it never changes: whoever migrates holds it. */
const lockNumber = 7_263_001;

const checksum = ({ statements }: Migration): string =>
  createHash('sha256').update(statements.join(';\n')).digest('hex');

/**
 * Brings the schema up to date: what is missing runs in one transaction under a lock, so that several processes may start
 * at once. Throws `SchemaMismatch` where a step that ran has changed since, or the database is newer than this release.
 */
export async function migrate(db: Db, migrations: readonly Migration[]): Promise<void> {
  await transact(db, async (trx) => {
    // On PGlite this excludes nobody; there the lock on its folder does.
    await sql`select pg_advisory_xact_lock(${sql.lit(lockNumber)})`.execute(trx);
    await sql`create table if not exists migrations (
      number integer primary key, name text not null, checksum text not null, ran_at timestamptz not null default now()
    )`.execute(trx);
    const done = await ranBefore(trx);
    refuseStrangers(done, migrations);
    for (const migration of migrations.filter(({ number }) => !done.has(number))) {
      for (const statement of migration.statements) await sql.raw(statement).execute(trx);
      await sql`insert into migrations (number, name, checksum)
        values (${migration.number}::integer, ${migration.name}, ${checksum(migration)})`.execute(trx);
    }
  });
}

type Done = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>;

async function ranBefore(trx: Transaction<Tables>): Promise<Done> {
  const { rows } = await sql<{ number: number; name: string; checksum: string }>`
    select number, name, checksum from migrations`.execute(trx);
  return new Map(rows.map(({ number, ...row }) => [number, row]));
}

function refuseStrangers(done: Done, migrations: readonly Migration[]): void {
  for (const [number, { name, checksum: ran }] of done) {
    const known = migrations.find((migration) => migration.number === number);
    if (!known) {
      throw new SchemaMismatch(
        `The ledger has migration ${number} (${name}), which this release does not know: run a release as new as the ledger.`,
      );
    }
    if (checksum(known) !== ran) {
      throw new SchemaMismatch(
        `Migration ${number} (${name}) has changed since it ran on this ledger: put it back and add a new one instead.`,
      );
    }
  }
}
