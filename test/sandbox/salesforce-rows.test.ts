import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

const ada = { FirstName: 'Ada', LastName: 'Lovelace', Email: 'Ada@Example.com' };

describe('a row', () => {
  test('is created, read, changed and deleted by jsforce', async () => {
    const { id } = as(answers.saved, await org.connection.create('Contact', ada));
    const row = as(answers.record, await org.connection.retrieve('Contact', id));
    expect(row).toMatchObject({ ...ada, Id: id, Name: 'Ada Lovelace', OwnerId: org.sandbox.users.integration });
    await org.connection.update('Contact', { Id: id, Title: 'Countess', Email: null });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ Title: 'Countess', Email: null, LastName: 'Lovelace' });
    await org.connection.destroy('Contact', id);
    expect(await refusalOf(org.connection.retrieve('Contact', id))).toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ IsDeleted: true });
  });

  test('carries stamps of whole seconds and the user who wrote it', async () => {
    org.time.advance(1_234);
    const { id } = as(answers.saved, await org.connection.create('Lead', { LastName: 'A', Company: 'B' }));
    const made = '2026-01-05T09:00:01.000+0000';
    expect(org.sandbox.record('Lead', id)).toMatchObject({ CreatedDate: made, SystemModstamp: made, Status: 'Open' });
    org.time.advance(60_000);
    org.sandbox.people.update('Lead', id, { Title: 'x' });
    expect(org.sandbox.record('Lead', id)).toMatchObject({
      CreatedDate: made,
      CreatedById: org.sandbox.users.integration,
      LastModifiedDate: '2026-01-05T09:01:01.000+0000',
      LastModifiedById: org.sandbox.users.administrator,
    });
  });

  test('is found by its id of 15 characters and named by that of 18', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    expect(await org.connection.retrieve('Contact', id.slice(0, 15))).toMatchObject({ Id: id });
  });

  test('gives only the fields that are asked for', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    const { body } = await org.call('GET', `/sobjects/Contact/${id}?fields=lastname,Email`);
    expect(Object.keys(as(answers.record, body)).sort()).toEqual(['Email', 'Id', 'LastName', 'attributes']);
  });

  test('keeps what Salesforce works out in step with the rest', async () => {
    const id = org.sandbox.people.create('Contact', { ...ada, Salutation: 'Dr.' });
    await org.connection.update('Contact', { Id: id, LastName: 'Byron' });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ Name: 'Ada Byron', Greeting__c: 'Dr. Byron' });
  });

  test('moves its stamps even when an update changes no value', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    org.time.advance(5_000);
    await org.connection.update('Contact', { Id: id, LastName: 'Lovelace' });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ LastModifiedDate: '2026-01-05T09:00:05.000+0000' });
  });

  test('loses blanks around a text and keeps a blank text as null', async () => {
    const id = org.sandbox.people.create('Contact', { LastName: '  Ada ', Title: '   ' });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ LastName: 'Ada', Title: null });
  });
});

describe('values', () => {
  test.each([
    ['Score__c', '12.345', 12.35],
    ['Score__c', '', null],
    ['HasOptedOutOfEmail', null, false],
    ['HasOptedOutOfEmail', 'true', true],
    ['Renewal_Date__c', '2028-02-29', '2028-02-29'],
    ['Last_Call__c', '2026-01-01T10:00:00.987+01:00', '2026-01-01T09:00:00.000+0000'],
    ['Interests__c', 'Events;Analytics', 'Events;Analytics'],
    ['Phone', 4_930_123, '4930123'],
    ['Description', 'Grüße\n二行目', 'Grüße\n二行目'],
    ['LeadSource', 'Word of mouth', 'Word of mouth'],
  ])('of %s: %j is kept as %j', async (field, sent, kept) => {
    const { id } = as(answers.saved, await org.connection.create('Contact', { LastName: 'A', [field]: sent }));
    expect(org.sandbox.record('Contact', id)?.[field]).toBe(kept);
  });
});

describe('a conditional write', () => {
  const since = 'Mon, 05 Jan 2026 09:00:00 GMT';

  test('goes through when nobody has changed the row since, to the second', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    const { headers } = await org.call('GET', `/sobjects/Contact/${id}`);
    expect(headers.get('last-modified')).toBe(since);
    const options = { headers: { 'If-Unmodified-Since': since } };
    expect(await org.connection.update('Contact', { Id: id, Title: 'x' }, options)).toMatchObject({ success: true });
  });

  test('is answered 412 without a body when somebody has, and writes nothing', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    org.time.advance(1_000);
    org.sandbox.people.update('Contact', id, { Title: 'theirs' });
    const reply = await org.call('PATCH', `/sobjects/Contact/${id}`, {
      body: { Title: 'ours' },
      headers: { 'If-Unmodified-Since': since },
    });
    expect(reply).toMatchObject({ status: 412, body: '' });
    const options = { headers: { 'If-Unmodified-Since': since } };
    expect(await refusalOf(org.connection.update('Contact', { Id: id, Title: 'ours' }, options))).toMatchObject({
      errorCode: 'ERROR_HTTP_412',
    });
    expect(org.sandbox.record('Contact', id)).toMatchObject({ Title: 'theirs' });
    expect(org.sandbox.traffic.writes).toEqual([]);
  });

  test('is refused when its date is in another form', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    const headers = { 'If-Unmodified-Since': '2026-01-05T09:00:00.000+0000' };
    expect(await org.call('PATCH', `/sobjects/Contact/${id}`, { body: { Title: 'x' }, headers })).toMatchObject({
      status: 400,
    });
  });

  test('answers 304 to a read of what has not changed', async () => {
    const id = org.sandbox.people.create('Contact', ada);
    const headers = { 'If-Modified-Since': since };
    expect(await org.call('GET', `/sobjects/Contact/${id}`, { headers })).toMatchObject({ status: 304, body: '' });
    org.time.advance(1_000);
    org.sandbox.people.update('Contact', id, { Title: 'x' });
    expect(await org.call('GET', `/sobjects/Contact/${id}`, { headers })).toMatchObject({ status: 200 });
  });
});

describe('upsert by external id', () => {
  const path = '/sobjects/Contact/Tandem_HubSpot_Id__c/4711';
  beforeEach(() => org.addKey('Contact'));

  test('creates with 201, then updates with 200', async () => {
    const first = await org.call('PATCH', path, { body: { LastName: 'A' } });
    expect(first).toMatchObject({ status: 201, body: { success: true, created: true } });
    const { id } = as(answers.saved, first.body);
    expect(first.headers.get('location')).toBe(`/services/data/v67.0/sobjects/Contact/${id}`);
    expect(await org.call('PATCH', path, { body: { LastName: 'B' } })).toMatchObject({
      status: 200,
      body: { id, success: true, errors: [], created: false },
    });
    expect(org.sandbox.records('Contact')).toMatchObject([{ LastName: 'B', Tandem_HubSpot_Id__c: '4711' }]);
  });

  test('answers 204 without a body to an update by an old version', async () => {
    await org.call('PATCH', path, { body: { LastName: 'A' } });
    const response = await fetch(`${org.url}/services/data/v45.0${path}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${org.connection.accessToken}`, 'content-type': 'application/json' },
      body: '{"LastName":"B"}',
    });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('never creates with updateOnly', async () => {
    expect(await org.call('PATCH', `${path}?updateOnly=true`, { body: { LastName: 'A' } })).toMatchObject({
      status: 404,
    });
    expect(org.sandbox.records('Contact')).toEqual([]);
  });

  test('answers 300 with the addresses when several match, and writes nothing', async () => {
    const ids = [1, 2].map(() => org.sandbox.people.create('Contact', ada));
    const reply = await org.call('PATCH', '/sobjects/Contact/Email/ada@example.COM', { body: { Title: 'x' } });
    expect(reply).toMatchObject({ status: 300, body: ids.map((id) => `/services/data/v67.0/sobjects/Contact/${id}`) });
    expect(org.sandbox.traffic.writes).toEqual([]);
  });

  test('takes a key with a slash and a blank when it is encoded', async () => {
    await org.call('PATCH', `/sobjects/Contact/Tandem_HubSpot_Id__c/${encodeURIComponent('a/b c')}`, {
      body: { LastName: 'A' },
    });
    expect(org.sandbox.records('Contact')).toMatchObject([{ Tandem_HubSpot_Id__c: 'a/b c' }]);
  });

  test('knows no field that is no key', async () => {
    const reply = await org.call('PATCH', '/sobjects/Contact/Title/x', { body: { LastName: 'A' } });
    expect(reply.status).toBe(404);
    expect(as(answers.errors, reply.body)[0]?.message).toMatch(/^Provided external ID field does not exist/);
  });
});
