import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { errorBody, recordBody } from '../contracts/hubspot-answers.ts';
import { call, type Stage, startStage } from './hubspot-client.ts';

const searchBody = z.strictObject({
  total: z.number(),
  results: z.array(recordBody),
  paging: z.strictObject({ next: z.strictObject({ after: z.string() }) }).optional(),
});

let stage: Stage;
const names = new Map<string, string>();
beforeAll(async () => {
  stage = await startStage();
  const people = [
    { firstname: 'Ann', email: 'ann@acme.com', city: 'New York', annualrevenue: '9', lifecyclestage: 'lead' },
    { firstname: 'Bo', email: 'bo@acme.com', city: 'york', annualrevenue: '10', birthday: '2000-01-02' },
    { firstname: 'Cy', email: 'cy@other.org', annualrevenue: '100.0', lifecyclestage: 'customer' },
  ];
  for (const person of people) {
    names.set(stage.sandbox.people.create('contacts', person).id, person.firstname);
    stage.time.advance(1000);
  }
});
afterAll(async () => {
  expect(stage.sandbox.traffic.unmodelled).toEqual([]);
  await stage.close();
});

const post = (body: unknown) => call(stage, 'POST', '/crm/v3/objects/contacts/search', body);
const found = async (body: unknown) =>
  searchBody.parse((await post(body)).body).results.map(({ id }) => names.get(id) ?? id);
const filter = (propertyName: string, operator: string, more: Record<string, unknown> = {}) => ({
  propertyName,
  operator,
  ...more,
});

test.each([
  ['EQ without regard to case', [filter('city', 'EQ', { value: 'YORK' })], ['Bo']],
  ['EQ of options with regard to case', [filter('lifecyclestage', 'EQ', { value: 'Lead' })], []],
  ['EQ of numbers by value', [filter('annualrevenue', 'EQ', { value: '100' })], ['Cy']],
  ['NEQ only where there is a value', [filter('city', 'NEQ', { value: 'york' })], ['Ann']],
  ['GT by number, not by text', [filter('annualrevenue', 'GT', { value: 9 })], ['Bo', 'Cy']],
  ['BETWEEN with both ends', [filter('annualrevenue', 'BETWEEN', { value: '9', highValue: '10' })], ['Ann', 'Bo']],
  ['IN of lower-case text', [filter('city', 'IN', { values: ['new york', 'YORK'] })], ['Ann']],
  ['NOT_IN', [filter('lifecyclestage', 'NOT_IN', { values: ['lead'] })], ['Cy']],
  ['HAS_PROPERTY', [filter('birthday', 'HAS_PROPERTY')], ['Bo']],
  ['NOT_HAS_PROPERTY', [filter('lifecyclestage', 'NOT_HAS_PROPERTY')], ['Bo']],
  ['CONTAINS_TOKEN by whole words', [filter('city', 'CONTAINS_TOKEN', { value: 'york' })], ['Ann', 'Bo']],
  ['CONTAINS_TOKEN not by parts', [filter('city', 'CONTAINS_TOKEN', { value: 'yor' })], []],
  ['CONTAINS_TOKEN with a star', [filter('email', 'CONTAINS_TOKEN', { value: '*@acme.com' })], ['Ann', 'Bo']],
  ['GTE of a stamp as text', [filter('lastmodifieddate', 'GTE', { value: '2026-01-05T09:00:01.000Z' })], ['Bo', 'Cy']],
  ['GT of a stamp as milliseconds', [filter('lastmodifieddate', 'GT', { value: '1767603601000' })], ['Cy']],
  [
    'filters of a group together',
    [filter('city', 'HAS_PROPERTY'), filter('annualrevenue', 'LTE', { value: '9' })],
    ['Ann'],
  ],
])('%s', async (_, filters, expected) => {
  expect(await found({ filterGroups: [{ filters }] })).toEqual(expected);
  expect(await found({ filters })).toEqual(expected);
});

test('groups are alternatives', async () => {
  const [one, other] = [filter('firstname', 'EQ', { value: 'ann' }), filter('firstname', 'EQ', { value: 'cy' })];
  expect(await found({ filterGroups: [{ filters: [one] }, { filters: [other] }] })).toEqual(['Ann', 'Cy']);
});

test('words are looked for at their beginning', async () => {
  expect(await found({ query: 'acme b' })).toEqual(['Bo']);
});

test.each([
  [['annualrevenue'], ['Ann', 'Bo', 'Cy']],
  [[{ propertyName: 'annualrevenue', direction: 'DESCENDING' }], ['Cy', 'Bo', 'Ann']],
  [
    ['-createdate', 'annualrevenue'],
    ['Cy', 'Bo', 'Ann'],
  ],
])('sorts %j', async (sorts, expected) => {
  expect(await found({ sorts })).toEqual(expected);
});

test("pages with a number to go on from, which HubSpot's client reads", async () => {
  const { doSearch } = stage.client.crm.contacts.searchApi;
  const first = await doSearch.call(stage.client.crm.contacts.searchApi, { limit: 2, properties: ['firstname'] });
  expect([first.total, first.results.length, first.paging?.next?.after]).toEqual([3, 2, '2']);
  const { paging, results } = searchBody.parse((await post({ limit: 2, after: '2' })).body);
  expect([results.length, paging]).toEqual([1, undefined]);
});

test('carries no rate-limit headers', async () => {
  expect((await post({})).headers.get('x-hubspot-ratelimit-max')).toBeNull();
});

const many = (count: number) => Array.from({ length: count }, () => filter('city', 'HAS_PROPERTY'));

test.each([
  ['a page of more than 200', { limit: 201 }],
  ['a page past 10,000', { limit: 200, after: '10000' }],
  ['more than 3,000 characters', { query: 'x'.repeat(3000) }],
  ['six groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: many(1) })) }],
  ['seven filters in a group', { filterGroups: [{ filters: many(7) }] }],
  ['19 filters', { filterGroups: [6, 6, 6, 1].map((count) => ({ filters: many(count) })) }],
  ['an unknown property', { filters: [filter('no_such', 'HAS_PROPERTY')] }],
  ['a missing value', { filters: [filter('city', 'EQ')] }],
])('%s is refused', async (_, body) => {
  const { status, body: answer } = await post(body);
  expect([status, errorBody.parse(answer).category]).toEqual([400, 'VALIDATION_ERROR']);
});

test('an unknown operator is refused as bad JSON', async () => {
  expect((await post({ filters: [filter('city', 'LIKE', { value: 'x' })] })).status).toBe(400);
});

test('shows records as they were as long ago as the index lags', async () => {
  const { sandbox, time } = stage;
  time.advance(10_000);
  sandbox.setSearchLag(5000);
  const { id } = sandbox.people.create('contacts', { firstname: 'Di', city: 'Graz' });
  const inGraz = { filters: [filter('city', 'EQ', { value: 'graz' })], properties: ['city'] };
  expect(await found(inGraz)).toEqual([]);
  time.advance(5000);
  expect(await found(inGraz)).toEqual([id]);
  sandbox.people.edit('contacts', id, { city: 'Linz' });
  time.advance(4999);
  const { results } = searchBody.parse((await post(inGraz)).body);
  expect(results[0]?.properties['city']).toBe('Graz');
  sandbox.people.archive('contacts', id);
  time.advance(5000);
  expect(await found({ filters: [filter('city', 'EQ', { value: 'linz' })] })).toEqual([]);
  sandbox.setSearchLag(0);
});
