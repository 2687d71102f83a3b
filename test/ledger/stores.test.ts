import { describe, expect, test } from '@jest/globals';
import { LedgerBelongsToOthers } from '../../ledger/index.ts';
import { activateSettings, close, contact, holder, intent, keyOf, lead, minute, pairUp, row } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

describe('the identity', () => {
  test('binds once and accepts the same account and org again', async () => {
    expect(await ledger.identity.owner()).toEqual({ portalId: null, orgId: null });
    await ledger.identity.bind('123', '00D000000000001EAA');
    await ledger.identity.bind('123', '00D000000000001EAA');
    expect(await ledger.identity.owner()).toEqual({ portalId: '123', orgId: '00D000000000001EAA' });
  });

  test.each([
    ['HubSpot account', '999', '00D000000000001EAA'],
    ['Salesforce org', '123', '00D000000000009EAA'],
  ])('refuses another %s, naming both, and stays as it was', async (_, portalId, orgId) => {
    await ledger.identity.bind('123', '00D000000000001EAA');
    await expect(ledger.identity.bind(portalId, orgId)).rejects.toThrow(LedgerBelongsToOthers);
    await expect(ledger.identity.bind(portalId, orgId)).rejects.toThrow(
      `belongs to HubSpot account 123 and Salesforce org 00D000000000001EAA, but the credentials lead to HubSpot account ${portalId} and Salesforce org ${orgId}`,
    );
    expect(await ledger.identity.owner()).toEqual({ portalId: '123', orgId: '00D000000000001EAA' });
  });
});

describe('cursors', () => {
  test('hold any document and the newest one wins', async () => {
    expect(await ledger.cursors.get('poll/hubspot/contacts')).toBeUndefined();
    await ledger.cursors.put('poll/hubspot/contacts', { since: '2026-01-02T03:04:05.000Z', afterId: null });
    await ledger.cursors.put('poll/hubspot/contacts', 'plain text');
    expect(await ledger.cursors.get('poll/hubspot/contacts')).toBe('plain text');
    await ledger.cursors.put('poll/hubspot/contacts', { seen: [1, 2] });
    expect(await ledger.cursors.get('poll/hubspot/contacts')).toEqual({ seen: [1, 2] });
  });
});

describe('segments', () => {
  test('keep the state of their watch until they are removed', async () => {
    await ledger.segments.put('42', 'contacts', { baseline: false });
    await ledger.segments.put('42', 'contacts', { baseline: true });
    await ledger.segments.put('43', 'companies', null);
    expect(await ledger.segments.get('42')).toMatchObject({ object: 'contacts', state: { baseline: true } });
    expect((await ledger.segments.list()).map(({ segmentId, state }) => [segmentId, state])).toEqual([
      ['42', { baseline: true }],
      ['43', null],
    ]);
    await ledger.segments.remove('42');
    expect(await ledger.segments.get('42')).toBeUndefined();
  });
});

describe('runs', () => {
  test('start once, set their counts and keep their first end', async () => {
    const run = { id: 'import/contacts/one', kind: 'import', object: 'contacts', name: 'one' };
    await ledger.runs.start(run);
    await ledger.runs.progress(run.id, { done: 100 });
    await ledger.runs.start(run);
    expect(await ledger.runs.get(run.id)).toEqual({
      ...run,
      state: 'running',
      counts: { done: 100 },
      startedAt: expect.stringMatching(/Z$/),
      endedAt: null,
    });
    await ledger.runs.finish(run.id, 'done', { done: 200 });
    await ledger.runs.finish(run.id, 'failed', { done: 0 });
    await ledger.runs.progress(run.id, { done: 0 });
    expect(await ledger.runs.get(run.id)).toMatchObject({
      state: 'done',
      counts: { done: 200 },
      endedAt: expect.any(String),
    });
    expect(await ledger.runs.get('unknown')).toBeUndefined();
  });

  test('are listed by kind and object', async () => {
    await ledger.runs.start({ id: 'a', kind: 'import', object: 'contacts', name: 'a' });
    await ledger.runs.start({ id: 'b', kind: 'resync', object: 'contacts', name: 'b' });
    await ledger.runs.start({ id: 'c', kind: 'apply', name: 'c' });
    const ids = async (filter: Parameters<typeof ledger.runs.list>[0]): Promise<string[]> =>
      (await ledger.runs.list(filter)).map(({ id }) => id).sort();
    expect([await ids({}), await ids({ kind: 'resync' }), await ids({ object: 'contacts' })]).toEqual([
      ['a', 'b', 'c'],
      ['b'],
      ['a', 'b'],
    ]);
  });
});

describe('conflicts', () => {
  test('keep the value that lost until somebody has looked at it', async () => {
    await close(
      ledger,
      row(contact(1), {
        conflicts: [
          { field: 'phone', kept: 'hubspot', lost: '+49 1' },
          { field: 'city', kept: 'salesforce', lost: null },
        ],
      }),
    );
    const [city, phone] = await ledger.conflicts.list();
    expect([city, phone]).toMatchObject([
      { ref: contact(1), field: 'city', kept: 'salesforce', lost: null, resolvedAt: null },
      { ref: contact(1), field: 'phone', kept: 'hubspot', lost: '+49 1', resolvedAt: null },
    ]);
    await ledger.conflicts.resolve([phone?.id ?? '']);
    expect((await ledger.conflicts.list()).map(({ field }) => field)).toEqual(['city']);
    expect((await ledger.conflicts.list({ resolved: true })).map(({ field }) => field)).toEqual(['phone']);
    expect(await ledger.conflicts.ofRef(contact(1))).toHaveLength(2);
    expect(await ledger.conflicts.list({ object: 'companies' })).toEqual([]);
  });
});

describe('counts', () => {
  test('tell what health needs, a failing pair once for both its sides', async () => {
    const settingsVersion = await activateSettings(ledger);
    await pairUp(ledger, 1);
    await ledger.leases.take(holder('a'), [keyOf(contact(9))], minute);
    await ledger.writes.intend([intent({ recordId: lead(9).id, counterpartId: '9' })], {
      holder: holder('a'),
      keys: ['contacts/hubspot/9'],
      needMs: 0,
      settingsVersion,
    });
    await ledger.expire('a');
    const failed = (category: 'locked' | 'duplicates') =>
      ({ decision: { outcome: { kind: 'failed', category } } }) as const;
    await close(ledger, row(contact(1), failed('locked')), row(lead(1), failed('locked')));
    await close(ledger, row(contact(2), failed('locked')), row(lead(3), failed('duplicates')));
    await close(ledger, row(contact(4), failed('locked')));
    await close(ledger, row(contact(4)));
    expect(await ledger.counts()).toEqual({
      pairs: 1,
      waits: 0,
      overdue: 0,
      openWrites: 1,
      oldestOpenWriteAt: expect.stringMatching(/Z$/),
      leases: 1,
      expiredLeases: 1,
      unresolvedConflicts: 0,
      failed: { locked: 2, duplicates: 1 },
      exceptions: {},
    });
  });
});
