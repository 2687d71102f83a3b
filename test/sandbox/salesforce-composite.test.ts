import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

const base = '/services/data/v67.0';
const send = async (compositeRequest: unknown[], more: object = {}) =>
  as(answers.composite, await org.connection.requestPost(`${base}/composite`, { ...more, compositeRequest }))
    .compositeResponse;

const account = { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'acme', body: { Name: 'Acme' } };
const contact = {
  method: 'POST',
  url: `${base}/sobjects/Contact`,
  referenceId: 'ann',
  body: { LastName: 'Ann', AccountId: '@{acme.id}' },
};
const bad = { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'bad', body: {} };

test('later subrequests name what earlier ones answered, in address and body', async () => {
  const query = { method: 'GET', url: `${base}/query?q=SELECT+Id,Name+FROM+Account`, referenceId: 'found' };
  const read = {
    method: 'GET',
    url: `${base}/sobjects/Account/@{found.records[0].Id}?fields=Name`,
    referenceId: 'again',
  };
  const response = await send([account, contact, query, read]);
  expect(response).toMatchObject([
    {
      httpStatusCode: 201,
      referenceId: 'acme',
      httpHeaders: { Location: expect.stringContaining('/sobjects/Account/001') },
    },
    { httpStatusCode: 201, referenceId: 'ann' },
    { httpStatusCode: 200, body: { totalSize: 1 } },
    { httpStatusCode: 200, body: { Name: 'Acme' } },
  ]);
  expect(org.sandbox.records('Contact')).toMatchObject([{ AccountId: org.sandbox.records('Account')[0]?.Id }]);
});

test('a query longer than any address goes in the body of a composite', async () => {
  org.sandbox.people.create('Contact', { LastName: 'A', Email: 'a@b.example' });
  const emails = Array.from({ length: 700 }, (_, i) => `'somebody.number.${i}@example.com'`).join(',');
  const url = `${base}/query?q=${encodeURIComponent(`SELECT Id FROM Contact WHERE Email IN ('a@b.example',${emails})`)}`;
  expect(url.length).toBeGreaterThan(16_384);
  expect(await send([{ method: 'GET', url, referenceId: 'found' }])).toMatchObject([{ body: { totalSize: 1 } }]);
});

test('one bad subrequest stops no other, but those that name its answer', async () => {
  const onBad = { ...contact, referenceId: 'child', body: { LastName: 'X', AccountId: '@{bad.id}' } };
  expect(await send([bad, onBad, account])).toMatchObject([
    { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
    { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
    { httpStatusCode: 201 },
  ]);
});

test('all or none takes everything back, before and after the one that failed', async () => {
  const response = await send([account, bad, contact], { allOrNone: true });
  const halted = {
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  };
  expect(response).toMatchObject([
    { httpStatusCode: 400, body: [halted] },
    { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
    { httpStatusCode: 400, body: [halted] },
  ]);
  expect(org.sandbox.records('Account')).toEqual([]);
  expect(org.sandbox.traffic.writes).toEqual([]);
});

test('a collection inside follows the outer flag', async () => {
  const records = [{ attributes: { type: 'Contact' }, LastName: 'A' }, { attributes: { type: 'Contact' } }];
  const collection = {
    method: 'POST',
    url: `${base}/composite/sobjects`,
    referenceId: 'both',
    body: { allOrNone: false, records },
  };
  await send([collection, account], { allOrNone: true });
  expect([org.sandbox.records('Contact'), org.sandbox.records('Account')]).toEqual([[], []]);
  await send([collection, account]);
  expect([org.sandbox.records('Contact'), org.sandbox.records('Account')]).toMatchObject([
    { length: 1 },
    { length: 1 },
  ]);
});

test('counts as one request of the day', async () => {
  const used = org.connection.limitInfo.apiUsage?.used ?? 0;
  await send([account, contact]);
  expect(org.connection.limitInfo.apiUsage?.used).toBe(used + 1);
  expect(org.sandbox.traffic.report().calls).toMatchObject({
    'POST /composite': 1,
    'in composite: POST /sobjects/{type}': 2,
  });
});

describe('a composite', () => {
  const read = (n: number) => ({ method: 'GET', url: `${base}/limits`, referenceId: `r${n}` });
  const query = (n: number) => ({ method: 'GET', url: `${base}/query?q=SELECT+Id+FROM+Lead`, referenceId: `r${n}` });
  const times = (n: number, make: (i: number) => object) => Array.from({ length: n }, (_, i) => make(i));

  test.each([
    ['of 26 subrequests', times(26, read)],
    ['of six queries', times(6, query)],
    ['with one reference twice', [read(1), read(1)]],
    ['without a reference', [{ method: 'GET', url: `${base}/limits` }]],
    ['of none', []],
  ])('%s is refused', async (_, compositeRequest) => {
    const reply = await org.call('POST', '/composite', { body: { compositeRequest } });
    expect(reply.status).toBe(400);
    as(answers.errors, reply.body);
  });

  test('of 25 subrequests, five of them queries, is taken', async () => {
    const response = await send([...times(20, read), ...times(5, (i) => query(20 + i))]);
    expect(response.every(({ httpStatusCode }) => httpStatusCode === 200)).toBe(true);
  });
});
