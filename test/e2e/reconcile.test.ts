import { beforeAll, describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from './people.ts';
import { type EndedRun, liveGoesOn, liveRests, longAgo, run } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Does something whose notices get lost: the polls take it for handed on. The watch stands still from here on. */
async function unseen(world: World, act: () => void): Promise<void> {
  const { hubspot, salesforce, ledger } = world;
  await liveRests(world);
  act();
  const contacts = hubspot.recordIds('contacts').map((id) => `${id}@${hubspot.record('contacts', id)?.updatedAt}`);
  const inOrg = salesforce
    .records('Contact')
    .map(({ Id, SystemModstamp }) => `${Id}@${new Date(String(SystemModstamp)).toISOString()}`);
  for (const [name, marks] of Object.entries({
    'hubspot/contacts/contacts': contacts,
    'salesforce/contacts/Contact': inOrg,
  })) {
    const cursor = await ledger.cursors.get<{ since: string; seen: string[] }>(`poll/${name}`);
    await ledger.cursors.put(`poll/${name}`, { since: cursor?.since, seen: [...(cursor?.seen ?? []), ...marks] });
  }
  await liveGoesOn(world, 'polls');
  await world.twoMorePolls();
}

const hubspotOf = (world: World, { hubspotId }: InStep) =>
  world.hubspot.record('contacts', hubspotId)?.properties ?? {};
const salesforceOf = (world: World, { salesforceId }: InStep) => world.salesforce.record('Contact', salesforceId) ?? {};

describe('a reconcile', () => {
  let people: readonly InStep[] = [];
  let ended: EndedRun | undefined;
  let newcomer = '';
  const world = useWorld(async (made) => {
    const outside = { LastName: 'Stone', Title: 'CTO', Email: 'outside@example.com' };
    made.salesforce.people.create('Contact', outside, longAgo);
    const segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
    people = await customersInStep(made, ['ann', 'bea', 'cleo']);
    await run(made, 'import', 'first'); // pairs the person outside, without a base
    await made.twoMorePolls();
  });
  const person = (n: number): InStep => people[n] as InStep;

  beforeAll(async () => {
    const { hubspot, salesforce } = world();
    await unseen(world(), () => {
      hubspot.people.edit('contacts', person(0).hubspotId, { jobtitle: 'CFO' });
      salesforce.people.update('Contact', person(1).salesforceId, { Title: 'COO' });
      const properties = { email: 'new@example.com', lastname: 'New', lifecyclestage: 'customer' };
      newcomer = hubspot.people.create('contacts', properties).id;
      hubspot.runEvaluation();
    });
    expect(salesforceOf(world(), person(0))).toMatchObject({ Title: 'CTO' });
    expect(hubspotOf(world(), person(1))).toMatchObject({ jobtitle: 'CTO' });
    world().clearTraffic();
    ended = await run(world(), 'reconcile', 'first');
  }, 300_000);

  test('brings across edits whose notice was lost, on either side', () => {
    expect(salesforceOf(world(), person(0))).toMatchObject({ Title: 'CFO' });
    expect(hubspotOf(world(), person(1))).toMatchObject({ jobtitle: 'COO' });
    expect(world().writes('salesforce', person(0).salesforceId)).toEqual(['Title']);
    expect(world().writes('hubspot', person(1).hubspotId)).toEqual(['jobtitle']);
  });

  test('syncs a record without a pair whose making nobody saw', () => {
    expect(world().salesforce.records('Contact', { email: 'new@example.com' })).toHaveLength(1);
    expect(world().hubspot.record('contacts', newcomer)?.properties).toMatchObject({ lastname: 'New' });
  });

  test('leaves alone what is in step, and what never was', () => {
    expect(world().writes('salesforce', person(2).salesforceId)).toEqual([]);
    const outside = world().hubspot.recordBy('contacts', 'email', 'outside@example.com');
    expect(outside?.properties['jobtitle']).toBeUndefined();
    expect(world().writes('hubspot', outside?.id)).toEqual([]);
    expect(ended?.counts['pairs']).toEqual({ synced: 2, unchanged: 1 });
    expect(ended?.counts['never in step']).toEqual({ 'leftAlone:contacts': 1, 'leftAlone:Contact': 1 });
  });

  test('changes nothing when it is done again', async () => {
    await world().twoMorePolls();
    world().clearTraffic();
    const { counts } = await run(world(), 'reconcile', 'second');
    expect(counts['pairs']).toEqual({ unchanged: 4 });
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
  });

  test('lists a pair of which one side is deleted', async () => {
    await unseen(world(), () => world().salesforce.people.remove('Contact', person(2).salesforceId));
    const { counts, rows } = await run(world(), 'reconcile', 'third');
    expect(counts['pairs']).toEqual({ unchanged: 3, 'skipped:deleted': 1 });
    const there = { system: 'salesforce', object: 'contacts', id: person(2).salesforceId };
    expect(rows).toEqual([person(2).ref, there].map((ref) => ({ ref, outcome: 'skipped', reason: 'deleted' })));
    expect(hubspotOf(world(), person(2))).toMatchObject({ jobtitle: 'CTO' });
  });
});

describe('a mapping that is added to pairs in step', () => {
  let people: readonly InStep[] = [];
  const person = (n: number): InStep => people[n] as InStep;
  const values = [
    { hubspot: '111', salesforce: '222' },
    { hubspot: '333', salesforce: null },
    { hubspot: '', salesforce: '444' },
  ];
  const world = useWorld(async (made) => {
    const segment = made.createSegment();
    const before = contactSettings([`segments: { include: [${segment}] }`]);
    await made.apply(before);
    people = await customersInStep(made, ['ann', 'bea', 'cleo']);
    for (const [n, { hubspot, salesforce }] of values.entries()) {
      made.hubspot.people.edit('contacts', person(n).hubspotId, { mobilephone: hubspot });
      made.salesforce.people.update('Contact', person(n).salesforceId, { MobilePhone: salesforce });
    }
    await made.twoMorePolls();
    made.clearTraffic();
    const field = '      - { hubspot: mobilephone, salesforce: MobilePhone, rule: twoWay }';
    await made.apply(before.replace('polling:', `${field}\npolling:`));
  });

  const seen = () =>
    people.map((one) => ({
      hubspot: hubspotOf(world(), one)['mobilephone'] ?? '',
      salesforce: salesforceOf(world(), one)['MobilePhone'] ?? null,
    }));

  test('AT22: changes no value that is there, by itself, by a reconcile or by a change of another field', async () => {
    await world().twoMorePolls();
    await run(world(), 'reconcile', 'first');
    world().hubspot.people.edit('contacts', person(0).hubspotId, { jobtitle: 'CFO' });
    await until(async () => salesforceOf(world(), person(0))['Title'] === 'CFO');
    await run(world(), 'reconcile', 'second');
    expect(seen()).toEqual(values);
    expect(world().writes('hubspot')).toEqual([]);
    expect(world().writes('salesforce')).toEqual(['Title']);
  });

  test('AT22, twin: carries what is changed from then on, in both directions', async () => {
    world().hubspot.people.edit('contacts', person(0).hubspotId, { mobilephone: '112' });
    world().salesforce.people.update('Contact', person(1).salesforceId, { MobilePhone: '223' });
    await until(async () => salesforceOf(world(), person(0))['MobilePhone'] === '112');
    await until(async () => hubspotOf(world(), person(1))['mobilephone'] === '223');
    expect(seen()[2]).toEqual(values[2]);
  });
});
