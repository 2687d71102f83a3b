import { describe, expect, it } from '@jest/globals';
import { baseAfter, makePlan, type PlanInput, writesNothing } from '../../core/plan.ts';
import { contacts, field, inputOf } from './plan-world.ts';

const names = contacts([field('firstname'), field('lastname')]);
const text = { firstname: 'text', lastname: 'text' } as const;

describe('a pair with a base', () => {
  it('writes only the fields that differ, and notes what they replace', () => {
    const plan = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base: { firstname: 'Ann', lastname: 'Lee' },
        hubspot: { firstname: 'Anna', lastname: 'Lee' },
        salesforce: { Firstname: 'Ann', Lastname: 'Lee ' },
      }),
    );
    expect(plan).toEqual({
      hubspot: {},
      salesforce: { Firstname: 'Anna' },
      written: { hubspot: [], salesforce: ['firstname'] },
      base: { firstname: 'Anna', lastname: 'Lee' },
      previous: { hubspot: {}, salesforce: { Firstname: 'Ann' } },
      conflicts: [],
      badValues: [],
      adopt: [],
      setAside: [],
    });
  });

  it('clears the other side where a value was deleted', () => {
    const base = { firstname: 'Ann', lastname: 'Lee' };
    const cleared = { firstname: null, lastname: 'Lee' };
    const toSalesforce = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base,
        hubspot: cleared,
        salesforce: { Firstname: 'Ann', Lastname: 'Lee' },
      }),
    );
    expect(toSalesforce.salesforce).toEqual({ Firstname: null });
    const toHubSpot = makePlan(
      inputOf({ object: names, kinds: text, base, hubspot: base, salesforce: { Firstname: null, Lastname: 'Lee' } }),
    );
    expect(toHubSpot.hubspot).toEqual({ firstname: '' });
  });

  it('keeps the edit that lost', () => {
    const scene = {
      object: names,
      kinds: text,
      base: { firstname: 'Ann', lastname: 'Lee' },
      hubspot: { firstname: 'Anna', lastname: 'Lee' },
      salesforce: { Firstname: 'Annie', Lastname: 'Lee' },
    } as const;
    expect(makePlan(inputOf({ ...scene, newer: 'hubspot' }))).toMatchObject({
      hubspot: {},
      salesforce: { Firstname: 'Anna' },
      conflicts: [{ field: 'firstname', kept: 'hubspot', lost: 'Annie' }],
    });
    expect(makePlan(inputOf({ ...scene, newer: 'salesforce' }))).toMatchObject({
      hubspot: { firstname: 'Annie' },
      salesforce: {},
      conflicts: [{ field: 'firstname', kept: 'salesforce', lost: 'Anna' }],
    });
  });

  it('keeps a clearing that lost as a blank', () => {
    const plan = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base: { firstname: 'Ann', lastname: 'Lee' },
        hubspot: { firstname: '', lastname: 'Lee' },
        salesforce: { Firstname: 'Annie', Lastname: 'Lee' },
        newer: 'salesforce',
      }),
    );
    expect(plan.conflicts).toEqual([{ field: 'firstname', kept: 'salesforce', lost: null }]);
  });

  it('moves the base and writes nothing where both sides came to hold the same', () => {
    const plan = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base: { firstname: 'Ann', lastname: 'Lee' },
        hubspot: { firstname: 'Anna', lastname: 'Lee' },
        salesforce: { Firstname: 'Anna', Lastname: 'Lee' },
      }),
    );
    expect(writesNothing(plan)).toBe(true);
    expect(plan.base).toEqual({ firstname: 'Anna', lastname: 'Lee' });
  });

  it('leaves the base alone where the rule lets nothing cross', () => {
    const object = contacts([field('firstname', { rule: 'alwaysSalesforce' })]);
    const plan = makePlan(
      inputOf({
        object,
        kinds: text,
        base: { firstname: 'Ann' },
        hubspot: { firstname: 'Anna' },
        salesforce: { Firstname: 'Ann' },
      }),
    );
    expect(writesNothing(plan)).toBe(true);
    expect(plan.base).toEqual({ firstname: 'Ann' });
  });

  it('sees no change in another spelling of the same value', () => {
    const kinds = {
      email: 'email',
      size: 'number',
      vip: 'boolean',
      topics: 'multipicklist',
      seen: 'datetime',
    } as const;
    const plan = makePlan(
      inputOf({
        object: contacts(Object.keys(kinds).map((name) => field(name))),
        kinds,
        base: { email: 'a@b.c', size: '12', vip: 'false', topics: 'a;b', seen: '2026-11-18T15:00:00.000Z' },
        hubspot: { email: 'A@b.c', size: '12.0', vip: null, topics: ';b;a', seen: '2026-11-18T15:00:00.789Z' },
        salesforce: { Email: 'a@B.C', Size: 12, Vip: false, Topics: 'b;a', Seen: '2026-11-18T15:00:00.000+0000' },
      }),
    );
    expect(writesNothing(plan)).toBe(true);
  });
});

describe('a first sync', () => {
  it('fills blanks on either side and lets the rule decide between two values', () => {
    const object = contacts([field('firstname'), field('lastname'), field('phone')]);
    const plan = makePlan(
      inputOf({
        object,
        kinds: { ...text, phone: 'text' },
        hubspot: { firstname: 'Ann', lastname: null, phone: '1' },
        salesforce: { Firstname: null, Lastname: 'Lee', Phone: '2' },
        newer: 'hubspot',
      }),
    );
    expect(plan.hubspot).toEqual({ lastname: 'Lee' });
    expect(plan.salesforce).toEqual({ Firstname: 'Ann', Phone: '1' });
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: 'Lee', phone: '1' });
  });

  it('notes both values of a field that may not cross, so that later changes count from there', () => {
    const object = contacts([field('firstname', { rule: 'alwaysSalesforce' })]);
    const scene = { object, kinds: text, hubspot: { firstname: 'Ann' } } as const;
    const first = makePlan(inputOf({ ...scene, salesforce: { Firstname: null } }));
    expect(writesNothing(first)).toBe(true);
    expect(first.base).toEqual({ firstname: { hubspot: 'Ann', salesforce: null } });
    expect(first.adopt).toEqual([]);
    const later = makePlan(inputOf({ ...scene, base: first.base, salesforce: { Firstname: 'Bea' } }));
    expect(later.hubspot).toEqual({ firstname: 'Bea' });
  });

  it('is still to come for a value that this pass alone may not carry', () => {
    const object = contacts([field('firstname'), field('lastname'), field('title', { rule: 'alwaysSalesforce' })]);
    const hubspot = { firstname: 'Ann', lastname: null, title: 'Dr' };
    const scene = { object, kinds: { ...text, title: 'text' }, hubspot } as const;
    const salesforce = { Firstname: null, Lastname: 'Lee', Title: null };
    const narrowed = makePlan(inputOf({ ...scene, narrowedTo: 'toHubSpot', salesforce }));
    expect(narrowed.hubspot).toEqual({ lastname: 'Lee' });
    expect(narrowed.salesforce).toEqual({});
    const noted = { hubspot: 'Dr', salesforce: null };
    expect(narrowed.base).toEqual({ firstname: { firstSync: true }, lastname: 'Lee', title: noted });
    const base = narrowed.base;
    const later = makePlan(inputOf({ ...scene, base, hubspot: { ...hubspot, lastname: 'Lee' }, salesforce }));
    expect(later.salesforce).toEqual({ Firstname: 'Ann' });
  });

  it('does not let a checkbox that nobody touched overrule one that was set', () => {
    const object = contacts([field('vip')]);
    const scene = { object, kinds: { vip: 'boolean' }, salesforce: { Vip: true }, newer: 'hubspot' } as const;
    expect(makePlan(inputOf({ ...scene, hubspot: { vip: null } })).hubspot).toEqual({ vip: 'true' });
    expect(makePlan(inputOf({ ...scene, hubspot: { vip: 'false' } })).salesforce).toEqual({ Vip: false });
  });

  it('does not let an unticked checkbox of Salesforce, which may never have been touched, overrule a ticked one', () => {
    const ticked = { kinds: { vip: 'boolean' }, hubspot: { vip: 'true' }, salesforce: { Vip: false } } as const;
    const plan = makePlan(inputOf({ ...ticked, object: contacts([field('vip')]), newer: 'salesforce' }));
    expect(plan.salesforce).toEqual({ Vip: true });
    const oneWay = contacts([field('vip', { rule: 'alwaysSalesforce' })]);
    expect(writesNothing(makePlan(inputOf({ ...ticked, object: oneWay })))).toBe(true);
  });

  it('has nothing to do for a checkbox untouched in HubSpot and unticked in Salesforce', () => {
    const object = contacts([field('vip')]);
    const plan = makePlan(
      inputOf({ object, kinds: { vip: 'boolean' }, hubspot: { vip: null }, salesforce: { Vip: false } }),
    );
    expect(writesNothing(plan)).toBe(true);
    expect(plan.base).toEqual({ vip: 'false' });
  });
});

describe('a create', () => {
  it('writes every value that is not blank, and takes the blanks into the base', () => {
    const object = contacts([field('firstname'), field('lastname'), field('vip'), field('news')]);
    const kinds = { ...text, vip: 'boolean', news: 'boolean' } as const;
    const plan = makePlan(
      inputOf({ object, kinds, hubspot: { firstname: 'Ann', lastname: null, vip: null, news: 'false' } }),
    );
    expect(plan.salesforce).toEqual({ Firstname: 'Ann', News: false });
    expect(plan.hubspot).toEqual({});
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: null, vip: 'false', news: 'false' });
    expect(plan.previous).toEqual({ hubspot: {}, salesforce: {} });
  });

  it('keeps to the rules: what never goes to that side is not written', () => {
    const object = contacts([
      field('firstname', { rule: 'alwaysSalesforce' }),
      field('lastname', { rule: 'none' }),
      field('phone', { rule: 'preferSalesforce' }),
    ]);
    const kinds = { ...text, phone: 'text' } as const;
    const hubspot = { firstname: 'Ann', lastname: 'Lee', phone: '1' };
    const plan = makePlan(inputOf({ object, kinds, hubspot }));
    expect(plan.salesforce).toEqual({ Phone: '1' });
    expect(plan.base).toEqual({ firstname: { hubspot: 'Ann', salesforce: null }, phone: '1' });
  });

  it('works towards HubSpot alike', () => {
    const plan = makePlan(inputOf({ object: names, kinds: text, salesforce: { Firstname: 'Ann', Lastname: null } }));
    expect(plan.hubspot).toEqual({ firstname: 'Ann' });
    expect(plan.salesforce).toEqual({});
  });

  it('ignores the base of a pair whose record is gone', () => {
    const plan = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base: { firstname: 'Ann' },
        hubspot: { firstname: 'Ann', lastname: 'Lee' },
      }),
    );
    expect(plan.salesforce).toEqual({ Firstname: 'Ann', Lastname: 'Lee' });
  });

  it('lets a default that Salesforce sets on creating go back as a change', () => {
    const object = contacts([field('status')]);
    const kinds = { status: 'picklist' } as const;
    const { base } = makePlan(inputOf({ object, kinds, hubspot: { status: null } }));
    const next = makePlan(inputOf({ object, kinds, base, hubspot: { status: null }, salesforce: { Status: 'Open' } }));
    expect(next.hubspot).toEqual({ status: 'Open' });
  });
});

describe('a placeholder', () => {
  const object = contacts([field('company', { rule: 'preferHubSpot', whenBlank: { salesforce: '(none)' } })]);
  const kinds = { company: 'text' } as const;

  it('is written on a create where HubSpot holds nothing', () => {
    const plan = makePlan(inputOf({ object, kinds, hubspot: { company: null } }));
    expect(plan.salesforce).toEqual({ Company: '(none)' });
    expect(plan.base).toEqual({ company: null });
  });

  it('is written on a create where the rule keeps the value away', () => {
    const oneWay = contacts([field('company', { rule: 'alwaysSalesforce', whenBlank: { salesforce: '(none)' } })]);
    expect(makePlan(inputOf({ object: oneWay, kinds, hubspot: { company: 'Acme' } })).salesforce).toEqual({
      Company: '(none)',
    });
  });

  it('is written where HubSpot was cleared', () => {
    const plan = makePlan(
      inputOf({ object, kinds, base: { company: 'Acme' }, hubspot: { company: '' }, salesforce: { Company: 'Acme' } }),
    );
    expect(plan.salesforce).toEqual({ Company: '(none)' });
    expect(plan.base).toEqual({ company: null });
  });

  it('counts as a blank when read back: no echo, no change, no value for HubSpot', () => {
    const scene = { object, kinds, hubspot: { company: null }, salesforce: { Company: ' (none)' } } as const;
    for (const base of [undefined, { company: null }]) {
      const plan = makePlan(inputOf({ ...scene, base }));
      expect(writesNothing(plan)).toBe(true);
      expect(plan.base).toEqual({ company: null });
    }
  });

  it('is a blank in HubSpot too, where somebody typed it there', () => {
    const typed = { object, kinds, base: { company: 'Acme' }, hubspot: { company: '(none)' } } as const;
    const plan = makePlan(inputOf({ ...typed, salesforce: { Company: 'Acme' } }));
    expect(plan.salesforce).toEqual({ Company: '(none)' });
    const next = makePlan(inputOf({ ...typed, base: plan.base, salesforce: plan.salesforce }));
    expect(writesNothing(next)).toBe(true);
  });

  it('gives way to a value', () => {
    const plan = makePlan(
      inputOf({
        object,
        kinds,
        base: { company: null },
        hubspot: { company: 'Acme' },
        salesforce: { Company: '(none)' },
      }),
    );
    expect(plan.salesforce).toEqual({ Company: 'Acme' });
    expect(plan.previous.salesforce).toEqual({ Company: '(none)' });
  });

  it('works for HubSpot alike', () => {
    const mirrored = contacts([field('company', { whenBlank: { hubspot: 'n/a' } })]);
    const plan = makePlan(
      inputOf({
        object: mirrored,
        kinds,
        base: { company: 'Acme' },
        hubspot: { company: 'Acme' },
        salesforce: { Company: null },
      }),
    );
    expect(plan.hubspot).toEqual({ company: 'n/a' });
    const back = makePlan(
      inputOf({ object: mirrored, kinds, base: plan.base, hubspot: plan.hubspot, salesforce: { Company: null } }),
    );
    expect(writesNothing(back)).toBe(true);
  });
});

describe('a table of values', () => {
  const values = [
    ['NEW', 'Open'],
    ['UNQUALIFIED', 'Open'],
    ['OPEN', 'Working'],
  ] as const;
  const object = contacts([field('status', { values }), field('firstname')]);
  const kinds = { status: 'picklist', firstname: 'text' } as const;

  it('translates in both directions', () => {
    const base = { status: 'NEW', firstname: 'Ann' };
    const out = makePlan(
      inputOf({
        object,
        kinds,
        base,
        hubspot: { status: 'OPEN', firstname: 'Ann' },
        salesforce: { Status: 'Open', Firstname: 'Ann' },
      }),
    );
    expect(out.salesforce).toEqual({ Status: 'Working' });
    const back = makePlan(
      inputOf({ object, kinds, base, hubspot: base, salesforce: { Status: 'Working', Firstname: 'Ann' } }),
    );
    expect(back.hubspot).toEqual({ status: 'OPEN' });
  });

  it('does not send a value back as another that has the same translation', () => {
    const settled = { status: 'UNQUALIFIED', firstname: 'Ann' };
    const scene = { object, kinds, hubspot: settled, salesforce: { Status: 'Open', Firstname: 'Ann' } } as const;
    expect(writesNothing(makePlan(inputOf({ ...scene, base: settled })))).toBe(true);
    expect(writesNothing(makePlan(inputOf(scene)))).toBe(true);
    const edited = makePlan(inputOf({ ...scene, base: settled, hubspot: { ...settled, status: 'OPEN' } }));
    expect(edited.salesforce).toEqual({ Status: 'Working' });
    expect(edited.conflicts).toEqual([]);
  });

  it('fails the field whose value stands in no pair, and that field alone', () => {
    const plan = makePlan(
      inputOf({
        object,
        kinds,
        base: { status: 'NEW', firstname: 'Ann' },
        hubspot: { status: 'LOST', firstname: 'Anna' },
        salesforce: { Status: 'Open', Firstname: 'Ann' },
      }),
    );
    expect(plan.badValues).toEqual([{ field: 'status', side: 'hubspot', reason: 'noCounterpart' }]);
    expect(plan.salesforce).toEqual({ Firstname: 'Anna' });
    expect(plan.base).toEqual({ status: 'NEW', firstname: 'Anna' });
  });

  it('fails the field for a Salesforce value that stands in no pair', () => {
    const plan = makePlan(inputOf({ object, kinds, salesforce: { Status: 'NEW', Firstname: 'Ann' } }));
    expect(plan.badValues).toEqual([{ field: 'status', side: 'salesforce', reason: 'notUnderstood' }]);
    expect(plan.hubspot).toEqual({ firstname: 'Ann' });
  });

  it('does not take two values that can not be read for the same', () => {
    const plan = makePlan(
      inputOf({
        object,
        kinds,
        hubspot: { status: 'LOST', firstname: 'Ann' },
        salesforce: { Status: { compound: true }, Firstname: 'Ann' },
      }),
    );
    expect(plan.badValues).toEqual([{ field: 'status', side: 'salesforce', reason: 'notUnderstood' }]);
  });

  it('is not asked about a value that does not cross', () => {
    const plan = makePlan(
      inputOf({
        object,
        kinds,
        base: { status: 'LOST', firstname: 'Ann' },
        hubspot: { status: 'LOST', firstname: 'Ann' },
        salesforce: { Status: 'Working', Firstname: 'Ann' },
      }),
    );
    expect(plan.hubspot).toEqual({ status: 'OPEN' });
    expect(plan.badValues).toEqual([]);
  });
});

describe('a bad value', () => {
  const object = contacts([field('size'), field('born')]);
  const kinds = { size: 'number', born: 'date' } as const;

  it('fails its field on the side where it stands', () => {
    const plan = makePlan(
      inputOf({
        object,
        kinds,
        base: { size: '1', born: '2000-01-01' },
        hubspot: { size: 'many', born: '2000-01-01' },
        salesforce: { Size: 1, Born: '2000-02-31' },
      }),
    );
    expect(plan.badValues).toEqual([
      { field: 'size', side: 'hubspot', reason: 'notUnderstood' },
      { field: 'born', side: 'salesforce', reason: 'notUnderstood' },
    ]);
    expect(writesNothing(plan)).toBe(true);
    expect(plan.base).toEqual({ size: '1', born: '2000-01-01' });
  });

  it('at the first sync leaves the field its first sync, for when it is mended', () => {
    const first = makePlan(
      inputOf({ object, kinds, hubspot: { size: 'many', born: null }, salesforce: { Size: null, Born: null } }),
    );
    expect(first.base).toEqual({ size: { firstSync: true }, born: null });
    const mended = makePlan(
      inputOf({
        object,
        kinds,
        base: first.base,
        hubspot: { size: '12', born: null },
        salesforce: { Size: null, Born: null },
      }),
    );
    expect(mended.salesforce).toEqual({ Size: 12 });
    expect(mended.base).toEqual({ size: '12', born: null });
  });
});

describe('a field newly mapped on an old pair', () => {
  const scene = { object: names, kinds: text, base: { firstname: 'Ann' } } as const;

  it('is noted on both sides and not written', () => {
    const plan = makePlan(
      inputOf({
        ...scene,
        hubspot: { firstname: 'Ann', lastname: 'Lee' },
        salesforce: { Firstname: 'Ann', Lastname: null },
      }),
    );
    expect(writesNothing(plan)).toBe(true);
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: { hubspot: 'Lee', salesforce: null } });
    expect(plan.adopt).toEqual(['lastname']);
  });

  it('crosses with its first change after that', () => {
    const base = { firstname: 'Ann', lastname: { hubspot: 'Lee', salesforce: null } } as const;
    const plan = makePlan(
      inputOf({
        ...scene,
        base,
        hubspot: { firstname: 'Ann', lastname: 'Leigh' },
        salesforce: { Firstname: 'Ann', Lastname: null },
      }),
    );
    expect(plan.salesforce).toEqual({ Lastname: 'Leigh' });
    expect(plan.conflicts).toEqual([]);
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: 'Leigh' });
  });

  it('is adopted at once where both sides hold the same', () => {
    const plan = makePlan(
      inputOf({
        ...scene,
        hubspot: { firstname: 'Ann', lastname: 'Lee' },
        salesforce: { Firstname: 'Ann', Lastname: 'Lee' },
      }),
    );
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: 'Lee' });
    expect(plan.adopt).toEqual([]);
  });
});

describe('fields outside the plan', () => {
  it('are those without a field on this Salesforce type, and those that no mapping names', () => {
    const object = contacts([{ hubspot: 'company', salesforce: { Lead: 'Company' }, rule: 'twoWay' }]);
    const scene = {
      object,
      kinds: { company: 'text' },
      base: { company: 'Acme', gone: 'x' },
      hubspot: { company: 'Apex', phone: '1' },
      salesforce: { Company: 'Acme', Phone: '2' },
    } as const;
    const onContact = makePlan(inputOf(scene));
    expect(writesNothing(onContact)).toBe(true);
    expect(onContact.base).toEqual({});
    expect(makePlan(inputOf({ ...scene, salesforceType: 'Lead' })).salesforce).toEqual({ Company: 'Apex' });
  });

  it('are named by type: Lead and Contact may call one field differently', () => {
    const object = contacts([{ hubspot: 'site', salesforce: { Lead: 'Website', Contact: 'Site__c' }, rule: 'twoWay' }]);
    const scene = { object, kinds: { site: 'text' }, hubspot: { site: 'x.y' } } as const;
    expect(makePlan(inputOf({ ...scene, salesforceType: 'Lead' })).salesforce).toEqual({ Website: 'x.y' });
    expect(makePlan(inputOf({ ...scene, salesforceType: 'Contact' })).salesforce).toEqual({ Site__c: 'x.y' });
  });

  it('are set aside where an answer lacks them: missing is not cleared', () => {
    const plan = makePlan(
      inputOf({
        object: names,
        kinds: text,
        base: { firstname: 'Ann', lastname: 'Lee' },
        hubspot: { firstname: 'Ann' },
        salesforce: { Lastname: 'Lee' },
      }),
    );
    expect(writesNothing(plan)).toBe(true);
    expect(plan.setAside).toEqual(['firstname', 'lastname']);
    expect(plan.base).toEqual({ firstname: 'Ann', lastname: 'Lee' });
  });

  it('are set aside where no kind is known', () => {
    const plan = makePlan(
      inputOf({ object: names, kinds: { firstname: 'text' }, hubspot: { firstname: 'A', lastname: 'L' } }),
    );
    expect(plan.salesforce).toEqual({ Firstname: 'A' });
    expect(plan.setAside).toEqual(['lastname']);
  });
});

describe('the base after a part of the writes', () => {
  const scene = {
    object: names,
    kinds: text,
    hubspot: { firstname: 'Anna', lastname: null },
    salesforce: { Firstname: null, Lastname: 'Lee' },
  } as const;
  const both = new Set(['hubspot', 'salesforce'] as const);

  it("is the plan's, when all was confirmed", () => {
    const plan = makePlan(inputOf({ ...scene, base: { firstname: null, lastname: null } }));
    expect(baseAfter(plan, { firstname: null, lastname: null }, both)).toEqual(plan.base);
  });

  it('keeps the old entry of what was not confirmed, a blank one too', () => {
    const base = { firstname: null, lastname: null };
    const plan = makePlan(inputOf({ ...scene, base }));
    expect(baseAfter(plan, base, new Set(['hubspot']))).toEqual({ firstname: null, lastname: 'Lee' });
    expect(baseAfter(plan, base, new Set())).toEqual(base);
  });

  it('leaves an unconfirmed field of a first sync its first sync', () => {
    const plan = makePlan(inputOf(scene));
    const base = baseAfter(plan, undefined, new Set(['hubspot']));
    expect(base).toEqual({ firstname: { firstSync: true }, lastname: 'Lee' });
    const again = makePlan(inputOf({ ...scene, base, hubspot: { firstname: 'Anna', lastname: 'Lee' } }));
    expect(again.salesforce).toEqual({ Firstname: 'Anna' });
  });
});

describe('a value that the other side can not hold', () => {
  const object = contacts([field('title'), field('size'), field('tier'), field('firstname')]);
  const kinds = { title: 'text', size: 'number', tier: 'picklist', firstname: 'text' } as const;
  const limits = {
    title: { hubspot: undefined, salesforce: { length: 5 } },
    size: { hubspot: undefined, salesforce: { precision: 5, scale: 2 } },
    tier: { hubspot: { options: ['Gold'] }, salesforce: { options: ['Gold', 'Silver'] } },
    firstname: { hubspot: undefined, salesforce: { length: 40 } },
  };
  const settled = { title: 'Chief', size: '1', tier: 'Gold', firstname: 'Ann' };
  const there = { Title: 'Chief', Size: 1, Tier: 'Gold', Firstname: 'Ann' };
  const scene = { object, kinds, limits, base: settled, hubspot: settled, salesforce: there } as const;
  const after = (hubspot: Partial<typeof settled>, more: Partial<PlanInput> = {}) =>
    makePlan(inputOf({ ...scene, hubspot: { ...settled, ...hubspot }, ...more }));

  it.each([
    [{ title: 'Captain' }, 'title', 'tooLong'],
    [{ size: '123456' }, 'size', 'outOfRange'],
    [{ tier: 'Lead' }, 'tier', 'notAnOption'],
  ])('%j fails its field with the reason, and the others go on', (edit, name, reason) => {
    const plan = after({ ...edit, firstname: 'Anna' });
    expect(plan.badValues).toEqual([{ field: name, side: 'hubspot', reason }]);
    expect(plan.salesforce).toEqual({ Firstname: 'Anna' });
    expect(plan.base).toEqual({ ...settled, firstname: 'Anna' });
  });

  it('fails in the other direction too', () => {
    const plan = makePlan(inputOf({ ...scene, salesforce: { ...there, Tier: 'Silver' } }));
    expect(plan.badValues).toEqual([{ field: 'tier', side: 'salesforce', reason: 'notAnOption' }]);
    expect(writesNothing(plan)).toBe(true);
  });

  it('is cut where the settings say so, and what is left out is no edit afterwards', () => {
    const cut = { ...object, onBadValue: 'truncate' } as const;
    const plan = after({ title: 'Captain' }, { object: cut });
    expect(plan.salesforce).toEqual({ Title: 'Capta' });
    expect(plan.base).toMatchObject({ title: { hubspot: 'Captain', salesforce: 'Capta' } });
    const next = { object: cut, base: plan.base, salesforce: { ...there, Title: 'Capta' } };
    expect(writesNothing(after({ title: 'Captain' }, next))).toBe(true);
    expect(after({ title: 'Boss' }, next).salesforce).toEqual({ Title: 'Boss' });
    expect(after({ title: 'Captain' }, { ...next, salesforce: { ...there, Title: 'Clerk' } }).hubspot).toEqual({
      title: 'Clerk',
    });
  });

  it('is rounded as Salesforce rounds, and does not come back as an edit', () => {
    const plan = after({ size: '1.239' });
    expect(plan.salesforce).toEqual({ Size: 1.24 });
    const next = { base: plan.base, salesforce: { ...there, Size: 1.24 } };
    expect(writesNothing(after({ size: '1.239' }, next))).toBe(true);
    expect(after({ size: '1.3' }, next).salesforce).toEqual({ Size: 1.3 });
  });

  it('a field that the vendor refused in this pass is left out of the next look', () => {
    const plan = after({ title: 'Boss', firstname: 'Anna' }, { refused: new Set(['title']) });
    expect(plan.salesforce).toEqual({ Firstname: 'Anna' });
    expect(plan.badValues).toEqual([{ field: 'title', side: 'hubspot', reason: 'refused' }]);
  });
});
