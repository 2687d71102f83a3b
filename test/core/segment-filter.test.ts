import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { evaluateFilter, type FilterContext } from '../../core/segment-filter.ts';

type Expected = 'true' | 'false' | 'unknown';

interface Operation {
  readonly operationType: string;
  readonly operator: string;
  readonly includeObjectsWithNoValueSet?: boolean;
  readonly [operand: string]: unknown;
}

const property = (operation: Operation, name = 'p') => ({ filterType: 'PROPERTY', property: name, operation });

const list = (...filters: readonly unknown[]) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filters, filterBranches: [] }],
});

const judge = (operation: Operation, value: string | null, context?: FilterContext): Expected =>
  evaluateFilter(list(property(operation)), { p: value }, context);

/** [filter value, record value, with the no-value flag, verdict] per operator. */
type Row = readonly [operand: unknown, value: string | null, flag: boolean, expected: Expected];

const rows: readonly (readonly [type: string, operator: string, rows: readonly Row[]])[] = [
  [
    'ALL_PROPERTY',
    'IS_KNOWN',
    [
      [undefined, 'Ann', false, 'true'],
      [undefined, null, false, 'false'],
      [undefined, '', false, 'false'],
      [undefined, null, true, 'false'],
      [undefined, '0', false, 'true'],
      [undefined, 'false', false, 'true'],
    ],
  ],
  [
    'ALL_PROPERTY',
    'IS_UNKNOWN',
    [
      [undefined, null, false, 'true'],
      [undefined, null, true, 'true'],
      [undefined, 'Ann', true, 'false'],
    ],
  ],
  [
    'ALL_PROPERTY',
    'IS_BLANK',
    [
      [undefined, '  ', false, 'unknown'],
      [undefined, null, false, 'true'],
      [undefined, 'Ann', false, 'false'],
    ],
  ],
  [
    'ALL_PROPERTY',
    'IS_NOT_BLANK',
    [
      [undefined, '  ', false, 'unknown'],
      [undefined, '', false, 'false'],
      [undefined, 'Ann', false, 'true'],
    ],
  ],
  ['ALL_PROPERTY', 'IS_MORE_THAN_X_DAYS_AGO', [[undefined, 'Ann', false, 'unknown']]],
  [
    'MULTISTRING',
    'IS_EQUAL_TO',
    [
      [['John'], 'John', false, 'true'],
      [['John'], 'Johnny', false, 'false'],
      [['John'], null, false, 'false'],
      [['John'], null, true, 'true'],
      [['John', 'Jane'], 'Jane', false, 'true'],
      [['john'], 'John', false, 'true'],
      [['José'], 'Jose', false, 'false'],
      [['John'], ' John', false, 'false'],
    ],
  ],
  [
    'MULTISTRING',
    'IS_NOT_EQUAL_TO',
    [
      [['Smith'], 'Jones', false, 'true'],
      [['Smith'], null, false, 'false'],
      [['Smith'], null, true, 'true'],
      [['Smith', 'Jones'], 'Jones', false, 'false'],
      [['smith'], 'Smith', false, 'false'],
    ],
  ],
  [
    'MULTISTRING',
    'CONTAINS',
    [
      [['@EXAMPLE.com'], 'a@example.com', false, 'true'],
      [['corp', 'inc'], 'Acme Inc', false, 'true'],
      [['rect'], 'Director', false, 'true'],
      [['vice president'], 'President, Vice', false, 'false'],
    ],
  ],
  [
    'MULTISTRING',
    'DOES_NOT_CONTAIN',
    [
      [['test', 'spam'], 'spam trap', false, 'false'],
      [['test'], 'Ann', false, 'true'],
      [['test'], null, false, 'false'],
      [['test'], null, true, 'true'],
    ],
  ],
  [
    'MULTISTRING',
    'STARTS_WITH',
    [
      [['+44', '+33'], '+33123', false, 'true'],
      [['acme'], 'The Acme', false, 'false'],
    ],
  ],
  ['MULTISTRING', 'ENDS_WITH', [[['.edu'], 'mit.EDU', false, 'true']]],
  [
    'MULTISTRING',
    'CONTAINS_EXACTLY',
    [
      [['art'], 'Berlin', false, 'false'],
      [['art'], 'Smartphone', false, 'unknown'],
      [['art'], null, false, 'false'],
    ],
  ],
  [
    'MULTISTRING',
    'DOES_NOT_CONTAIN_EXACTLY',
    [
      [['art'], 'Berlin', false, 'true'],
      [['art'], 'Smartphone', false, 'unknown'],
    ],
  ],
  ['STRING', 'CONTAINS_EXACTLY', [['art', 'Berlin', false, 'unknown']]],
  ['STRING', 'IS_EQUAL_TO', [['a1s2', 'a1s2', false, 'true']]],
  [
    'STRING',
    'HAS_EVER_BEEN_EQUAL_TO',
    [
      // Former values are not read: what only they show is unknown, never the opposite of the truth.
      ['lead', 'customer', false, 'unknown'],
      ['customer', 'customer', false, 'true'],
      ['x', '', false, 'unknown'],
      ['x', null, true, 'unknown'],
    ],
  ],
  [
    'STRING',
    'HAS_NEVER_BEEN_EQUAL_TO',
    [
      ['customer', 'customer', false, 'false'],
      ['lead', 'customer', false, 'unknown'],
      ['x', null, false, 'unknown'],
      ['x', null, true, 'unknown'],
    ],
  ],
  [
    'STRING',
    'HAS_EVER_CONTAINED',
    [
      ['corp', 'Acme', false, 'unknown'],
      ['acme', 'Acme', false, 'true'],
      ['', '', false, 'unknown'],
    ],
  ],
  ['STRING', 'HAS_NEVER_CONTAINED', [['acme', 'Acme', false, 'false']]],
  [
    'NUMBER',
    'IS_EQUAL_TO',
    [
      [12, '12', false, 'true'],
      [12, '12.0', false, 'true'],
      [0.3, '0.30', false, 'true'],
      ['9007199254740993', '9007199254740993', false, 'true'],
      ['9007199254740993', '9007199254740992', false, 'false'],
      // A JSON number beyond 2^53 has lost digits before we see it.
      [2 ** 53 + 2, '9007199254740993', false, 'unknown'],
      [12, 'twelve', false, 'unknown'],
    ],
  ],
  [
    'NUMBER',
    'IS_GREATER_THAN',
    [
      [9, '10', false, 'true'],
      [100, '100', false, 'false'],
    ],
  ],
  ['NUMBER', 'IS_GREATER_THAN_OR_EQUAL_TO', [[100, '100', false, 'true']]],
  [
    'NUMBER',
    'IS_LESS_THAN',
    [
      [1, null, false, 'false'],
      [1, null, true, 'true'],
      [0, '-0.5', false, 'true'],
    ],
  ],
  [
    'NUMBER',
    'IS_LESS_THAN_OR_EQUAL_TO',
    [
      [1, '1', false, 'true'],
      [1, '1.01', false, 'false'],
    ],
  ],
  [
    'NUMBER',
    'IS_NOT_EQUAL_TO',
    [
      [5, null, false, 'false'],
      [5, '6', false, 'true'],
    ],
  ],
  [
    'NUMBER',
    'HAS_EVER_BEEN_EQUAL_TO',
    [
      [5, '7', false, 'unknown'],
      [7, '7.0', false, 'true'],
    ],
  ],
  [
    'BOOL',
    'IS_EQUAL_TO',
    [
      [true, 'true', false, 'true'],
      [false, null, false, 'false'],
      ['true', 'true', false, 'true'],
      [true, 'yes', false, 'unknown'],
    ],
  ],
  [
    'BOOL',
    'IS_NOT_EQUAL_TO',
    [
      [true, null, true, 'true'],
      [true, 'false', false, 'true'],
      [true, 'true', false, 'false'],
    ],
  ],
  [
    'BOOL',
    'HAS_NEVER_BEEN_EQUAL_TO',
    [
      [true, 'true', false, 'false'],
      [true, 'false', false, 'unknown'],
    ],
  ],
  [
    'ENUMERATION',
    'IS_ANY_OF',
    [
      [['true'], 'true', false, 'true'],
      [['lead', 'customer'], 'lead', false, 'true'],
      [['red', 'blue'], 'blue;green', false, 'true'],
      [['red'], null, false, 'false'],
      [['red'], 'darkred', false, 'false'],
      [['Red'], 'red', false, 'false'],
      [['red'], ';green;red;', false, 'true'],
    ],
  ],
  [
    'ENUMERATION',
    'IS_NONE_OF',
    [
      [['red', 'blue'], 'green', false, 'true'],
      [['red'], 'red;green', false, 'false'],
      [['customer'], null, false, 'false'],
      [['customer'], null, true, 'true'],
      [['customer'], ';', false, 'unknown'],
    ],
  ],
  [
    'ENUMERATION',
    'IS_EXACTLY',
    [
      [['red', 'blue'], 'blue;red', false, 'true'],
      [['red'], 'red;blue', false, 'false'],
      [['red', 'blue'], 'red', false, 'false'],
      [['red', 'red'], 'red', false, 'true'],
    ],
  ],
  [
    'ENUMERATION',
    'IS_NOT_EXACTLY',
    [
      [['red'], 'red;blue', false, 'true'],
      [['red'], 'red', false, 'false'],
    ],
  ],
  [
    'ENUMERATION',
    'CONTAINS_ALL',
    [
      [['red', 'blue'], 'red;blue;green', false, 'true'],
      [['red', 'blue'], 'red', false, 'false'],
    ],
  ],
  [
    'ENUMERATION',
    'DOES_NOT_CONTAIN_ALL',
    [
      [['red', 'blue'], 'red;green', false, 'true'],
      [['red', 'blue'], 'red;blue;green', false, 'false'],
    ],
  ],
  [
    'ENUMERATION',
    'HAS_EVER_BEEN_ANY_OF',
    [
      [['lead'], 'customer', false, 'unknown'],
      [['lead'], 'lead', false, 'true'],
    ],
  ],
  [
    'ENUMERATION',
    'HAS_NEVER_BEEN_ANY_OF',
    [
      [['New'], null, true, 'unknown'],
      [['New'], 'New', false, 'false'],
    ],
  ],
  [
    'ENUMERATION',
    'HAS_EVER_CONTAINED_ALL',
    [
      [['a', 'b'], 'b', false, 'unknown'],
      [['a', 'b'], 'b;a', false, 'true'],
    ],
  ],
  [
    'ENUMERATION',
    'HAS_EVER_BEEN_EXACTLY',
    [
      [['a'], 'a;b', false, 'unknown'],
      [['a;b'], 'a;b', false, 'unknown'],
    ],
  ],
  ['ENUMERATION', 'IS_EQUAL_TO', [[['a'], 'a', false, 'unknown']]],
  [
    'ENUMERATION',
    'constructor',
    [
      [['a'], 'a', false, 'unknown'],
      [['a'], null, true, 'unknown'],
    ],
  ],
  ['NUMBER', 'HAS_EVER_toString', [[1, '1', false, 'unknown']]],
];

const cases = rows.flatMap(([type, operator, list]) => list.map((row) => [type, operator, ...row] as const));

describe('a PROPERTY filter', () => {
  it.each(cases)(
    '%s %s %j: %j, with blanks let in: %s, gives %s',
    (operationType, operator, operand, value, flag, expected) => {
      const operation: Operation = {
        operationType,
        operator,
        includeObjectsWithNoValueSet: flag,
        ...(Array.isArray(operand) ? { values: operand } : { value: operand }),
      };
      expect(judge(operation, value)).toBe(expected);
    },
  );

  it.each([
    ['IS_BETWEEN', '10', 'true'],
    ['IS_BETWEEN', '0', 'true'],
    ['IS_BETWEEN', '10.0001', 'false'],
    ['IS_NOT_BETWEEN', '10', 'false'],
    ['IS_NOT_BETWEEN', '11', 'true'],
    ['IS_NOT_BETWEEN', null, 'false'],
    ['IS_ANY_OF', '10', 'unknown'],
  ])('NUMBER_RANGED %s 0..10: %j gives %s', (operator, value, expected) => {
    expect(judge({ operationType: 'NUMBER_RANGED', operator, lowerBound: 0, upperBound: 10 }, value)).toBe(expected);
  });

  it('finds nothing between ends that are swapped, and can judge no range with one end', () => {
    const swapped = { operationType: 'NUMBER_RANGED', operator: 'IS_BETWEEN', lowerBound: 10, upperBound: 0 };
    expect(judge(swapped, '5')).toBe('false');
    expect(judge({ ...swapped, operator: 'IS_NOT_BETWEEN' }, '5')).toBe('true');
    expect(judge({ ...swapped, upperBound: undefined }, '5')).toBe('unknown');
  });

  it.each([
    ['alltypes', { operator: 'IS_KNOWN' }],
    ['bool', { operator: 'IS_EQUAL_TO', value: true }],
    ['enumeration', { operator: 'IS_ANY_OF', values: ['true'] }],
    ['string', { operator: 'IS_EQUAL_TO', value: 'true' }],
    ['multistring', { operator: 'IS_EQUAL_TO', values: ['true'] }],
  ])('reads the name %s of the newest guide', (operationType, rest) => {
    expect(judge({ operationType, ...rest }, 'true')).toBe('true');
  });

  it('reads number and number-ranged of the newest guide, and numbers given as a list', () => {
    expect(judge({ operationType: 'number', operator: 'IS_EQUAL_TO', values: [7] }, '7')).toBe('true');
    expect(judge({ operationType: 'number', operator: 'IS_EQUAL_TO', values: [7, 8] }, '7')).toBe('unknown');
    const range = { operationType: 'number-ranged', operator: 'IS_BETWEEN', lowerBound: '1', upperBound: '9' };
    expect(judge(range, '7')).toBe('true');
  });

  it.each([
    ['values that are missing', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF' }],
    ['values that are empty', { operationType: 'ENUMERATION', operator: 'IS_NONE_OF', values: [] }],
    ['values that are no texts', { operationType: 'MULTISTRING', operator: 'CONTAINS', values: [{}] }],
    ['a default value', { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'a', defaultValue: 'b' }],
    ['a time', { operationType: 'TIME_POINT', operator: 'IS_BEFORE', timePoint: {} }],
    ['another property', { operationType: 'COMPARATIVE_STRING', operator: 'IS_EQUAL_TO', comparisonPropertyName: 'q' }],
    ['a type that does not exist', { operationType: '__proto__', operator: 'IS_EQUAL_TO', value: 'a' }],
  ])('can not be judged with %s', (_, operation) => {
    expect(judge(operation, 'a')).toBe('unknown');
  });

  const isA: Operation = { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'a' };

  it('can not be judged on a property that was not read', () => {
    expect(evaluateFilter(list(property(isA, 'q')), { p: 'a' })).toBe('unknown');
    expect(evaluateFilter(list(property(isA, 'toString')), { p: 'a' })).toBe('unknown');
  });

  it('can not be judged on a calculated property, whose value may lag behind', () => {
    expect(judge(isA, 'a', { unreliable: new Set(['p']) })).toBe('unknown');
    expect(judge(isA, 'a', { unreliable: new Set(['q']) })).toBe('true');
  });

  it('can not be judged where it prunes or counts', () => {
    const pruned = { ...property(isA), pruningRefineBy: { type: 'RELATIVE_COMPARATIVE' } };
    expect(evaluateFilter(list(pruned), { p: 'a' })).toBe('unknown');
    expect(evaluateFilter(list({ ...property(isA), pruningRefineBy: null }), { p: 'a' })).toBe('true');
  });
});

describe('other filters', () => {
  it.each([
    { filterType: 'IN_LIST', listId: '9', operator: 'IN_LIST' },
    { filterType: 'PAGE_VIEW', operator: 'HAS_PAGEVIEW_EQ' },
    { filterType: 'PROPERTY' },
    { ...property({ operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'a' }), filterType: 'EVENT' },
    'no filter',
    null,
  ])('are left to HubSpot: %j', (filter) => {
    expect(evaluateFilter(list(filter), { p: 'a' })).toBe('unknown');
  });
});

describe('branches', () => {
  const is = (verdict: Expected) =>
    verdict === 'unknown'
      ? { filterType: 'PAGE_VIEW' }
      : property({ operationType: 'STRING', operator: 'IS_EQUAL_TO', value: verdict === 'true' ? 'a' : 'b' });
  const evaluate = (branch: unknown): Expected => evaluateFilter(branch, { p: 'a' });
  const verdicts: readonly Expected[] = ['true', 'false', 'unknown'];

  it.each([
    ['AND', 'true', ['true', 'true']],
    ['AND', 'false', ['true', 'false']],
    ['AND', 'false', ['false', 'unknown']],
    ['AND', 'unknown', ['true', 'unknown']],
    ['OR', 'true', ['false', 'true']],
    ['OR', 'true', ['unknown', 'true']],
    ['OR', 'false', ['false', 'false']],
    ['OR', 'unknown', ['false', 'unknown']],
    ['NOT_ALL', 'true', ['true', 'false']],
    ['NOT_ALL', 'unknown', ['true', 'unknown']],
    ['NOT_ANY', 'false', ['true', 'false']],
    ['NOT_ANY', 'true', ['false', 'false']],
    ['ASSOCIATION', 'unknown', ['true', 'true']],
    ['UNIFIED_EVENTS', 'unknown', ['true', 'true']],
    ['RESTRICTED', 'unknown', ['true', 'true']],
  ] as const)('%s is %s of %j', (filterBranchType, expected, parts) => {
    const filters = parts.map(is);
    expect(evaluate({ filterBranchType, filters, filterBranches: [] })).toBe(expected);
    const filterBranches = parts.map((part) => list(is(part)));
    expect(evaluate({ filterBranchType, filters: [], filterBranches })).toBe(expected);
    expect(evaluate({ filterBranchType, filterBranches })).toBe(expected);
  });

  it('joins alternatives: one AND of two passes', () => {
    const branch = (...parts: Expected[]) => ({ filterBranchType: 'AND', filters: parts.map(is), filterBranches: [] });
    const root = (...branches: unknown[]) => ({ filterBranchType: 'OR', filters: [], filterBranches: branches });
    expect(evaluate(root(branch('false'), branch('true')))).toBe('true');
    expect(evaluate(root(branch('true', 'false')))).toBe('false');
    expect(evaluate(root(branch('unknown', 'false'), branch('true', 'unknown')))).toBe('unknown');
  });

  it.each([
    undefined,
    null,
    'OR',
    [],
    {},
    { filterBranchType: 'AND', filters: [], filterBranches: [] },
    { filterBranchType: 'OR', filters: 'x' },
  ])('can not judge %j', (branch) => {
    expect(evaluate(branch)).toBe('unknown');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.json(), fc.anything(), (text, thing) => {
        expect(verdicts).toContain(evaluate(JSON.parse(text)));
        expect(verdicts).toContain(evaluate(thing));
        expect(verdicts).toContain(evaluate(list(thing)));
      }),
    );
  });

  it('only says what stays true when the unknown parts are decided either way', () => {
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...verdicts).map((verdict) => ({ verdict })),
        fc.record({
          type: fc.constantFrom('AND', 'OR', 'NOT_ALL', 'NOT_ANY'),
          parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        }),
      ),
    })).tree;
    type Tree = { verdict: Expected } | { type: string; parts: Tree[] };
    const build = (node: Tree, decide: Expected): unknown =>
      'verdict' in node
        ? list(is(node.verdict === 'unknown' ? decide : node.verdict))
        : { filterBranchType: node.type, filterBranches: node.parts.map((part) => build(part, decide)) };
    fc.assert(
      fc.property(tree, (node) => {
        const verdict = evaluate(build(node as Tree, 'unknown'));
        if (verdict === 'unknown') return;
        expect(evaluate(build(node as Tree, 'true'))).toBe(verdict);
        expect(evaluate(build(node as Tree, 'false'))).toBe(verdict);
      }),
    );
  });
});
