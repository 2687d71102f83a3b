import { describe, expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { oneFilter, rootOf } from './hubspot-client.ts';

/** Local 10:00 in New York, five hours behind UTC: today began at 05:00 UTC. */
const now = '2026-11-18T15:00:00.000Z';
const zoneId = 'America/New_York';

function sandboxAt(instant: string): { sandbox: HubSpotSandbox; time: ManualTime } {
  const time = new ManualTime(instant);
  const sandbox = createHubSpotSandbox({ clock: time, timers: time, timeZone: zoneId });
  sandbox.setEvaluation({ manual: true });
  return { sandbox, time };
}

type Fields = Readonly<Record<string, unknown>>;
const date = (year: number, month: number, day: number, time: Fields = {}) => ({
  timeType: 'DATE',
  year,
  month,
  day,
  zoneId,
  ...time,
});
const today = (days = 0) => ({
  timeType: 'INDEXED',
  indexReference: { referenceType: 'TODAY' },
  ...(days !== 0 && { offset: { days } }),
  zoneId,
});
const instant = { timeType: 'INDEXED', indexReference: { referenceType: 'NOW' }, zoneId };
const point = (operator: string, timePoint: unknown, more: Fields = {}) => ({
  operationType: 'TIME_POINT',
  operator,
  timePoint,
  ...more,
});
const range = (lowerBoundTimePoint: unknown, upperBoundTimePoint: unknown, more: Fields = {}) => ({
  operationType: 'TIME_RANGED',
  operator: 'IS_BETWEEN',
  lowerBoundTimePoint,
  upperBoundTimePoint,
  ...more,
});
const endOfDay = { hour: 23, minute: 59, second: 59, millisecond: 999 };
const wholeDay = (year: number, month: number, day: number) =>
  range(date(year, month, day, { hour: 0 }), date(year, month, day, endOfDay));

const lessThan3DaysAgo = range(today(-3), instant);
const lessThan5DaysAhead = range(instant, today(5));
const endOf4March = point('IS_AFTER', date(2024, 3, 4, endOfDay));
const nv = { includeObjectsWithNoValueSet: true };
const equal = wholeDay(2024, 3, 11);

/** `[what, operation, value, passes]`; days go into a date, instants into a datetime. */
const cases: readonly (readonly [string, Fields, string, boolean])[] = [
  ['equals a day: its first millisecond', equal, '2024-03-11T04:00:00.000Z', true],
  ['equals a day: its last millisecond', equal, '2024-03-12T03:59:59.999Z', true],
  ['equals a day: the next one', equal, '2024-03-12T04:00:00.000Z', false],
  ['equals a day: a date', equal, '2024-03-11', true],
  ['equals a day: the next date', equal, '2024-03-12', false],
  ['after a day: the next one', endOf4March, '2024-03-05T05:00:00.000Z', true],
  ['after a day: its last millisecond', endOf4March, '2024-03-05T04:59:59.999Z', false],
  ['after a day without a time of day', point('IS_AFTER', date(2024, 3, 4)), '2024-03-05T04:59:59.999Z', false],
  [
    'before a day: its first millisecond',
    point('IS_BEFORE', date(2024, 3, 4, { hour: 0 })),
    '2024-03-04T05:00:00.000Z',
    false,
  ],
  ['before a day, nothing there, flag', { ...point('IS_BEFORE', date(2024, 3, 4)), ...nv }, '', true],
  ['before a day, nothing there', point('IS_BEFORE', date(2024, 3, 4)), '', false],
  ['less than 3 days ago: the first moment', lessThan3DaysAgo, '2026-11-15T05:00:00.000Z', true],
  ['less than 3 days ago: one before', lessThan3DaysAgo, '2026-11-15T04:59:59.999Z', false],
  ['less than 3 days ago: after now', lessThan3DaysAgo, '2026-11-18T15:00:00.001Z', false],
  ['less than 3 days ago: today', lessThan3DaysAgo, '2026-11-18', true],
  ['less than 3 days ago: four days ago', lessThan3DaysAgo, '2026-11-14', false],
  ['more than 3 days ago: the third', point('IS_BEFORE', today(-3)), '2026-11-15', false],
  ['more than 3 days ago: the fourth', point('IS_BEFORE', today(-3)), '2026-11-14', true],
  ['less than 5 days ahead: the last moment', lessThan5DaysAhead, '2026-11-24T04:59:59.999Z', true],
  ['less than 5 days ahead: one later', lessThan5DaysAhead, '2026-11-24T05:00:00.000Z', false],
  ['less than 5 days ahead: today as a date', lessThan5DaysAhead, '2026-11-18', false],
  ['less than 5 days ahead: later today', lessThan5DaysAhead, '2026-11-18T20:00:00.000Z', true],
  ['more than 2 days ahead: the second', point('IS_AFTER', today(2)), '2026-11-20', false],
  ['more than 2 days ahead: the third', point('IS_AFTER', today(2)), '2026-11-21', true],
  [
    'an excluded upper end is the start of its day',
    range(today(), today(1), { upperBoundEndpointBehavior: 'EXCLUSIVE' }),
    '2026-11-19T05:00:00.000Z',
    false,
  ],
  ['not between is the complement', { ...lessThan3DaysAgo, operator: 'IS_NOT_BETWEEN' }, '2026-11-14', true],
  ['a day of 23 hours', wholeDay(2026, 3, 8), '2026-03-09T03:59:59.999Z', true],
  ['a day of 25 hours', wholeDay(2026, 11, 1), '2026-11-02T04:59:59.999Z', true],
  [
    'rolling, less than 2 days ago',
    { operationType: 'ROLLING_DATE_RANGE', operator: 'IS_LESS_THAN_X_DAYS_AGO', numberOfDays: 2 },
    '2026-11-16',
    true,
  ],
  [
    'rolling, more than 2 days ago',
    { operationType: 'datetime-rolling', operator: 'IS_MORE_THAN_X_DAYS_AGO', numberOfDays: 2 },
    '2026-11-15',
    true,
  ],
];

test.each(cases)('%s', (_, operation, value, passes) => {
  const { sandbox } = sandboxAt(now);
  const property = value.includes('T') ? 'last_demo_at' : 'contract_end';
  const { id } = sandbox.people.create('contacts', { firstname: 'Ann', ...(value !== '' && { [property]: value }) });
  const listId = sandbox.people.createList({ name: 'x', filterBranch: oneFilter(property, operation) });
  expect(sandbox.evaluate(listId, id)).toBe(String(passes));
});

test('yesterday is less than one day ago and more than none', () => {
  const { sandbox } = sandboxAt(now);
  const filters = [range(today(-1), instant), point('IS_BEFORE', today())].map((operation) => ({
    filterType: 'PROPERTY',
    property: 'contract_end',
    operation,
  }));
  const listId = sandbox.people.createList({ name: 'x', filterBranch: rootOf(filters) });
  const answers = ['2026-11-17', '2026-11-18'].map((day) => {
    return sandbox.evaluate(listId, sandbox.people.create('contacts', { firstname: day, contract_end: day }).id);
  });
  expect(answers).toEqual(['true', 'false']);
});

describe('the time of the last change', () => {
  const updated = { propertyParser: 'UPDATED_AT' };

  test('counts for every kind of property, also for one that was cleared, and not for one never set', () => {
    const { sandbox, time } = sandboxAt('2026-11-12T00:00:00.000Z');
    const changed = sandbox.people.create('contacts', { firstname: 'A', city: 'Graz' }).id;
    const cleared = sandbox.people.create('contacts', { firstname: 'B', city: 'Graz' }).id;
    sandbox.people.edit('contacts', cleared, { city: '' });
    const never = sandbox.people.create('contacts', { firstname: 'C' }).id;
    time.advance(Date.parse(now) - time.now());
    const recent = oneFilter('city', range(today(-7), instant, updated));
    const listId = sandbox.people.createList({ name: 'x', filterBranch: recent });
    expect([changed, cleared, never].map((id) => sandbox.evaluate(listId, id))).toEqual(['true', 'true', 'false']);
    const old = oneFilter('city', { ...range(today(-7), instant, updated), operator: 'IS_NOT_BETWEEN' });
    const notListId = sandbox.people.createList({ name: 'y', filterBranch: old });
    expect([changed, never].map((id) => sandbox.evaluate(notListId, id))).toEqual(['false', 'false']);
    const rolling = { operationType: 'ROLLING_PROPERTY_UPDATED', operator: 'UPDATED_IN_LAST_X_DAYS', numberOfDays: 7 };
    const third = sandbox.people.createList({ name: 'z', filterBranch: oneFilter('city', rolling) });
    expect(sandbox.evaluate(third, changed)).toBe('true');
  });
});

test.each([
  ['2026-01-02', '2026-01-02', 'false'],
  ['2026-01-01', '2026-01-02', 'true'],
  ['2026-01-01', '', 'false'],
])('%s is before the property that holds "%s": %s', (own, other, expected) => {
  const { sandbox } = sandboxAt(now);
  const reference = { timeType: 'PROPERTY_REFERENCED', property: 'birthday', referenceType: 'VALUE', zoneId };
  const filters = [
    oneFilter('contract_end', point('IS_BEFORE', reference)),
    oneFilter('contract_end', {
      operationType: 'COMPARATIVE_DATE',
      operator: 'IS_BEFORE',
      comparisonPropertyName: 'birthday',
    }),
  ];
  const { id } = sandbox.people.create('contacts', { firstname: 'A', contract_end: own, birthday: other });
  const answers = filters.map((filterBranch, i) =>
    sandbox.evaluate(sandbox.people.createList({ name: String(i), filterBranch }), id),
  );
  expect(answers).toEqual([expected, expected]);
});

test.each([
  ['string-comparative', 'IS_EQUAL_TO', 'city', 'company', 'Acme', 'ACME', 'true'],
  ['number-comparative', 'IS_GREATER_THAN', 'annualrevenue', 'experience_years', '10', '9', 'true'],
  ['number-comparative', 'IS_LESS_THAN', 'annualrevenue', 'experience_years', '10', '', 'false'],
  ['bool-comparative', 'IS_NOT_EQUAL_TO', 'newsletter', 'hs_email_optout', 'true', 'false', 'true'],
])('%s %s of two properties', (operationType, operator, own, other, left, right, expected) => {
  const { sandbox } = sandboxAt(now);
  const operation = { operationType, operator, comparisonPropertyName: other };
  const { id } = sandbox.people.create('contacts', { firstname: 'A', [own]: left, [other]: right });
  const listId = sandbox.people.createList({ name: 'x', filterBranch: oneFilter(own, operation) });
  expect(sandbox.evaluate(listId, id)).toBe(expected);
});

test.each([
  ['a quarter, whose beginning nobody tells', { timeType: 'INDEXED', indexReference: { referenceType: 'QUARTER' } }],
  ['a week, whose first day nobody tells', { timeType: 'INDEXED', indexReference: { referenceType: 'WEEK' } }],
])('%s makes the answer unknown', (_, timePoint) => {
  const { sandbox } = sandboxAt(now);
  const { id } = sandbox.people.create('contacts', { firstname: 'A', contract_end: '2026-01-01' });
  const filterBranch = oneFilter('contract_end', point('IS_BEFORE', timePoint));
  expect(sandbox.evaluate(sandbox.people.createList({ name: 'x', filterBranch }), id)).toBe('unknown');
});

test.each([
  ['a zone that does not exist', point('IS_BEFORE', date(2024, 3, 4, { zoneId: 'Mars/Olympus' }))],
  ['a month that does not exist', point('IS_BEFORE', date(2024, 13, 4))],
  ['no point in time', { operationType: 'TIME_POINT', operator: 'IS_BEFORE' }],
  ['an operator of another kind', point('IS_BETWEEN', today())],
  ['a property that does not exist', point('IS_BEFORE', { timeType: 'PROPERTY_REFERENCED', property: 'none' })],
])('a definition with %s is refused', (_, operation) => {
  const { sandbox } = sandboxAt(now);
  const filterBranch = oneFilter('contract_end', operation);
  expect(() => sandbox.people.createList({ name: 'x', filterBranch })).toThrow('Invalid filter at');
});

test('a date operation on a text is refused', () => {
  const { sandbox } = sandboxAt(now);
  const filterBranch = oneFilter('city', point('IS_BEFORE', today()));
  expect(() => sandbox.people.createList({ name: 'x', filterBranch })).toThrow(
    'does not go with a property of type string',
  );
});

describe('time alone', () => {
  test('brings records into a list that names today, soon after midnight', () => {
    const { sandbox, time } = sandboxAt(now);
    const { id } = sandbox.people.create('contacts', { firstname: 'A', contract_end: '2026-11-18' });
    const filterBranch = oneFilter('contract_end', point('IS_BEFORE', today()));
    const listId = sandbox.people.createList({ name: 'expired', filterBranch });
    sandbox.runEvaluation();
    expect(sandbox.memberships(listId).members).toEqual([]);
    time.advance(14 * 3_600_000 - 1); // up to midnight in New York
    expect(sandbox.memberships(listId).members).toEqual([]);
    time.advance(60_001);
    expect(sandbox.memberships(listId).members.map(({ recordId }) => recordId)).toEqual([id]);
  });

  test('takes records out of a list that names now, after as long as is set', () => {
    const { sandbox, time } = sandboxAt(now);
    sandbox.setPassingOfTime({ momentMs: 300_000 });
    const future = new Date(Date.parse(now) + 240_000).toISOString();
    sandbox.people.create('contacts', { firstname: 'A', last_demo_at: future });
    const filterBranch = oneFilter('last_demo_at', point('IS_AFTER', instant));
    const listId = sandbox.people.createList({ name: 'ahead', filterBranch });
    sandbox.runEvaluation();
    expect(sandbox.memberships(listId).members).toHaveLength(1);
    time.advance(300_000);
    expect(sandbox.memberships(listId).members).toHaveLength(0);
  });
});

describe('associated records', () => {
  const related = (
    objectTypeId: string,
    associationTypeId: number,
    filters: readonly unknown[],
    operator = 'IN_LIST',
  ) => ({
    filterBranchType: 'ASSOCIATION',
    objectTypeId,
    operator,
    associationTypeId,
    associationCategory: 'HUBSPOT_DEFINED',
    filterBranches: [],
    filters,
  });
  const under = (...branches: readonly unknown[]) => ({
    filterBranchType: 'OR',
    filters: [],
    filterBranches: [{ filterBranchType: 'AND', filters: [], filterBranches: branches }],
  });
  const won = {
    filterType: 'PROPERTY',
    property: 'dealstage',
    operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['closedwon'] },
  };
  const large = {
    filterType: 'PROPERTY',
    property: 'amount',
    operation: { operationType: 'NUMBER', operator: 'IS_GREATER_THAN', value: 5000 },
  };

  function withTwoDeals() {
    const { sandbox } = sandboxAt(now);
    const { id } = sandbox.people.create('contacts', { firstname: 'Ann' });
    const deals = [
      { dealname: 'a', pipeline: 'default', dealstage: 'closedwon', amount: '100' },
      { dealname: 'b', pipeline: 'default', dealstage: 'closedlost', amount: '9000' },
    ].map((properties) => sandbox.people.create('deals', properties).id);
    for (const deal of deals) sandbox.people.associate({ type: 'contacts', id }, { type: 'deals', id: deal });
    return { sandbox, id, deals };
  }

  test.each([
    ['one has to pass all filters of a branch together', under(related('0-3', 4, [won, large])), 'false'],
    ['two branches may be passed by two records', under(related('0-3', 4, [won]), related('0-3', 4, [large])), 'true'],
    ['none may pass', under(related('0-3', 4, [won, large], 'NOT_IN_LIST')), 'true'],
    [
      'a record without any fails',
      under(
        related('0-2', 279, [
          { ...won, property: 'industry', operation: { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' } },
        ]),
      ),
      'false',
    ],
    [
      'what has no value in no record is unknown',
      under(
        related('0-2', 279, [
          { ...won, property: 'industry', operation: { operationType: 'ALL_PROPERTY', operator: 'IS_UNKNOWN' } },
        ]),
      ),
      'unknown',
    ],
  ])('%s', (_, filterBranch, expected) => {
    const { sandbox, id } = withTwoDeals();
    expect(sandbox.evaluate(sandbox.people.createList({ name: 'x', filterBranch }), id)).toBe(expected);
  });

  test('that change, or begin and cease to belong, move the members', () => {
    const { sandbox, id, deals } = withTwoDeals();
    const listId = sandbox.people.createList({ name: 'x', filterBranch: under(related('0-3', 4, [won, large])) });
    const members = () => {
      sandbox.runEvaluation();
      return sandbox.memberships(listId).members.map(({ recordId }) => recordId);
    };
    expect(members()).toEqual([]);
    sandbox.people.edit('deals', deals[0] ?? '', { amount: '9000' });
    expect(members()).toEqual([id]);
    sandbox.people.dissociate({ type: 'contacts', id }, { type: 'deals', id: deals[0] ?? '' });
    expect(members()).toEqual([]);
  });

  test('are counted', () => {
    const { sandbox, id } = withTwoDeals();
    const atLeast = (minOccurrences: number) => ({
      filterType: 'NUM_ASSOCIATIONS',
      associationTypeId: 4,
      associationCategory: 'HUBSPOT_DEFINED',
      coalescingRefineBy: { type: 'NUM_OCCURRENCES', minOccurrences },
    });
    const answers = [2, 3].map((count) =>
      sandbox.evaluate(sandbox.people.createList({ name: String(count), filterBranch: rootOf([atLeast(count)]) }), id),
    );
    expect(answers).toEqual(['true', 'false']);
  });
});
