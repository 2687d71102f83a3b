import { describe, expect, test } from '@jest/globals';
import type { SegmentView } from '../../core/gate.ts';
import { type WouldBe, wouldBelong, wouldBeValues } from '../../core/would-be.ts';
import { filters, segment } from './gate-world.ts';
import { property } from './settings-catalog.ts';

const views: Record<string, SegmentView> = {
  customers: segment(),
  hidden: segment({ filterBranch: filters.unknown }),
  processing: segment({ complete: false }),
  trusted: segment({ trusted: true }),
  gone: { readable: false, reason: 'segmentMissing' },
};
const judge = (values: WouldBe['values'], include: readonly string[], exclude: readonly string[] = []) =>
  wouldBelong({ values, include, exclude, segments: new Map(Object.entries(views)), nowMs: 0 });

const customer = { stage: 'customer' };
const lead = { stage: 'lead' };

test.each([
  [customer, ['customers'], [], 'true'],
  [lead, ['customers'], [], 'false'],
  [{}, ['customers'], [], 'unknown'],
  [customer, ['hidden'], [], 'unknown'],
  [customer, ['processing'], [], 'unknown'],
  [customer, ['trusted'], [], 'unknown'],
  [customer, ['gone'], [], 'unknown'],
  [customer, ['hidden', 'customers'], [], 'true'],
  [lead, ['hidden', 'customers'], [], 'unknown'],
  [customer, [], ['customers'], 'false'],
  [lead, [], ['customers'], 'true'],
  [lead, [], ['customers', 'gone'], 'unknown'],
  [customer, ['hidden'], ['customers'], 'false'],
] as const)('%j, included %j, excluded %j: %s', (values, include, exclude, verdict) => {
  expect(judge(values, include, exclude)).toBe(verdict);
});

describe('the values of a record that would be', () => {
  const catalog = { stage: property() };

  test('are what it holds, what is written, and nothing in what else the filters read', () => {
    expect(wouldBeValues([filters.wantsCustomer], catalog, undefined, {})).toEqual({ stage: null });
    expect(wouldBeValues([filters.wantsCustomer], catalog, lead, {})).toEqual(lead);
    expect(wouldBeValues([filters.wantsCustomer], catalog, lead, customer)).toEqual(customer);
  });

  test.each([
    ['unknown to the catalog', {}],
    ['read-only', { stage: property({ readOnly: true }) }],
    ['calculated', { stage: property({ calculated: true }) }],
  ])('are absent where the property is %s', (_, properties) => {
    expect(wouldBeValues([filters.wantsCustomer], properties, undefined, {})).toEqual({});
  });

  test('are absent for a calculated property that it holds: its value may move with the others', () => {
    const properties = { stage: property({ calculated: true }) };
    expect(wouldBeValues([filters.wantsCustomer], properties, lead, {})).toEqual({});
  });
});
