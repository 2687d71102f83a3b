import { beforeEach, expect, test } from '@jest/globals';
import type { Engine } from '../../activities/engine.ts';
import type { HandOver } from '../../activities/hand-over.ts';
import { watchSegment } from '../../activities/watch-segment.ts';
import { activate } from '../ledger/activated.ts';
import { close, contact, row } from '../ledger/people.ts';
import { withLedger } from '../ledger/with-ledger.ts';

const ledger = withLedger();

const yaml = `version: 1
objects:
  contacts: { segments: { include: [42] }, fields: [{ hubspot: email, salesforce: Email, rule: twoWay }] }`;
const version = '7/2026-05-01';

beforeEach(async () => {
  await activate(ledger, yaml);
  await ledger.segments.put('42', 'contacts', null);
});

/** Contacts that wait to leave the segment, all of which HubSpot still calls members. */
const waiting = (count: number) =>
  close(
    ledger,
    ...Array.from({ length: count }, (_, i) =>
      row(contact(i + 1), {
        waits: [
          {
            ref: contact(i + 1),
            segmentId: '42',
            expected: false,
            segmentVersion: version,
            reason: 'segmentNotReevaluated',
            since: '2026-05-01T10:00:00.000Z',
            deadline: null,
            lookAgainAt: null,
            waiter: '@a run',
          },
        ],
      }),
    ),
  );

/** One look at the segment, with the calls for memberships that it took and the runs that it told. */
async function look(trust?: { readonly version?: string; readonly trusted?: boolean }) {
  const calls: number[] = [];
  const told: string[] = [];
  const info = { id: '42', processingType: 'DYNAMIC', processingStatus: 'COMPLETE', version };
  const engine = {
    ledger,
    hubspot: {
      reader: {
        segments: async () => new Map([['42', info]]),
        joins: async () => ({ rows: [] }),
        memberships: async (_type: string, ids: readonly string[]) => {
          calls.push(ids.length);
          return new Map(ids.map((id) => [id, new Set(['42'])]));
        },
      },
    },
    now: () => Date.parse('2026-05-01T10:00:01.000Z'),
    handOver: async () => {},
  } as unknown as Engine;
  const getHandle = (id: string) => ({ signal: async () => void told.push(id) });
  const to = { client: { workflow: { getHandle } }, ledger, installation: 'acme' } as unknown as HandOver;
  const round = await watchSegment(engine, to, { segmentId: '42', lookMs: 3_000, ...(trust && { trust }) });
  return { ...round, calls, told };
}

test('asks for a hundred waiting records in one call, and for a few of them often', async () => {
  await waiting(250);
  expect(await look()).toMatchObject({ calls: [100, 100, 50], restMs: 3_000, told: [] });
});

test('rests longer the more records wait, so that it takes five calls a second at most', async () => {
  await waiting(2_500);
  const { calls, restMs } = await look();
  expect(calls).toHaveLength(25);
  expect(restMs).toBe(5_000);
});

test('tells those who wait when an operator has its version judged by HubSpot alone, and says so', async () => {
  await waiting(1);
  expect(await look({ version: 'another' })).toMatchObject({
    told: [],
    says: `0 joined; 1 wait, 0 of them can be decided; version another was to be trusted, but it is version ${version} by now`,
  });
  expect(await ledger.segments.trusted(['42'])).toEqual(new Map());
  expect(await look({ version })).toMatchObject({ told: ['a run'], says: expect.stringContaining('alone') });
  expect(await ledger.segments.trusted(['42'])).toEqual(new Map([['42', version]]));
  expect(await look({ trusted: false })).toMatchObject({ told: [], says: expect.stringContaining('by its filter') });
  expect(await look({})).toMatchObject({ told: ['a run'] });
});
