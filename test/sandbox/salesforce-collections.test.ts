import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
  org.addKey('Contact');
});
afterEach(() => org.close());

const key = 'Tandem_HubSpot_Id__c';
const failedWith = (statusCode: string) => ({ success: false, errors: [{ statusCode }] });
const make = (...names: string[]) => names.map((LastName) => org.sandbox.people.create('Contact', { LastName }));

test('create answers each record in the order of the request, and one bad record stops no other', async () => {
  const rows = [
    { LastName: 'A' },
    { FirstName: 'B' },
    { LastName: 'C', Nope: 1 },
    { LastName: 'D', Email: 'd' },
    { LastName: 'E' },
  ];
  const result = as(answers.items, await org.connection.create('Contact', rows));
  expect(result).toMatchObject([
    { success: true },
    failedWith('REQUIRED_FIELD_MISSING'),
    failedWith('INVALID_FIELD'),
    failedWith('INVALID_EMAIL_ADDRESS'),
    { success: true },
  ]);
  expect(org.sandbox.records('Contact').map(({ LastName }) => LastName)).toEqual(['A', 'E']);
});

test('create takes several types at once', async () => {
  const records = [
    { attributes: { type: 'Lead' }, LastName: 'A', Company: 'B' },
    { attributes: { type: 'Contact' }, LastName: 'A' },
    { attributes: { type: 'Nope__c' }, LastName: 'A' },
  ];
  const { body } = await org.call('POST', '/composite/sobjects', { body: { records } });
  expect(as(answers.items, body)).toMatchObject([{ success: true }, { success: true }, failedWith('INVALID_TYPE')]);
});

test('update changes each record by its id', async () => {
  const [a, b, c] = make('A', 'B', 'C');
  org.sandbox.people.remove('Contact', String(c));
  const rows = [
    { Id: String(a).slice(0, 15), Title: '1' },
    { Id: c, Title: '2' },
    { Id: '0035e0000999999AAA', Title: '3' },
    { Id: '00Q5e0000999999AAA', Title: '4' },
    { Id: b, Title: '5' },
  ];
  const result = as(answers.items, await org.connection.update('Contact', rows as { Id: string }[]));
  expect(result).toMatchObject([
    { success: true, id: a },
    failedWith('ENTITY_IS_DELETED'),
    failedWith('INVALID_CROSS_REFERENCE_KEY'),
    failedWith('MALFORMED_ID'),
    { success: true, id: b },
  ]);
  const { body } = await org.call('PATCH', '/composite/sobjects', {
    body: { records: [{ attributes: { type: 'Contact' } }] },
  });
  expect(as(answers.items, body)).toMatchObject([{ errors: [{ message: 'Id not specified in an update call' }] }]);
});

test('upsert creates what is new and changes what is there', async () => {
  const [old] = make('Old');
  await org.connection.update('Contact', { Id: String(old), [key]: '1' });
  const rows = [
    { [key]: '1', LastName: 'Changed' },
    { [key]: '2', LastName: 'New' },
    { [key]: '3' },
    { [key]: '4', LastName: 'Twin' },
    { [key]: '4', LastName: 'Twin' },
  ];
  const result = as(answers.items, await org.connection.upsert('Contact', rows, key));
  expect(result).toMatchObject([
    { success: true, id: old, created: false },
    { success: true, created: true },
    failedWith('REQUIRED_FIELD_MISSING'),
    failedWith('DUPLICATE_EXTERNAL_ID'),
    failedWith('DUPLICATE_EXTERNAL_ID'),
  ]);
  expect(org.sandbox.records('Contact').map(({ LastName }) => LastName)).toEqual(['Changed', 'New']);
});

test('the same upsert twice leaves one record', async () => {
  const rows = [{ [key]: '1', LastName: 'A' }];
  const [first] = as(answers.items, await org.connection.upsert('Contact', rows, key));
  const [second] = as(answers.items, await org.connection.upsert('Contact', rows, key));
  expect([first, second]).toMatchObject([{ created: true }, { created: false }]);
  expect(org.sandbox.records('Contact')).toHaveLength(1);
});

test('upsert by a key that fits several records touches none', async () => {
  const ids = make('A', 'B');
  for (const id of ids) org.sandbox.people.update('Contact', id, { Email: 'a@b.example' });
  const result = as(
    answers.items,
    await org.connection.upsert('Contact', [{ Email: 'A@b.example', Title: 'x' }], 'Email'),
  );
  expect(result).toMatchObject([
    { errors: [{ message: `Email: more than one record found for external id field: [${ids.join(', ')}]` }] },
  ]);
});

test('all or none takes everything back and says so of the good ones', async () => {
  const [a] = make('A');
  const rows = [
    { Id: a, Title: 'x' },
    { Id: a, LastName: null },
  ];
  const result = as(
    answers.items,
    await org.connection.update('Contact', rows as { Id: string }[], { allOrNone: true }),
  );
  expect(result).toMatchObject([failedWith('ALL_OR_NONE_OPERATION_ROLLED_BACK'), failedWith('REQUIRED_FIELD_MISSING')]);
  const made = await org.connection.create('Contact', [{ LastName: 'B' }, {}], { allOrNone: true });
  expect(made).toMatchObject([failedWith('ALL_OR_NONE_OPERATION_ROLLED_BACK'), failedWith('REQUIRED_FIELD_MISSING')]);
  expect(org.sandbox.records('Contact')).toMatchObject([{ LastName: 'A', Title: null }]);
  expect(org.sandbox.traffic.writes).toEqual([]);
});

test('delete moves records to the recycle bin, one by one', async () => {
  const [a, b] = make('A', 'B');
  const result = as(
    answers.items,
    await org.connection.destroy('Contact', [String(a), '0035e0000999999AAA', String(b)]),
  );
  expect(result).toMatchObject([{ success: true }, failedWith('INVALID_CROSS_REFERENCE_KEY'), { success: true }]);
  expect(org.sandbox.records('Contact')).toEqual([]);
});

test('retrieve answers null for what is not there', async () => {
  const [a] = make('A');
  const rows = await org.connection.retrieve('Contact', [String(a), '0035e0000999999AAA', 'x'], {
    fields: ['LastName'],
  });
  expect(rows).toMatchObject([{ attributes: { type: 'Contact' }, Id: a, LastName: 'A' }, null, null]);
});

describe('a whole call', () => {
  test('of more than 200 records is refused', async () => {
    const rows = Array.from({ length: 201 }, () => ({ LastName: 'A' }));
    expect(await refusalOf(org.connection.create('Contact', rows))).toMatchObject({ errorCode: 'EXCEEDED_ID_LIMIT' });
    expect(org.sandbox.records('Contact')).toEqual([]);
  });

  test.each([
    ['without records', {}],
    ['with a record without type', { records: [{ LastName: 'A' }] }],
  ])('%s is refused', async (_, body) => {
    expect(await org.call('POST', '/composite/sobjects', { body })).toMatchObject({ status: 400 });
  });

  test('of more than ten chunks of one type is refused', async () => {
    const types = Array.from({ length: 11 }, (_, i) => (i % 2 === 0 ? 'Contact' : 'Account'));
    const records = types.map((type) => ({ attributes: { type }, LastName: 'A', Name: 'A' }));
    expect(await org.call('POST', '/composite/sobjects', { body: { records } })).toMatchObject({ status: 400 });
  });
});

test('every field that an API client writes is counted, and no edit by people', async () => {
  const { traffic, people } = org.sandbox;
  const [saved] = as(answers.items, await org.connection.create('Contact', [{ LastName: 'A', Title: 'x' }]));
  if (!saved?.success) throw new Error('expected a record');
  people.update('Contact', saved.id, { Title: 'y' });
  await org.connection.destroy('Contact', saved.id);
  expect(traffic.writes).toEqual([
    { type: 'Contact', id: saved.id, field: 'LastName', kind: 'create' },
    { type: 'Contact', id: saved.id, field: 'Title', kind: 'create' },
    { type: 'Contact', id: saved.id, field: 'IsDeleted', kind: 'archive' },
  ]);
  expect(traffic.report().calls).toEqual({
    'POST /services/oauth2/token': 1,
    'POST /composite/sobjects': 1,
    'DELETE /sobjects/{type}/{id}': 1,
  });
});
