import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

async function ask(method: string, path: string, body?: unknown) {
  const response = await stage.client.apiRequest({ method, path, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('scopes', () => {
  test.each([
    ['GET', '/crm/v3/objects/contacts', ['crm.objects.contacts.read']],
    ['POST', '/crm/v3/objects/contacts/search', ['crm.objects.contacts.read']],
    ['POST', '/crm/v3/objects/contacts/batch/read', ['crm.objects.contacts.read']],
    ['PATCH', '/crm/v3/objects/0-2/1', ['crm.objects.companies.write']],
    ['DELETE', '/crm/objects/2026-03/deals/1', ['crm.objects.deals.write']],
    ['GET', '/crm/v3/objects/tickets', ['tickets']],
    ['GET', '/crm/v3/lists/1', ['crm.lists.read']],
    ['DELETE', '/crm/v3/lists/1', ['crm.lists.write']],
    ['GET', '/crm/v3/owners', ['crm.objects.owners.read']],
    ['POST', '/crm/v3/properties/contacts', ['crm.schemas.contacts.write', 'crm.objects.contacts.write']],
    ['POST', '/crm-object-schemas/v3/schemas', ['crm.schemas.custom.write']],
    ['GET', '/crm/v4/objects/contacts/1/associations/companies', ['crm.objects.contacts.read']],
  ])('%s %s without its scope is 403 and names it', async (method, path, requiredGranularScopes) => {
    stage.sandbox.setScopes([]);
    expect(await ask(method, path, method === 'POST' ? {} : undefined)).toEqual({
      status: 403,
      body: {
        status: 'error',
        message: expect.stringContaining("This app hasn't been granted all required scopes to make this call."),
        errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes } }],
        links: { scopes: 'https://developers.hubspot.com/scopes' },
        category: 'MISSING_SCOPES',
        correlationId: expect.any(String),
      },
    });
  });

  test('one of the alternatives is enough, and both ends of an association are asked for', async () => {
    stage.sandbox.setScopes(['crm.objects.contacts.read']);
    expect((await ask('GET', '/crm/v3/objects/contacts')).status).toBe(200);
    expect((await ask('GET', '/crm/v3/properties/contacts')).status).toBe(200);
    expect(await ask('GET', '/crm/v4/objects/contacts/1/associations/companies')).toMatchObject({
      status: 403,
      body: { errors: [{ context: { requiredGranularScopes: ['crm.objects.companies.read'] } }] },
    });
    stage.sandbox.setScopes(null);
    expect((await ask('GET', '/crm/v3/lists/by/name')).status).toBe(404);
  });
});

describe('locks', () => {
  test('refuse as many writes as they are for, one record alone', async () => {
    const ann = stage.sandbox.people.create('contacts', { email: 'ann@example.com' });
    const bo = stage.sandbox.people.create('contacts', { email: 'bo@example.com' });
    stage.sandbox.setLocks([{ type: 'contacts', id: ann.id, times: 2 }]);
    const edit = (id: string) => ask('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { city: 'Graz' } });
    expect((await edit(ann.id)).status).toBe(423);
    expect((await edit(bo.id)).status).toBe(200);
    const batch = {
      inputs: [ann, bo].map(({ id }) => ({ id, objectWriteTraceId: id, properties: { city: 'Linz' } })),
    };
    expect(await ask('POST', '/crm/v3/objects/contacts/batch/update', batch)).toMatchObject({
      status: 207,
      body: { results: [{ id: bo.id }], errors: [{ category: 'OBJECT_LOCKED' }] },
    });
    expect((await edit(ann.id)).status).toBe(200);
    stage.sandbox.setLocks([{ type: 'contacts', id: ann.id, times: 1 }]);
    expect((await ask('DELETE', `/crm/v3/objects/contacts/${ann.id}`)).status).toBe(423);
    expect(stage.sandbox.record('contacts', ann.id)?.archived).toBe(false);
  });
});

describe('properties that admins want filled', () => {
  const create = (version: string, properties: Record<string, string>) =>
    ask('POST', version === 'v3' ? '/crm/v3/objects/contacts' : `/crm/objects/${version}/contacts`, { properties });

  test.each([
    ['v3', {}, undefined],
    ['2026-03', {}, undefined],
    ['2026-09', {}, 'MISSING_REQUIRED_PROPERTY'],
    ['2026-09', { city: 'Graz' }, undefined],
    ['2026-09', { city: 'Graz', lifecyclestage: 'customer' }, 'MISSING_CONDITIONAL_REQUIRED_PROPERTY'],
    ['2026-09', { city: 'Graz', lifecyclestage: 'customer', phone: '1' }, undefined],
    ['v3', { lifecyclestage: 'customer' }, undefined],
  ])('on %s a contact with %j is %s', async (version, properties, code) => {
    stage.sandbox.setRequired([
      { type: 'contacts', property: 'city' },
      { type: 'contacts', property: 'phone', when: { property: 'lifecyclestage', values: ['customer'] } },
    ]);
    const answer = await create(version, { email: 'ann@example.com', ...properties });
    expect(answer.status).toBe(code === undefined ? 201 : 400);
    if (code !== undefined) expect(answer.body.errors).toMatchObject([{ code }]);
  });

  test('do not hold up an edit of something else', async () => {
    const { id } = stage.sandbox.people.create('contacts', { email: 'ann@example.com' });
    stage.sandbox.setRequired([{ type: 'contacts', property: 'city' }]);
    const edit = (properties: object) => ask('PATCH', `/crm/objects/2026-09/contacts/${id}`, { properties });
    expect((await edit({ firstname: 'Ann' })).status).toBe(200);
    expect((await edit({ city: 'Graz' })).status).toBe(200);
    expect((await edit({ city: '' })).status).toBe(400);
  });
});

test('a value of more than 65,536 characters is refused', async () => {
  const create = (length: number) =>
    ask('POST', '/crm/v3/objects/contacts', {
      properties: { email: `p${length}@example.com`, city: 'x'.repeat(length) },
    });
  expect((await create(65_536)).status).toBe(201);
  expect(await create(65_537)).toMatchObject({ status: 400, body: { errors: [{ code: 'VALUE_TOO_LONG' }] } });
});

test('a profile sets all limits, calls over them are counted, and the day can be asked for', async () => {
  stage.sandbox.setLimits('professional');
  for (let i = 0; i < 191; i++) await ask('GET', '/crm/v3/owners');
  expect(stage.sandbox.traffic.report().overruns).toEqual({ burst: 1 });
  stage.time.advance(10_000);
  expect(await ask('GET', '/account-info/v3/api-usage/daily/private-apps')).toEqual({
    status: 200,
    body: {
      results: [
        {
          name: 'private-apps-api-calls-daily',
          usageLimit: 625_000,
          currentUsage: 191,
          collectedAt: '2026-01-05T09:00:10.000Z',
          fetchStatus: 'SUCCESS',
          resetsAt: '2026-01-06T05:00:00.000Z',
        },
      ],
    },
  });
});

test('owners come, are deactivated and may be queues', async () => {
  const queue = { id: '77', email: 'team@example.com', firstName: 'Team', lastName: '', userId: null };
  stage.sandbox.setOwner({ ...queue, type: 'QUEUE' });
  const ids = async (query = '') => {
    const { results } = (await ask('GET', `/crm/v3/owners${query}`)).body as { results: { id: string }[] };
    return results.map(({ id }) => id);
  };
  expect(await ids()).toEqual(['41629779', '41629780', '77']);
  const { id } = stage.sandbox.people.create('contacts', { email: 'ann@example.com', hubspot_owner_id: '77' });
  expect(stage.sandbox.record('contacts', id)?.properties['hubspot_owner_id']).toBe('77');
  stage.sandbox.setOwner({ ...queue, archived: true });
  expect(await ids()).toEqual(['41629779', '41629780']);
  expect(await ids('?archived=true')).toEqual(['77']);
  expect((await ask('GET', '/crm/v3/owners/77')).status).toBe(404);
  expect((await ask('GET', '/crm/v3/owners/77?archived=true')).body).toMatchObject({ archived: true, userId: null });
  expect(() => stage.sandbox.people.create('contacts', { email: 'b@example.com', hubspot_owner_id: '77' })).toThrow(
    '77',
  );
});

test('a search finds by association', async () => {
  const { people } = stage.sandbox;
  const [ann, bo] = ['ann', 'bo'].map((name) => people.create('contacts', { email: `${name}@example.com` }).id);
  const company = people.create('companies', { name: 'Acme' }).id;
  people.associate({ type: 'contacts', id: ann ?? '' }, { type: 'companies', id: company });
  const found = async (operator: string, more: object = {}) => {
    const filters = [{ propertyName: 'associations.company', operator, ...more }];
    const { status, body } = await ask('POST', '/crm/v3/objects/contacts/search', { filterGroups: [{ filters }] });
    return status === 200 ? (body as { results: { id: string }[] }).results.map(({ id }) => id) : status;
  };
  expect(await found('EQ', { value: company })).toEqual([ann]);
  expect(await found('IN', { values: ['1', company] })).toEqual([ann]);
  expect(await found('NOT_HAS_PROPERTY')).toEqual([bo]);
  expect(await found('GT', { value: company })).toBe(400);
});

test.each([
  ['import', 'IMPORT'],
  ['workflow', 'AUTOMATION_PLATFORM'],
  ['page', 'CRM_UI'],
] as const)('what comes by %s stands under its own source', (way, sourceType) => {
  const { id } = stage.sandbox.people.create('contacts', { email: 'ann@example.com' }, way);
  expect(stage.sandbox.record('contacts', id)?.history['email']).toMatchObject([{ sourceType }]);
});
