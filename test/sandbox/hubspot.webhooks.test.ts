import { createHash, createHmac } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signatureHeaders } from '../../sandbox/hubspot/webhooks/signature.ts';
import { type Stage, startStage } from './hubspot-client.ts';

interface Delivery {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly events: readonly Record<string, unknown>[];
}

let stage: Stage;
let deliveries: Delivery[];
let answer: () => Response | Promise<Response>;
const targetUrl = 'https://tandem.test/webhooks/hubspot?portal=1%3A2';
const clientSecret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';

beforeEach(async () => {
  deliveries = [];
  answer = () => new Response(null, { status: 204 });
  stage = await startStage({
    send: async (request) => {
      const body = await request.text();
      deliveries.push({ headers: Object.fromEntries(request.headers), body, events: JSON.parse(body) });
      return answer();
    },
  });
});
afterEach(() => stage.close());

type Subscribed = Parameters<Stage['sandbox']['webhooks']['set']>[0];
const subscribe = (subscriptions: NonNullable<Subscribed>['subscriptions']) =>
  stage.sandbox.webhooks.set({ targetUrl, clientSecret, subscriptions });
/** Lets everything that is due go out, and what must be repeated within a day. */
async function deliver(hours = 0): Promise<void> {
  stage.time.advance(1000);
  for (let hour = 0; hour < hours * 4; hour++) {
    await new Promise((resolve) => setImmediate(resolve));
    stage.time.advance(900_000);
  }
  if (hours === 0) await stage.sandbox.webhooks.settled();
}
const told = () => deliveries.flatMap(({ events }) => events);

describe('events', () => {
  test('a record that is made, changed, archived, restored and erased', async () => {
    subscribe([
      { subscriptionType: 'contact.creation' },
      { subscriptionType: 'contact.propertyChange', propertyName: 'city' },
      { subscriptionType: 'contact.deletion' },
      { subscriptionType: 'contact.restore' },
      { subscriptionType: 'contact.privacyDeletion' },
    ]);
    const { people } = stage.sandbox;
    const { id } = people.create('contacts', { email: 'ann@example.com', city: 'Graz' });
    people.edit('contacts', id, { city: 'Linz', firstname: 'Ann' });
    people.edit('contacts', id, { firstname: 'Anna' });
    people.archive('contacts', id);
    people.restore('contacts', id);
    people.erase(id);
    await deliver();
    expect(told().map(({ subscriptionType, propertyValue }) => [subscriptionType, propertyValue])).toEqual([
      ['contact.creation', undefined],
      ['contact.propertyChange', 'Graz'],
      ['contact.propertyChange', 'Linz'],
      ['contact.deletion', undefined],
      ['contact.restore', undefined],
      ['contact.privacyDeletion', undefined],
      ['contact.deletion', undefined],
    ]);
    expect(told()[2]).toEqual({
      eventId: expect.any(Number),
      subscriptionId: 2,
      portalId: 21_096_543,
      appId: 1_160_452,
      occurredAt: Date.parse('2026-01-05T09:00:00.000Z'),
      subscriptionType: 'contact.propertyChange',
      attemptNumber: 0,
      objectId: Number(id),
      propertyName: 'city',
      propertyValue: 'Linz',
      changeSource: 'CRM_UI',
      sourceId: 'userId:9586504',
    });
  });

  test('writes by the API bear the app as their source', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    await stage.client.crm.contacts.basicApi.create({ properties: { email: 'ann@example.com' }, associations: [] });
    await deliver();
    expect(told()).toMatchObject([{ changeSource: 'INTEGRATION', sourceId: '1160452', changeFlag: 'NEW' }]);
  });

  test('a merge tells both ids and nothing of a deletion', async () => {
    subscribe([{ subscriptionType: 'contact.merge' }, { subscriptionType: 'contact.deletion' }]);
    const { people } = stage.sandbox;
    const winner = people.create('contacts', { email: 'ann@example.com' });
    const other = people.create('contacts', { email: 'ann@example.org', city: 'Graz' });
    people.merge('contacts', winner.id, other.id);
    await deliver();
    expect(told()).toMatchObject([
      {
        subscriptionType: 'contact.merge',
        objectId: Number(winner.id),
        primaryObjectId: Number(winner.id),
        mergedObjectIds: [Number(other.id)],
        newObjectId: Number(winner.id),
      },
    ]);
  });

  test('an association is told to both ends, and once more where it is primary', async () => {
    subscribe([{ subscriptionType: 'contact.associationChange' }, { subscriptionType: 'company.associationChange' }]);
    const { people } = stage.sandbox;
    const contact = people.create('contacts', { email: 'ann@example.com' });
    const company = people.create('companies', { name: 'Acme' });
    const ends = [
      { type: 'contacts', id: contact.id },
      { type: 'companies', id: company.id },
    ] as const;
    people.associate(...ends, 'Primary');
    people.associate(...ends);
    people.dissociate(...ends);
    await deliver();
    expect(
      told().map(({ associationType, associationRemoved, isPrimaryAssociation }) => [
        associationType,
        associationRemoved,
        isPrimaryAssociation,
      ]),
    ).toEqual([
      ['CONTACT_TO_COMPANY', false, false],
      ['COMPANY_TO_CONTACT', false, false],
      ['CONTACT_TO_COMPANY', false, true],
      ['COMPANY_TO_CONTACT', false, true],
      ['CONTACT_TO_COMPANY', true, false],
      ['COMPANY_TO_CONTACT', true, false],
      ['CONTACT_TO_COMPANY', true, true],
      ['COMPANY_TO_CONTACT', true, true],
    ]);
  });

  test('custom objects are told as `object`, with their type', async () => {
    const { people } = stage.sandbox;
    const schema = await stage.client.apiRequest({
      method: 'POST',
      path: '/crm-object-schemas/v3/schemas',
      body: {
        name: 'cars',
        labels: { singular: 'Car', plural: 'Cars' },
        primaryDisplayProperty: 'serial',
        requiredProperties: ['serial'],
        properties: [{ name: 'serial', label: 'Serial', type: 'string', fieldType: 'text' }],
      },
    });
    const { objectTypeId } = (await schema.json()) as { objectTypeId: string };
    subscribe([{ subscriptionType: 'object.creation', objectTypeId }]);
    people.create('cars', { serial: 'A1' });
    await deliver();
    expect(told()).toMatchObject([{ subscriptionType: 'object.creation', objectTypeId }]);
  });

  test.each([
    [{ subscriptionType: 'contact.painted' }, 'There is no subscription type'],
    [{ subscriptionType: 'contact.propertyChange' }, 'needs a propertyName'],
    [{ subscriptionType: 'contact.creation', propertyName: 'city' }, 'takes no propertyName'],
    [{ subscriptionType: 'object.creation' }, 'needs an objectTypeId'],
    [{ subscriptionType: 'deal.privacyDeletion' }, 'There is no subscription type'],
    [{ subscriptionType: 'deal.propertyChange', propertyName: 'hs_lastmodifieddate' }, "can't be subscribed to"],
  ])('%j is refused', (subscription, message) => {
    expect(() => subscribe([subscription])).toThrow(message);
  });
});

describe('signatures', () => {
  test.each([
    [
      'v1',
      (body: string) => ({
        signature: createHash('sha256')
          .update(clientSecret + body)
          .digest('hex'),
      }),
    ],
    [
      'v3',
      (body: string, at: string) => ({
        signature: createHmac('sha256', clientSecret)
          .update(`POSThttps://tandem.test/webhooks/hubspot?portal=1:2${body}${at}`)
          .digest('base64'),
      }),
    ],
  ] as const)('%s is over what HubSpot says it is over', async (version, expected) => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    stage.sandbox.people.create('contacts', { email: 'ann@example.com' });
    await deliver();
    const [{ headers, body }] = deliveries as [Delivery];
    const header = version === 'v1' ? 'x-hubspot-signature' : 'x-hubspot-signature-v3';
    expect(headers[header]).toBe(expected(body, headers['x-hubspot-request-timestamp'] ?? '').signature);
  });

  test("the vectors of HubSpot's documentation come out", () => {
    const v1 = signatureHeaders({
      secret: clientSecret,
      method: 'POST',
      url: 'https://www.example.com/webhook_uri',
      body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
      at: 0,
    });
    expect(v1['x-hubspot-signature']).toBe('232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de');
    const v3 = signatureHeaders({
      secret: clientSecret,
      method: 'POST',
      url: 'https://www.example.com/webhook_uri',
      body: "{'example_field':'example_value'}",
      at: 1_693_657_560_000,
    });
    expect(v3['x-hubspot-signature-v3']).toBe('K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=');
    expect(
      Signature.isValid({
        signature: v1['x-hubspot-signature'] ?? '',
        clientSecret,
        requestBody:
          '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
      }),
    ).toBe(true);
  });
});

describe('deliveries', () => {
  const createMany = (count: number) => {
    for (let i = 0; i < count; i++) stage.sandbox.people.create('contacts', { email: `p${i}@example.com` });
  };

  test('come in batches of at most 100', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    createMany(250);
    await deliver();
    expect(deliveries.map(({ events }) => events.length)).toEqual([100, 100, 50]);
    expect(stage.sandbox.webhooks.report()).toMatchObject({ taken: 3, events: { told: 250, taken: 250 }, pending: 0 });
  });

  test('are repeated after any answer but 2xx, with the number of the attempt', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    const answers = [
      () => new Response(null, { status: 500 }),
      () => new Response(null, { status: 404 }),
      () => Promise.reject(new TypeError('fetch failed')),
      () => new Response(null, { status: 200 }),
    ];
    answer = () => answers.shift()?.() ?? new Response();
    createMany(1);
    await deliver(24);
    expect(told().map(({ attemptNumber }) => attemptNumber)).toEqual([0, 1, 2, 3]);
    expect(stage.sandbox.webhooks.report()).toMatchObject({ taken: 1, sent: 4, pending: 0 });
  });

  test('are given up after ten repeats within two days', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    answer = () => new Response(null, { status: 503 });
    createMany(1);
    await deliver(48);
    expect(deliveries).toHaveLength(11);
    expect(stage.sandbox.webhooks.report()).toMatchObject({ events: { givenUp: 1 }, pending: 0 });
  });

  test('never more than ten at once', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    answer = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => release.push(resolve));
      running -= 1;
      return new Response();
    };
    createMany(1500);
    stage.time.advance(1000);
    const settled = stage.sandbox.webhooks.settled();
    while (stage.sandbox.webhooks.report().pending > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      release.shift()?.();
    }
    await settled;
    expect([most, deliveries.length]).toEqual([10, 15]);
  });

  test('can be lost, doubled, shuffled, late and forged', async () => {
    subscribe([{ subscriptionType: 'contact.creation' }]);
    const { webhooks } = stage.sandbox;
    webhooks.setMishaps({ lose: 0.5, seed: 3 });
    createMany(20);
    await deliver();
    const { events } = webhooks.report();
    expect(events.lost).toBeGreaterThan(0);
    expect(told()).toHaveLength(20 - events.lost);

    deliveries = [];
    webhooks.setMishaps({ double: 1, shuffle: true, delayMs: 60_000, forge: true });
    for (let i = 0; i < 5; i++) stage.sandbox.people.create('contacts', { email: `q${i}@example.com` });
    stage.time.advance(59_000);
    expect(deliveries).toHaveLength(0);
    stage.time.advance(2000);
    await webhooks.settled();
    const ids = told().map(({ objectId }) => Number(objectId));
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(5);
    expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
    const [{ headers, body }] = deliveries as [Delivery];
    expect(headers['x-hubspot-signature']).not.toBe(
      createHash('sha256')
        .update(clientSecret + body)
        .digest('hex'),
    );
  });
});
