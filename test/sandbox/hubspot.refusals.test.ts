import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorBody } from '../contracts/hubspot-answers.ts';
import { call, createUniqueProperty, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
let ann: string;
beforeAll(async () => {
  stage = await startStage();
  await createUniqueProperty(stage, 'crm_key');
  ann = stage.sandbox.people.create('contacts', { email: 'ann@example.com', crm_key: 'K1' }).id;
});
afterAll(() => stage.close());

const path = '/crm/v3/objects/contacts';

test.each([
  ['an unknown property', { no_such: 'x' }, 'PROPERTY_DOESNT_EXIST'],
  ['a malformed e-mail', { email: 'ann at example.com' }, 'INVALID_EMAIL'],
  ['an e-mail without a dot in its domain', { email: 'ann@example' }, 'INVALID_EMAIL'],
  ['an unknown option', { hs_lead_status: 'BANANA' }, 'INVALID_OPTION'],
  ['an option in another case', { lifecyclestage: 'Customer' }, 'INVALID_OPTION'],
  ['an unknown option among known ones', { interests: 'events;bananas' }, 'INVALID_OPTION'],
  ['a boolean that is none', { newsletter: 'yes' }, 'INVALID_OPTION'],
  ['a day that is none', { birthday: '2001-02-29' }, 'INVALID_DATE'],
  ['a date that is not at midnight UTC', { birthday: '951782400001' }, 'INVALID_DATE'],
  ['a datetime that is none', { last_demo_at: 'yesterday' }, 'INVALID_DATE'],
  ['a number that is none', { annualrevenue: '12,5' }, 'INVALID_INTEGER'],
  ['an owner that is not there', { hubspot_owner_id: '9586504' }, 'INVALID_OWNER_ID'],
  ['a system value', { hs_object_id: '5' }, 'READ_ONLY_VALUE'],
  ['a calculated value', { hs_is_unworked: 'true' }, 'READ_ONLY_VALUE'],
  ["another record's unique value", { crm_key: 'K1' }, 'CONFLICTING_UNIQUE_VALUE'],
])('%s is refused with its code, in the message and in the details', async (_, bad, errorCode) => {
  const [name = ''] = Object.keys(bad);
  for (const answer of [
    await call(stage, 'POST', path, { properties: { firstname: 'Bo', ...bad } }),
    await call(stage, 'POST', `${path}/batch/create`, { inputs: [{ properties: { firstname: 'Bo', ...bad } }] }),
  ]) {
    const body = errorBody.parse(answer.body);
    expect([answer.status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
    expect(body.errors).toEqual([{ message: expect.any(String), code: errorCode, context: { propertyName: [name] } }]);
    const [, details = ''] = body.message.split('Property values were not valid: ');
    expect(JSON.parse(details)).toEqual([
      {
        isValid: false,
        message: body.errors?.[0]?.message,
        error: errorCode,
        name,
        localizedErrorMessage: expect.any(String),
        portalId: stage.sandbox.portalId,
      },
    ]);
  }
  expect(stage.sandbox.recordIds('contacts')).toEqual([ann]);
});

test('several bad values are told at once', async () => {
  const { body } = await refusalOf(
    stage.client.crm.contacts.basicApi.update(ann, { properties: { no_such: 'x', birthday: 'x', city: 'Graz' } }),
  );
  expect(body.errors?.map(({ code }) => code)).toEqual(['PROPERTY_DOESNT_EXIST', 'INVALID_DATE']);
  expect(stage.sandbox.record('contacts', ann)?.properties['city']).toBeUndefined();
});

test('an e-mail that another contact has is a conflict that names the contact', async () => {
  const { code, body } = await refusalOf(
    stage.client.crm.contacts.basicApi.create({ properties: { email: 'ANN@example.com' }, associations: [] }),
  );
  expect([code, body.category, body.message]).toEqual([409, 'CONFLICT', `Contact already exists. Existing ID: ${ann}`]);
});

test('a contact without e-mail and names is not created', async () => {
  const { code, body } = await refusalOf(
    stage.client.crm.contacts.basicApi.create({ properties: { city: 'Graz', email: '' }, associations: [] }),
  );
  expect([code, body.errors?.[0]?.code]).toEqual([400, 'MISSING_REQUIRED_PROPERTY']);
});

const tooMany = Array.from({ length: 101 }, (_, index) => ({ id: String(index), properties: {} }));

test.each([
  ["a token that is not the account's", 'GET', path, undefined, { token: 'pat-other' }, 401, 'INVALID_AUTHENTICATION'],
  ['an id that is not there', 'GET', `${path}/123456789`, undefined, {}, 404, undefined],
  ['an id that is no number', 'GET', `${path}/abc`, undefined, {}, 404, 'OBJECT_NOT_FOUND'],
  ['an update of an id that is not there', 'PATCH', `${path}/123456789`, { properties: {} }, {}, 404, undefined],
  [
    'a property to go by that is not unique',
    'GET',
    `${path}/Graz?idProperty=city`,
    undefined,
    {},
    400,
    'VALIDATION_ERROR',
  ],
  ['a type that does not exist', 'GET', '/crm/v3/objects/bananas', undefined, {}, 400, 'VALIDATION_ERROR'],
  ['a page that is too long', 'GET', `${path}?limit=101`, undefined, {}, 400, 'VALIDATION_ERROR'],
  [
    'a page with history that is too long',
    'GET',
    `${path}?limit=51&propertiesWithHistory=email`,
    undefined,
    {},
    400,
    'VALIDATION_ERROR',
  ],
  [
    '101 inputs to read',
    'POST',
    `${path}/batch/read`,
    { inputs: tooMany, properties: [] },
    {},
    400,
    'VALIDATION_ERROR',
  ],
  ['101 inputs to update', 'POST', `${path}/batch/update`, { inputs: tooMany }, {}, 400, 'VALIDATION_ERROR'],
  ['101 inputs to archive', 'POST', `${path}/batch/archive`, { inputs: tooMany }, {}, 400, 'VALIDATION_ERROR'],
  ['a batch without inputs', 'POST', `${path}/batch/read`, { properties: [] }, {}, 400, 'VALIDATION_ERROR'],
  ['values that are no values', 'POST', path, { properties: { city: { of: 'Graz' } } }, {}, 400, undefined],
  ['properties that are no object', 'POST', path, { properties: 'x' }, {}, 400, undefined],
  [
    'an upsert without a property to go by',
    'POST',
    `${path}/batch/upsert`,
    { inputs: [{ id: '1', properties: {} }] },
    {},
    400,
    'VALIDATION_ERROR',
  ],
  [
    'an update by record id as a property',
    'POST',
    `${path}/batch/update`,
    { inputs: [{ id: '1', idProperty: 'hs_object_id', properties: {} }] },
    {},
    400,
    'VALIDATION_ERROR',
  ],
])('%s is refused', async (_, method, url, body, { token = 'pat-sandbox' }: { token?: string }, status, category) => {
  const response = await fetch(`${stage.url}${url}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect([response.status, errorBody.parse(await response.json()).category]).toEqual([status, category]);
});

test.each([
  ['123456789', { message: 'resource not found' }],
  ['abc', { message: 'Object not found.  objectId are usually numeric.', context: { id: ['abc'] } }],
])("the body of the 404 for id %s is HubSpot's own", async (id, expected) => {
  const { code, body } = await refusalOf(stage.client.crm.contacts.basicApi.getById(id));
  expect(code).toBe(404);
  expect(body).toMatchObject(expected);
});

test('a body that is no JSON is refused without a category', async () => {
  const response = await fetch(`${stage.url}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer pat-sandbox', 'content-type': 'application/json' },
    body: '{"properties":\n{',
  });
  const body = errorBody.parse(await response.json());
  expect([response.status, body.category, body.message]).toEqual([
    400,
    undefined,
    'Invalid input JSON on line 2, column 2: Cannot parse the body.',
  ]);
});

describe('what is not modelled', () => {
  test('is answered as an unknown path and noted', async () => {
    stage.sandbox.traffic.clear();
    expect((await call(stage, 'GET', '/crm/v3/imports')).status).toBe(404);
    expect(stage.sandbox.traffic.report()).toMatchObject({
      calls: {},
      unmodelled: ['GET /crm/v3/imports'],
    });
  });

  test('is noted where a known call has an unknown parameter or key', async () => {
    stage.sandbox.traffic.clear();
    await call(stage, 'GET', `${path}/${ann}?portalId=1`);
    await call(stage, 'PATCH', `${path}/${ann}`, { properties: {}, extra: 1 });
    expect(stage.sandbox.traffic.unmodelled).toEqual([
      'GET /crm/v3/objects/{type}/{id} ?portalId',
      'PATCH /crm/v3/objects/{type}/{id} body.extra',
    ]);
  });
});

describe('limits', () => {
  const codeOf = async (url: string, body?: unknown) => {
    const answer = await call(stage, body === undefined ? 'GET' : 'POST', url, body);
    return answer.status === 200 ? 200 : [answer.status, errorBody.parse(answer.body).policyName];
  };

  test('of calls in ten seconds and of searches in one are told apart and pass with time', async () => {
    stage.sandbox.setLimits({ per10Seconds: 2, searchPerSecond: 1 });
    expect([await codeOf(path), await codeOf(path), await codeOf(path)]).toEqual([
      200,
      200,
      [429, 'TEN_SECONDLY_ROLLING'],
    ]);
    expect([await codeOf(`${path}/search`, {}), await codeOf(`${path}/search`, {})]).toEqual([200, [429, 'SECONDLY']]);
    stage.time.advance(1001);
    expect([await codeOf(`${path}/search`, {}), await codeOf(path)]).toEqual([200, [429, 'TEN_SECONDLY_ROLLING']]);
    stage.time.advance(9000);
    expect(await codeOf(path)).toBe(200);
  });

  test("of a day end at midnight in the account's zone", async () => {
    stage.sandbox.setLimits({ perDay: 1 });
    expect(await codeOf(path)).toEqual([429, 'DAILY']);
    stage.time.advance(20 * 3_600_000);
    const { headers } = await call(stage, 'GET', path);
    expect(headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('0');
    stage.sandbox.setLimits({});
  });
});
