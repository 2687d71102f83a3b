import { describe, expect, it } from '@jest/globals';
import { filterAssociations, filterProperties } from '../../core/segment-filter.ts';

const property = (name: string, operation: Readonly<Record<string, unknown>>) => ({
  filterType: 'PROPERTY',
  property: name,
  operation,
});
const list = (...filters: readonly unknown[]) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filters, filterBranches: [] }],
});
const isKnown = { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' };

describe('filterProperties', () => {
  it('names each property once, in order', () => {
    const filter = list(property('b', isKnown), property('a', isKnown), property('b', isKnown));
    expect(filterProperties(filter)).toEqual({ names: ['a', 'b'], complete: true });
  });

  it('names the properties that others are compared with', () => {
    const filter = list(
      property('a', { operationType: 'COMPARATIVE_DATE', operator: 'IS_BEFORE', comparisonPropertyName: 'b' }),
      property('c', {
        operationType: 'TIME_POINT',
        operator: 'IS_AFTER',
        propertyParser: 'VALUE',
        timePoint: { timeType: 'PROPERTY_REFERENCED', property: 'd', referenceType: 'VALUE' },
      }),
    );
    expect(filterProperties(filter)).toEqual({ names: ['a', 'b', 'c', 'd'], complete: true });
  });

  it.each([
    ['history', { operationType: 'STRING', operator: 'HAS_EVER_BEEN_EQUAL_TO', value: 'x' }],
    ['the time of change', { operationType: 'TIME_RANGED', operator: 'IS_BETWEEN', propertyParser: 'UPDATED_AT' }],
    [
      "another property's time of change",
      { operationType: 'TIME_POINT', operator: 'IS_AFTER', timePoint: { property: 'b', referenceType: 'UPDATED_AT' } },
    ],
    ['a rolling time of change', { operationType: 'ROLLING_PROPERTY_UPDATED', operator: 'UPDATED_IN_LAST_X_DAYS' }],
    ['an operation that we do not know', { operationType: 'NEWEST', operator: 'IS' }],
    ['a count', { ...isKnown, coalescingRefineBy: { type: 'NUM_OCCURRENCES' } }],
  ])('is incomplete where %s decides too', (_, operation) => {
    const { names, complete } = filterProperties(list(property('a', operation)));
    expect(names).toContain('a');
    expect(complete).toBe(false);
  });

  it.each([
    ['another kind of filter', list(property('a', isKnown), { filterType: 'IN_LIST', listId: '9' })],
    [
      'an association',
      {
        filterBranchType: 'OR',
        filterBranches: [
          list(property('a', isKnown)),
          { filterBranchType: 'ASSOCIATION', filters: [property('name', isKnown)], filterBranches: [] },
        ],
      },
    ],
  ])('is incomplete with %s, whose properties are not the record’s', (_, filter) => {
    expect(filterProperties(filter)).toEqual({ names: ['a'], complete: false });
  });

  it.each([undefined, null, 'x', {}, { filterBranchType: 'AND' }])('reads nothing from %j', (filter) => {
    expect(filterProperties(filter)).toEqual({ names: [], complete: false });
  });
});

describe('the associations that a filter follows', () => {
  const text = (name: string) =>
    property(name, { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['x'] });
  const association = (filters: readonly unknown[], filterBranches: readonly unknown[] = []) => ({
    filterBranchType: 'ASSOCIATION',
    objectTypeId: '0-2',
    associationTypeId: 279,
    associationCategory: 'HUBSPOT_DEFINED',
    operator: 'IN_LIST',
    filters,
    filterBranches,
  });
  const or = (...filterBranches: readonly unknown[]) => ({ filterBranchType: 'OR', filters: [], filterBranches });

  it('are told with the type of the other records and what is read of them', () => {
    const read = { objectTypeId: '0-2', associationTypeId: 279, category: 'HUBSPOT_DEFINED' };
    expect(filterAssociations(or(association([text('city'), text('name')])))).toEqual([
      { ...read, names: ['city', 'name'] },
    ]);
    const nested = association([text('city')], [association([text('amount')])]);
    expect(filterAssociations(or(nested))).toEqual([{ ...read, names: ['city'] }]);
  });

  it.each([[undefined], ['x'], [or()], [or({ filterBranchType: 'ASSOCIATION' })], [or(text('city'))]])(
    'are none in %j',
    (branch) => expect(filterAssociations(branch)).toEqual([]),
  );
});
