import { describe, expect, test } from '@jest/globals';
import type { NewWait, Wait } from '../../ledger/index.ts';
import { close, contact, holder, lead, row } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

const wait = (id: number, more: Partial<NewWait> = {}): NewWait => ({
  ref: contact(id),
  segmentId: '42',
  expected: true,
  segmentVersion: '1',
  reason: 'segmentNotReevaluated',
  since: '2026-01-02T03:04:05.678Z',
  deadline: '2026-01-02T03:19:05.678Z',
  lookAgainAt: null,
  waiter: `record/contacts/hubspot/${id}`,
  ...more,
});

/** As it is read again. */
const noted = ({ waiter, ...rest }: NewWait): Wait => ({ ...rest, waiters: [waiter] });

const waiting = (...waits: readonly NewWait[]): Promise<unknown> =>
  close(ledger, ...waits.map((one) => row(one.ref, { waits: [one] })));

describe('waits', () => {
  test('come back as they were noted', async () => {
    const blind = wait(2, { expected: null, segmentVersion: null, reason: 'segmentMissing', deadline: null });
    await waiting(wait(1, { lookAgainAt: '2026-01-02T03:05:00.000Z' }), blind);
    expect(await ledger.waits.ofRef(contact(1))).toEqual([noted(wait(1, { lookAgainAt: '2026-01-02T03:05:00.000Z' }))]);
    expect(await ledger.waits.ofRef(contact(2))).toEqual([noted(blind)]);
  });

  test('of a record are replaced by those of its next pass', async () => {
    await close(ledger, row(contact(1), { waits: [wait(1), wait(1, { segmentId: '43' })] }));
    await close(ledger, row(contact(1), { waits: [wait(1, { segmentId: '43' })] }));
    expect((await ledger.waits.ofRef(contact(1))).map(({ segmentId }) => segmentId)).toEqual(['43']);
    await close(ledger, row(contact(1)));
    expect(await ledger.waits.count()).toBe(0);
  });

  test('that are over are answered with all who waited', async () => {
    await close(ledger, row(contact(1), { waits: [wait(1), wait(1, { segmentId: '43', waiter: '@import' })] }));
    await waiting(wait(1, { waiter: '@import' }));
    const batch = { holder: holder('next'), keys: [], rows: [row(contact(1))], results: [] };
    expect((await ledger.closeBatch(batch)).ended).toEqual([
      { ref: contact(1), segmentId: '42', waiters: [wait(1).waiter, '@import'] },
    ]);
    expect((await ledger.closeBatch(batch)).ended).toEqual([]);
  });

  test('of other records stay, those of the Salesforce record with the same pass too', async () => {
    await waiting(wait(1), wait(2));
    await close(ledger, row(contact(1)), row(lead(1)));
    expect((await ledger.waits.bySegment('42')).map(({ ref }) => ref)).toEqual([contact(2)]);
  });

  test('that go on keep their first moment and take all else from the newest pass', async () => {
    await waiting(wait(1));
    const later = wait(1, { since: '2026-01-02T03:09:00.000Z', expected: false, deadline: '2026-01-02T03:30:00.000Z' });
    await waiting(later);
    expect(await ledger.waits.ofRef(contact(1))).toEqual([noted({ ...later, since: wait(1).since })]);
  });

  test('keep everyone who waits, each once, in the order in which they came', async () => {
    await waiting(wait(1, { waiter: '@import' }));
    await waiting(wait(1));
    await waiting(wait(1, { waiter: '@import' }));
    await waiting(wait(1, { waiter: '@catchUp' }));
    const [found] = await ledger.waits.ofRef(contact(1));
    expect(found?.waiters).toEqual(['@import', 'record/contacts/hubspot/1', '@catchUp']);
    await close(ledger, row(contact(1)));
    await waiting(wait(1));
    expect(await ledger.waits.ofRef(contact(1))).toMatchObject([{ waiters: ['record/contacts/hubspot/1'] }]);
  });

  test('are read by segment in pages, each once', async () => {
    await waiting(...[1, 2, 3, 4, 5].map((id) => wait(id)), wait(6, { segmentId: '43' }));
    const first = await ledger.waits.bySegment('42', undefined, 3);
    const second = await ledger.waits.bySegment('42', first.at(-1)?.ref, 3);
    expect([...first, ...second].map(({ ref }) => ref.id)).toEqual(['1', '2', '3', '4', '5']);
    expect([await ledger.waits.count('42'), await ledger.waits.count('43'), await ledger.waits.count()]).toEqual([
      5, 1, 6,
    ]);
  });

  test('past their deadline are overdue, those without one never', async () => {
    await waiting(wait(1), wait(2, { deadline: null }), wait(3, { deadline: '2999-01-01T00:00:00.000Z' }));
    expect((await ledger.waits.overdue()).map(({ ref }) => ref.id)).toEqual(['1']);
    expect(await ledger.counts()).toMatchObject({ waits: 3, overdue: 1 });
  });
});
