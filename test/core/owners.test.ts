import { describe, expect, test } from '@jest/globals';
import { type Owners, ownerPairs, unknownOwners } from '../../core/owners.ts';
import { makePlan, type PlanInput } from '../../core/plan.ts';
import { contacts, inputOf } from './plan-world.ts';

const owners: Owners = {
  hubspot: [
    { id: '1', email: 'Ada@x.example', name: 'Ada' },
    { id: '2', email: 'bo@x.example', name: 'Bo' },
    { id: '3', email: undefined, name: 'Team' },
  ],
  salesforce: [
    { id: 'U1', email: 'ada@X.example', name: 'Ada A' },
    { id: 'U2', email: 'other@x.example', name: 'Bo B' },
    { id: 'Q1', email: undefined, name: 'Support' },
  ],
};

describe('who is whom', () => {
  test('by the same email in any case, and by the table first', () => {
    expect(ownerPairs(owners, {})).toEqual([['1', 'U1']]);
    expect(ownerPairs(owners, { 'bo@x.example': 'U2', Team: 'support', '1': 'other@x.example' })).toEqual([
      ['1', 'U2'],
      ['2', 'U2'],
      ['3', 'Q1'],
    ]);
  });

  test('names that lead to nobody are told apart by side', () => {
    expect(unknownOwners(owners, { nobody: 'Support', Team: 'Nobody' })).toEqual([
      { key: 'nobody', name: 'nobody', side: 'hubspot' },
      { key: 'Team', name: 'Nobody', side: 'salesforce' },
    ]);
  });
});

describe('the owner of a pair', () => {
  const mapping = {
    hubspot: 'hubspot_owner_id',
    salesforce: { Contact: 'OwnerId' },
    rule: 'twoWay',
    values: [
      ['1', 'U1'],
      ['2', 'U2'],
    ],
  } as const;
  const object = contacts([mapping], { owner: { table: {} } });
  const plan = (here: string | null, there: string, base: unknown, more: Partial<PlanInput> = {}) => {
    const made = makePlan(
      inputOf({
        object,
        kinds: { hubspot_owner_id: 'picklist' },
        hubspot: { hubspot_owner_id: here },
        salesforce: { OwnerId: there },
        base: base === undefined ? undefined : ({ hubspot_owner_id: base } as PlanInput['base']),
        ...more,
      }),
    );
    return {
      to: { ...made.hubspot, ...made.salesforce },
      base: made.base['hubspot_owner_id'],
      lost: made.conflicts[0]?.lost,
    };
  };
  const toHubSpot = (id: string) => ({ hubspot_owner_id: id });
  const toSalesforce = (id: string) => ({ OwnerId: id });

  test.each([
    ["the first sync takes Salesforce's", '1', 'U2', undefined, toHubSpot('2'), '2'],
    ['the first sync without a HubSpot owner', null, 'U2', undefined, toHubSpot('2'), '2'],
    ['a change in HubSpot', '2', 'U1', '1', toSalesforce('U2'), '2'],
    ['a change in Salesforce', '1', 'U2', '1', toHubSpot('2'), '2'],
    ['no change', '1', 'U1', '1', {}, '1'],
    ['AT11: a HubSpot owner without an active user is set back', '9', 'U1', '1', toHubSpot('1'), '1'],
    ['a HubSpot owner that is cleared is set back', null, 'U1', '1', toHubSpot('1'), '1'],
    ['a Salesforce owner whom HubSpot does not know is left', '1', 'U9', '1', {}, '1'],
    ['and HubSpot without one stays without', null, 'U9', undefined, {}, { hubspot: null, salesforce: null }],
  ])('%s', (_, here, there, base, to, after) => {
    expect(plan(here, there, base)).toMatchObject({ to, base: after });
  });

  test.each([
    ['hubspot', toSalesforce('U2')],
    ['salesforce', toHubSpot('3')],
  ] as const)('both changed: %s was the later one and wins, and the other is kept', (newer, to) => {
    const three = { ...mapping, values: [...mapping.values, ['3', 'U3']] } as const;
    const made = plan('2', 'U3', '1', { newer, object: contacts([three], { owner: { table: {} } }) });
    expect(made).toMatchObject({ to, lost: newer === 'hubspot' ? '3' : '2' });
  });

  test('a mapping that is new on an old pair writes nothing', () => {
    expect(plan('1', 'U2', undefined, { base: {} })).toEqual({
      to: {},
      base: { hubspot: '1', salesforce: '2' },
      lost: undefined,
    });
  });

  test('carried out, nothing is left to do', () => {
    for (const here of ['1', '2', '9', null]) {
      for (const there of ['U1', 'U2', 'U9']) {
        for (const base of ['1', '2', null, undefined]) {
          const first = plan(here, there, base);
          const to = first.to as { hubspot_owner_id?: string; OwnerId?: string };
          const again = plan(to.hubspot_owner_id ?? here, to.OwnerId ?? there, first.base);
          expect({ here, there, base, to: again.to }).toEqual({ here, there, base, to: {} });
        }
      }
    }
  });
});
