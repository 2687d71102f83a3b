import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { errorBody, listBody } from '../contracts/hubspot-answers.ts';
import { call, isCustomer, oneFilter, refusalOf, rootOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(async () => {
  expect(stage.sandbox.traffic.unmodelled).toEqual([]);
  await stage.close();
});

const stamp = z.iso.datetime({ precision: 3 });
const cursor = z.strictObject({ after: z.string(), link: z.url() });
const pageBody = z.strictObject({
  results: z.array(z.strictObject({ recordId: z.string(), membershipTimestamp: stamp })),
  total: z.number(),
  paging: z
    .strictObject({
      next: cursor.optional(),
      prev: z.strictObject({ before: z.string(), link: z.url() }).optional(),
    })
    .optional(),
});

const lists = () => stage.client.crm.lists;
const people = () => stage.sandbox.people;

async function createList(name: string, filterBranch: unknown = isCustomer): Promise<string> {
  const { status, body } = await call(stage, 'POST', '/crm/v3/lists/', {
    name,
    objectTypeId: '0-1',
    processingType: 'DYNAMIC',
    filterBranch,
  });
  expect(status).toBe(200);
  return z.strictObject({ list: listBody }).parse(body).list.listId;
}

const customer = (name: string) => people().create('contacts', { firstname: name, lifecyclestage: 'customer' }).id;
const memberIds = (listId: string) => stage.sandbox.memberships(listId).members.map(({ recordId }) => recordId);
const page = async (listId: string, query = '') =>
  pageBody.parse((await call(stage, 'GET', `/crm/v3/lists/${listId}/memberships${query}`)).body);

describe('a list', () => {
  test('is read one by one, many at once, and by name whatever its case, with its definition on request', async () => {
    const listId = await createList('VIP customers / EU');
    const plain = (await lists().listsApi.getById(listId)).list;
    expect(plain).toMatchObject({ listId, listVersion: 1, processingType: 'DYNAMIC' });
    expect(plain.filterBranch).toBeUndefined();
    const byName = (await lists().listsApi.getByName('vip CUSTOMERS / eu', '0-1', true)).list;
    expect(byName).toMatchObject({ listId, filterBranch: { filterBranchType: 'OR', filterBranchOperator: 'OR' } });
    const many = await lists().listsApi.getAll([listId, '999'], true);
    expect(many.lists.map((list) => list.listId)).toEqual([listId]);
    expect(many.lists[0]?.filterBranch).toEqual(byName.filterBranch);
  });

  test('is shown with what the caller left out of its definition', async () => {
    const operation = { operationType: 'enumeration', operator: 'IS_ANY_OF', values: ['customer'] };
    const listId = await createList('aliases', {
      filterBranchType: 'OR',
      filterBranches: [
        { filterBranchType: 'AND', filters: [{ filterType: 'PROPERTY', property: 'lifecyclestage', operation }] },
      ],
    });
    const { body } = await call(stage, 'GET', `/crm/v3/lists/${listId}?includeFilters=true`);
    expect(z.strictObject({ list: listBody }).parse(body).list.filterBranch).toEqual({
      filterBranchType: 'OR',
      filterBranchOperator: 'OR',
      filters: [],
      filterBranches: [
        {
          filterBranchType: 'AND',
          filterBranchOperator: 'AND',
          filterBranches: [],
          filters: [
            {
              filterType: 'PROPERTY',
              property: 'lifecyclestage',
              operation: {
                operationType: 'ENUMERATION',
                operator: 'IS_ANY_OF',
                values: ['customer'],
                includeObjectsWithNoValueSet: false,
              },
            },
          ],
        },
      ],
    });
  });

  test('is found by parts of its name, with its size and without its definition', async () => {
    const ids = [await createList('Customers A'), await createList('Customers B'), await createList('Others')];
    const first = await lists().listsApi.doSearch({ query: 'customers', count: 1, offset: 0 });
    expect(first).toMatchObject({ total: 2, offset: 1, hasMore: true });
    expect(first.lists.map((list) => [list.listId, list.additionalProperties['hs_list_size']])).toEqual([
      [ids[0], '0'],
    ]);
    const statics = await lists().listsApi.doSearch({ processingTypes: ['MANUAL'] });
    expect(statics).toMatchObject({ total: 0, lists: [], hasMore: false });
  });

  test('has a name of its own', async () => {
    await createList('Customers');
    const { code, body } = await refusalOf(
      lists().listsApi.create({ name: 'CUSTOMERS', objectTypeId: '0-1', processingType: 'MANUAL' }),
    );
    expect([code, body.category, body.subCategory]).toEqual([400, 'VALIDATION_ERROR', 'ILS.DUPLICATE_LIST_NAMES']);
  });

  test('is renamed, to a name that no other has', async () => {
    const listId = await createList('Customers');
    await createList('Others');
    const { updatedList } = await lists().listsApi.updateName(listId, 'Clients', true);
    expect(updatedList).toMatchObject({ listId, name: 'Clients', listVersion: 1 });
    expect(await refusalOf(lists().listsApi.updateName(listId, 'others', false))).toMatchObject({
      code: 400,
      body: { subCategory: 'ILS.DUPLICATE_LIST_NAMES' },
    });
  });

  test('is restored within 90 days of its deletion, and evaluated anew', async () => {
    const [listId, first] = [await createList('Customers'), customer('Ann')];
    stage.sandbox.runEvaluation();
    await lists().listsApi.remove(listId);
    const second = customer('Bo');
    await lists().listsApi.restore(listId);
    expect((await lists().listsApi.getById(listId)).list.processingStatus).toBe('PROCESSING');
    stage.sandbox.runEvaluation();
    expect(memberIds(listId)).toEqual([first, second]);

    await lists().listsApi.remove(listId);
    const taken = await createList('Customers');
    expect(await refusalOf(lists().listsApi.restore(listId))).toMatchObject({ code: 400 });
    await lists().listsApi.remove(taken);
    stage.time.advance(91 * 86_400_000);
    expect(await refusalOf(lists().listsApi.restore(listId))).toMatchObject({ code: 404 });
  });

  test('is gone once it is deleted: by id, by name, by its members and from its records', async () => {
    const [listId, record] = [await createList('Customers'), customer('Ann')];
    stage.sandbox.runEvaluation();
    await lists().listsApi.remove(listId);
    for (const path of [
      listId,
      `${listId}/memberships`,
      `${listId}/memberships/join-order`,
      'object-type-id/0-1/name/Customers',
    ]) {
      const { status, body } = await call(stage, 'GET', `/crm/v3/lists/${path}`);
      expect([status, errorBody.parse(body).category]).toEqual([404, 'OBJECT_NOT_FOUND']);
    }
    expect((await lists().membershipsApi.getLists('0-1', record)).results).toEqual([]);
    await createList('Customers');
  });
});

const filter = (property: string, operation: unknown) => ({ filterType: 'PROPERTY', property, operation });
const known = filter('city', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' });

test.each([
  ['a root that is no OR', { filterBranchType: 'AND', filters: [known] }],
  ['a root without branches', { filterBranchType: 'OR', filterBranches: [] }],
  ['a root with filters of its own', { ...rootOf([known]), filters: [known] }],
  ['an empty AND', rootOf([])],
  ['an OR inside the root', { filterBranchType: 'OR', filterBranches: [{ filterBranchType: 'OR', filters: [known] }] }],
  ['251 filters', rootOf(Array.from({ length: 251 }, () => known))],
  ['an unknown property', oneFilter('no_such', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' })],
  [
    'ENUMERATION with IS_NOT_EQUAL_TO',
    oneFilter('lifecyclestage', { operationType: 'ENUMERATION', operator: 'IS_NOT_EQUAL_TO', values: ['x'] }),
  ],
  [
    'ALL_PROPERTY with IS_MORE_THAN_X_DAYS_AGO',
    oneFilter('city', { operationType: 'ALL_PROPERTY', operator: 'IS_MORE_THAN_X_DAYS_AGO' }),
  ],
  [
    'IS_NOT_KNOWN, which does not exist',
    oneFilter('city', { operationType: 'ALL_PROPERTY', operator: 'IS_NOT_KNOWN' }),
  ],
  [
    'MULTISTRING with IS_BETWEEN',
    oneFilter('city', { operationType: 'MULTISTRING', operator: 'IS_BETWEEN', values: ['x'] }),
  ],
  [
    'STRING with CONTAINS_EXACTLY',
    oneFilter('city', { operationType: 'STRING', operator: 'CONTAINS_EXACTLY', value: 'x' }),
  ],
  ['NUMBER on text', oneFilter('city', { operationType: 'NUMBER', operator: 'IS_EQUAL_TO', value: 1 })],
  [
    'NUMBER with a value that is none',
    oneFilter('annualrevenue', { operationType: 'NUMBER', operator: 'IS_EQUAL_TO', value: 'x' }),
  ],
  ['no values', oneFilter('lifecyclestage', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: [] })],
  [
    'one bound alone',
    oneFilter('annualrevenue', { operationType: 'NUMBER_RANGED', operator: 'IS_BETWEEN', lowerBound: 1 }),
  ],
  [
    'history of a calculated property',
    oneFilter('hs_is_unworked', { operationType: 'BOOL', operator: 'HAS_EVER_BEEN_EQUAL_TO', value: true }),
  ],
  [
    'a kind of operation that is not modelled',
    oneFilter('birthday', { operationType: 'TIME_POINT', operator: 'IS_BEFORE' }),
  ],
  [
    'a kind of filter that is not modelled',
    rootOf([{ filterType: 'PAGE_VIEW', operator: 'HAS_PAGEVIEW_EQ', pageUrl: 'x' }]),
  ],
  ['a list that does not exist', rootOf([{ filterType: 'IN_LIST', operator: 'IN_LIST', listId: '999' }])],
])('a definition with %s is refused with 400, and no list comes to be', async (_, filterBranch) => {
  const answer = await call(stage, 'POST', '/crm/v3/lists', {
    name: 'x',
    objectTypeId: '0-1',
    processingType: 'DYNAMIC',
    filterBranch,
  });
  expect([answer.status, errorBody.parse(answer.body).category]).toEqual([400, 'VALIDATION_ERROR']);
  expect((await lists().listsApi.doSearch({})).total).toBe(0);
});

test('a definition that leads back to its own list is refused', async () => {
  const first = await createList('first');
  const inList = (listId: string) => rootOf([{ filterType: 'IN_LIST', operator: 'IN_LIST', listId }]);
  const other = await createList('second', inList(first));
  expect(
    (await call(stage, 'PUT', `/crm/v3/lists/${first}/update-list-filters`, { filterBranch: inList(other) })).status,
  ).toBe(400);
});

describe('evaluation', () => {
  test('comes after the change: until then the members are those of the last one', async () => {
    const listId = await createList('Customers');
    const record = customer('Ann');
    expect([stage.sandbox.evaluate(listId, record), memberIds(listId)]).toEqual(['true', []]);
    stage.time.advance(500);
    stage.sandbox.runEvaluation();
    const { results } = await page(listId);
    expect(results).toEqual([{ recordId: record, membershipTimestamp: '2026-01-05T09:00:00.500Z' }]);

    people().edit('contacts', record, { lifecyclestage: '' });
    expect([stage.sandbox.evaluate(listId, record), memberIds(listId)]).toEqual(['false', [record]]);
    stage.sandbox.runEvaluation();
    expect(memberIds(listId)).toEqual([]);
  });

  test('waits for its delay, which can be changed while it waits', () => {
    const { sandbox, time } = stage;
    sandbox.setEvaluation({ delayMs: 2000 });
    const listId = people().createList({ name: 'Customers', filterBranch: isCustomer });
    time.advance(2000);
    const [ann, bo] = [customer('Ann'), customer('Bo')];
    time.advance(1999);
    expect(memberIds(listId)).toEqual([]);
    time.advance(1);
    expect(memberIds(listId)).toEqual([ann, bo]);

    sandbox.setEvaluation({ delayMs: 60_000 });
    people().archive('contacts', ann);
    time.advance(59_999);
    expect([memberIds(listId), sandbox.evaluation.pending]).toEqual([[ann, bo], 1]);
    sandbox.setEvaluation({ delayMs: 0 });
    time.advance(0);
    expect([memberIds(listId), sandbox.evaluation.pending]).toEqual([[bo], 0]);
  });

  test('of one change does not hurry that of a later one, nor a new definition end with the time of an old one', () => {
    const { sandbox, time } = stage;
    sandbox.setEvaluation({ delayMs: 2000 });
    const listId = people().createList({ name: 'Customers', filterBranch: isCustomer });
    const ann = customer('Ann');
    time.advance(1000);
    const bo = customer('Bo');
    people().updateListFilters(listId, isCustomer);
    time.advance(1000);
    expect(sandbox.memberships(listId)).toMatchObject({ processingStatus: 'PROCESSING', listVersion: 2 });
    expect(sandbox.evaluation.pending).toBe(2);
    time.advance(1000);
    expect([sandbox.memberships(listId).processingStatus, memberIds(listId)]).toEqual(['COMPLETE', [ann, bo]]);
  });

  test('is pending only for lists that read what changed', () => {
    people().createList({ name: 'Customers', filterBranch: isCustomer });
    people().createList({
      name: 'By domain',
      filterBranch: oneFilter('hs_email_domain', {
        operationType: 'STRING',
        operator: 'IS_EQUAL_TO',
        value: 'acme.com',
      }),
    });
    const record = customer('Ann');
    stage.sandbox.runEvaluation();
    people().edit('contacts', record, { city: 'Graz', lifecyclestage: 'evangelist' });
    // One for the list that reads the stage, one for the list that reads what HubSpot works out with every write.
    expect(stage.sandbox.evaluation.pending).toBe(2);
  });

  test('of a new definition shows a part of the members until it is complete', async () => {
    const records = ['Ann', 'Bo', 'Cy', 'Di'].map(customer);
    const listId = await createList('Customers');
    expect((await lists().listsApi.getById(listId)).list.processingStatus).toBe('PROCESSING');
    expect(memberIds(listId)).toEqual([records[1], records[3]]);
    stage.sandbox.runEvaluation();
    expect((await lists().listsApi.getById(listId)).list).toMatchObject({ processingStatus: 'COMPLETE', size: 4 });
  });

  test('of a changed definition has a new version, and ends with members of that one alone', async () => {
    const listId = await createList('Customers');
    const [ann, bo] = [customer('Ann'), people().create('contacts', { firstname: 'Bo' }).id];
    stage.sandbox.runEvaluation();
    const before = (await lists().listsApi.getById(listId)).list;
    stage.time.advance(1000);
    const isBo = oneFilter('firstname', { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'Bo' });
    const { body } = await call(stage, 'PUT', `/crm/v3/lists/${listId}/update-list-filters`, { filterBranch: isBo });
    const { updatedList } = z.strictObject({ updatedList: listBody }).parse(body);
    expect(updatedList).toMatchObject({ listVersion: before.listVersion + 1, processingStatus: 'PROCESSING' });
    expect(updatedList.filtersUpdatedAt).toBe('2026-01-05T09:00:01.000Z');
    expect(memberIds(listId)).toEqual([ann, bo]);
    stage.sandbox.runEvaluation();
    expect(memberIds(listId)).toEqual([bo]);
  });

  test('happens once for a snapshot, never for a manual list, whose members are edited', async () => {
    const ann = customer('Ann');
    const snapshot = people().createList({ name: 'snapshot', processingType: 'SNAPSHOT', filterBranch: isCustomer });
    const { list: manual } = await lists().listsApi.create({
      name: 'manual',
      objectTypeId: '0-1',
      processingType: 'MANUAL',
    });
    stage.sandbox.runEvaluation();
    const bo = customer('Bo');
    stage.sandbox.runEvaluation();
    expect(memberIds(snapshot)).toEqual([ann]);
    expect([manual.processingStatus, memberIds(manual.listId)]).toEqual(['COMPLETE', []]);

    const added = await lists().membershipsApi.add(manual.listId, [bo, '1']);
    expect(added).toMatchObject({ recordsIdsAdded: [bo], recordIdsMissing: ['1'] });
    expect(await lists().membershipsApi.remove(manual.listId, [bo])).toMatchObject({ recordIdsRemoved: [bo] });
    const dynamic = await createList('Customers');
    expect((await refusalOf(lists().membershipsApi.add(dynamic, [bo]))).code).toBe(400);
  });

  test('are added and removed in one call, copied from another list, and removed all at once', async () => {
    const [ann, bo] = [customer('Ann'), customer('Bo')];
    const make = async (name: string) =>
      (await lists().listsApi.create({ name, objectTypeId: '0-1', processingType: 'MANUAL' })).list.listId;
    const [hand, copy] = [await make('by hand'), await make('a copy')];
    await lists().membershipsApi.add(hand, [ann]);
    const both = await lists().membershipsApi.addAndRemove(hand, { recordIdsToAdd: [bo], recordIdsToRemove: [ann] });
    expect(both).toMatchObject({ recordsIdsAdded: [bo], recordIdsRemoved: [ann] });
    await lists().membershipsApi.addAllFromList(copy, hand);
    expect(memberIds(copy)).toEqual([bo]);
    await lists().membershipsApi.removeAll(copy);
    expect([memberIds(copy), memberIds(hand)]).toEqual([[], [bo]]);
    const dynamic = await createList('Active');
    expect(await refusalOf(lists().membershipsApi.removeAll(dynamic))).toMatchObject({ code: 400 });
  });

  test('leaves alone what was settled by hand', () => {
    const listId = people().createList({
      name: 'visitors',
      filterBranch: rootOf([{ filterType: 'PAGE_VIEW', operator: 'HAS_PAGEVIEW_EQ', pageUrl: 'x' }]),
      unmodelled: 'keep',
    });
    const [ann, bo] = [customer('Ann'), customer('Bo')];
    expect(stage.sandbox.evaluate(listId, ann)).toBe('unknown');
    stage.sandbox.forceMembership(listId, ann, true);
    people().edit('contacts', bo, { city: 'Graz' });
    stage.sandbox.runEvaluation();
    expect(memberIds(listId)).toEqual([ann]);
  });
});

describe('members', () => {
  test('come in pages of at most 250 by id, forward and backward', async () => {
    const listId = await createList('Customers');
    const records = Array.from({ length: 260 }, (_, index) => customer(`F${index}`));
    stage.sandbox.runEvaluation();
    const first = await page(listId, '?limit=250');
    expect([first.total, first.results.length, first.paging?.prev]).toEqual([260, 250, undefined]);
    const second = await page(listId, `?limit=250&after=${encodeURIComponent(first.paging?.next?.after ?? '')}`);
    expect([...first.results, ...second.results].map(({ recordId }) => recordId)).toEqual(records);
    expect(second.paging?.next).toBeUndefined();
    const back = await page(listId, `?limit=3&before=${encodeURIComponent(second.paging?.prev?.before ?? '')}`);
    expect(back.results.map(({ recordId }) => recordId)).toEqual([records[249], records[248], records[247]]);
    expect((await call(stage, 'GET', `/crm/v3/lists/${listId}/memberships?limit=251`)).status).toBe(400);
    expect((await call(stage, 'GET', `/crm/v3/lists/${listId}/memberships?after=garbage`)).status).toBe(400);
  });

  test('come in the order of joining, where the last cursor finds later joins, also of the same moment', async () => {
    const listId = await createList('Customers');
    const [late, ann, bo] = [people().create('contacts', { firstname: 'Late' }).id, customer('Ann'), customer('Bo')];
    stage.sandbox.runEvaluation();
    const order = `${listId}/memberships/join-order`;
    const joins = async (query: string) =>
      pageBody.parse((await call(stage, 'GET', `/crm/v3/lists/${order}${query}`)).body);
    const first = await joins('?limit=1');
    const after = `?limit=1&after=${encodeURIComponent(first.paging?.next?.after ?? '')}`;
    expect([first.results[0]?.recordId, (await joins(after)).results[0]?.recordId]).toEqual([ann, bo]);
    expect((await joins(after)).paging?.next).toBeUndefined();

    people().edit('contacts', late, { lifecyclestage: 'customer' });
    stage.sandbox.runEvaluation();
    const again = await joins(`?limit=10&after=${encodeURIComponent(first.paging?.next?.after ?? '')}`);
    expect(again.results.map(({ recordId }) => recordId)).toEqual([bo, late]);

    people().edit('contacts', ann, { lifecyclestage: '' });
    stage.sandbox.runEvaluation();
    stage.time.advance(1000);
    people().edit('contacts', ann, { lifecyclestage: 'customer' });
    stage.sandbox.runEvaluation();
    const { results } = await lists().membershipsApi.getPageOrderedByAddedToListDate(listId);
    expect(results.map(({ recordId }) => recordId)).toEqual([bo, late, ann]);
  });

  test('are told by record: one at a time, and many at once in any order', async () => {
    const listId = await createList('Customers');
    people().createList({ name: 'hidden', filterBranch: isCustomer, isPublic: false });
    const [ann, bo] = [customer('Ann'), people().create('contacts', { firstname: 'Bo' }).id];
    stage.sandbox.runEvaluation();
    const { results } = await lists().membershipsApi.getLists('0-1', ann);
    expect(results.map((row) => [row.listId, row.isPublicList])).toEqual([
      [listId, true],
      ['2', false],
    ]);

    const inputs = [ann, bo, '1'].map((recordId) => ({ objectTypeId: '0-1', recordId }));
    const { status, body } = await call(stage, 'POST', '/crm/v3/lists/records/memberships/batch/read', { inputs });
    const row = z.strictObject({
      objectTypeId: z.literal('0-1'),
      recordId: z.string(),
      recordListMemberships: z.array(
        z.strictObject({
          listId: z.string(),
          listVersion: z.number(),
          firstAddedTimestamp: stamp,
          lastAddedTimestamp: stamp,
          isPublicList: z.boolean(),
        }),
      ),
    });
    const answer = z
      .strictObject({ status: z.literal('COMPLETE'), results: z.array(row), startedAt: stamp, completedAt: stamp })
      .parse(body);
    expect(status).toBe(200);
    const byRecord = answer.results.map(({ recordId, recordListMemberships }) => [
      recordId,
      recordListMemberships.length,
    ]);
    expect(new Map(byRecord as [string, number][])).toEqual(
      new Map([
        [ann, 2],
        [bo, 0],
        ['1', 0],
      ]),
    );
    expect(answer.results.map(({ recordId }) => recordId)).not.toEqual([ann, bo, '1']);

    const tooMany = Array.from({ length: 101 }, () => ({ objectTypeId: '0-1', recordId: ann }));
    expect(
      (await call(stage, 'POST', '/crm/v3/lists/records/memberships/batch/read', { inputs: tooMany })).status,
    ).toBe(400);
  });
});
