import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg } from './salesforce-org.ts';

let org: Org;
beforeAll(async () => {
  org = await openOrg();
  org.addKey('Contact');
  org.sandbox.people.create('Contact', { LastName: 'Taken', Tandem_HubSpot_Id__c: '1' });
});
afterAll(() => org.close());

const long = 'x'.repeat(81);
const missingId = '0035e0000999999AAA';
const contact = { LastName: 'A' };
const notWritable =
  'Please check the security settings of this field and verify that it is read/write for your profile or permission set.';

describe('a create', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ['without a last name', { FirstName: 'A' }, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]'],
    [
      'with a last name of blanks',
      { LastName: ' ' },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [LastName]',
    ],
    [
      'with a text that is too long',
      { LastName: long },
      'STRING_TOO_LONG',
      `Last Name: data value too large: ${long} (max length=80)`,
    ],
    ['with half an email', { ...contact, Email: 'a@b' }, 'INVALID_EMAIL_ADDRESS', 'Email: invalid email address: a@b'],
    [
      'with a pick that is none',
      { ...contact, Tier__c: 'Tin' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Tier: bad value for restricted picklist field: Tin',
    ],
    [
      'with one bad pick of several',
      { ...contact, Interests__c: 'Analytics;Golf' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Interests: bad value for restricted picklist field: Golf',
    ],
    [
      'with a field that is none',
      { ...contact, Company: 'B' },
      'INVALID_FIELD',
      "No such column 'Company' on sobject of type Contact",
    ],
    [
      'with a field that is read only',
      { ...contact, CreatedDate: '2026-01-01T00:00:00Z' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: CreatedDate. ${notWritable}`,
    ],
    [
      'with a formula',
      { ...contact, Greeting__c: 'x' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: Greeting__c. ${notWritable}`,
    ],
    [
      'with an id',
      { ...contact, Id: missingId },
      'INVALID_FIELD',
      'The Id field should not be specified in the sobject data.',
    ],
    [
      'with a reference that is no id',
      { ...contact, AccountId: 'acme' },
      'MALFORMED_ID',
      'Account ID: id value of incorrect type: acme',
    ],
    [
      'with a reference to nothing',
      { ...contact, AccountId: '0015e0000999999AAA' },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
    ],
    [
      'with a key that is taken',
      { ...contact, Tandem_HubSpot_Id__c: '1' },
      'DUPLICATE_VALUE',
      'duplicate value found: Tandem_HubSpot_Id__c duplicates value on record with id: <id>',
    ],
    [
      'with a day that the calendar lacks',
      { ...contact, Renewal_Date__c: '2026-02-30' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of date from VALUE_STRING value 2026-02-30 or request may be missing a required field at [line:1, column:2]',
    ],
    [
      'with a number that is none',
      { ...contact, Score__c: 'high' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of double from VALUE_STRING value high or request may be missing a required field at [line:1, column:2]',
    ],
    [
      'with a number too large',
      { ...contact, Score__c: 1e9 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Score: value outside of valid range on numeric field: 1000000000',
    ],
  ])('%s is refused', async (_, body, code, text) => {
    const reply = await org.call('POST', '/sobjects/Contact', { body });
    expect(reply.status).toBe(400);
    const [error] = as(answers.errors, reply.body);
    const taken = org.sandbox.records('Contact')[0]?.Id;
    expect([error?.errorCode, error?.message]).toEqual([code, text.replace('<id>', String(taken))]);
  });

  test('leaves nothing behind when it is refused', () => {
    expect(org.sandbox.records('Contact')).toHaveLength(1);
    expect(org.sandbox.traffic.writes).toEqual([]);
  });

  test('of a lead without its company is refused', async () => {
    const reply = await org.call('POST', '/sobjects/Lead', { body: { LastName: 'A', Status: null } });
    expect(as(answers.errors, reply.body)).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING' }]);
  });

  test('for an owner who has left is refused', async () => {
    const body = { ...contact, OwnerId: org.sandbox.users.inactive };
    const reply = await org.call('POST', '/sobjects/Contact', { body });
    expect(as(answers.errors, reply.body)).toMatchObject([{ errorCode: 'INACTIVE_OWNER_OR_USER' }]);
  });

  test('of a user is refused', async () => {
    expect(await org.call('POST', '/sobjects/User', { body: { LastName: 'A' } })).toMatchObject({ status: 403 });
  });
});

test('an update that blanks a required field is refused', async () => {
  const id = org.sandbox.records('Contact')[0]?.Id;
  const reply = await org.call('PATCH', `/sobjects/Contact/${id}`, { body: { LastName: null } });
  expect(as(answers.errors, reply.body)).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }]);
});

test('a converted lead refuses every change and can still be read', async () => {
  const { people } = org.sandbox;
  const id = people.create('Lead', { LastName: 'A', Company: 'B', Email: 'a@b.example' });
  const { contactId, accountId } = people.convertLead(id);
  const reply = await org.call('PATCH', `/sobjects/Lead/${id}`, { body: { Title: 'x' } });
  expect(as(answers.errors, reply.body)).toMatchObject([
    { errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead' },
  ]);
  const { records } = await org.connection.query(`SELECT IsConverted, ConvertedContactId FROM Lead WHERE Id = '${id}'`);
  expect(records).toMatchObject([{ IsConverted: true, ConvertedContactId: contactId }]);
  expect(org.sandbox.record('Contact', contactId)).toMatchObject({ Email: 'a@b.example', AccountId: accountId });
  people.remove('Contact', contactId);
});

describe('a path', () => {
  test.each([
    [
      'of a record that is not there',
      'GET',
      `/sobjects/Contact/${missingId}`,
      404,
      'NOT_FOUND',
      'The requested resource does not exist',
    ],
    [
      'of an id that is none',
      'GET',
      '/sobjects/Contact/42',
      404,
      'NOT_FOUND',
      'Provided external ID field does not exist or is not accessible: 42',
    ],
    [
      'of a type that is none',
      'GET',
      '/sobjects/Widget__c/describe',
      404,
      'NOT_FOUND',
      'The requested resource does not exist',
    ],
    ['that is not modelled', 'GET', '/tooling/query', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    [
      'with a method that it has not',
      'PUT',
      '/limits',
      405,
      'METHOD_NOT_ALLOWED',
      "HTTP Method 'PUT' not allowed. Allowed are GET",
    ],
  ])('%s is refused', async (_, method, path, status, errorCode, message) => {
    const reply = await org.call(method, path);
    expect(reply.status).toBe(status);
    expect(as(answers.errors, reply.body)[0]).toMatchObject({ errorCode, message });
  });

  test('that is not modelled is noted, and so is a parameter', async () => {
    org.sandbox.traffic.clear();
    await org.call('GET', '/tooling/query');
    await org.call('GET', '/limits?pretty=1');
    await org.call('GET', '/limits', { headers: { 'Sforce-Mru': 'updateMru=true' } });
    await org.call('GET', `/query?q=${encodeURIComponent('SELECT TYPEOF Owner WHEN User THEN Id END FROM Case')}`);
    const having = 'SELECT Status FROM Lead GROUP BY Status HAVING NOT (COUNT(Id) > 1 OR COUNT(Id) = 0)';
    await org.call('GET', `/query?q=${encodeURIComponent(having)}`);
    expect(org.sandbox.traffic.unmodelled).toEqual([
      'GET /tooling/query',
      'GET /limits?pretty',
      'GET /limits with header sforce-mru',
      'SOQL: TYPEOF',
      'SOQL: NOT before several conditions of HAVING',
    ]);
  });

  test.each([
    ['v21.0', 410, 'UNSUPPORTED_API_VERSION'],
    ['v99.0', 404, 'NOT_FOUND'],
  ])('of version %s is answered %d', async (version, status, errorCode) => {
    const headers = { authorization: `Bearer ${org.connection.accessToken}` };
    const response = await fetch(`${org.url}/services/data/${version}/limits`, { headers });
    expect(response.status).toBe(status);
    expect(as(answers.errors, await response.json())).toMatchObject([{ errorCode }]);
  });
});

describe('a body', () => {
  test.each([
    ['that is no JSON', 'application/json', '{"LastName":', 400, 'JSON_PARSER_ERROR'],
    ['that is a list', 'application/json', '[]', 400, 'JSON_PARSER_ERROR'],
    ['of another kind', 'text/csv', 'LastName', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused', async (_, type, body, status, errorCode) => {
    const headers = { authorization: `Bearer ${org.connection.accessToken}`, 'content-type': type };
    const response = await fetch(`${org.url}/services/data/v67.0/sobjects/Contact`, { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect(as(answers.errors, await response.json())).toMatchObject([{ errorCode }]);
  });
});

describe('an address', () => {
  test('of more than 16,384 bytes is answered 414', async () => {
    const reply = await org.call('GET', `/query?q=${'x'.repeat(16_384)}`);
    expect(reply.status).toBe(414);
  });

  test('that is too long together with the headers is answered 431', async () => {
    const reply = await org.call('GET', `/query?q=${'x'.repeat(12_000)}`, { headers: { 'x-long': 'x'.repeat(5_000) } });
    expect(reply.status).toBe(431);
  });
});
