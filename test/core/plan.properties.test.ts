import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Base, baseAfter, makePlan, type Plan, type PlanInput, writesNothing } from '../../core/plan.ts';
import { directions, type FieldMapping, rules } from '../../core/settings/settings.ts';
import type { Kind } from '../../core/values.ts';
import { applyPlan, contacts, field, fieldName, inputOf, inSalesforce } from './plan-world.ts';

/** Raw HubSpot values per kind: some equal to each other in canonical form, some awkward, some bad. */
const raws: Readonly<Record<Kind, readonly (string | null)[]>> = {
  text: [
    'Ann',
    ' Ann ',
    'Jose\u0301',
    'José',
    'two\nlines',
    'two\r\nlines',
    '👩‍🚀',
    'x'.repeat(256),
    '(none)',
    '',
    ' ',
    null,
  ],
  email: ['a@b.c', 'A@B.C', 'z@y.x', '', null],
  number: ['12', '12.0', '0.30', '-7', '1e3', '9007199254740993', 'many', '', null],
  boolean: ['true', 'false', 'TRUE', 'perhaps', '', null],
  date: ['2026-11-18', '1794960000000', '2024-02-29', 'soon', null],
  datetime: ['2026-11-18T15:00:00.123Z', '2026-11-18T15:00:00Z', '1795014000999', '2025-01-01T00:00:00Z', 'soon', null],
  'hubspotDay@UTC': ['2026-11-18', '1794960000000', '2024-02-29', null],
  picklist: ['NEW', 'UNQUALIFIED', 'OPEN', 'LOST', '', null],
  multipicklist: ['NEW', 'NEW;OPEN', ';OPEN;NEW', 'OPEN', 'LOST', null],
};

const statusTable = [
  ['NEW', 'Open'],
  ['UNQUALIFIED', 'Open'],
  ['OPEN', 'Working'],
  ['OPEN', 'Contacted'],
] as const;

/** The same in Salesforce's words and form. */
function salesforceRaws(kind: Kind, values: FieldMapping['values']): readonly unknown[] {
  if (values) return ['Open', 'Working', 'Contacted', 'Working;Open', 'Unheard of', null];
  return (raws[kind] ?? []).map((raw) => {
    if (kind === 'boolean') return raw === 'true';
    if (kind === 'number' && raw && Number.isFinite(Number(raw))) return Number(raw);
    return inSalesforce(kind, kind === 'hubspotDay@UTC' && raw?.startsWith('2') ? `${raw}T00:00:00Z` : raw);
  });
}

const kinds = Object.keys(raws) as Kind[];

const mappingArb = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    rule: fc.constantFrom(...rules),
    hasTable: fc
      .constant(kind === 'picklist' || kind === 'multipicklist')
      .chain((can) => (can ? fc.boolean() : fc.constant(false))),
    hasFiller: kind === 'text' ? fc.boolean() : fc.constant(false),
  }),
);

const newerArb = fc.constantFrom('hubspot', 'salesforce', undefined);

interface World {
  readonly input: PlanInput;
  readonly kinds: Readonly<Record<string, Kind>>;
}

/**
 * Two records that have been synced, then disturbed: per field untouched, edited on one side, on both. Both sides from
 * independent draws would hardly ever meet in the interesting cases.
 */
const worldArb: fc.Arbitrary<World> = fc
  .record({
    mappings: fc.array(mappingArb, { minLength: 1, maxLength: 5 }),
    direction: fc.constantFrom(...directions),
    newer: newerArb,
  })
  .chain(({ mappings, direction, newer }) => {
    const named = mappings.map((mapping, i) => ({ ...mapping, name: `field${i}` }));
    const fieldKinds = Object.fromEntries(named.map(({ name, kind }) => [name, kind]));
    const object = contacts(
      named.map(({ name, rule, hasTable, hasFiller }) =>
        field(name, {
          rule,
          ...(hasTable && { values: statusTable }),
          ...(hasFiller && { whenBlank: { salesforce: '(none)' } }),
        }),
      ),
      { direction },
    );
    const draw = {
      hubspot: fc.record(
        Object.fromEntries(named.map(({ name, kind }) => [name, fc.constantFrom(...(raws[kind] ?? []))])),
      ),
      salesforce: fc.record(
        Object.fromEntries(
          named.map(({ name, kind, hasTable }) => [
            fieldName(name),
            fc.constantFrom(...salesforceRaws(kind, hasTable ? statusTable : undefined)),
          ]),
        ),
      ),
    };
    const touched = fc.array(fc.constantFrom('untouched', 'hubspot', 'salesforce', 'both'), {
      minLength: named.length,
      maxLength: named.length,
    });
    return fc
      .record({
        first: fc.record(draw),
        edits: fc.record(draw),
        touched,
        shape: fc.constantFrom('synced', 'synced', 'firstSync', 'toSalesforce', 'toHubSpot'),
        unadopted: fc.nat({ max: 4 }),
      })
      .map(({ first, edits, touched, shape, unadopted }): World => {
        const common = { object, kinds: fieldKinds, newer };
        if (shape === 'firstSync') return { input: inputOf({ ...common, ...edits }), kinds: fieldKinds };
        if (shape === 'toSalesforce')
          return { input: inputOf({ ...common, hubspot: edits.hubspot }), kinds: fieldKinds };
        if (shape === 'toHubSpot')
          return { input: inputOf({ ...common, salesforce: edits.salesforce }), kinds: fieldKinds };
        const plan = makePlan(inputOf({ ...common, ...first }));
        const settled = applyPlan(first, plan, fieldKinds);
        const base = Object.fromEntries(Object.entries(plan.base).filter(([name]) => name !== `field${unadopted}`));
        const isTouched = (i: number, side: string): boolean => touched[i] === side || touched[i] === 'both';
        const hubspot = Object.fromEntries(
          named.map(({ name }, i) => [name, (isTouched(i, 'hubspot') ? edits : settled).hubspot[name] ?? null]),
        );
        const salesforce = Object.fromEntries(
          named.map(({ name }, i) => {
            const source = isTouched(i, 'salesforce') ? edits : settled;
            return [fieldName(name), source.salesforce[fieldName(name)] ?? null];
          }),
        );
        return { input: inputOf({ ...common, base, hubspot, salesforce }), kinds: fieldKinds };
      });
  });

const after = ({ input, kinds }: World, plan: Plan, base: Base | undefined): PlanInput => ({
  ...input,
  ...applyPlan(input, plan, kinds),
  base,
});

const runs = { numRuns: 1000 };

describe('makePlan, over worlds synced once and then disturbed', () => {
  it('has nothing left to do once the plan was carried out', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        const plan = makePlan(world.input);
        const again = makePlan(after(world, plan, plan.base));
        expect(again.hubspot).toEqual({});
        expect(again.salesforce).toEqual({});
        expect(again.conflicts).toEqual([]);
      }),
      runs,
    );
  });

  it('finds its own writes after a crash that kept the old base, and sends nothing twice', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        const plan = makePlan(world.input);
        const isCreate = !world.input.hubspot || !world.input.salesforce;
        const again = makePlan(after(world, plan, isCreate ? undefined : world.input.base));
        expect(again.hubspot).toEqual({});
        expect(again.salesforce).toEqual({});
        if (!isCreate) expect(again.base).toEqual(plan.base);
      }),
      runs,
    );
  });

  it('comes to the same end where the writes to one system arrive later', () => {
    fc.assert(
      fc.property(worldArb, fc.constantFrom('hubspot', 'salesforce'), (world, late) => {
        fc.pre(world.input.hubspot !== undefined && world.input.salesforce !== undefined);
        const plan = makePlan(world.input);
        const early = late === 'hubspot' ? 'salesforce' : 'hubspot';
        const half = { ...plan, [late]: {} };
        const base = baseAfter(plan, world.input.base, new Set([early]));
        const rest = makePlan(after(world, half, base));
        expect(rest[early]).toEqual({});
        expect(rest[late]).toEqual(plan[late]);
        expect(rest.base).toEqual(plan.base);
      }),
      runs,
    );
  });

  it('never names a field outside the mapping, and never writes against the rule or the direction', () => {
    fc.assert(
      fc.property(worldArb, ({ input }) => {
        const withMore: PlanInput = {
          ...input,
          hubspot: input.hubspot && { ...input.hubspot, unmapped: 'edited' },
          salesforce: input.salesforce && { ...input.salesforce, Unmapped: 'edited too' },
        };
        const plan = makePlan(withMore);
        expect(plan).toEqual(makePlan(input));
        for (const { hubspot, rule, whenBlank } of input.object.fields) {
          const intoSalesforce = plan.written.salesforce.includes(hubspot);
          const intoHubSpot = plan.written.hubspot.includes(hubspot);
          const isFiller = !input.salesforce && plan.salesforce[fieldName(hubspot)] === whenBlank?.salesforce;
          if (rule === 'none') expect(intoSalesforce || intoHubSpot).toBe(false);
          if (rule === 'alwaysSalesforce' && !isFiller) expect(intoSalesforce).toBe(false);
          if (rule === 'alwaysHubSpot') expect(intoHubSpot).toBe(false);
          if (input.object.direction === 'toHubSpot' && !isFiller) expect(intoSalesforce).toBe(false);
          if (input.object.direction === 'toSalesforce') expect(intoHubSpot).toBe(false);
          expect(intoSalesforce && intoHubSpot).toBe(false);
        }
      }),
      runs,
    );
  });

  it('says what each write replaces, and never overwrites with a blank at a first sync', () => {
    fc.assert(
      fc.property(worldArb, ({ input }) => {
        const plan = makePlan(input);
        for (const name of plan.written.hubspot) {
          if (!input.hubspot) continue;
          expect(plan.previous.hubspot).toHaveProperty(name, input.hubspot[name]);
          if (!input.base) expect(plan.hubspot[name]).not.toBe('');
        }
        if (input.salesforce) {
          const was = plan.written.salesforce.map(fieldName).map((name) => [name, input.salesforce?.[name]]);
          expect(plan.previous.salesforce).toEqual(Object.fromEntries(was));
        }
        expect(Object.keys(plan.salesforce)).toEqual(plan.written.salesforce.map(fieldName));
        expect(Object.keys(plan.hubspot)).toEqual(plan.written.hubspot);
      }),
      runs,
    );
  });

  it('leaves a field with a bad value alone, its base included', () => {
    fc.assert(
      fc.property(worldArb, ({ input }) => {
        const plan = makePlan(input);
        for (const { field: name } of plan.badValues) {
          expect([...plan.written.hubspot, ...plan.written.salesforce]).not.toContain(name);
          const isFirst = !input.base || !input.hubspot || !input.salesforce;
          expect(plan.base[name]).toEqual(isFirst ? { firstSync: true } : input.base?.[name]);
        }
      }),
      runs,
    );
  });

  it('survives a JSON round trip of its base', () => {
    fc.assert(
      fc.property(worldArb, ({ input }) => {
        const { base } = makePlan(input);
        expect(JSON.parse(JSON.stringify(base))).toEqual(base);
      }),
    );
  });

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(worldArb, ({ input }) => {
        const copy = structuredClone(input);
        makePlan(input);
        expect(input).toEqual(copy);
      }),
    );
  });
});

describe('a life of edits', () => {
  const editArb = fc.record({
    side: fc.constantFrom('hubspot', 'salesforce'),
    value: fc.constantFrom('a', 'b', 'c', null),
    isSeen: fc.boolean(),
  });

  it('ends with both sides equal under twoWay, each edit on both sides or kept as a conflict, in one write per round', () => {
    fc.assert(
      fc.property(fc.array(editArb, { maxLength: 12 }), (edits) => {
        const object = contacts([field('name')]);
        const kinds = { name: 'text' } as const;
        let hubspot: Readonly<Record<string, string | null>> = { name: null };
        let salesforce: Readonly<Record<string, unknown>> = { Name: null };
        let base: Base | undefined;
        let newer: 'hubspot' | 'salesforce' | undefined;
        const sync = (): void => {
          const before = { hubspot: hubspot.name, salesforce: salesforce.Name };
          const plan = makePlan(inputOf({ object, kinds, base, hubspot, salesforce, newer }));
          ({ hubspot, salesforce } = applyPlan({ hubspot, salesforce }, plan, kinds));
          const isConflict = base !== undefined && new Set([before.hubspot, before.salesforce, base.name]).size === 3;
          if (isConflict) expect(plan.conflicts).toHaveLength(1);
          base = plan.base;
          newer = undefined;
          expect(hubspot.name).toBe(salesforce.Name);
          expect(writesNothing(makePlan(inputOf({ object, kinds, base, hubspot, salesforce })))).toBe(true);
        };
        for (const { side, value, isSeen } of edits) {
          if (side === 'hubspot') hubspot = { name: value };
          else salesforce = { Name: value };
          newer = side;
          if (isSeen) sync();
        }
        sync();
      }),
      runs,
    );
  });
});
