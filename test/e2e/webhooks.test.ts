import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { sweepInbox } from '../../activities/inbox.ts';
import type { Mishaps } from '../../sandbox/hubspot/webhooks/deliveries.ts';
import { customersInStep, type InStep, unpolledSettings } from './people.ts';
import { until, useWorld, webhookSecret, webhookUrl } from './world.ts';

/** No poll comes: what crosses from HubSpot was told by a notice. */
const world = useWorld(async (made) => {
  await made.apply(unpolledSettings());
  made.hubspot.webhooks.set({
    targetUrl: `${webhookUrl}/webhooks/hubspot`,
    clientSecret: webhookSecret,
    subscriptions: [
      { subscriptionType: 'contact.creation' },
      { subscriptionType: 'contact.deletion' },
      { subscriptionType: 'contact.merge' },
      { subscriptionType: 'contact.propertyChange', propertyName: 'jobtitle' },
    ],
  });
});
let people: InStep[] = [];
beforeEach(async () => {
  people = await customersInStep(world(), [`p${Date.now()}a`, `p${Date.now()}b`, `p${Date.now()}c`]);
  await world().hubspot.webhooks.settled();
});

const titleOf = ({ salesforceId }: InStep) => world().salesforce.record('Contact', salesforceId)?.['Title'];
const counts = async () => (await world().api.health()).webhooks;

test.each([
  ['as they come', {}],
  ['doubled and in another order', { double: 1, shuffle: true, seed: 2 }],
  ['late', { delayMs: 300 }],
] as [string, Mishaps][])('notices %s bring the same records into step', async (_, mishaps) => {
  world().hubspot.webhooks.setMishaps(mishaps);
  for (const person of people)
    world().hubspot.people.edit('contacts', person.hubspotId, { jobtitle: `T${person.name}` });
  for (const person of people) await until(async () => titleOf(person) === `T${person.name}`);
  await world().hubspot.webhooks.settled();
  world().hubspot.webhooks.setMishaps({});
});

test('a doubled notice is dropped, a forged one refused and counted, and HubSpot hears why not', async () => {
  const [person] = people as [InStep];
  const before = await counts();
  world().hubspot.webhooks.setMishaps({ double: 1 });
  world().hubspot.people.edit('contacts', person.hubspotId, { jobtitle: 'Once' });
  await until(async () => titleOf(person) === 'Once');
  await world().hubspot.webhooks.settled();
  const after = await counts();
  expect([after?.taken, after?.repeated].map((n = 0, i) => n - ([before?.taken, before?.repeated][i] ?? 0))).toEqual([
    1, 1,
  ]);

  const body = JSON.stringify([
    {
      eventId: 9,
      portalId: world().hubspot.portalId,
      occurredAt: 1,
      subscriptionType: 'contact.creation',
      objectId: 1,
    },
  ]);
  const send = async (headers: Record<string, string>, text = body) =>
    await world().service.fetch(new Request(`${webhookUrl}/webhooks/hubspot`, { method: 'POST', body: text, headers }));
  const first = createHash('sha256')
    .update(webhookSecret + body)
    .digest('hex');
  expect((await send({ 'x-hubspot-signature-v3': 'x', 'x-hubspot-request-timestamp': `${Date.now()}` })).status).toBe(
    401,
  );
  expect((await send({ 'x-hubspot-signature': first, 'x-hubspot-signature-version': 'v1' })).status).toBe(401);
  expect((await send({})).status).toBe(401);
  expect((await counts())?.refused).toBe((before?.refused ?? 0) + 3);
});

test('what was stored and not handed over is handed over by the sweep', async () => {
  const [person] = people as [InStep];
  await until(async () => (await world().ledger.inbox.pending(0, 1)).length === 0);
  world().hubspot.webhooks.setMishaps({ lose: 1 });
  world().hubspot.people.edit('contacts', person.hubspotId, { jobtitle: 'Left' });
  const notice = { key: `left/${person.hubspotId}`, ref: person.ref, occurredAt: new Date().toISOString() };
  expect(await world().ledger.inbox.store([notice, notice])).toEqual([notice]);
  expect(await world().ledger.inbox.store([notice])).toEqual([]);
  expect(await world().ledger.inbox.pending(0, 10)).toEqual([notice]);
  const handed: string[] = [];
  const { inbox } = world().ledger;
  const parts = {
    ledger: {
      ...world().ledger,
      inbox: {
        ...inbox,
        pending: async () => await inbox.pending(0, 10),
        handed: (keys: readonly string[]) => inbox.handed(keys),
        prune: (days: number) => inbox.prune(days),
      },
    } as unknown as Parameters<typeof sweepInbox>[0]['ledger'],
    handOver: async (changes: readonly { readonly ref: { readonly id: string } }[]) => {
      handed.push(...changes.map(({ ref }) => ref.id));
    },
  };
  expect(await sweepInbox(parts)).toBe(1);
  expect([handed, await inbox.pending(0, 10)]).toEqual([[person.hubspotId], []]);
  world().hubspot.webhooks.setMishaps({});
});

test('a burst of a thousand events in ten requests at once is taken, each stored once', async () => {
  const before = await counts();
  const ids = Array.from(
    { length: 1000 },
    (_, i) => world().hubspot.people.create('contacts', { lastname: `Burst ${i}` }).id,
  );
  await world().hubspot.webhooks.settled();
  expect(ids).toHaveLength(1000);
  expect((await counts())?.taken).toBe((before?.taken ?? 0) + 1000);
  expect(world().hubspot.webhooks.report().events.givenUp).toBe(0);
});

describe('what is no notice', () => {
  test.each([
    ['no JSON', 'nonsense', 400],
    ['another form', '{"a":1}', 400],
    [
      'more than 100 events',
      JSON.stringify(Array.from({ length: 101 }, () => ({ eventId: 1, portalId: 1, occurredAt: 1 }))),
      400,
    ],
    ['too much', `[${'1,'.repeat(600_000)}1]`, 413],
  ])('%s is refused', async (_, body, status) => {
    const { signatureHeaders } = await import('../../sandbox/hubspot/webhooks/signature.ts');
    const url = `${webhookUrl}/webhooks/hubspot`;
    const headers = signatureHeaders({ secret: webhookSecret, method: 'POST', url, body, at: Date.now() });
    const answer = await world().service.fetch(new Request(url, { method: 'POST', body, headers }));
    expect(answer.status).toBe(status);
  });
});
