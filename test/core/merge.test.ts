import { describe, expect, it } from '@jest/globals';
import { type BaseValue, type FieldDecision, type FieldState, mergeField } from '../../core/merge.ts';
import { otherSystem, type System } from '../../core/record-ref.ts';
import { type Direction, directions, type Rule, rules } from '../../core/settings/settings.ts';

/**
 * Every world of one field with the values a, b and blank (-), worked out by hand from the vendor's table of rules.
 *
 *   =   both sides hold the same          .   both stay
 *   H   Salesforce's value to HubSpot     S   HubSpot's value to Salesforce
 *   H!  the same, over an edit made there (S! likewise)
 *   N   the side edited last wins over the other's edit; without stamps Salesforce
 */
const withBase = `
  base hubspot salesforce | twoWay preferSalesforce alwaysSalesforce
  a    a       a          | =      =                =
  a    a       b          | H      H                H
  a    a       -          | H      H                H
  a    b       a          | S      .                .
  a    b       b          | =      =                =
  a    b       -          | N      N                H!
  a    -       a          | S      .                .
  a    -       b          | N      H!               H!
  a    -       -          | =      =                =
  b    a       a          | =      =                =
  b    a       b          | S      .                .
  b    a       -          | N      N                H!
  b    b       a          | H      H                H
  b    b       b          | =      =                =
  b    b       -          | H      H                H
  b    -       a          | N      H!               H!
  b    -       b          | S      .                .
  b    -       -          | =      =                =
  -    a       a          | =      =                =
  -    a       b          | N      H!               H!
  -    a       -          | S      S                .
  -    b       a          | N      H!               H!
  -    b       b          | =      =                =
  -    b       -          | S      S                .
  -    -       a          | H      H                H
  -    -       b          | H      H                H
  -    -       -          | =      =                =`;

const firstSync = `
  hubspot salesforce | twoWay preferSalesforce alwaysSalesforce
  a       a          | =      =                =
  a       b          | N      H!               H!
  a       -          | S      S                .
  b       a          | N      H!               H!
  b       b          | =      =                =
  b       -          | S      S                .
  -       a          | H      H                H
  -       b          | H      H                H
  -       -          | =      =                =`;

interface World {
  readonly base: string | null | undefined;
  readonly hubspot: string | null;
  readonly salesforce: string | null;
  readonly rule: Rule;
  readonly code: string;
}

const value = (word: string | undefined): string | null => (word === '-' || word === undefined ? null : word);

function read(table: string): World[] {
  const [head = '', ...rows] = table.trim().split('\n');
  const names = head.split('|')[1]?.trim().split(/\s+/) ?? [];
  return rows.flatMap((row) => {
    const [state = '', codes = ''] = row.split('|');
    const words = state.trim().split(/\s+/);
    const base = words.length === 3 ? value(words[0]) : undefined;
    const [hubspot, salesforce] = words.slice(-2);
    return codes
      .trim()
      .split(/\s+/)
      .map((code, i) => ({
        base,
        hubspot: value(hubspot),
        salesforce: value(salesforce),
        rule: names[i] as Rule,
        code,
      }));
  });
}

const worlds = [...read(withBase), ...read(firstSync)];
const newers = ['hubspot', 'salesforce', undefined] as const;

/** Reads a code of the table for one direction and one order of edits. */
function expected(
  { code, hubspot, salesforce }: World,
  direction: Direction,
  newer: System | undefined,
): FieldDecision {
  if (code === '=') return { kind: 'agreed', value: hubspot };
  const to = code === '.' ? undefined : chosen(code, direction, newer);
  if (!to) return { kind: 'left' };
  const decision = { kind: 'write', to, value: to === 'hubspot' ? salesforce : hubspot } as const;
  const isOverEdit = code === 'N' || code.endsWith('!');
  return isOverEdit ? { ...decision, loser: { system: to, value: to === 'hubspot' ? hubspot : salesforce } } : decision;
}

function chosen(code: string, direction: Direction, newer: System | undefined): System | undefined {
  if (direction === 'toHubSpot') return code === 'S' ? undefined : 'hubspot';
  if (direction === 'toSalesforce') {
    const isOneWay = code === 'H' || code === 'H!';
    return isOneWay ? undefined : 'salesforce';
  }
  if (code === 'N') return newer === 'hubspot' ? 'salesforce' : 'hubspot';
  return code.startsWith('S') ? 'salesforce' : 'hubspot';
}

const describeWorld = ({ base, hubspot, salesforce, rule }: World): string =>
  `${rule}: base ${base === undefined ? 'none' : (base ?? 'blank')}, HubSpot ${hubspot ?? 'blank'}, Salesforce ${salesforce ?? 'blank'}`;

const mirroredRule: Record<Rule, Rule> = {
  twoWay: 'twoWay',
  preferSalesforce: 'preferHubSpot',
  alwaysSalesforce: 'alwaysHubSpot',
  preferHubSpot: 'preferSalesforce',
  alwaysHubSpot: 'alwaysSalesforce',
  none: 'none',
};
const mirroredDirection: Record<Direction, Direction> = {
  both: 'both',
  toHubSpot: 'toSalesforce',
  toSalesforce: 'toHubSpot',
};

const mirrorState = (state: FieldState): FieldState => ({
  rule: mirroredRule[state.rule],
  direction: mirroredDirection[state.direction],
  base: mirrorBase(state.base),
  hubspot: state.salesforce,
  salesforce: state.hubspot,
  newer: state.newer && otherSystem(state.newer),
});

function mirrorBase(base: BaseValue | undefined): BaseValue | undefined {
  return base && typeof base === 'object' && 'hubspot' in base
    ? { hubspot: base.salesforce, salesforce: base.hubspot }
    : base;
}

function mirrorDecision(decision: FieldDecision): FieldDecision {
  if (decision.kind !== 'write') return decision;
  const { loser } = decision;
  return {
    ...decision,
    to: otherSystem(decision.to),
    ...(loser && { loser: { ...loser, system: otherSystem(loser.system) } }),
  };
}

const values = ['a', 'b', null] as const;
const bases: readonly (BaseValue | undefined)[] = [
  ...values,
  undefined,
  { firstSync: true },
  ...values.flatMap((hubspot) => values.map((salesforce) => ({ hubspot, salesforce }))),
];
const everyState: FieldState[] = rules.flatMap((rule) =>
  directions.flatMap((direction) =>
    bases.flatMap((base) =>
      values.flatMap((hubspot) =>
        values.flatMap((salesforce) => newers.map((newer) => ({ rule, direction, base, hubspot, salesforce, newer }))),
      ),
    ),
  ),
);

describe('mergeField', () => {
  it('has a row for every world', () => {
    expect(worlds).toHaveLength((27 + 9) * 3);
  });

  it.each(worlds.map((world) => [describeWorld(world), world.code, world] as const))('%s gives %s', (_, __, world) => {
    for (const direction of directions) {
      for (const newer of newers) {
        const decision = mergeField({ ...world, direction, newer });
        expect({ direction, newer, decision }).toEqual({
          direction,
          newer,
          decision: expected(world, direction, newer),
        });
      }
    }
  });

  it('never writes under the rule none', () => {
    for (const state of everyState.filter(({ rule }) => rule === 'none')) {
      expect(mergeField(state).kind).toBe(state.hubspot === state.salesforce ? 'agreed' : 'left');
    }
  });

  it('mirrors itself when the sides are exchanged (without stamps twoWay must choose, so that case is left out)', () => {
    for (const state of everyState.filter(({ rule, newer }) => newer !== undefined || rule !== 'twoWay')) {
      expect(mergeField(mirrorState(state))).toEqual(mirrorDecision(mergeField(state)));
    }
  });

  it('counts changes from what each side held, where the base was noted on sides that differed', () => {
    const noted = {
      rule: 'twoWay',
      direction: 'both',
      base: { hubspot: 'a', salesforce: 'b' },
      newer: undefined,
    } as const;
    expect(mergeField({ ...noted, hubspot: 'a', salesforce: 'b' })).toEqual({ kind: 'left' });
    expect(mergeField({ ...noted, hubspot: 'c', salesforce: 'b' })).toEqual({
      kind: 'write',
      to: 'salesforce',
      value: 'c',
    });
    expect(mergeField({ ...noted, hubspot: 'a', salesforce: null })).toEqual({
      kind: 'write',
      to: 'hubspot',
      value: null,
    });
    expect(mergeField({ ...noted, hubspot: 'b', salesforce: 'b' })).toEqual({ kind: 'agreed', value: 'b' });
  });

  it('treats a first sync that is still to come like none at all', () => {
    for (const state of everyState.filter(({ base }) => base === undefined)) {
      expect(mergeField({ ...state, base: { firstSync: true } })).toEqual(mergeField(state));
    }
  });

  it('is at rest after one write, and never writes a blank over a value at the first sync', () => {
    for (const state of everyState) {
      const decision = mergeField(state);
      if (decision.kind !== 'write') continue;
      if (state.base === undefined) expect(decision.value).not.toBeNull();
      const after = { ...state, base: decision.value, [decision.to]: decision.value };
      expect(mergeField(after)).toEqual({ kind: 'agreed', value: decision.value });
    }
  });
});
