import { describe, expect, test } from '@jest/globals';
import { rules } from '../../core/settings/settings.ts';
import { longAgo } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

// A field for each rule, by its property and its Salesforce field.
const fields = {
  twoWay: ['jobtitle', 'Title'],
  preferSalesforce: ['phone', 'Phone'],
  alwaysSalesforce: ['city', 'MailingCity'],
  preferHubSpot: ['state', 'MailingState'],
  alwaysHubSpot: ['zip', 'MailingPostalCode'],
  none: ['country', 'MailingCountry'],
} as const satisfies Record<(typeof rules)[number], readonly [string, string]>;

const settings = contactSettings().replace(
  /fields:\n[\s\S]*?(?=polling:)/,
  [
    'fields:',
    '      - { hubspot: email, salesforce: Email, rule: twoWay }',
    '      - { hubspot: lastname, salesforce: LastName, rule: twoWay }',
    '      - { hubspot: salutation, salesforce: { Contact: Greeting__c }, rule: alwaysSalesforce }',
    ...rules.map(
      (rule) => `      - { hubspot: ${fields[rule][0]}, salesforce: { Contact: ${fields[rule][1]} }, rule: ${rule} }`,
    ),
    '',
  ].join('\n'),
);

const world = useWorld(async (made) => await made.apply(settings));

const everyProperty = (value: string) => Object.fromEntries(rules.map((rule) => [fields[rule][0], value]));
const everyField = (value: string | null) => Object.fromEntries(rules.map((rule) => [fields[rule][1], value]));

/** Somebody whom both systems know with the same value in every field. */
async function inStep({ hubspot, salesforce, tandem, ref: refOf }: World, name: string, value: string) {
  const email = `${name}@example.com`;
  const person = { LastName: name, Email: email, ...everyField(value || null) };
  const salesforceId = salesforce.people.create('Contact', person, longAgo);
  const { id: hubspotId } = hubspot.people.create('contacts', { email, lastname: name, ...everyProperty(value) });
  const ref = refOf('hubspot', hubspotId);
  await tandem.syncNow(ref);
  await until(async () => (await tandem.getRecord(ref)).pair?.salesforceId === salesforceId);
  return { ref, hubspotId, salesforceId };
}

/** What each side holds of a rule's field: `HubSpot/Salesforce`, blank as `-`. */
const heldBy = ({ hubspot, salesforce }: World, ids: { readonly hubspotId: string; readonly salesforceId: string }) =>
  Object.fromEntries(
    rules.map((rule) => {
      const [property, field] = fields[rule];
      const here = hubspot.record('contacts', ids.hubspotId)?.properties[property];
      const there = salesforce.record('Contact', ids.salesforceId)?.[field];
      return [rule, `${here || '-'}/${String(there || '-')}`];
    }),
  );

describe('AT8: the table of the field rules', () => {
  test.each([
    {
      what: 'a HubSpot value over a Salesforce value',
      before: 'a',
      hubspot: 'b',
      held: {
        twoWay: 'b/b',
        preferSalesforce: 'b/a',
        alwaysSalesforce: 'b/a',
        preferHubSpot: 'b/b',
        alwaysHubSpot: 'b/b',
        none: 'b/a',
      },
    },
    {
      what: 'a HubSpot value beside a blank in Salesforce',
      before: '',
      hubspot: 'b',
      held: {
        twoWay: 'b/b',
        preferSalesforce: 'b/b',
        alwaysSalesforce: 'b/-',
        preferHubSpot: 'b/b',
        alwaysHubSpot: 'b/b',
        none: 'b/-',
      },
    },
    {
      what: 'a Salesforce value over a HubSpot value',
      before: 'a',
      salesforce: 'b',
      held: {
        twoWay: 'b/b',
        preferSalesforce: 'b/b',
        alwaysSalesforce: 'b/b',
        preferHubSpot: 'a/b',
        alwaysHubSpot: 'a/b',
        none: 'a/b',
      },
    },
    {
      what: 'a Salesforce value beside a blank in HubSpot',
      before: '',
      salesforce: 'b',
      held: {
        twoWay: 'b/b',
        preferSalesforce: 'b/b',
        alwaysSalesforce: 'b/b',
        preferHubSpot: 'b/b',
        alwaysHubSpot: '-/b',
        none: '-/b',
      },
    },
    {
      what: 'a value deleted in Salesforce',
      before: 'a',
      salesforce: null,
      held: {
        twoWay: '-/-',
        preferSalesforce: '-/-',
        alwaysSalesforce: '-/-',
        preferHubSpot: 'a/-',
        alwaysHubSpot: 'a/-',
        none: 'a/-',
      },
    },
    {
      what: 'a value deleted in HubSpot',
      before: 'a',
      hubspot: '',
      held: {
        twoWay: '-/-',
        preferSalesforce: '-/a',
        alwaysSalesforce: '-/a',
        preferHubSpot: '-/-',
        alwaysHubSpot: '-/-',
        none: '-/a',
      },
    },
  ])('$what', async ({ what, before, hubspot, salesforce, held }) => {
    const person = await inStep(world(), what.replaceAll(' ', '-').toLowerCase(), before);
    if (hubspot !== undefined) world().hubspot.people.edit('contacts', person.hubspotId, everyProperty(hubspot));
    if (salesforce !== undefined) {
      world().salesforce.people.update('Contact', person.salesforceId, everyField(salesforce));
    }
    await world().tandem.syncNow(person.ref);
    await world().twoMorePolls();
    await world().atRest();
    expect(heldBy(world(), person)).toEqual(held);
    expect(await world().tandem.syncNow(person.ref)).toMatchObject({ outcome: { kind: 'unchanged' } });
  });
});

describe('what is no change', () => {
  test('AT24: an edit of a field that no rule names writes nothing, on either side', async () => {
    const { hubspotId, salesforceId } = await inStep(world(), 'ann', 'a');
    await world().twoMorePolls();
    await world().atRest();
    world().clearTraffic();
    world().hubspot.people.edit('contacts', hubspotId, { industry: 'Wine' });
    world().salesforce.people.update('Contact', salesforceId, { Department: 'Sales' });
    await world().twoMorePolls();
    await world().atRest();
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
  });

  test("AT12: a formula's new result alone syncs nothing; the record's next edit brings it", async () => {
    const { ref, hubspotId, salesforceId } = await inStep(world(), 'bea', 'a');
    const { hubspot, salesforce } = world();
    const greeting = () => hubspot.record('contacts', hubspotId)?.properties['salutation'];
    expect(greeting()).toBe('bea');
    await world().twoMorePolls();
    await world().atRest();
    world().clearTraffic();
    const before = (await world().tandem.getRecord(ref)).decision?.seenAt;
    salesforce.setFormulaResult('Contact', salesforceId, 'Greeting__c', 'Dear bea');
    await world().twoMorePolls();
    await world().atRest();
    expect((await world().tandem.getRecord(ref)).decision?.seenAt).toBe(before);
    expect(world().writes('hubspot')).toEqual([]);

    salesforce.people.update('Contact', salesforceId, { Salutation: 'Dr.' });
    await until(async () => greeting() === 'Dr. bea');
  });
});

test('AT13: of two leads with one email, edited in turn, the first keeps the pair', async () => {
  const { salesforce, hubspot, tandem } = world();
  const make = (name: string) =>
    salesforce.people.create('Lead', { LastName: name, Company: 'Acme', Email: 'two@example.com' });
  const first = make('First');
  const ref = world().ref('salesforce', first);
  const pair = await until(async () => (await tandem.getRecord(ref)).pair);
  const second = make('Second');
  const name = () => hubspot.record('contacts', pair.hubspotId)?.properties['lastname'];
  for (const round of [1, 2]) {
    salesforce.people.update('Lead', second, { LastName: `Second ${round}` });
    expect(await tandem.syncNow(world().ref('salesforce', second))).toMatchObject({
      outcome: { kind: 'skipped', reason: 'duplicate' },
    });
    salesforce.people.update('Lead', first, { LastName: `First ${round}` });
    await until(async () => name() === `First ${round}`);
    expect((await tandem.getRecord(ref)).pair).toEqual(pair);
  }
  expect(salesforce.record('Lead', second)).toMatchObject({ LastName: 'Second 2' });
});
