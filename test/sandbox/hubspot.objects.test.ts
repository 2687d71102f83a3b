import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { batchBody, errorBody, recordBody } from '../contracts/hubspot-answers.ts';
import { call, createUniqueProperty, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  expect(stage.sandbox.traffic.unmodelled).toEqual([]);
  await stage.close();
});

const contacts = () => stage.client.crm.contacts;
const create = (properties: Record<string, string>) => contacts().basicApi.create({ properties, associations: [] });

describe('one record', () => {
  test('is created with 201, its e-mail in lower case, every value a text', async () => {
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts', {
      properties: { email: 'Ann@Example.COM', annualrevenue: 12.5, newsletter: true },
    });
    expect(status).toBe(201);
    expect(recordBody.parse(body)).toMatchObject({
      archived: false,
      properties: {
        email: 'ann@example.com',
        annualrevenue: '12.5',
        newsletter: 'true',
        hs_email_domain: 'example.com',
      },
    });
  });

  test('is read with the usual properties, or those asked for: null where empty, absent where unknown', async () => {
    const { id } = await create({ email: 'ann@example.com', firstname: 'Ann' });
    const usual = await contacts().basicApi.getById(id);
    expect(Object.keys(usual.properties).sort()).toEqual([
      'createdate',
      'email',
      'firstname',
      'hs_object_id',
      'lastmodifieddate',
      'lastname',
    ]);
    const asked = await contacts().basicApi.getById(id, ['phone', 'no_such_property']);
    expect(asked.properties).toEqual({
      createdate: expect.any(String),
      hs_object_id: id,
      lastmodifieddate: expect.any(String),
      phone: null,
    });
  });

  test('is found by e-mail whatever its case, in a path and with its own id in the answer', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const found = await contacts().basicApi.getById('ANN@example.com', undefined, undefined, undefined, false, 'email');
    expect(found.id).toBe(id);
  });

  test('takes repeated and comma-separated properties, closing slashes and dated paths', async () => {
    const { id } = await create({ email: 'ann@example.com', city: 'Graz', zip: '8010' });
    for (const path of [
      `/crm/v3/objects/contacts/${id}?properties=city,zip`,
      `/crm/v3/objects/contacts/${id}/?properties=city&properties=zip`,
      `/crm/objects/2026-03/0-1/${id}?properties=city,zip`,
      `//crm/v3/objects/contacts/${id}?properties=city,zip`,
    ]) {
      const response = await fetch(`${stage.url}${path}`, { headers: { authorization: 'Bearer pat-sandbox' } });
      expect(recordBody.parse(await response.json()).properties).toMatchObject({ city: 'Graz', zip: '8010' });
    }
  });

  test('moves its time of change with every write, also one that brings equal values', async () => {
    const { id } = await create({ email: 'ann@example.com', city: 'Graz' });
    stage.time.advance(1000);
    const { updatedAt, properties } = await contacts().basicApi.update(id, { properties: { city: 'Graz' } });
    expect(updatedAt.getTime()).toBe(stage.time.now());
    expect(properties['lastmodifieddate']).toBe(updatedAt.toISOString());
  });

  test('keeps the history of its values with who set them, newest first', async () => {
    const { id } = stage.sandbox.people.create('contacts', { email: 'ann@example.com', city: 'Graz' });
    stage.time.advance(1000);
    await contacts().basicApi.update(id, { properties: { city: 'Linz' } });
    await contacts().basicApi.update(id, { properties: { city: '' } });
    const { body } = await call(stage, 'GET', `/crm/v3/objects/contacts/${id}?propertiesWithHistory=city`);
    const versions = recordBody.parse(body).propertiesWithHistory?.['city'];
    expect(versions?.map(({ value, sourceType }) => [value, sourceType])).toEqual([
      ['', 'INTEGRATION'],
      ['Linz', 'INTEGRATION'],
      ['Graz', 'CRM_UI'],
    ]);
    expect(versions?.[2]).toMatchObject({ timestamp: '2026-01-05T09:00:00.000Z', updatedByUserId: 9586504 });
  });

  test.each([
    ['text is cleared', { city: 'Graz' }, { city: '' }, { city: null }],
    ['null clears as well', { city: 'Graz' }, { city: null }, { city: null }],
    [
      'a stage moves forward',
      { lifecyclestage: 'lead' },
      { lifecyclestage: 'customer' },
      { lifecyclestage: 'customer' },
    ],
    [
      'a stage does not move back',
      { lifecyclestage: 'customer' },
      { lifecyclestage: 'lead' },
      { lifecyclestage: 'customer' },
    ],
    [
      'a leading semicolon appends',
      { interests: 'events' },
      { interests: ';support' },
      { interests: 'events;support' },
    ],
    ['options replace each other', { interests: 'events' }, { interests: 'support' }, { interests: 'support' }],
    ['a date comes as text', {}, { birthday: '2000-02-29' }, { birthday: '2000-02-29' }],
    ['a date comes as midnight UTC', {}, { birthday: '951782400000' }, { birthday: '2000-02-29' }],
    [
      'a datetime comes in any zone',
      {},
      { last_demo_at: '2026-01-05T10:00:00+01:00' },
      { last_demo_at: '2026-01-05T09:00:00.000Z' },
    ],
    ['an owner is one of the owners', {}, { hubspot_owner_id: '41629779' }, { hubspot_owner_id: '41629779' }],
  ])('%s', async (_, before, change, after) => {
    const { id } = stage.sandbox.people.create('contacts', { email: 'ann@example.com', ...before });
    const { status } = await call(stage, 'PATCH', `/crm/v3/objects/contacts/${id}`, { properties: change });
    expect(status).toBe(200);
    const { properties } = await contacts().basicApi.getById(id, Object.keys(after));
    expect(properties).toMatchObject(after);
  });

  test('goes out of sight when it is archived, gives its e-mail back, and shows among the archived alone', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    await contacts().basicApi.archive(id);
    expect((await refusalOf(contacts().basicApi.getById(id))).code).toBe(404);
    const archived = await call(stage, 'GET', `/crm/v3/objects/contacts/${id}?archived=true`);
    expect(recordBody.parse(archived.body)).toMatchObject({ id, archived: true, archivedAt: expect.any(String) });
    const again = await create({ email: 'ann@example.com' });
    expect(again.id).not.toBe(id);
    expect((await call(stage, 'GET', `/crm/v3/objects/contacts/${again.id}?archived=true`)).status).toBe(404);
  });
});

test('the list of records goes by ids, page by page, past ids that sort differently as text', async () => {
  for (let count = 0; count < 205; count++) stage.sandbox.people.create('contacts', { firstname: `F${count}` });
  const all = await contacts().getAll(100);
  expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 205 }, (_, index) => String(9901 + index)));
});

test('every answer carries the sandbox time, its correlation id and the limits', async () => {
  const { headers } = await call(stage, 'GET', '/crm/v3/objects/contacts');
  expect(headers.get('date')).toBe('Mon, 05 Jan 2026 09:00:00 GMT');
  expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(z.uuid().safeParse(headers.get('x-hubspot-correlation-id')).success).toBe(true);
  expect(headers.get('x-hubspot-ratelimit-max')).toBe('1000000');
  expect(headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
});

describe('a batch', () => {
  const input = (id: string, properties: Record<string, string>, objectWriteTraceId?: string) => ({
    id,
    properties,
    ...(objectWriteTraceId && { objectWriteTraceId }),
  });

  test('creates with 201 and not in the order of its inputs, each row under its trace id', async () => {
    const inputs = Array.from({ length: 20 }, (_, index) => ({
      properties: { email: `p${index}@example.com` },
      associations: [],
      objectWriteTraceId: `row-${index}`,
    }));
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/create', { inputs });
    const { results } = batchBody.parse(body);
    expect(status).toBe(201);
    expect(results.map(({ objectWriteTraceId }) => objectWriteTraceId)).not.toEqual(
      inputs.map(({ objectWriteTraceId }) => objectWriteTraceId),
    );
    for (const { objectWriteTraceId, properties } of results) {
      expect(properties['email']).toBe(`p${objectWriteTraceId?.slice(4)}@example.com`);
    }
  });

  test('of creates is decided row by row where each has a trace id of its own', async () => {
    const { id } = await create({ email: 'taken@example.com' });
    const answer = await contacts().batchApi.create({
      inputs: [
        { properties: { email: 'new@example.com' }, associations: [], objectWriteTraceId: 'a' },
        { properties: { email: 'taken@example.com' }, associations: [], objectWriteTraceId: 'b' },
        { properties: { email: 'no address' }, associations: [], objectWriteTraceId: 'c' },
        { properties: { email: 'New@example.com' }, associations: [], objectWriteTraceId: 'd' },
      ],
    });
    expect(answer.results.map(({ objectWriteTraceId }) => objectWriteTraceId)).toEqual(['a']);
    expect(answer).toMatchObject({
      numErrors: 3,
      errors: [
        {
          category: 'CONFLICT',
          message: `Contact already exists. Existing ID: ${id}`,
          context: { objectWriteTraceId: ['b'] },
        },
        { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['c'] } },
        { category: 'CONFLICT', context: { objectWriteTraceId: ['d'] } },
      ],
    });
  });

  test.each([
    ['no trace ids', [undefined, undefined]],
    ['one trace id missing', ['a', undefined]],
    ['the same trace id twice', ['a', 'a']],
  ])('with %s is refused as a whole by one bad row, and nothing is written', async (_, traceIds) => {
    const emails = ['new@example.com', 'no address'];
    const inputs = emails.map((email, index) => ({
      properties: { email },
      associations: [],
      ...(traceIds[index] !== undefined && { objectWriteTraceId: traceIds[index] }),
    }));
    const { code, body } = await refusalOf(contacts().batchApi.create({ inputs }));
    expect([code, body.errors?.[0]?.code]).toEqual([400, 'INVALID_EMAIL']);
    expect(stage.sandbox.recordIds('contacts')).toEqual([]);
    expect(stage.sandbox.traffic.writes).toEqual([]);
  });

  test('of reads answers 207 with one error for all that is missing', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/read', {
      inputs: [{ id }, { id: '1' }, { id: '2' }],
      properties: ['email'],
      propertiesWithHistory: ['email'],
    });
    const { results, errors, numErrors } = batchBody.parse(body);
    expect([status, results.length, numErrors]).toEqual([207, 1, 1]);
    expect(errors?.[0]).toMatchObject({ category: 'OBJECT_NOT_FOUND', context: { ids: ['1', '2'] } });
    expect(results[0]?.propertiesWithHistory?.['email']).toHaveLength(1);
  });

  test('of reads does not keep the order of its inputs, and answers a repeated id once', async () => {
    const ids = Array.from(
      { length: 20 },
      (_, index) => stage.sandbox.people.create('contacts', { firstname: `F${index}` }).id,
    );
    const inputs = [...ids, ...ids].map((id) => ({ id }));
    const { results } = await contacts().batchApi.read({ inputs, properties: [], propertiesWithHistory: [] });
    const answered = results.map(({ id }) => id);
    expect(answered).not.toEqual(ids);
    expect(answered.sort((a, b) => Number(a) - Number(b))).toEqual(ids);
  });

  test('of reads goes by e-mail whatever its case', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const { results } = await contacts().batchApi.read({
      idProperty: 'email',
      inputs: [{ id: 'Ann@Example.com' }],
      properties: [],
      propertiesWithHistory: [],
    });
    expect(results.map((record) => record.id)).toEqual([id]);
  });

  test('of updates names missing rows by id and trace id, and writes the others', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/update', {
      inputs: [input(id, { city: 'Graz' }, 'a'), input('1', { city: 'Linz' }, 'b')],
    });
    const { results, errors } = batchBody.parse(body);
    expect([status, results.map((record) => record.objectWriteTraceId)]).toEqual([207, ['a']]);
    expect(errors?.[0]?.context).toEqual({ ids: ['1'], objectWriteTraceId: ['b'] });
  });

  test('of updates and upserts goes by a unique property, e-mail for upserts alone', async () => {
    await createUniqueProperty(stage, 'crm_key');
    const upserted = await contacts().batchApi.upsert({
      inputs: [
        { id: 'K1', idProperty: 'crm_key', properties: { firstname: 'Ann' }, objectWriteTraceId: 'a' },
        { id: 'Bo@Example.com', idProperty: 'email', properties: { firstname: 'Bo' }, objectWriteTraceId: 'b' },
      ],
    });
    expect(upserted.results.map((record) => record._new)).toEqual([true, true]);
    const again = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/upsert', {
      inputs: [{ id: 'K1', idProperty: 'crm_key', properties: { city: 'Graz' } }],
    });
    expect(batchBody.parse(again.body).results[0]).toMatchObject({
      new: false,
      properties: { crm_key: 'K1', city: 'Graz' },
    });
    const updated = await contacts().batchApi.update({
      inputs: [{ id: 'K1', idProperty: 'crm_key', properties: { city: 'Linz' } }],
    });
    expect(updated.results[0]?.properties).toMatchObject({ city: 'Linz' });
    const { code, body } = await refusalOf(
      contacts().batchApi.update({
        inputs: [{ id: 'bo@example.com', idProperty: 'email', properties: { city: 'x' } }],
      }),
    );
    expect([code, body.message]).toEqual([400, 'Unable to perform update/upsert by non-unique 0-1 property']);
  });

  test('of archives answers 204, whether the records are there or not', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const { status } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/archive', {
      inputs: [{ id }, { id: '1' }],
    });
    expect([status, stage.sandbox.record('contacts', id)?.archived]).toEqual([204, true]);
    expect(stage.sandbox.traffic.writes.filter(({ kind }) => kind === 'archive')).toHaveLength(1);
  });

  test('with the same id twice is refused, with trace ids too', async () => {
    const { id } = await create({ email: 'ann@example.com' });
    const inputs = [input(id, { city: 'a' }, 'a'), input(id, { city: 'b' }, 'b')];
    const { code, body } = await refusalOf(contacts().batchApi.update({ inputs }));
    expect([code, body.message, body.context]).toEqual([
      400,
      `Duplicate IDs found in batch input: [${id}]. IDs must be unique`,
      { ids: [id] },
    ]);
  });
});

test('the door without sockets answers the same', async () => {
  const sandbox = createHubSpotSandbox();
  const request = (token: string) =>
    new Request('http://hubspot.test/crm/v3/objects/contacts', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ properties: { email: 'ann@example.com' } }),
    });
  const created = await sandbox.door.fetch(request('pat-sandbox'));
  expect([created.status, recordBody.parse(await created.json()).properties['email']]).toEqual([
    201,
    'ann@example.com',
  ]);
  const refused = await sandbox.door.fetch(request('wrong'));
  expect([refused.status, errorBody.parse(await refused.json()).category]).toEqual([401, 'INVALID_AUTHENTICATION']);
  sandbox.stop();
});
