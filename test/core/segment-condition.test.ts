import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { BadCondition, conditionOf, filterFor } from '../../core/segment-condition.ts';
import { evaluateFilter } from '../../core/segment-filter.ts';
import { property } from './settings-catalog.ts';

const context = {
  zone: 'Europe/Berlin',
  properties: {
    email: property(),
    city: property(),
    amount: property({ type: 'number', fieldType: 'number' }),
    subscribed: property({ type: 'bool', fieldType: 'booleancheckbox' }),
    stage: property({ type: 'enumeration', fieldType: 'select', options: ['lead', 'customer', 'two words'] }),
    born: property({ type: 'date', fieldType: 'date' }),
    seen: property({ type: 'datetime', fieldType: 'date' }),
  },
};
const filters = (text: string) =>
  (filterFor(text, context)['filterBranches'] as { filters: Record<string, unknown>[] }[]).map(
    (group) => group.filters,
  );

describe('a condition', () => {
  test.each([
    ['stage = customer', 'stage = customer'],
    ['STAGE = customer or stage = lead'.replace('STAGE', 'stage'), 'stage = customer or stage = lead'],
    ["stage in (customer, 'two words')", "stage in (customer, 'two words')"],
    ['NOT stage = customer', 'stage != customer or is unknown'],
    ['not stage != customer or is unknown', 'stage = customer'],
    ['stage = customer or is unknown and amount = 5', 'stage = customer or is unknown and amount = 5'],
    ['not stage is known', 'stage is unknown'],
    ['not (stage = customer and amount >= 5)', 'stage != customer or is unknown or amount < 5 or is unknown'],
    [
      '(stage = lead or stage = customer) and amount > 1',
      '(stage = lead and amount > 1) or (stage = customer and amount > 1)',
    ],
    ["email ends with '@x.com' and city is known", 'email ends with @x.com and city is known'],
    ["city = 'O''Hara'", "city = 'O''Hara'"],
    ['amount between -1.5 and 10', 'amount between -1.5 and 10'],
    ['subscribed = TRUE', 'subscribed = true'],
    ['born = 2026-03-31', 'born = 2026-03-31'],
    ['seen before 2026-03-31 and seen after 2025-12-31', 'seen before 2026-03-31 and seen after 2025-12-31'],
    ['seen in last 7 days', 'seen in last 7 days'],
    ['not seen in last 1 day', 'seen not in last 1 days or is unknown'],
    ['seen older than 30 days', 'seen older than 30 days'],
    ['member of 42 and not member of 7', 'member of 42 and not member of 7'],
    ['not not stage = lead', 'stage = lead'],
  ])('%s is read as %s', (text, printed) => {
    const filter = filterFor(text, context);
    expect(conditionOf(filter)).toBe(printed);
    expect(filterFor(printed, context)).toEqual(filter);
  });

  test("is HubSpot's filter of the property's own kind", () => {
    expect(filters('stage in (lead, customer) and email contains x')).toEqual([
      [
        {
          filterType: 'PROPERTY',
          property: 'stage',
          operation: {
            operationType: 'ENUMERATION',
            operator: 'IS_ANY_OF',
            values: ['lead', 'customer'],
            includeObjectsWithNoValueSet: false,
          },
        },
        {
          filterType: 'PROPERTY',
          property: 'email',
          operation: {
            operationType: 'MULTISTRING',
            operator: 'CONTAINS',
            values: ['x'],
            includeObjectsWithNoValueSet: false,
          },
        },
      ],
    ]);
  });

  test.each([
    ['', 1, 'the internal name of a property'],
    ['stage', 6, 'a comparison'],
    ['stage = ', 9, 'a value'],
    ['stage = lead and', 17, 'the internal name of a property'],
    ['(stage = lead', 14, '")"'],
    ['stage = lead)', 13, 'or the end'],
    ["stage = 'lead", 9, 'does not end'],
    ['stage = lead stage = lead', 14, '"and", "or"'],
    ['stage in lead', 10, 'a list in parentheses'],
    ['amount between 1 or 2', 18, '"and"'],
    ['seen in last week days', 14, 'a number of days'],
    ['stag = lead', 1, 'did you mean stage'],
    ['stage = custmer', 1, 'customer'],
    ['amount = many', 1, 'a number'],
    ['subscribed = yes', 1, 'true or false'],
    ['born = 2026-02-30', 1, 'a day such as'],
    ['amount contains 5', 1, "can't be asked for"],
    ["not email starts with 'x'", 5, 'no opposite'],
    ['member of customers', 11, "a segment's id"],
    ['a & b', 3, 'a comparison'],
  ])('%s is refused at character %d: %s', (text, at, expected) => {
    let refused: unknown;
    try {
      filterFor(text, context);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(BadCondition);
    expect(refused).toMatchObject({ at, message: expect.stringContaining(expected) });
  });

  test('says of any record what its words say', () => {
    type Values = { stage: string | null; amount: number | null };
    type Meaning = [string, (values: Values) => boolean];
    const leaf = fc.constantFrom<Meaning>(
      ['stage = lead', ({ stage }) => stage === 'lead'],
      ['stage != lead', ({ stage }) => stage !== null && stage !== 'lead'],
      ['stage != lead or is unknown', ({ stage }) => stage !== 'lead'],
      ['amount > 5', ({ amount }) => amount !== null && amount > 5],
      ['amount <= 5', ({ amount }) => amount !== null && amount <= 5],
      ['amount is unknown', ({ amount }) => amount === null],
      ['stage in (lead, customer)', ({ stage }) => ['lead', 'customer'].includes(stage ?? '')],
    );
    const { tree } = fc.letrec<{ tree: Meaning }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([a, b]): Meaning => [`(${a[0]} and ${b[0]})`, (r) => a[1](r) && b[1](r)]),
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([a, b]): Meaning => [`(${a[0]} or ${b[0]})`, (r) => a[1](r) || b[1](r)]),
        tie('tree').map((a): Meaning => [`not ${a[0]}`, (r) => !a[1](r)]),
      ),
    }));
    const record = fc.record({
      stage: fc.constantFrom('lead', 'customer', 'two words', null),
      amount: fc.option(fc.integer({ min: 3, max: 7 })),
    });
    fc.assert(
      fc.property(tree, record, ([text, holds], values) => {
        const verdict = evaluateFilter(filterFor(text, context), {
          stage: values.stage,
          amount: values.amount === null ? null : String(values.amount),
        });
        expect([text, verdict]).toEqual([text, String(holds(values))]);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [null],
    [{ filterBranchType: 'AND', filters: [], filterBranches: [] }],
    [
      {
        filterBranchType: 'OR',
        filters: [],
        filterBranches: [{ filterBranchType: 'AND', filters: [{ filterType: 'PAGE_VIEW' }], filterBranches: [] }],
      },
    ],
  ])('what it can not say has no words: %j', (filter) => expect(conditionOf(filter)).toBeUndefined());
});
