/** What a filter should say of a record; `unknown` where nobody has written down what HubSpot answers. */
export type Expected = 'true' | 'false' | 'unknown';

export interface Case {
  /** Row of the table of examples and the position in it. */
  readonly at: string;
  readonly branch: unknown;
  /** Every property's versions, oldest first; `''` is a value that was cleared. */
  readonly record: Readonly<Record<string, readonly string[]>>;
  /** When the property of UPDATED_AT was last changed. */
  readonly changedAt?: string;
  /** Records of other types that are associated. */
  readonly deals?: readonly Readonly<Record<string, string>>[];
  readonly companies?: readonly Readonly<Record<string, string>>[];
  /** Whether the record is a member of list 9. */
  readonly inList9?: boolean;
  readonly expected: Expected;
  /** Only former values tell, which the product does not read. */
  readonly needsHistory?: true;
  /** What only HubSpot knows. */
  readonly isEvent?: true;
}

/** The examples' account: New York, local 10:00; today began at 05:00 UTC. */
export const now = '2026-11-18T15:00:00.000Z';
export const zone = 'America/New_York';

type Fields = Readonly<Record<string, unknown>>;
const text = 'p_text';
const number = 'p_number';
const bool = 'p_bool';
const options = 'p_options';
const date = 'p_date';
const datetime = 'p_datetime';

export const filter = (property: string, operation: Fields) => ({
  filterType: 'PROPERTY',
  property,
  operation: { includeObjectsWithNoValueSet: false, ...operation },
});
export const root = (...groups: readonly (readonly unknown[])[]) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: groups.map((filters) => ({ filterBranchType: 'AND', filters, filterBranches: [] })),
});

const nv = { includeObjectsWithNoValueSet: true };
type Versions = readonly string[];
type Row = readonly [operand: Fields, versions: Versions, expected: Expected, more?: Partial<Case>];

/** The cases of one row: a property, an operation, and for each case its operand, the versions and the answer. */
const row = (
  nr: number,
  property: string,
  [operationType, operator]: readonly [string, string],
  rows: readonly Row[],
): Case[] =>
  rows.map(([operand, versions, expected, more], i) => ({
    at: `${nr}.${i + 1}`,
    branch: root([filter(property, { operationType, operator, ...operand })]),
    record: { [property]: versions },
    expected,
    ...(/HAS_(EVER|NEVER)/.test(operator) && { needsHistory: true as const }),
    ...more,
  }));

const values = (...given: readonly string[]) => ({ values: given });
const value = (given: string | number | boolean) => ({ value: given });
const range = (lowerBound: number, upperBound: number) => ({ lowerBound, upperBound });

const day = (year: number, month: number, dayOfMonth: number, time: Fields = {}) => ({
  timeType: 'DATE',
  year,
  month,
  day: dayOfMonth,
  zoneId: zone,
  ...time,
});
const start = { hour: 0, minute: 0, second: 0, millisecond: 0 };
const end = { hour: 23, minute: 59, second: 59, millisecond: 999 };
const today = (days = 0) => ({
  timeType: 'INDEXED',
  indexReference: { referenceType: 'TODAY' },
  ...(days !== 0 && { offset: { days } }),
  zoneId: zone,
});
const instant = { timeType: 'INDEXED', indexReference: { referenceType: 'NOW' }, zoneId: zone };
const point = (operator: string, timePoint: unknown, more: Fields = {}) => ({
  operationType: 'TIME_POINT',
  operator,
  timePoint,
  endpointBehavior: 'EXCLUSIVE',
  propertyParser: 'VALUE',
  ...more,
});
const between = (lowerBoundTimePoint: unknown, upperBoundTimePoint: unknown, more: Fields = {}) => ({
  operationType: 'TIME_RANGED',
  operator: 'IS_BETWEEN',
  lowerBoundTimePoint,
  upperBoundTimePoint,
  lowerBoundEndpointBehavior: 'INCLUSIVE',
  upperBoundEndpointBehavior: 'INCLUSIVE',
  propertyParser: 'VALUE',
  ...more,
});

/** The cases of a row about time: `[the value, the answer]`; what has no `T` is a date, the rest a point in time. */
const times = (
  nr: number,
  operations: readonly Fields[],
  rows: readonly (readonly [value: string | null, expected: Expected, flag?: Fields])[],
): Case[] =>
  rows.map(([given, expected, flag = {}], i) => {
    const property = given !== null && !given.includes('T') ? date : datetime;
    return {
      at: `${nr}.${i + 1}`,
      branch: root(operations.map((operation) => filter(property, { ...operation, ...flag }))),
      record: { [property]: given === null ? [] : [given] },
      expected,
    };
  });

const lessThanDaysAgo = (days: number) => between(today(-days), instant);
const moreThanDaysAgo = (days: number) => point('IS_BEFORE', today(-days));

const association = (objectTypeId: string, associationTypeId: number, ...filters: readonly unknown[]) => ({
  filterBranchType: 'ASSOCIATION',
  filterBranchOperator: 'AND',
  objectTypeId,
  operator: 'IN_LIST',
  associationTypeId,
  associationCategory: 'HUBSPOT_DEFINED',
  filterBranches: [],
  filters,
});
const withBranches = (...branches: readonly unknown[]) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filters: [], filterBranches: branches }],
});
const won = filter('dealstage', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['closedwon'] });
const large = filter('amount', { operationType: 'NUMBER', operator: 'IS_GREATER_THAN', value: 5000 });
const twoDeals = [
  { dealstage: 'closedwon', amount: '100' },
  { dealstage: 'closedlost', amount: '9000' },
];
const isKnown = { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' };
const isUnknown = { operationType: 'ALL_PROPERTY', operator: 'IS_UNKNOWN' };
const passes = filter(text, isKnown);
const fails = filter(text, isUnknown);
const ann = { [text]: ['Ann'] };
const inList = (operator: string) => root([{ filterType: 'IN_LIST', listId: '9', operator }]);
const event = (operator: string, more: Fields = {}) =>
  withBranches({
    filterBranchType: 'UNIFIED_EVENTS',
    eventTypeId: '4-1',
    operator,
    filters: [],
    filterBranches: [],
    ...more,
  });
const negated = (filterBranchType: string) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType, filters: [passes, fails], filterBranches: [] }],
});

/**
 * HubSpot's documented and reported meanings, as worked examples, in the order of the operations.
 * https://developers.hubspot.com/docs/api-reference/crm-lists-v3/list-filters
 */
export const cases: readonly Case[] = [
  ...row(
    1,
    text,
    ['ALL_PROPERTY', 'IS_KNOWN'],
    [
      [{}, ['Ann'], 'true'],
      [{}, [], 'false'],
      [{}, ['Ann', ''], 'false'],
      [nv, [], 'false'],
    ],
  ),
  ...row(1, number, ['ALL_PROPERTY', 'IS_KNOWN'], [[{}, ['0'], 'true', { at: '1.5' }]]),
  ...row(1, bool, ['ALL_PROPERTY', 'IS_KNOWN'], [[{}, ['false'], 'true', { at: '1.6' }]]),
  ...row(
    2,
    text,
    ['ALL_PROPERTY', 'IS_UNKNOWN'],
    [
      [{}, [], 'true'],
      [nv, [], 'true'],
      [nv, ['Ann'], 'false'],
    ],
  ),
  ...row(3, text, ['ALL_PROPERTY', 'IS_BLANK'], [[{}, ['  '], 'unknown']]),
  ...row(
    4,
    text,
    ['MULTISTRING', 'IS_EQUAL_TO'],
    [
      [values('John'), ['John'], 'true'],
      [values('John'), ['Johnny'], 'false'],
      [values('John'), [], 'false'],
      [{ ...values('John'), ...nv }, [], 'true'],
      [values('John', 'Jane'), ['Jane'], 'true'],
      [values('john'), ['John'], 'true'],
    ],
  ),
  ...row(
    5,
    text,
    ['MULTISTRING', 'IS_NOT_EQUAL_TO'],
    [
      [values('Smith'), ['Jones'], 'true'],
      [values('Smith'), [], 'false'],
      [{ ...values('Smith'), ...nv }, [], 'true'],
      [values('Smith', 'Jones'), ['Jones'], 'false'],
      [values('smith'), ['Smith'], 'false'],
    ],
  ),
  ...row(
    6,
    text,
    ['MULTISTRING', 'CONTAINS'],
    [
      [values('@EXAMPLE.com'), ['a@example.com'], 'true'],
      [values('corp', 'inc'), ['Acme Inc'], 'true'],
      [values('rect'), ['Director'], 'true'],
      [values('vice president'), ['President, Vice'], 'false'],
    ],
  ),
  ...row(
    7,
    text,
    ['MULTISTRING', 'DOES_NOT_CONTAIN'],
    [
      [values('test', 'spam'), ['spam trap'], 'false'],
      [values('test'), [], 'false'],
      [{ ...values('test'), ...nv }, [], 'true'],
    ],
  ),
  ...row(
    8,
    text,
    ['MULTISTRING', 'STARTS_WITH'],
    [
      [values('+44', '+33'), ['+33123'], 'true'],
      [values('acme'), ['The Acme'], 'false'],
    ],
  ),
  ...row(9, text, ['MULTISTRING', 'ENDS_WITH'], [[values('.edu'), ['mit.EDU'], 'true']]),
  ...row(
    10,
    text,
    ['MULTISTRING', 'CONTAINS_EXACTLY'],
    [
      [values('art'), ['Berlin'], 'false'],
      [values('art'), ['Smartphone'], 'unknown'],
    ],
  ),
  ...row(11, text, ['STRING', 'IS_EQUAL_TO'], [[value('a1s2'), ['a1s2'], 'true']]),
  ...row(
    12,
    text,
    ['STRING', 'HAS_EVER_BEEN_EQUAL_TO'],
    [
      [value('lead'), ['lead', 'customer'], 'true'],
      [value('customer'), ['customer'], 'true'],
      [value('x'), ['x', ''], 'true'],
    ],
  ),
  ...row(
    13,
    text,
    ['STRING', 'HAS_NEVER_BEEN_EQUAL_TO'],
    [
      [value('lead'), ['lead', 'customer'], 'false'],
      [value('x'), [], 'false'],
      [{ ...value('x'), ...nv }, [], 'true'],
    ],
  ),
  ...row(14, text, ['STRING', 'HAS_EVER_CONTAINED'], [[value('corp'), ['Acme Corp', 'Acme'], 'true']]),
  ...row(
    15,
    number,
    ['NUMBER', 'IS_EQUAL_TO'],
    [
      [value(12), ['12'], 'true'],
      [value(12), ['12.0'], 'true'],
      [value(0.3), ['0.30'], 'true'],
    ],
  ),
  ...row(
    16,
    number,
    ['NUMBER', 'IS_GREATER_THAN'],
    [
      [value(9), ['10'], 'true'],
      [value(100), ['100'], 'false'],
    ],
  ),
  ...row(17, number, ['NUMBER', 'IS_GREATER_THAN_OR_EQUAL_TO'], [[value(100), ['100'], 'true']]),
  ...row(
    18,
    number,
    ['NUMBER', 'IS_LESS_THAN'],
    [
      [value(1), [], 'false'],
      [{ ...value(1), ...nv }, [], 'true'],
      [value(0), ['-0.5'], 'true'],
    ],
  ),
  ...row(19, number, ['NUMBER', 'IS_NOT_EQUAL_TO'], [[value(5), [], 'false']]),
  ...row(
    20,
    number,
    ['NUMBER_RANGED', 'IS_BETWEEN'],
    [
      [range(0, 10), ['10'], 'true'],
      [range(0, 10), ['0'], 'true'],
    ],
  ),
  ...row(
    21,
    number,
    ['NUMBER_RANGED', 'IS_NOT_BETWEEN'],
    [
      [range(0, 10), ['10'], 'false'],
      [range(0, 10), ['11'], 'true'],
      [range(0, 10), [], 'false'],
    ],
  ),
  ...row(22, number, ['NUMBER', 'HAS_EVER_BEEN_EQUAL_TO'], [[value(5), ['5', '7'], 'true']]),
  ...row(
    23,
    bool,
    ['BOOL', 'IS_EQUAL_TO'],
    [
      [value(true), ['true'], 'true'],
      [value(false), [], 'false'],
    ],
  ),
  ...row(
    24,
    bool,
    ['BOOL', 'IS_NOT_EQUAL_TO'],
    [
      [{ ...value(true), ...nv }, [], 'true'],
      [value(true), ['false'], 'true'],
    ],
  ),
  ...row(25, bool, ['ENUMERATION', 'IS_ANY_OF'], [[values('true'), ['true'], 'true']]),
  ...row(
    25,
    options,
    ['ENUMERATION', 'IS_ANY_OF'],
    [
      [values('lead', 'customer'), ['lead'], 'true', { at: '25.2' }],
      [values('red', 'blue'), ['blue;green'], 'true', { at: '25.3' }],
      [values('red'), [], 'false', { at: '25.4' }],
      [values('red'), ['darkred'], 'false', { at: '25.5' }],
      [values('Red'), ['red'], 'false', { at: '25.6' }],
    ],
  ),
  ...row(
    26,
    options,
    ['ENUMERATION', 'IS_NONE_OF'],
    [
      [values('red', 'blue'), ['green'], 'true'],
      [values('red'), ['red;green'], 'false'],
      [values('customer'), [], 'false'],
      [{ ...values('customer'), ...nv }, [], 'true'],
    ],
  ),
  ...row(
    27,
    options,
    ['ENUMERATION', 'IS_EXACTLY'],
    [
      [values('red', 'blue'), ['blue;red'], 'true'],
      [values('red'), ['red;blue'], 'false'],
    ],
  ),
  ...row(28, options, ['ENUMERATION', 'IS_NOT_EXACTLY'], [[values('red'), ['red;blue'], 'true']]),
  ...row(
    29,
    options,
    ['ENUMERATION', 'CONTAINS_ALL'],
    [
      [values('red', 'blue'), ['red;blue;green'], 'true'],
      [values('red', 'blue'), ['red'], 'false'],
    ],
  ),
  ...row(
    30,
    options,
    ['ENUMERATION', 'DOES_NOT_CONTAIN_ALL'],
    [
      [values('red', 'blue'), ['red;green'], 'true'],
      [values('red', 'blue'), ['red;blue;green'], 'false'],
    ],
  ),
  ...row(31, options, ['ENUMERATION', 'HAS_EVER_BEEN_ANY_OF'], [[values('lead'), ['lead', 'customer'], 'true']]),
  ...row(32, options, ['ENUMERATION', 'HAS_NEVER_BEEN_ANY_OF'], [[{ ...values('New'), ...nv }, [], 'true']]),
  ...row(33, options, ['ENUMERATION', 'HAS_EVER_CONTAINED_ALL'], [[values('a', 'b'), ['a', 'b'], 'false']]),
  ...row(34, options, ['ENUMERATION', 'HAS_EVER_BEEN_EXACTLY'], [[values('a'), ['a', 'a;b'], 'true']]),
  ...times(
    35,
    [between(day(2024, 3, 11, start), day(2024, 3, 11, end))],
    [
      ['2024-03-11T04:00:00.000Z', 'true'],
      ['2024-03-12T03:59:59.999Z', 'true'],
      ['2024-03-12T04:00:00.000Z', 'false'],
      ['2024-03-11', 'true'],
      ['2024-03-12', 'false'],
    ],
  ),
  ...times(
    36,
    [point('IS_AFTER', day(2024, 3, 4, end))],
    [
      ['2024-03-05T05:00:00.000Z', 'true'],
      ['2024-03-05T04:59:59.999Z', 'false'],
    ],
  ),
  ...times(
    37,
    [point('IS_BEFORE', day(2024, 3, 4, start))],
    [
      ['2024-03-04T05:00:00.000Z', 'false'],
      [null, 'true', nv],
    ],
  ),
  ...times(
    38,
    [lessThanDaysAgo(3)],
    [
      ['2026-11-15T05:00:00.000Z', 'true'],
      ['2026-11-15T04:59:59.999Z', 'false'],
      ['2026-11-18T15:00:00.001Z', 'false'],
      ['2026-11-18', 'true'],
      ['2026-11-14', 'false'],
    ],
  ),
  ...times(
    39,
    [moreThanDaysAgo(3)],
    [
      ['2026-11-15', 'false'],
      ['2026-11-14', 'true'],
    ],
  ),
  ...times(
    40,
    [between(instant, today(5))],
    [
      ['2026-11-24T04:59:59.999Z', 'true'],
      ['2026-11-24T05:00:00.000Z', 'false'],
      ['2026-11-18', 'false'],
      ['2026-11-18T20:00:00.000Z', 'true'],
    ],
  ),
  ...times(
    41,
    [point('IS_AFTER', today(2))],
    [
      ['2026-11-20', 'false'],
      ['2026-11-21', 'true'],
    ],
  ),
  ...times(
    42,
    [lessThanDaysAgo(1), moreThanDaysAgo(0)],
    [
      ['2026-11-17', 'true'],
      ['2026-11-18', 'false'],
    ],
  ),
  ...times(
    43,
    [between(today(), today(1), { upperBoundEndpointBehavior: 'EXCLUSIVE' })],
    [['2026-11-19T05:00:00.000Z', 'false']],
  ),
  {
    at: '44.1',
    branch: root([filter(text, between(today(-7), instant, { propertyParser: 'UPDATED_AT' }))]),
    record: ann,
    changedAt: '2026-11-12T00:00:00.000Z',
    expected: 'true',
    needsHistory: true,
  },
  {
    at: '45.1',
    branch: root([
      filter(text, between(today(-7), instant, { operator: 'IS_NOT_BETWEEN', propertyParser: 'UPDATED_AT' })),
    ]),
    record: ann,
    changedAt: '2026-10-01T00:00:00.000Z',
    expected: 'true',
    needsHistory: true,
  },
  {
    at: '45.2',
    branch: root([
      filter(text, between(today(-7), instant, { operator: 'IS_NOT_BETWEEN', propertyParser: 'UPDATED_AT' })),
    ]),
    record: {},
    expected: 'false',
    needsHistory: true,
  },
  ...(['2026-11-18T00:00:00.000Z', null] as const).map((other, i): Case => {
    const timePoint = { timeType: 'PROPERTY_REFERENCED', property: 'p_other', referenceType: 'VALUE', zoneId: zone };
    return {
      at: `46.${i + 1}`,
      branch: root([filter(datetime, point('IS_BEFORE', timePoint))]),
      record: { [datetime]: ['2026-11-18T00:00:00.000Z'], p_other: other === null ? [] : [other] },
      expected: 'false',
    };
  }),
  ...times(47, [between(day(2026, 3, 8, start), day(2026, 3, 8, end))], [['2026-03-09T03:59:59.999Z', 'true']]),
  { at: '48.1', branch: root([fails], [passes]), record: ann, expected: 'true' },
  { at: '49.1', branch: root([passes, fails]), record: ann, expected: 'false' },
  {
    at: '50.1',
    branch: withBranches(association('0-3', 4, won, large)),
    record: ann,
    deals: twoDeals,
    expected: 'false',
  },
  {
    at: '51.1',
    branch: withBranches(association('0-3', 4, won), association('0-3', 4, large)),
    record: ann,
    deals: twoDeals,
    expected: 'true',
  },
  {
    at: '52.1',
    branch: withBranches(
      association(
        '0-2',
        279,
        filter('industry', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['COMPUTER_SOFTWARE'] }),
      ),
    ),
    record: ann,
    companies: [{ name: 'A', industry: 'COMPUTER_SOFTWARE' }, { name: 'B' }],
    expected: 'true',
  },
  {
    at: '53.1',
    branch: withBranches(association('0-2', 279, filter('name', isKnown))),
    record: ann,
    companies: [],
    expected: 'false',
  },
  {
    at: '54.1',
    branch: withBranches(association('0-2', 279, filter('name', isUnknown))),
    record: ann,
    companies: [],
    expected: 'unknown',
  },
  { at: '55.1', branch: inList('IN_LIST'), record: ann, inList9: true, expected: 'true' },
  { at: '55.2', branch: inList('NOT_IN_LIST'), record: ann, inList9: true, expected: 'false' },
  {
    at: '56.1',
    branch: event('HAS_COMPLETED', { coalescingRefineBy: { type: 'NUM_OCCURRENCES', minOccurrences: 2 } }),
    record: ann,
    expected: 'unknown',
    isEvent: true,
  },
  { at: '57.1', branch: event('HAS_NOT_COMPLETED'), record: ann, expected: 'unknown', isEvent: true },
  { at: '58.1', branch: root([{ filterType: 'CONSTANT', shouldAccept: true }]), record: ann, expected: 'true' },
  { at: '59.1', branch: negated('NOT_ALL'), record: ann, expected: 'true' },
  { at: '59.2', branch: negated('NOT_ANY'), record: ann, expected: 'false' },
  {
    at: '60.1',
    branch: root([
      filter(text, {
        operationType: 'COMPARATIVE_STRING',
        operator: 'IS_EQUAL_TO',
        comparisonPropertyName: 'p_text_2',
      }),
    ]),
    record: { [text]: ['Acme'], p_text_2: ['ACME'] },
    expected: 'true',
  },
];

/** A pairing of an operation and an operator that HubSpot refuses when a list is made. */
export const refused = root([
  filter(options, { operationType: 'ENUMERATION', operator: 'IS_NOT_EQUAL_TO', values: ['red'] }),
]);
