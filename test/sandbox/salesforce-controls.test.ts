import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

const control = (method: string, path: string, body?: unknown) => org.call(method, `/_sandbox${path}`, { body });
const idOf = ({ body }: { body: unknown }) => as(z.strictObject({ id: z.string().length(18) }), body).id;

describe('people', () => {
  test('create, change, delete and bring back over HTTP, as the user who is named', async () => {
    const { rep, administrator } = org.sandbox.users;
    const made = await control('POST', `/people/Contact?as=${rep}`, {
      fields: { LastName: 'A', Email: 'a@b.example' },
    });
    expect(made.status).toBe(201);
    const id = idOf(made);
    expect((await control('GET', `/records/Contact/${id}`)).body).toMatchObject({ CreatedById: rep, OwnerId: rep });
    expect(await control('PATCH', `/people/Contact/${id}`, { fields: { Title: 'x' } })).toMatchObject({ status: 204 });
    expect((await control('GET', '/records/Contact?email=A@B.example')).body).toMatchObject({
      records: [{ Id: id, Title: 'x', LastModifiedById: administrator }],
    });
    expect(await control('DELETE', `/people/Contact/${id}`)).toMatchObject({ status: 204 });
    expect((await control('GET', '/records/Contact')).body).toEqual({ records: [] });
    expect((await control('GET', `/records/Contact/${id}`)).body).toMatchObject({ IsDeleted: true });
    expect(await control('POST', `/people/Contact/${id}/undelete`)).toMatchObject({ status: 204 });
    expect((await control('GET', '/records/Contact')).body).toMatchObject({ records: [{ Id: id }] });
    expect((await control('GET', '/traffic')).body).toMatchObject({ writes: [] });
  });

  test('convert and merge over HTTP', async () => {
    const lead = idOf(await control('POST', '/people/Lead', { fields: { LastName: 'A', Company: 'B' } }));
    const { body } = await control('POST', `/people/Lead/${lead}/convert`, {});
    const { contactId } = as(z.strictObject({ accountId: z.string(), contactId: z.string() }), body);
    const twin = idOf(await control('POST', '/people/Contact', { fields: { LastName: 'A' } }));
    expect(await control('POST', `/people/Contact/${contactId}/merge`, { ids: [twin] })).toMatchObject({ status: 204 });
    expect(org.sandbox.record('Contact', twin)).toMatchObject({ IsDeleted: true, MasterRecordId: contactId });
  });

  test('are refused what Salesforce refuses', async () => {
    expect(await control('POST', '/people/Contact', { fields: { FirstName: 'A' } })).toMatchObject({
      status: 400,
      body: { message: 'REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]' },
    });
    expect(await control('PATCH', '/people/Contact/0035e0000999999AAA', { fields: {} })).toMatchObject({ status: 404 });
  });

  test('write in a transaction that others see when it commits', async () => {
    const { transaction } = as(
      z.strictObject({ transaction: z.string() }),
      (await control('POST', '/transactions')).body,
    );
    const id = idOf(await control('POST', `/people/Contact?transaction=${transaction}`, { fields: { LastName: 'A' } }));
    expect(await control('GET', `/records/Contact/${id}`)).toMatchObject({ status: 404 });
    expect(await control('DELETE', `/transactions/${transaction}`)).toMatchObject({ status: 204 });
    expect(await control('GET', `/records/Contact/${id}`)).toMatchObject({ status: 200 });
    expect(await control('DELETE', `/transactions/${transaction}`)).toMatchObject({ status: 404 });
  });
});

describe('a new org', () => {
  test('lacks our key until an administrator adds it', async () => {
    const key = 'Tandem_HubSpot_Id__c';
    const fields = async () => as(answers.describe, await org.connection.describe('Contact')).fields;
    expect((await fields()).map(({ name }) => name)).not.toContain(key);
    const asked = { object: 'Contact', name: key, type: 'text', length: 32, externalId: true, unique: true };
    expect(await control('POST', '/fields', asked)).toMatchObject({ status: 201 });
    expect((await fields()).find(({ name }) => name === key)).toMatchObject({
      type: 'string',
      length: 32,
      externalId: true,
      unique: true,
      caseSensitive: false,
      createable: true,
    });
    expect(await control('POST', '/fields', asked)).toMatchObject({ status: 400 });
    expect(await control('PATCH', `/fields/Contact/${key}`, { hidden: true })).toMatchObject({ status: 204 });
    expect((await fields()).map(({ name }) => name)).not.toContain(key);
  });

  test('describes what is required, picked from, worked out and referred to', async () => {
    const lead = as(answers.describe, await org.connection.describe('Lead'));
    const required = lead.fields.filter((field) => field.createable && !field.nillable && !field.defaultedOnCreate);
    expect(required.map(({ name }) => name).sort()).toEqual(['Company', 'LastName']);
    const field = (name: string) => lead.fields.find((each) => each.name === name);
    expect(field('Status')).toMatchObject({ type: 'picklist', restrictedPicklist: true, defaultedOnCreate: true });
    expect(field('Greeting__c')).toMatchObject({
      calculated: true,
      createable: false,
      calculatedFormula: "Salutation & ' ' & LastName",
    });
    expect(field('OwnerId')).toMatchObject({
      type: 'reference',
      referenceTo: ['Group', 'User'],
      relationshipName: 'Owner',
      polymorphicForeignKey: true,
    });
    expect(field('Email')).toMatchObject({ type: 'email', idLookup: true, length: 80 });
    const { sobjects } = await org.connection.describeGlobal();
    expect(sobjects.map(({ name, keyPrefix }) => `${name} ${keyPrefix}`)).toEqual([
      'Account 001',
      'Contact 003',
      'Lead 00Q',
      'Opportunity 006',
      'Case 500',
      'User 005',
      'Group 00G',
    ]);
  });
});

describe('rules', () => {
  test('refuse API clients and people alike where they validate', async () => {
    const rule = { object: 'Contact', field: 'Title', when: 'startsWith', value: 'Dr', message: 'No doctors.' };
    expect(await control('PUT', '/validation-rules', [rule])).toMatchObject({ status: 200 });
    const rows = [{ LastName: 'A' }, { LastName: 'B', Title: 'Dr. med.' }];
    expect(await org.connection.create('Contact', rows)).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No doctors.' }] },
    ]);
    expect(await control('POST', '/people/Contact', { fields: rows[1] })).toMatchObject({ status: 400 });
  });

  test('lock a row for API clients as often as they say', async () => {
    const id = org.sandbox.people.create('Contact', { LastName: 'Busy' });
    org.sandbox.rules.set([
      { object: 'Contact', field: 'LastName', when: 'equals', value: 'Busy', code: 'UNABLE_TO_LOCK_ROW', times: 1 },
    ]);
    org.sandbox.people.update('Contact', id, { Title: 'by people' });
    const write = () => org.connection.update('Contact', { Id: id, Title: 'by us' });
    expect(await refusalOf(write())).toMatchObject({
      errorCode: 'UNABLE_TO_LOCK_ROW',
      message: `unable to obtain exclusive access to this record or 1 records: ${id}`,
    });
    expect(await write()).toMatchObject({ success: true });
  });
});

describe('faults', () => {
  test('answer in the place of Salesforce, and jsforce repeats a read but no write', async () => {
    const unavailable = { status: 503, body: [{ message: 'Server busy', errorCode: 'SERVER_UNAVAILABLE' }] };
    await control('PUT', '/faults', [{ match: { pathPrefix: '/services/data' }, times: 2, fault: unavailable }]);
    expect(await refusalOf(org.connection.create('Contact', { LastName: 'A' }))).toMatchObject({
      errorCode: 'SERVER_UNAVAILABLE',
    });
    expect(await org.connection.query('SELECT COUNT() FROM Contact')).toMatchObject({ totalSize: 0 });
    expect(org.sandbox.traffic.report().calls).toMatchObject({ 'POST /sobjects/{type}': 1, 'GET /query': 2 });
  });

  test('can lose the answer to a write that was done', async () => {
    await control('PUT', '/faults', [
      { match: { method: 'POST', pathPrefix: '/services/data' }, fault: 'applyThenCut' },
    ]);
    expect(await refusalOf(org.connection.create('Contact', { LastName: 'A' }))).toMatchObject({
      message: 'fetch failed',
    });
    expect(org.sandbox.records('Contact')).toHaveLength(1);
  });

  test('can be an HTML page', async () => {
    await control('PUT', '/faults', [{ fault: { status: 420, body: '<html>Edge</html>' } }]);
    expect(await refusalOf(org.connection.create('Contact', { LastName: 'A' }))).toMatchObject({
      errorCode: 'ERROR_HTTP_420',
    });
  });
});

describe('every answer', () => {
  test('tells the use of the day and the time of the org', async () => {
    const { headers } = await org.call('GET', '/limits');
    expect(headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
    expect(headers.get('date')).toBe('Mon, 05 Jan 2026 09:00:00 GMT');
  });

  test('is a refusal when the day is spent, until the oldest calls are a day old', async () => {
    await org.close();
    org = await openOrg({ dailyLimit: 2 });
    const limits = () => org.call('GET', '/limits');
    expect([(await limits()).status, (await limits()).status]).toEqual([200, 200]);
    const refused = await limits();
    expect(refused).toMatchObject({
      status: 403,
      body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
    });
    org.time.advance(25 * 3_600_000);
    await org.connection.authorize({ grant_type: 'client_credentials' });
    expect(await limits()).toMatchObject({ status: 200, body: { DailyApiRequests: { Max: 2, Remaining: 1 } } });
  });
});

describe('a control', () => {
  test.each([
    ['PUT', '/page-size', { size: 0 }, 400, 'size'],
    ['PUT', '/page-size', { sizes: 5 }, 400, 'sizes'],
    ['PUT', '/visibility', {}, 400, 'delayMs'],
    ['PUT', '/tokens', { expireAll: false }, 400, 'expireAll'],
    ['PUT', '/validation-rules', [{ object: 'Lead' }], 400, '0.when'],
    ['POST', '/fields', { object: 'Lead', name: 'Key', type: 'text' }, 400, 'ends in __c'],
    ['POST', '/fields', { object: 'Nope', name: 'Key__c', type: 'text' }, 404, 'NOT_FOUND'],
    ['POST', '/people/Contact?who=me', { fields: {} }, 400, 'who'],
    ['POST', '/people/Nope', { fields: {} }, 404, 'NOT_FOUND'],
    ['POST', '/nope', {}, 404, 'is no control of this sandbox'],
  ])('%s %s with %j is refused', async (method, path, body, status, text) => {
    const reply = await control(method, path, body);
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply.body)).toContain(text);
  });

  test('is not counted, and the rest is forgotten on demand', async () => {
    await org.call('GET', '/limits');
    expect((await control('GET', '/traffic')).body).toMatchObject({ calls: { 'GET /limits': 1 } });
    await control('DELETE', '/traffic');
    expect((await control('GET', '/traffic')).body).toEqual({ calls: {}, writes: [], unmodelled: [], overruns: {} });
  });

  test('sets the page size and ends tokens and locators', async () => {
    for (const LastName of ['A', 'B']) org.sandbox.people.create('Contact', { LastName });
    await control('PUT', '/page-size', { size: 1 });
    const { nextRecordsUrl } = await org.connection.query('SELECT Id FROM Contact');
    await control('PUT', '/query-locators', { expireAll: true });
    expect(await refusalOf(org.connection.queryMore(String(nextRecordsUrl)))).toMatchObject({
      errorCode: 'INVALID_QUERY_LOCATOR',
    });
    await control('PUT', '/page-size', { size: null });
    expect(await org.connection.query('SELECT Id FROM Contact')).toMatchObject({ done: true });
    await control('PUT', '/tokens', { expireAll: true });
    expect(await org.call('GET', '/limits')).toMatchObject({ status: 401 });
  });
});
