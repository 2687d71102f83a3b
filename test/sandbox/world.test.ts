import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { type AwkwardCase, awkwardCases } from '../../sandbox/world/cases.ts';
import { type Inhabitant, seedWorld, type WorldOptions } from '../../sandbox/world/world.ts';

/** A world on paper: what each side was told, in order. */
function written(options: Omit<WorldOptions, 'hubspot' | 'salesforce'>) {
  const contacts: Readonly<Record<string, string>>[] = [];
  const records: { type: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const inhabitants = seedWorld({
    ...options,
    hubspot: { createContact: (properties) => `h${contacts.push(properties)}` },
    salesforce: { create: (type, fields) => `s${records.push({ type, fields })}` },
  });
  return { contacts, records, inhabitants };
}

const people = (world: ReturnType<typeof written>) => world.records.filter(({ type }) => type !== 'Account');

test('the same seed makes the same world, another one another', () => {
  const world = written({ seed: 7, records: 60 });
  expect(written({ seed: 7, records: 60 })).toEqual(world);
  expect(written({ seed: 8, records: 60 })).not.toEqual(world);
});

test('each kind of awkward person is among the first, so that small worlds have them', () => {
  const { inhabitants } = written({ seed: 7, records: 20 });
  expect(inhabitants.slice(0, awkwardCases.length).map(({ awkward }) => awkward)).toEqual([...awkwardCases]);
});

test.each([0, 1, 2, 3, 40, 333])('%d records are as many on each side, twins counted', (records) => {
  const world = written({ seed: 1, records });
  expect([world.contacts.length, people(world).length]).toEqual([records, records]);
});

test.each([
  [0, 0],
  [0.5, 20],
  [1, 38],
])('an overlap of %d puts that share of the people on both sides', (overlap, onBoth) => {
  const { inhabitants } = written({ seed: 1, records: 40, overlap });
  const shared = inhabitants.filter(({ hubspotId, salesforce }) => hubspotId !== undefined && salesforce.length > 0);
  expect(Math.abs(shared.length - onBoth)).toBeLessThanOrEqual(2);
});

test('nobody shares an email by accident, and the names come in several scripts', () => {
  const { contacts } = written({ seed: 3, records: 300 });
  const emails = contacts.flatMap(({ email }) => (email === undefined ? [] : [email.toLowerCase()]));
  expect(new Set(emails).size).toBe(emails.length);
  const names = contacts.map(({ firstname, lastname }) => `${firstname} ${lastname}`).join();
  for (const script of [/[äöüß]/i, /[éèç]/i, /[\u4e00-\u9fff]/, /[łśżń]/i, /[a-z]/i]) expect(names).toMatch(script);
});

describe('an awkward person', () => {
  let hubspot: HubSpotSandbox;
  let salesforce: SalesforceSandbox;
  let world: readonly Inhabitant[];
  beforeEach(() => {
    const clock = new ManualTime();
    hubspot = createHubSpotSandbox({ clock, timers: clock });
    salesforce = createSalesforceSandbox({ clock });
    world = seedWorld({
      hubspot: { createContact: (properties) => hubspot.people.create('contacts', properties).id },
      salesforce: salesforce.people,
      seed: 1,
      records: 30,
    });
  });
  afterEach(() => hubspot.stop());

  const first = (awkward: AwkwardCase) => {
    const inhabitant = world.find((each) => each.awkward === awkward);
    const contact = hubspot.record('contacts', inhabitant?.hubspotId ?? '')?.properties ?? {};
    const records = (inhabitant?.salesforce ?? []).map(({ type, id }) => ({ type, ...salesforce.record(type, id) }));
    return { contact, records };
  };

  test('has no email on either side', () => {
    const { contact, records } = first('noEmail');
    expect([contact.email, records]).toMatchObject([undefined, [{ Email: null }]]);
  });

  test('has an email in another case', () => {
    const { contact, records } = first('emailInAnotherCase');
    const [record] = records as { Email?: string }[];
    expect(record?.Email).not.toBe(contact.email);
    expect(record?.Email?.toLowerCase()).toBe(contact.email);
  });

  test.each([
    ['leadAndContact', ['Contact', 'Lead']],
    ['twoLeads', ['Lead', 'Lead']],
  ] as const)('is in Salesforce twice under one email: %s', (awkward, types) => {
    const { contact, records } = first(awkward);
    expect(records).toMatchObject(types.map((type) => ({ type, Email: contact.email })));
  });

  test('has accents and letters from afar', () => {
    const { contact, records } = first('accents');
    expect(contact.lastname).toBe("D'Ñandú Łukasiewicz 𠮷野");
    expect(records).toMatchObject([{ LastName: contact.lastname, FirstName: contact.firstname }]);
  });

  test('has values of 255 characters', () => {
    const { contact } = first('longestValues');
    expect([contact.company?.length, contact.website?.length, contact.address?.length]).toEqual([255, 255, 255]);
  });

  test('is blank but for the name', () => {
    const { contact, records } = first('mostlyBlank');
    expect(contact.firstname).toBeUndefined();
    expect(records).toMatchObject([{ FirstName: null, Phone: null, Title: null, Interests__c: null }]);
  });

  test('is known differently on the two sides', () => {
    const { contact, records } = first('sidesDiffer');
    expect(contact.phone).toBeDefined();
    expect(records).toMatchObject([{ Phone: null }]);
    expect(contact.jobtitle).toBe(`${(records[0] as { Title?: string }).Title} (old)`);
  });

  test('counts as no traffic', () => {
    expect([hubspot.traffic.report(), salesforce.traffic.report()]).toMatchObject([{ writes: [] }, { writes: [] }]);
  });
});
