import { describe, expect, it } from '@jest/globals';
import { filterProperties } from '../../core/segment-filter.ts';

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
