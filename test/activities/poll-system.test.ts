import { beforeEach, expect, test } from '@jest/globals';
import type { Engine } from '../../activities/engine.ts';
import { pollSystem } from '../../activities/poll-system.ts';
import { enabledAtCursor } from '../../activities/running.ts';
import { type HubSpotReader, VendorError } from '../../crm/types.ts';
import { activate } from '../ledger/activated.ts';
import { withLedger } from '../ledger/with-ledger.ts';

const ledger = withLedger();

const yaml = `version: 1
objects:
  contacts: { fields: [{ hubspot: email, salesforce: Email, rule: twoWay }] }`;
const enabledAt = '2026-05-01T10:00:00.000Z';

beforeEach(async () => {
  await activate(ledger, yaml);
  await ledger.cursors.put(enabledAtCursor, { contacts: { hubspot: enabledAt, salesforce: enabledAt } });
});

const limit = new VendorError({
  system: 'hubspot',
  category: 'rateLimit',
  code: 'SECONDLY',
  route: 'POST /crm/v3/objects/contacts/search',
  retryAfterMs: 1_000,
});

const stampAt = (ms: number): string => new Date(Date.parse(enabledAt) + ms).toISOString();

/** HubSpot with these changes, in pages of two, and so many calls allowed in each round. */
function hubspotWith(changes: readonly { readonly id: string; readonly ms: number }[], allowed = Infinity) {
  const rows = changes.map(({ id, ms }) => ({ id, modifiedAt: stampAt(ms), createdAt: enabledAt }));
  const handed: string[] = [];
  let left = allowed;
  const changedSince: HubSpotReader['changedSince'] = async (_type, since, afterId) => {
    if (left === 0) throw limit;
    left -= 1;
    const rest = rows
      .filter(({ id, modifiedAt }) => modifiedAt > since || (modifiedAt === since && (!afterId || id > afterId)))
      .sort((a, b) => (a.modifiedAt + a.id < b.modifiedAt + b.id ? -1 : 1));
    return { rows: rest.slice(0, 2), more: rest.length > 2 };
  };
  const engine = {
    ledger,
    hubspot: { reader: { changedSince } },
    handOver: async (found: readonly { readonly ref: { readonly id: string } }[]) =>
      void handed.push(...found.map(({ ref }) => ref.id)),
  } as unknown as Engine;
  return {
    handed,
    rows,
    poll: async () => {
      left = allowed;
      return await pollSystem(engine, 'hubspot');
    },
  };
}

test('hands each change on once, although rounds overlap', async () => {
  const hubspot = hubspotWith([
    { id: '1', ms: 0 },
    { id: '2', ms: 5 },
    { id: '3', ms: 5 },
  ]);
  expect(await hubspot.poll()).toMatchObject({ found: 3 });
  expect(await hubspot.poll()).toMatchObject({ found: 0 });
  hubspot.rows.push({ id: '4', modifiedAt: stampAt(1), createdAt: enabledAt });
  hubspot.rows.push({ id: '1', modifiedAt: stampAt(9), createdAt: enabledAt });
  expect(await hubspot.poll()).toMatchObject({ found: 2 });
  expect(hubspot.handed).toEqual(['1', '2', '3', '4', '1']);
});

test('gets through a burst that has more pages than the vendor allows at once, and hands each change on once', async () => {
  const ids = Array.from({ length: 11 }, (_, i) => String(i + 10));
  const hubspot = hubspotWith(
    ids.map((id) => ({ id, ms: 5 })),
    2,
  );
  const ends: unknown[] = [];
  for (let round = 0; round < 3; round += 1) ends.push(await hubspot.poll().catch((error: unknown) => error));
  expect(ends).toEqual([limit, limit, expect.objectContaining({ found: 3 })]);
  expect(hubspot.handed).toEqual(ids);
});

test('finds what appears late behind the place where a burst was cut', async () => {
  const hubspot = hubspotWith(
    ['11', '12', '13', '14', '15', '16'].map((id) => ({ id, ms: 500 })),
    2,
  );
  await expect(hubspot.poll()).rejects.toBe(limit);
  hubspot.rows.push({ id: '10', modifiedAt: stampAt(100), createdAt: enabledAt });
  await hubspot.poll();
  expect(hubspot.handed).toEqual(['11', '12', '13', '14', '15', '16']);
  for (let round = 0; round < 4; round += 1) await hubspot.poll().catch(() => {});
  expect(hubspot.handed.toSorted()).toEqual(['10', '11', '12', '13', '14', '15', '16']);
});

test('throws at once where not even the first page can be had', async () => {
  const hubspot = hubspotWith([{ id: '1', ms: 0 }], 0);
  await expect(hubspot.poll()).rejects.toBe(limit);
  expect(hubspot.handed).toEqual([]);
});
