import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { refKey } from '../../core/record-ref.ts';
import { closeBatch } from '../../ledger/close-batch.ts';
import { type Batch, type ClosedRow, LeaseLost, type NewWait, type Pair } from '../../ledger/index.ts';
import type { Db } from '../../ledger/tables.ts';
import { failing } from './failing.ts';
import { activateSettings, close, contact, holder, intent, keyOf, lead, minute, pairUp, row } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

const pairOf = async (id: number): Promise<Pair> => {
  const pair = (await ledger.pairs.byIds('contacts', 'hubspot', [`${id}`])).get(`${id}`);
  if (!pair) throw new Error(`Contact ${id} has no pair.`);
  return pair;
};

const waitFor = (id: number, segmentId = '42'): NewWait => ({
  ref: contact(id),
  segmentId,
  expected: true,
  segmentVersion: '1',
  reason: 'segmentNotReevaluated',
  since: '2026-01-02T03:04:05.678Z',
  deadline: null,
  lookAgainAt: null,
  waiter: `record/contacts/hubspot/${id}`,
});

describe('pairs', () => {
  test('a new pair is found from both sides, with the base of its first sync', async () => {
    await pairUp(ledger, 1, { email: 'anna@example.com', phone: null });
    const pair = await pairOf(1);
    expect(pair).toMatchObject({
      version: 1,
      salesforceType: 'Lead',
      base: { email: 'anna@example.com', phone: null },
    });
    expect((await ledger.pairs.byIds('contacts', 'salesforce', [lead(1).id, lead(2).id])).get(lead(1).id)).toEqual(
      pair,
    );
    expect(await ledger.pairs.byIds('companies', 'hubspot', ['1'])).toEqual(new Map());
  });

  test('a moved base takes the fields given, keeps the others and counts its version up', async () => {
    await pairUp(ledger, 1, { email: 'a@example.com', phone: '1' });
    const { pairId, version } = await pairOf(1);
    await close(
      ledger,
      row(contact(1), { pair: { kind: 'move', pairId, version, base: { phone: null, city: 'Köln' } } }),
    );
    expect(await pairOf(1)).toMatchObject({ version: 2, base: { email: 'a@example.com', phone: null, city: 'Köln' } });
  });

  test('a re-pairing ends the old pair with its base, and the new one does not see it', async () => {
    await pairUp(ledger, 1, { email: 'a@example.com' });
    const old = await pairOf(1);
    const pair = {
      kind: 'open',
      hubspotId: '1',
      salesforceId: lead(9).id,
      salesforceType: 'Contact',
      replaces: [old.pairId],
    } as const;
    expect(await close(ledger, row(contact(1), { pair }))).toEqual([]);
    expect(await pairOf(1)).toMatchObject({ salesforceId: lead(9).id, base: undefined, version: 1 });
    expect(await ledger.pairs.byIds('contacts', 'salesforce', [lead(1).id])).toEqual(new Map());
    const [live, past] = await ledger.pairs.history('contacts', 'hubspot', '1');
    expect(live?.endedAt).toBeNull();
    expect(past).toMatchObject({ pairId: old.pairId, base: { email: 'a@example.com' }, endedAt: expect.any(String) });
  });

  test('a row whose pair has moved since is left out, its neighbours are saved', async () => {
    await pairUp(ledger, 1, { phone: '1' });
    const { pairId, version } = await pairOf(1);
    const move = (phone: string) => ({ kind: 'move', pairId, version, base: { phone } }) as const;
    await close(ledger, row(contact(1), { pair: move('2') }));
    const late = row(contact(1), {
      pair: move('3'),
      decision: { outcome: { kind: 'unchanged' } },
      waits: [waitFor(1)],
    });
    expect(await close(ledger, late, row(contact(2)))).toEqual([{ ref: contact(1), why: 'pairMoved' }]);
    expect(await pairOf(1)).toMatchObject({ version: 2, base: { phone: '2' } });
    const latest = await ledger.decisions.latest([contact(1), contact(2)]);
    expect([...latest.values()].map(({ outcome }) => outcome.kind)).toEqual(['synced', 'synced']);
    expect(await ledger.waits.count()).toBe(0);
  });

  test('a row whose partner stands in another live pair is left out, and steals nothing', async () => {
    await pairUp(ledger, 1);
    const pair = { kind: 'open', hubspotId: '2', salesforceId: lead(1).id, salesforceType: 'Lead' } as const;
    expect(await close(ledger, row(contact(2), { pair }))).toEqual([{ ref: contact(2), why: 'pairTaken' }]);
    expect(await pairOf(1)).toMatchObject({ salesforceId: lead(1).id });
  });

  test('of two rows of one batch that want the same partner the first one gets it', async () => {
    const pair = (id: number) =>
      ({ kind: 'open', hubspotId: `${id}`, salesforceId: lead(1).id, salesforceType: 'Lead' }) as const;
    const refused = await close(ledger, row(contact(1), { pair: pair(1) }), row(contact(2), { pair: pair(2) }));
    expect(refused).toEqual([{ ref: contact(2), why: 'pairTaken' }]);
    expect(await pairOf(1)).toMatchObject({ hubspotId: '1' });
  });

  test('of two batches that open pairs with the same partner at once, one is refused', async () => {
    const open = async (id: number): Promise<readonly unknown[]> => {
      const from = id % 2 ? ledger : ledger.other;
      await from.leases.take(holder(`${id}`), [keyOf(contact(id))], minute);
      const pair = { kind: 'open', hubspotId: `${id}`, salesforceId: lead(1).id, salesforceType: 'Lead' } as const;
      const keys = [refKey(contact(id))];
      const rows = [row(contact(id), { pair })];
      return (await from.closeBatch({ holder: holder(`${id}`), keys, rows, results: [] })).refused;
    };
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(open));
    expect(answers.filter((refused) => refused.length === 0)).toHaveLength(1);
    const { rows } = await sql`select from pairs where ended_at is null`.execute(ledger.db);
    expect(rows).toHaveLength(1);
  });

  test('a pair that ends without another leaves both records free, also where the batch is repeated', async () => {
    await pairUp(ledger, 1, { email: 'a@example.com' });
    const { pairId } = await pairOf(1);
    const ended = row(contact(1), { pair: { kind: 'end', pairId } });
    expect(await close(ledger, ended)).toEqual([]);
    expect(await close(ledger, ended)).toEqual([]);
    await expect(pairOf(1)).rejects.toThrow('has no pair');
    await pairUp(ledger, 1);
    expect((await pairOf(1)).pairId).not.toBe(pairId);
  });

  test('decisions under the Salesforce id become history when the record gets its HubSpot side', async () => {
    await close(ledger, row(lead(1), { decision: { outcome: { kind: 'failed', category: 'duplicates' } } }));
    await pairUp(ledger, 1);
    expect(await ledger.decisions.latest([lead(1)])).toEqual(new Map());
    expect(await ledger.decisions.history(lead(1))).toHaveLength(1);
    expect((await ledger.counts()).failed).toEqual({});
  });
});

/** A batch with something of every kind for each of `count` records. */
async function fullBatch(count: number, first = 1): Promise<Batch> {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  const keys = numbers.map((id) => keyOf(contact(id)));
  await ledger.leases.take(holder('a'), keys, minute);
  const guard = { holder: holder('a'), keys: keys.map(({ key }) => key), needMs: 0 };
  const settingsVersion = (await ledger.settings.currentVersion()) ?? (await activateSettings(ledger));
  const ids = await ledger.writes.intend(
    numbers.map((id) => intent({ recordId: lead(id).id, counterpartId: `${id}` })),
    { ...guard, settingsVersion },
  );
  return {
    holder: holder('a'),
    keys: guard.keys,
    rows: numbers.map(
      (id): ClosedRow => ({
        ref: contact(id),
        pair: {
          kind: 'open',
          hubspotId: `${id}`,
          salesforceId: lead(id).id,
          salesforceType: 'Lead',
          base: { phone: '2' },
        },
        decision: { outcome: { kind: 'waiting', reason: 'segmentNotReevaluated' }, verdict: 'undecided' },
        waits: [waitFor(id), waitFor(id, '43')],
        conflicts: [{ field: 'phone', kept: 'hubspot', lost: '1' }],
      }),
    ),
    results: ids.map((id) => ({ id, ok: true })),
  };
}

const everything = async (): Promise<Record<string, number>> => {
  const { pairs, waits, openWrites, unresolvedConflicts } = await ledger.counts();
  const { rows } = await sql<{ decisions: number; results: number }>`
    select (select count(*)::integer from decisions) as decisions,
      (select count(*)::integer from write_results) as results`.execute(ledger.db);
  return { pairs, waits, openWrites, unresolvedConflicts, ...rows[0] };
};
const nothingBut = { pairs: 0, waits: 0, unresolvedConflicts: 0, decisions: 0, results: 0 };
const allOf = (n: number) => ({
  pairs: n,
  waits: 2 * n,
  openWrites: 0,
  unresolvedConflicts: n,
  decisions: n,
  results: n,
});

describe('a batch', () => {
  test('takes the same number of statements for one record as for two hundred', async () => {
    const counts: number[] = [];
    for (const size of [1, 10, 200]) {
      const batch = await fullBatch(size, size * 1000);
      const before = ledger.statements.length;
      await ledger.closeBatch(batch);
      counts.push(ledger.statements.length - before);
    }
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeLessThanOrEqual(14);
    expect(await everything()).toEqual(allOf(211));
  });

  test('ends what an interrupted attempt left open for its records, on either side, and for no others', async () => {
    await fullBatch(3);
    await ledger.leases.take(
      holder('a', 2),
      [1, 2, 3].map((id) => keyOf(contact(id))),
      minute,
    );
    const keys = [refKey(contact(1)), refKey(contact(2))];
    const settingsVersion = (await ledger.settings.currentVersion()) ?? 0;
    const guard = { holder: holder('a', 2), keys, needMs: 0, settingsVersion };
    const [own] = await ledger.writes.intend([intent({ recordId: lead(1).id })], guard);
    const rows = [row(contact(1)), row(lead(2))];
    await ledger.closeBatch({ holder: holder('a', 2), keys, rows, results: [] });
    const open = await ledger.writes.open();
    expect(open.map(({ id, recordId }) => [id === own, recordId])).toEqual([
      [false, lead(3).id],
      [true, lead(1).id],
    ]);
    const [, first] = await ledger.writes.ofRef(lead(1));
    expect(first?.result).toMatchObject({ ok: null, code: 'READ_AGAIN' });
  });

  test('is refused with nothing saved where another attempt has taken a key over', async () => {
    const batch = await fullBatch(2);
    await ledger.leases.take(holder('a', 2), [keyOf(contact(2))], minute);
    await expect(ledger.closeBatch(batch)).rejects.toThrow(LeaseLost);
    expect(await everything()).toEqual({ ...nothingBut, openWrites: 2 });
  });

  test('is saved although the lease has expired, as long as nobody has taken it', async () => {
    const batch = await fullBatch(1);
    await ledger.expire('a');
    await ledger.closeBatch(batch);
    expect(await everything()).toEqual(allOf(1));
  });

  test('with one record twice is refused as a mistake of the caller', async () => {
    const batch = await fullBatch(1);
    await expect(ledger.closeBatch({ ...batch, rows: [...batch.rows, ...batch.rows] })).rejects.toThrow(
      'contacts/hubspot/1 stands twice',
    );
  });

  test.each(['40001', '40P01', '57P01'])(
    'is repeated as a whole when any of its statements fails with %s',
    async (code) => {
      const { db, failAt, ran } = failing(ledger.db);
      await closeBatch(db, await fullBatch(2));
      const statements = ran();
      for (let nth = 1; nth <= statements; nth++) {
        const batch = await fullBatch(2, nth * 10);
        failAt(nth, code);
        await closeBatch(db, batch);
      }
      expect(await everything()).toEqual(allOf(2 + 2 * statements));
    },
  );

  test('leaves nothing behind when the disk is full at any of its statements', async () => {
    const { db, failAt, ran } = failing(ledger.db);
    await closeBatch(db, await fullBatch(1));
    const statements = ran();
    const before = await everything();
    const batch = await fullBatch(2, 10);
    for (let nth = 1; nth <= statements; nth++) {
      failAt(nth, '53100');
      await expect(closeBatch(db, batch)).rejects.toThrow('53100');
      expect(await everything()).toEqual({ ...before, openWrites: 2 });
    }
    await closeBatch(db, batch);
    expect(await everything()).toEqual(allOf(3));
  });

  test('comes to the same end when the connection is lost after its commit and it runs twice', async () => {
    await pairUp(ledger, 7, { phone: '1' });
    const { pairId, version } = await pairOf(7);
    const batch = await fullBatch(2);
    const moving = row(contact(8), { pair: { kind: 'move', pairId, version, base: { phone: '2' } } });
    const lost: unknown[] = [];
    const db = losingFirstAnswer(ledger.db, lost);
    expect((await closeBatch(db, { ...batch, rows: [...batch.rows, moving] })).refused).toEqual([]);
    expect(lost).toHaveLength(1);
    expect(await everything()).toMatchObject({ pairs: 3, unresolvedConflicts: 2, results: 2, decisions: 4 });
    expect(await pairOf(7)).toMatchObject({ version: version + 1, base: { phone: '2' } });
  });
});

/** A database whose first transaction commits, while the answer gets lost. */
function losingFirstAnswer(db: Db, lost: unknown[]): Db {
  return new Proxy(db, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name, target);
      return () => ({
        execute: async (work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) => {
          const answer = await target.transaction().execute(work);
          if (lost.length > 0) return answer;
          lost.push(answer);
          throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
        },
      });
    },
  });
}
