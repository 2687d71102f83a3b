import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sql } from 'kysely';
import { wantsTls } from '../../ledger/engine/postgres.ts';
import { type Ledger, LedgerUnreachable, openLedger } from '../../ledger/index.ts';
import { transact } from '../../ledger/transact.ts';
import { Writes } from '../../ledger/writes.ts';
import { activateSettings, contact, holder, intent, keyOf, minute } from '../ledger/people.ts';
import { freshDatabase, withLedger } from '../ledger/with-ledger.ts';

jest.setTimeout(60_000);
const ledger = withLedger();

describe('a real server', () => {
  test('bounds statements, locks and forgotten transactions on each connection', async () => {
    const settings = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
    const { rows } = await sql<{ setting: string }>`
      select setting from pg_settings where name = any(${settings}::text[])`.execute(ledger.db);
    expect(rows.map(({ setting }) => Number(setting)).every((bound) => bound > 0)).toBe(true);
    expect(rows).toHaveLength(3);
  });

  test('that cuts a connection in mid-transaction costs a repetition, nothing else', async () => {
    let times = 0;
    await transact(ledger.db, async (trx) => {
      times++;
      await sql`insert into drafts (text) values ('once')`.execute(trx);
      if (times === 1) {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        await sql`select pg_terminate_backend(${rows[0]?.pid}::integer)`.execute(ledger.db);
        await sql`select 1`.execute(trx);
      }
    });
    expect(times).toBe(2);
    expect(await ledger.db.selectFrom('drafts').select('text').execute()).toEqual([{ text: 'once' }]);
  });

  test('that cuts all connections at once is used again right after', async () => {
    await ledger.cursors.put('poll', 1);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(ledger.db);
    await Promise.all([1, 2, 3, 4].map((i) => ledger.other.cursors.put(`poll ${i}`, i)));
    expect(await ledger.cursors.get('poll 4')).toBe(4);
  });

  test('lets a take-over wait until the intents of the attempt before can be seen', async () => {
    const settingsVersion = await activateSettings(ledger);
    const key = keyOf(contact(1));
    await ledger.leases.take(holder('a', 1), [key], minute);
    const order: string[] = [];
    const takeOver = async (): Promise<void> => {
      await ledger.other.leases.take(holder('a', 2), [key], minute);
      order.push(`taken over with ${(await ledger.other.writes.open()).length} open intent`);
    };
    let takingOver = Promise.resolve();
    await ledger.db.transaction().execute(async (trx) => {
      const guard = { holder: holder('a', 1), keys: [key.key], needMs: 0, settingsVersion };
      await new Writes(trx).intend([intent()], guard);
      takingOver = takeOver();
      await untilOneWaits(() => order.length > 0);
      order.push('about to commit');
    });
    await takingOver;
    expect(order).toEqual(['about to commit', 'taken over with 1 open intent']);
  });
});

/** Until the server itself says that somebody waits for a lock, or nobody has to. */
async function untilOneWaits(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(ledger.db);
    if (rows.length > 0) return;
  }
}

describe('opening', () => {
  let url = '';
  let drop = async (): Promise<void> => {};
  const opened: Ledger[] = [];
  beforeAll(async () => {
    ({ url, drop } = await freshDatabase());
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await drop();
  });

  test('by several processes at once makes one schema and one key', async () => {
    opened.push(...(await Promise.all([1, 2, 3].map(() => openLedger({ databaseUrl: url, connections: 2 })))));
    const keys = opened.map(({ identity }) => Buffer.from(identity.hmacKey).toString('hex'));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('uses a key that is given instead', async () => {
    const hmacKey = new Uint8Array(32).fill(7);
    const given = await openLedger({ databaseUrl: url, hmacKey });
    opened.push(given);
    expect(given.identity.hmacKey).toBe(hmacKey);
  });

  test.each([
    ['a wrong password', (address: URL) => (address.password = 'wrong-secret')],
    ['a database that does not exist', (address: URL) => (address.pathname = '/nobody')],
    ['a port where nobody listens', (address: URL) => (address.port = '1')],
  ])('with %s says where and why, without the password', async (_, spoil) => {
    const address = new URL(url);
    spoil(address);
    const failure: unknown = await openLedger({ databaseUrl: address.href }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LedgerUnreachable);
    expect(String(failure)).toContain(`${address.host}${address.pathname} (DATABASE_URL) cannot be opened: `);
    expect(String(failure)).not.toContain(address.password);
  });

  test('with something that is no address says what is expected', async () => {
    await expect(openLedger({ databaseUrl: 'mysql://a:secret@b/c' })).rejects.toThrow(
      'DATABASE_URL: expected postgres://user:password@host:port/database, found something else.',
    );
  });

  test.each([
    ['postgres://db.example.com/tandem', true],
    ['postgres://10.0.0.5:5432/tandem', true],
    ['postgres://db.example.com/tandem?sslmode=disable', false],
    ['postgres://localhost:5432/tandem', false],
    ['postgres://127.0.0.1/tandem', false],
    ['postgres://[::1]:5432/tandem', false],
    ['postgres:///tandem?host=/var/run/postgresql', false],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/tandem', false],
  ])('%s uses TLS by default: %s', (address, expected) => {
    expect(wantsTls(new URL(address))).toBe(expected);
  });
});
