import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Call, callCounts, withBeforeCall } from '../../crm/index.ts';
import { hubspotWorld } from './hubspot-world.ts';
import { salesforceWorld } from './salesforce-world.ts';

let hubspot: Awaited<ReturnType<typeof hubspotWorld>>;
let salesforce: Awaited<ReturnType<typeof salesforceWorld>>;
beforeEach(async () => {
  hubspot = await hubspotWorld();
  salesforce = await salesforceWorld();
});
afterEach(async () => {
  await hubspot.close();
  await salesforce.close();
});

const people = Array.from({ length: 150 }, (_, i) => ({ key: `${i}`, properties: { email: `n${i}@example.com` } }));

describe('before each call', () => {
  test('the caller is asked, but not for tokens, with system, route and whether it writes', async () => {
    const asked: Call[] = [];
    await withBeforeCall(
      (call) => void asked.push(call),
      async () => {
        await hubspot.writer.create('contacts', people);
        await salesforce.reader.fields('Lead');
      },
    );
    const create = { system: 'hubspot', route: 'POST /crm/v3/objects/contacts/batch/create', writes: true };
    expect(asked).toEqual([
      create,
      create,
      { system: 'salesforce', route: 'GET /sobjects/Lead/describe', writes: false },
    ]);
  });

  test('what the caller throws keeps the request back and comes out unchanged', async () => {
    class NoTimeLeft extends Error {}
    await salesforce.reader.account();
    const stop = async () => {
      throw new NoTimeLeft();
    };
    await expect(withBeforeCall(stop, () => hubspot.reader.account())).rejects.toThrow(NoTimeLeft);
    await expect(withBeforeCall(stop, () => salesforce.reader.count('Lead'))).rejects.toThrow(NoTimeLeft);
    expect([hubspot.calls(''), salesforce.calls('/query')]).toEqual([0, 0]);
  });

  test('nobody is asked outside', async () => {
    const asked: Call[] = [];
    await withBeforeCall(
      (call) => void asked.push(call),
      async () => {},
    );
    await hubspot.reader.account();
    expect(asked).toEqual([]);
  });
});

test('calls are counted by system and route, ids left out', async () => {
  const counted = async (work: () => Promise<unknown>) => {
    const before = callCounts();
    await work();
    return Object.entries(callCounts()).flatMap(([name, count]) =>
      count > (before[name] ?? 0) ? [[name, count - (before[name] ?? 0)]] : [],
    );
  };
  const { id } = hubspot.sandbox.people.create('contacts', { email: 'a@example.com' });
  expect(await counted(() => hubspot.reader.history('contacts', id, ['email']))).toEqual([
    ['hubspot GET /crm/v3/objects/contacts/{id}', 1],
  ]);
  expect(await counted(() => hubspot.reader.segmentByName('0-1', 'Customers 2026'))).toEqual([
    ['hubspot GET /crm/v3/lists/object-type-id/0-1/name/{id}', 1],
  ]);
  await salesforce.reader.account();
  const row = { key: 'x', id: '003000000000000AAA', fields: {}, ifUnmodifiedSince: '2026-01-05T09:00:00.000Z' };
  expect(await counted(() => salesforce.writer.update('Contact', [row]))).toEqual([
    ['salesforce PATCH /sobjects/Contact/{id}', 1],
  ]);
});
