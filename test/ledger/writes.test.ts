import { beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { refKey } from '../../core/record-ref.ts';
import { LeaseLost, SettingsMoved, type WriteGuard } from '../../ledger/index.ts';
import { activateSettings, contact, holder, intent, keyOf, lead, minute } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();
const keys = [contact(1), lead(1)].map(refKey);

let guard: WriteGuard = { holder: holder('a'), keys, needMs: 1000, settingsVersion: 0 };

beforeEach(async () => {
  guard = { holder: holder('a'), keys, needMs: 1000, settingsVersion: await activateSettings(ledger) };
  await ledger.leases.take(holder('a'), [contact(1), lead(1)].map(keyOf), minute);
});

describe('an intent', () => {
  test('is noted before the call and open until its result is added', async () => {
    const [id = ''] = await ledger.writes.intend([intent({ runId: 'import/1', segmentVersion: '7' })], guard);
    expect(await ledger.writes.open()).toEqual([
      {
        ...intent(),
        id,
        owner: 'a',
        attempt: 1,
        runId: 'import/1',
        segmentVersion: '7',
        settingsVersion: guard.settingsVersion,
        intendedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
    await ledger.writes.settle([{ id, ok: false, category: 'duplicates', code: 'DUPLICATES_DETECTED' }]);
    expect(await ledger.writes.open()).toEqual([]);
    const [noted] = await ledger.writes.ofRef(contact(1));
    expect(noted?.result).toMatchObject({
      ok: false,
      category: 'duplicates',
      code: 'DUPLICATES_DETECTED',
      vendorId: null,
    });
  });

  test('keeps its first result', async () => {
    const [id = ''] = await ledger.writes.intend([intent()], guard);
    await ledger.writes.settle([{ id, ok: true, vendorId: lead(1).id }]);
    await ledger.writes.settle([{ id, ok: null }]);
    expect((await ledger.writes.ofRef(lead(1)))[0]?.result).toMatchObject({ ok: true, vendorId: lead(1).id });
  });

  test('gets its id in the order of the rows, all in one statement', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => intent({ recordId: lead(i).id }));
    const before = ledger.statements.length;
    const ids = await ledger.writes.intend(rows, guard);
    expect(ledger.statements.length - before).toBe(1);
    const recordOf = new Map((await ledger.writes.open()).map(({ id, recordId }) => [id, recordId]));
    expect(ids.map((id) => recordOf.get(id))).toEqual(rows.map(({ recordId }) => recordId));
  });

  test('is found by the record it goes to and by the one its values come from, and by no other', async () => {
    await ledger.writes.intend([intent(), intent({ kind: 'create', recordId: undefined, counterpartId: '2' })], guard);
    const found = async (ref: Parameters<typeof refKey>[0]): Promise<number> =>
      (await ledger.writes.open({ refs: [ref] })).length;
    expect([await found(lead(1)), await found(contact(1)), await found(contact(2)), await found(lead(2))]).toEqual([
      1, 1, 1, 0,
    ]);
  });
});

describe('nothing is noted', () => {
  const refusedWith = async (
    type: typeof LeaseLost | typeof SettingsMoved,
    more: Partial<WriteGuard> = {},
  ): Promise<void> => {
    await expect(ledger.writes.intend([intent()], { ...guard, ...more })).rejects.toThrow(type);
    expect(await ledger.writes.open()).toEqual([]);
    expect(await ledger.writes.ofRef(lead(1))).toEqual([]);
  };

  test('where one of the keys is not held', () => refusedWith(LeaseLost, { keys: [...keys, refKey(contact(2))] }));

  test('where a higher attempt has taken over', async () => {
    await ledger.leases.take(holder('a', 2), [keyOf(lead(1))], minute);
    await refusedWith(LeaseLost);
  });

  test('where the lease runs out before the request must have ended', () =>
    refusedWith(LeaseLost, { needMs: minute + 1 }));

  test('where the lease has expired, even if nobody else took it', async () => {
    await ledger.expire('a');
    await refusedWith(LeaseLost, { needMs: 0 });
  });

  test('where the lease has been released', async () => {
    await ledger.leases.release(holder('a'));
    await refusedWith(LeaseLost);
  });

  test('where other settings run by now', async () => {
    await activateSettings(ledger);
    await refusedWith(SettingsMoved);
  });

  test('where there are no settings of that version', async () => {
    await sql`truncate settings_versions`.execute(ledger.db);
    await refusedWith(SettingsMoved);
  });
});
