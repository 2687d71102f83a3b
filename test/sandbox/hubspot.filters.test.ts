import { describe, expect, test } from '@jest/globals';
import { evaluateBranch, type FilterBranch } from '../../sandbox/hubspot/filters/evaluate.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { oneFilter, rootOf } from './hubspot-client.ts';

/** A property of each kind, for the values of the tables below. */
const properties = {
  text: 'city',
  number: 'annualrevenue',
  bool: 'newsletter',
  options: 'interests',
} as const;
type Kind = keyof typeof properties;

const optionValues = ['red', 'blue', 'green', 'darkred', 'Red', 'lead', 'customer', 'New', 'a', 'b'];

/** `[filter fields, record, passes]`; a record is its history, oldest first, and no history is no value. */
type Case = readonly [Record<string, unknown>, readonly string[], boolean];

const nv = { includeObjectsWithNoValueSet: true };
const v = (...values: (string | number)[]) => ({ values });
const one = (value: string | number | boolean) => ({ value });
const range = (lowerBound: number, upperBound: number) => ({ lowerBound, upperBound });

/**
 * HubSpot's documented and reported meanings, and our choices where it is silent, by operation: property kind,
 * operationType, operator, cases. https://developers.hubspot.com/docs/api-reference/crm-lists-v3/list-filters
 */
const table: readonly (readonly [Kind, string, string, readonly Case[]])[] = [
  [
    'text',
    'ALL_PROPERTY',
    'IS_KNOWN',
    [
      [{}, ['Ann'], true],
      [{}, [], false],
      [{}, ['x', ''], false],
      [nv, [], false],
    ],
  ],
  ['number', 'ALL_PROPERTY', 'IS_KNOWN', [[{}, ['0'], true]]],
  ['bool', 'ALL_PROPERTY', 'IS_KNOWN', [[{}, ['false'], true]]],
  [
    'text',
    'ALL_PROPERTY',
    'IS_UNKNOWN',
    [
      [{}, [], true],
      [nv, [], true],
      [nv, ['Ann'], false],
    ],
  ],
  [
    'text',
    'ALL_PROPERTY',
    'IS_BLANK',
    [
      [{}, [], true],
      [{}, ['Ann'], false],
    ],
  ],
  [
    'text',
    'ALL_PROPERTY',
    'IS_NOT_BLANK',
    [
      [{}, [], false],
      [{}, ['Ann'], true],
    ],
  ],
  [
    'text',
    'MULTISTRING',
    'IS_EQUAL_TO',
    [
      [v('John'), ['John'], true],
      [v('John'), ['Johnny'], false],
      [v('John'), [], false],
      [{ ...v('John'), ...nv }, [], true],
      [v('John', 'Jane'), ['Jane'], true],
      [v('john'), ['John'], true],
    ],
  ],
  [
    'text',
    'MULTISTRING',
    'IS_NOT_EQUAL_TO',
    [
      [v('Smith'), ['Jones'], true],
      [v('Smith'), [], false],
      [{ ...v('Smith'), ...nv }, [], true],
      [v('Smith', 'Jones'), ['Jones'], false],
      [v('smith'), ['Smith'], false],
    ],
  ],
  [
    'text',
    'MULTISTRING',
    'CONTAINS',
    [
      [v('@EXAMPLE.com'), ['a@example.com'], true],
      [v('corp', 'inc'), ['Acme Inc'], true],
      [v('rect'), ['Director'], true],
      [v('vice president'), ['President, Vice'], false],
    ],
  ],
  [
    'text',
    'MULTISTRING',
    'DOES_NOT_CONTAIN',
    [
      [v('test', 'spam'), ['spam trap'], false],
      [v('test'), [], false],
      [{ ...v('test'), ...nv }, [], true],
    ],
  ],
  [
    'text',
    'MULTISTRING',
    'STARTS_WITH',
    [
      [v('+44', '+33'), ['+33123'], true],
      [v('acme'), ['The Acme'], false],
    ],
  ],
  ['text', 'MULTISTRING', 'ENDS_WITH', [[v('.edu'), ['mit.EDU'], true]]],
  ['text', 'MULTISTRING', 'CONTAINS_EXACTLY', [[v('art'), ['Berlin'], false]]],
  ['text', 'STRING', 'IS_EQUAL_TO', [[one('a1s2'), ['a1s2'], true]]],
  [
    'text',
    'STRING',
    'HAS_EVER_BEEN_EQUAL_TO',
    [
      [one('lead'), ['lead', 'customer'], true],
      [one('customer'), ['customer'], true],
      [one('x'), ['x', ''], true],
    ],
  ],
  [
    'text',
    'STRING',
    'HAS_NEVER_BEEN_EQUAL_TO',
    [
      [one('lead'), ['lead', 'customer'], false],
      [one('x'), [], false],
      [{ ...one('x'), ...nv }, [], true],
    ],
  ],
  ['text', 'STRING', 'HAS_EVER_CONTAINED', [[one('corp'), ['Acme Corp', 'Acme'], true]]],
  [
    'number',
    'NUMBER',
    'IS_EQUAL_TO',
    [
      [one(12), ['12'], true],
      [one(12), ['12.0'], true],
      [one(0.3), ['0.30'], true],
    ],
  ],
  [
    'number',
    'NUMBER',
    'IS_GREATER_THAN',
    [
      [one(9), ['10'], true],
      [one(100), ['100'], false],
    ],
  ],
  ['number', 'NUMBER', 'IS_GREATER_THAN_OR_EQUAL_TO', [[one(100), ['100'], true]]],
  [
    'number',
    'NUMBER',
    'IS_LESS_THAN',
    [
      [one(1), [], false],
      [{ ...one(1), ...nv }, [], true],
      [one(0), ['-0.5'], true],
    ],
  ],
  ['number', 'NUMBER', 'IS_NOT_EQUAL_TO', [[one(5), [], false]]],
  [
    'number',
    'NUMBER_RANGED',
    'IS_BETWEEN',
    [
      [range(0, 10), ['10'], true],
      [range(0, 10), ['0'], true],
    ],
  ],
  [
    'number',
    'NUMBER_RANGED',
    'IS_NOT_BETWEEN',
    [
      [range(0, 10), ['10'], false],
      [range(0, 10), ['11'], true],
      [range(0, 10), [], false],
    ],
  ],
  ['number', 'NUMBER', 'HAS_EVER_BEEN_EQUAL_TO', [[one(5), ['5', '7'], true]]],
  [
    'bool',
    'BOOL',
    'IS_EQUAL_TO',
    [
      [one(true), ['true'], true],
      [one(true), [], false],
    ],
  ],
  [
    'bool',
    'BOOL',
    'IS_NOT_EQUAL_TO',
    [
      [{ ...one(true), ...nv }, [], true],
      [one(true), ['false'], true],
    ],
  ],
  ['bool', 'ENUMERATION', 'IS_ANY_OF', [[v('true'), ['true'], true]]],
  [
    'options',
    'ENUMERATION',
    'IS_ANY_OF',
    [
      [v('lead', 'customer'), ['lead'], true],
      [v('red', 'blue'), ['blue;green'], true],
      [v('red'), [], false],
      [v('red'), ['darkred'], false],
      [v('Red'), ['red'], false],
    ],
  ],
  [
    'options',
    'ENUMERATION',
    'IS_NONE_OF',
    [
      [v('red', 'blue'), ['green'], true],
      [v('red'), ['red;green'], false],
      [v('customer'), [], false],
      [{ ...v('customer'), ...nv }, [], true],
    ],
  ],
  [
    'options',
    'ENUMERATION',
    'IS_EXACTLY',
    [
      [v('red', 'blue'), ['blue;red'], true],
      [v('red'), ['red;blue'], false],
    ],
  ],
  ['options', 'ENUMERATION', 'IS_NOT_EXACTLY', [[v('red'), ['red;blue'], true]]],
  [
    'options',
    'ENUMERATION',
    'CONTAINS_ALL',
    [
      [v('red', 'blue'), ['red;blue;green'], true],
      [v('red', 'blue'), ['red'], false],
    ],
  ],
  [
    'options',
    'ENUMERATION',
    'DOES_NOT_CONTAIN_ALL',
    [
      [v('red', 'blue'), ['red;green'], true],
      [v('red', 'blue'), ['red;blue;green'], false],
    ],
  ],
  ['options', 'ENUMERATION', 'HAS_EVER_BEEN_ANY_OF', [[v('lead'), ['lead', 'customer'], true]]],
  ['options', 'ENUMERATION', 'HAS_NEVER_BEEN_ANY_OF', [[{ ...v('New'), ...nv }, [], true]]],
  ['options', 'ENUMERATION', 'HAS_EVER_CONTAINED_ALL', [[v('a', 'b'), ['a', 'b'], false]]],
  ['options', 'ENUMERATION', 'HAS_EVER_BEEN_EXACTLY', [[v('a'), ['a', 'a;b'], true]]],
  // Complements and ends that the list above leaves out.
  [
    'text',
    'MULTISTRING',
    'HAS_NEVER_BEEN_EQUAL_TO',
    [
      [v('x', 'y'), ['Y', 'z'], false],
      [v('x'), ['z'], true],
    ],
  ],
  [
    'text',
    'STRING',
    'HAS_NEVER_CONTAINED',
    [
      [one('corp'), ['Acme Corp', 'Acme'], false],
      [one('x'), ['y', ''], true],
    ],
  ],
  [
    'number',
    'NUMBER',
    'IS_LESS_THAN_OR_EQUAL_TO',
    [
      [one(7), ['7.00'], true],
      [one(7), ['7.01'], false],
    ],
  ],
  ['number', 'NUMBER', 'IS_EQUAL_TO', [[one('9007199254740993'), ['9007199254740992'], false]]],
  [
    'number',
    'NUMBER',
    'HAS_NEVER_BEEN_EQUAL_TO',
    [
      [one(5), ['5', '7'], false],
      [one(6), ['5', '7'], true],
    ],
  ],
  ['number', 'NUMBER_RANGED', 'IS_BETWEEN', [[range(10, 0), ['5'], false]]],
  ['bool', 'BOOL', 'HAS_EVER_BEEN_EQUAL_TO', [[one(true), ['true', 'false'], true]]],
  ['bool', 'BOOL', 'HAS_NEVER_BEEN_EQUAL_TO', [[one(true), ['true', ''], false]]],
  ['options', 'ENUMERATION', 'HAS_NEVER_CONTAINED_ALL', [[v('a', 'b'), ['a;b', 'a'], false]]],
  ['options', 'ENUMERATION', 'HAS_NEVER_BEEN_EXACTLY', [[v('a'), ['a;b'], true]]],
];

async function sandboxWithOptions(): Promise<HubSpotSandbox> {
  const sandbox = createHubSpotSandbox();
  sandbox.setEvaluation({ manual: true });
  const answer = await sandbox.door.fetch(
    new Request('http://hubspot.test/crm/v3/properties/contacts', {
      method: 'POST',
      headers: { authorization: 'Bearer pat-sandbox' },
      body: JSON.stringify({
        name: 'colours',
        label: 'Colours',
        type: 'enumeration',
        fieldType: 'checkbox',
        groupName: 'contactinformation',
        options: optionValues.map((value) => ({ label: value, value })),
      }),
    }),
  );
  expect(answer.status).toBe(201);
  return sandbox;
}

describe.each(table)('%s property, %s %s', (kind, operationType, operator, cases) => {
  const name = kind === 'options' ? 'colours' : properties[kind];

  test.each(cases)('%j of a record with %j: %s', async (fields, versions, passes) => {
    const sandbox = await sandboxWithOptions();
    const { id } = sandbox.people.create('contacts', { firstname: 'Ann' });
    for (const version of versions) sandbox.people.edit('contacts', id, { [name]: version });
    const filterBranch = oneFilter(name, { operationType, operator, ...fields });
    const listId = sandbox.people.createList({ name: 'case', filterBranch });

    expect(sandbox.evaluate(listId, id)).toBe(String(passes));
    sandbox.runEvaluation();
    expect(sandbox.memberships(listId).members.map(({ recordId }) => recordId)).toEqual(passes ? [id] : []);
    sandbox.stop();
  });
});

describe('branches', () => {
  const [passes, fails] = [
    { filterType: 'CONSTANT', shouldAccept: true },
    { filterType: 'CONSTANT', shouldAccept: false },
  ];
  const unsure = { filterType: 'PAGE_VIEW' };
  const branch = (filterBranchType: string, ...filters: FilterBranch['filters'][number][]): FilterBranch => ({
    filterBranchType,
    filterBranches: [],
    filters,
  });
  const subject = {
    now: 0,
    accountZone: 'UTC',
    versions: () => undefined,
    typeOf: () => undefined,
    isMember: () => undefined,
    related: () => [],
  };

  test.each([
    ['OR', [branch('AND', fails), branch('AND', passes)], 'true'],
    ['OR', [branch('AND', passes, fails)], 'false'],
    ['OR', [branch('AND', passes)], 'true'],
    ['OR', [branch('NOT_ALL', passes, fails)], 'true'],
    ['OR', [branch('NOT_ANY', passes, fails)], 'false'],
    ['OR', [branch('AND', passes, unsure)], 'unknown'],
    ['OR', [branch('AND', fails, unsure)], 'false'],
    ['OR', [branch('AND', unsure), branch('AND', passes)], 'true'],
    ['OR', [branch('AND', unsure), branch('AND', fails)], 'unknown'],
    ['OR', [branch('ASSOCIATION', passes)], 'false'],
    ['OR', [branch('UNIFIED_EVENTS', passes)], 'unknown'],
  ])('%s of %j: %s', (filterBranchType, filterBranches, expected) => {
    expect(evaluateBranch({ filterBranchType, filterBranches, filters: [] }, subject)).toBe(expected);
  });
});

test('membership of another list is that of its last evaluation, and chains settle one after another', async () => {
  const sandbox = await sandboxWithOptions();
  const { id } = sandbox.people.create('contacts', { firstname: 'Ann', city: 'Graz' });
  const inGraz = oneFilter('city', { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'Graz' });
  const listId = sandbox.people.createList({ name: 'in Graz', filterBranch: inGraz });
  const inList = (operator: string) =>
    sandbox.people.createList({ name: operator, filterBranch: rootOf([{ filterType: 'IN_LIST', listId, operator }]) });
  const [members, others] = [inList('IN_LIST'), inList('NOT_IN_LIST')];
  expect([sandbox.evaluate(members, id), sandbox.evaluate(others, id)]).toEqual(['false', 'true']);
  sandbox.runEvaluation();
  expect([sandbox.evaluate(members, id), sandbox.evaluate(others, id)]).toEqual(['true', 'false']);
  expect(sandbox.memberships(members).members).toHaveLength(1);
  expect(sandbox.memberships(others).members).toHaveLength(0);

  sandbox.people.deleteList(listId);
  sandbox.runEvaluation();
  expect(sandbox.memberships(members).members).toHaveLength(0);
  expect(sandbox.memberships(others).members).toHaveLength(0);
  sandbox.stop();
});

test.each([
  ['CONTAINS_EXACTLY', 'unknown'],
  ['DOES_NOT_CONTAIN_EXACTLY', 'unknown'],
])('%s is unknown where CONTAINS holds, and makes nobody a member', async (operator, expected) => {
  const sandbox = await sandboxWithOptions();
  const { id } = sandbox.people.create('contacts', { firstname: 'Ann', city: 'Smartphone' });
  const filterBranch = oneFilter('city', { operationType: 'MULTISTRING', operator, values: ['art'] });
  const listId = sandbox.people.createList({ name: 'case', filterBranch });
  expect(sandbox.evaluate(listId, id)).toBe(expected);
  sandbox.forceMembership(listId, id, true);
  expect(sandbox.memberships(listId).members).toHaveLength(1);
  sandbox.forceMembership(listId, id, null);
  sandbox.runEvaluation();
  expect(sandbox.memberships(listId).members).toHaveLength(0);
  sandbox.stop();
});
