import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Kysely, sql } from 'kysely';
import { migrate, SchemaMismatch } from '../../ledger/migrate.ts';
import { migrations } from '../../ledger/migrations/index.ts';
import type { Migration } from '../../ledger/migrations/migration.ts';
import type { Db, Tables } from '../../ledger/tables.ts';
import { freshDatabase } from './with-ledger.ts';

jest.setTimeout(300_000);

const first: Migration = { number: 1, name: 'people', statements: ['create table people (id text primary key)'] };
const second: Migration = {
  number: 2,
  name: 'names',
  statements: ['alter table people add column name text', "insert into people (id, name) values ('1', 'Anna')"],
};
const broken: Migration = {
  number: 3,
  name: 'broken',
  statements: ['create table pets (id text)', 'create table people (id text)'],
};

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of cleanUp.toReversed()) await each();
  cleanUp = [];
});

async function emptyDatabase(count: number): Promise<Db[]> {
  const database = await freshDatabase();
  cleanUp.push(database.drop);
  const dialects = await Promise.all(Array.from({ length: count }, () => database.open()));
  return dialects.map(({ dialect }) => {
    const db = new Kysely<Tables>({ dialect });
    cleanUp.push(() => db.destroy());
    return db;
  });
}

const ran = async (db: Db): Promise<unknown[]> => {
  const { rows } = await sql<{
    number: number;
    name: string;
  }>`select number, name from migrations order by number`.execute(db);
  return rows.map(({ number, name }) => `${number} ${name}`);
};

describe('migrating', () => {
  test('runs what is missing, once', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, [first]);
    await migrate(db, [first, second]);
    await migrate(db, [first, second]);
    expect(await ran(db)).toEqual(['1 people', '2 names']);
    expect((await sql`select * from people`.execute(db)).rows).toEqual([{ id: '1', name: 'Anna' }]);
  });

  test('changes nothing when one of its statements fails', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, [first]);
    await expect(migrate(db, [first, second, broken])).rejects.toThrow('people');
    expect(await ran(db)).toEqual(['1 people']);
    expect((await sql`select to_regclass('pets') as pets`.execute(db)).rows).toEqual([{ pets: null }]);
  });

  test('refuses a migration that has changed since it ran, by its name', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, [first]);
    const changed = { ...first, statements: ['create table people (id text primary key, name text)'] };
    await expect(migrate(db, [changed, second])).rejects.toThrow(SchemaMismatch);
    await expect(migrate(db, [changed, second])).rejects.toThrow('Migration 1 (people) has changed since it ran');
    expect(await ran(db)).toEqual(['1 people']);
  });

  test('refuses a ledger that is newer than the release', async () => {
    const [db] = (await emptyDatabase(1)) as [Db];
    await migrate(db, [first, second]);
    await expect(migrate(db, [first])).rejects.toThrow('migration 2 (names), which this release does not know');
  });

  test('from several processes at once runs each step once', async () => {
    const dbs = await emptyDatabase(process.env['TANDEM_TEST_DATABASE_URL'] ? 4 : 1);
    await Promise.all([...dbs, ...dbs].map((db) => migrate(db, [first, second])));
    expect(await ran(dbs[0] as Db)).toEqual(['1 people', '2 names']);
    expect((await sql`select id from people`.execute(dbs[0] as Db)).rows).toHaveLength(1);
  });

  test("the ledger's own steps are numbered without a gap", () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
  });
});
