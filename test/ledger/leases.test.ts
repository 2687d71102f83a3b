import { describe, expect, test } from '@jest/globals';
import { refKey } from '../../core/record-ref.ts';
import { contact, holder, keyOf, lead, minute } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();
const [anna, ben] = [contact(1), contact(2)];

describe('taking', () => {
  test('a free key is taken, and held until it is released', async () => {
    expect(await ledger.leases.take(holder('a'), [keyOf(anna)], minute)).toEqual({ taken: [refKey(anna)], busy: [] });
    expect(await ledger.leases.held(holder('a'), [refKey(anna)])).toBe(true);
    expect(await ledger.leases.release(holder('a'))).toEqual([]);
    expect(await ledger.leases.held(holder('a'), [refKey(anna)])).toBe(false);
  });

  test('a key that another owner holds is busy, the others are taken', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    expect(await ledger.leases.take(holder('b'), [keyOf(ben), keyOf(anna)], minute)).toEqual({
      taken: [refKey(ben)],
      busy: [refKey(anna)],
    });
    expect(await ledger.leases.held(holder('b'), [refKey(anna), refKey(ben)])).toBe(false);
  });

  test('one statement takes four hundred keys and marks the busy ones', async () => {
    const refs = Array.from({ length: 400 }, (_, i) => contact(i + 1));
    await ledger.leases.take(holder('a'), refs.slice(0, 100).map(keyOf), minute);
    const before = ledger.statements.length;
    const { taken, busy } = await ledger.leases.take(holder('b'), refs.map(keyOf), minute);
    expect(ledger.statements.length - before).toBe(1);
    expect([taken.length, busy.length]).toEqual([300, 100]);
    expect(await ledger.leases.marked(holder('a'))).toHaveLength(100);
  });

  test('a key given twice counts once, for the first record', async () => {
    const key = 'match/anna@example.com';
    const asked = [
      { key, ref: anna },
      { key, ref: ben },
    ];
    expect(await ledger.leases.take(holder('a'), asked, minute)).toEqual({ taken: [key], busy: [] });
    await ledger.leases.take(holder('b'), asked, minute);
    expect((await ledger.leases.marked(holder('a'))).map(({ refs }) => refs)).toEqual([[anna]]);
  });

  test('an expired key is taken by anyone', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    await ledger.expire('a');
    expect(await ledger.leases.held(holder('a'), [refKey(anna)])).toBe(false);
    expect((await ledger.leases.take(holder('b'), [keyOf(anna)], minute)).taken).toEqual([refKey(anna)]);
  });

  test('of many owners who ask at once, each key goes to exactly one', async () => {
    const refs = Array.from({ length: 40 }, (_, i) => contact(i + 1));
    const owners = Array.from({ length: 12 }, (_, i) => holder(`owner ${i}`));
    const answers = await Promise.all(
      owners.map((owner, i) =>
        // Each in an order of its own: only the sorted statement keeps them from a deadlock.
        (i % 2 ? ledger : ledger.other).leases.take(
          owner,
          [...refs.slice(i * 3), ...refs.slice(0, i * 3)].map(keyOf),
          minute,
        ),
      ),
    );
    expect(answers.flatMap(({ taken }) => taken).sort()).toEqual(refs.map(refKey).sort());
  });
});

describe('fencing', () => {
  test('a higher attempt takes over, the lower one is busy from then on and marks nothing', async () => {
    await ledger.leases.take(holder('a', 1), [keyOf(anna)], minute);
    expect((await ledger.leases.take(holder('a', 2), [keyOf(anna)], minute)).taken).toEqual([refKey(anna)]);
    expect(await ledger.leases.held(holder('a', 1), [refKey(anna)])).toBe(false);
    expect((await ledger.leases.take(holder('a', 1), [keyOf(anna)], minute)).busy).toEqual([refKey(anna)]);
    expect(await ledger.leases.marked(holder('a', 2))).toEqual([]);
  });

  test('the lower attempt can neither release nor clear what the higher one holds', async () => {
    await ledger.leases.take(holder('a', 1), [keyOf(anna)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    const marks = await ledger.leases.release(holder('a', 1));
    await ledger.leases.take(holder('a', 2), [keyOf(anna)], minute);
    await ledger.leases.release(holder('a', 1));
    await ledger.leases.clear(marks);
    expect(await ledger.leases.held(holder('a', 2), [refKey(anna)])).toBe(true);
  });

  test('the same attempt renews and adds keys, and keeps its marks', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    expect((await ledger.leases.take(holder('a'), [keyOf(anna), keyOf(ben)], minute)).busy).toEqual([]);
    expect((await ledger.leases.marked(holder('a'))).map(({ refs }) => refs)).toEqual([[anna]]);
  });
});

describe('again', () => {
  test('a released key stays held while it is marked, until the hand-over is cleared', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna), keyOf(ben)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    const marks = await ledger.leases.release(holder('a'));
    expect(marks.map(({ key, refs }) => ({ key, refs }))).toEqual([{ key: refKey(anna), refs: [anna] }]);
    expect((await ledger.leases.take(holder('c'), [keyOf(ben), keyOf(anna)], minute)).busy).toEqual([refKey(anna)]);
  });

  test('a mark that arrives between hand-over and clearing keeps the key and is handed over as well', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    const marks = await ledger.leases.release(holder('a'));
    await ledger.leases.take(holder('c'), [keyOf(anna)], minute);
    const left = await ledger.leases.clear(marks);
    expect(left.map(({ refs }) => refs)).toEqual([[anna]]);
    expect(await ledger.leases.clear(left)).toEqual([]);
    expect((await ledger.leases.take(holder('c'), [keyOf(anna)], minute)).taken).toEqual([refKey(anna)]);
  });

  test('the record that met a taken counterpart is the one that runs again', async () => {
    const key = refKey(lead(1));
    await ledger.leases.take(holder('a'), [{ key, ref: ben }], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna), { key, ref: anna }], minute);
    expect((await ledger.leases.release(holder('a'))).map(({ refs }) => refs)).toEqual([[anna]]);
  });

  test('every record that met the key runs again, each once', async () => {
    const key = 'match/shared';
    await ledger.leases.take(holder('a'), [{ key }], minute);
    for (const ref of [anna, ben, anna]) await ledger.leases.take(holder('b'), [{ key, ref }], minute);
    expect((await ledger.leases.release(holder('a'))).map(({ refs }) => refs)).toEqual([[ben, anna]]);
  });

  test('whoever takes an expired key over for the marked record has answered its mark, and keeps those of others', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    await ledger.leases.take(holder('c'), [{ key: refKey(anna), ref: ben }], minute);
    await ledger.expire('a');
    await ledger.leases.take(holder('d'), [keyOf(anna)], minute);
    expect((await ledger.leases.release(holder('d'))).map(({ refs }) => refs)).toEqual([[ben]]);
  });

  test('a mark whose holder died is found by the sweep, and cleared after its hand-over', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna), keyOf(ben)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna)], minute);
    expect(await ledger.leases.expiredMarked(10)).toEqual([]);
    await ledger.expire('a');
    const marks = await ledger.leases.expiredMarked(10);
    expect(marks.map(({ refs }) => refs)).toEqual([[anna]]);
    expect(await ledger.leases.clear(marks)).toEqual([]);
    expect(await ledger.leases.expiredMarked(10)).toEqual([]);
    expect(await ledger.leases.prune()).toBe(1);
    expect((await ledger.counts()).leases).toBe(0);
  });

  test('pruning leaves marked and living leases alone', async () => {
    await ledger.leases.take(holder('a'), [keyOf(anna)], minute);
    await ledger.leases.take(holder('b'), [keyOf(anna), keyOf(ben)], minute);
    await ledger.expire('a');
    expect(await ledger.leases.prune()).toBe(0);
    expect((await ledger.counts()).leases).toBe(2);
  });
});
