import { describe, expect, test } from '@jest/globals';
import { calls } from '../support/doorkeeper.ts';
import { customersInStep, type InStep } from './people.ts';
import { longAgo } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

const there = (world: World, id: string) => world.ref('salesforce', id);
const titleIn = (world: World, id: string) => world.salesforce.record('Contact', id)?.['Title'];

/** A person who is no member, made in Salesforce; HubSpot fills in a title of its own as soon as it has created them. */
async function createdFromSalesforce(world: World, name: string) {
  const email = `${name}@example.com`;
  const held = world.doors.hubspot.hold('after', calls('POST', '/contacts/batch/create'));
  const salesforceId = world.salesforce.people.create('Contact', { LastName: name, Email: email });
  await held.here;
  const hubspotId = world.hubspot.recordBy('contacts', 'email', email)?.id ?? '';
  world.hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Filled in by HubSpot' });
  held.release();
  await world.decidedFor(there(world, salesforceId));
  await world.twoMorePolls();
  await world.atRest();
  return { hubspotId, salesforceId };
}

/** A member that has left, and a Salesforce contact without a title that nobody has paired. */
async function leftAndUnpaired(world: World, name: string): Promise<InStep & { readonly otherId: string }> {
  const [person] = (await customersInStep(world, [name])) as [InStep];
  const edited = world.hubspot.people.edit('contacts', person.hubspotId, { lifecyclestage: '' });
  world.hubspot.runEvaluation();
  await world.decidedFor(person.ref, edited.updatedAt);
  const otherId = world.salesforce.people.create('Contact', { LastName: 'Other' }, longAgo);
  await world.twoMorePolls();
  await world.atRest();
  world.clearTraffic();
  return { ...person, otherId };
}

describe('guarded', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, 'gate: { firstSync: guarded }']));
  });

  test('AT4, AT5: the first sync of a record outside writes nothing to Salesforce, nor do later edits', async () => {
    const { hubspotId, salesforceId } = await createdFromSalesforce(world(), 'gus');
    expect(world().hubspot.record('contacts', hubspotId)?.properties).toMatchObject({ lastname: 'gus' });
    expect(world().writes('salesforce', salesforceId)).toEqual([]);
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Boss' });
    expect((await world().decidedFor(world().ref('hubspot', hubspotId), edited.updatedAt)).outcome).toEqual({
      kind: 'skipped',
      reason: 'notInSegment',
    });
    expect(world().writes('salesforce', salesforceId)).toEqual([]);
    expect((await world().api.health()).counts.exceptions).not.toHaveProperty('firstSync');
  });

  test('AT6: a record outside that is paired anew writes nothing to Salesforce; once it joins, it does', async () => {
    const { ref, hubspotId, salesforceId, otherId } = await leftAndUnpaired(world(), 'ann');
    expect(await world().tandem.pairWith(ref, otherId)).toMatchObject({
      outcome: { kind: 'skipped', reason: 'notInSegment' },
    });
    expect((await world().tandem.getRecord(ref)).pair).toMatchObject({ hubspotId, salesforceId: otherId });
    expect(world().writes('salesforce')).toEqual([]);

    world().hubspot.people.edit('contacts', hubspotId, { lifecyclestage: 'customer' });
    world().hubspot.runEvaluation();
    await until(async () => titleIn(world(), otherId) === 'CTO');
    expect(world().writes('salesforce', salesforceId)).toEqual([]);
  });
});

describe("by the page's defaults", () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('AT5, twin: what HubSpot filled in goes back to Salesforce, although the record is outside (the documented leak)', async () => {
    const { salesforceId } = await createdFromSalesforce(world(), 'gus');
    expect(titleIn(world(), salesforceId)).toBe('Filled in by HubSpot');
    expect((await world().api.health()).counts.exceptions).toMatchObject({ autoCreate: 1, firstSync: 1 });
  });

  test('AT6, twin: a record outside that is paired anew is written to Salesforce once (the documented leak)', async () => {
    const { ref, hubspotId, otherId } = await leftAndUnpaired(world(), 'ann');
    expect(await world().tandem.pairWith(ref, otherId)).toMatchObject({ outcome: { kind: 'synced' } });
    expect(titleIn(world(), otherId)).toBe('CTO');
    expect(world().writes('hubspot')).toEqual([]);
    world().clearTraffic();
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Boss' });
    expect((await world().decidedFor(ref, edited.updatedAt)).outcome).toEqual({
      kind: 'skipped',
      reason: 'notInSegment',
    });
    expect(world().writes('salesforce')).toEqual([]);
  });

  test('a member that is paired anew is compared as if for the first time, and its old record is left alone', async () => {
    const [bea] = (await customersInStep(world(), ['bea'])) as [InStep];
    const other = { LastName: 'Berger', Phone: '+491234567' };
    const otherId = world().salesforce.people.create('Contact', other, longAgo);
    await world().twoMorePolls();
    await world().atRest();
    world().clearTraffic();
    expect(await world().tandem.pairWith(bea.ref, otherId)).toMatchObject({ outcome: { kind: 'synced' } });
    expect(world().salesforce.record('Contact', otherId)).toMatchObject({ Title: 'CTO', Email: bea.email });
    expect(world().hubspot.record('contacts', bea.hubspotId)?.properties).toMatchObject({ phone: '+491234567' });
    expect(world().writes('salesforce', bea.salesforceId)).toEqual([]);

    world().salesforce.people.update('Contact', bea.salesforceId, { Title: 'Nobody’s' });
    await world().twoMorePolls();
    await world().atRest();
    expect(world().hubspot.record('contacts', bea.hubspotId)?.properties).toMatchObject({ jobtitle: 'CTO' });
    expect((await world().tandem.getRecord(there(world(), bea.salesforceId))).pair).toBeNull();
  });

  test('a pair that can not be is refused with the reason, and the one that is stays', async () => {
    const [cleo, dora] = (await customersInStep(world(), ['cleo', 'dora'])) as [InStep, InStep];
    const { tandem, salesforce } = world();
    await expect(tandem.pairWith(cleo.ref, dora.salesforceId)).rejects.toMatchObject({
      code: 'OtherPair',
      message: expect.stringContaining(`contacts/hubspot/${dora.hubspotId}`),
    });
    await expect(tandem.pairWith(cleo.ref, '001000000000001AAA')).rejects.toMatchObject({ code: 'OtherType' });
    await expect(tandem.pairWith(cleo.ref, 'nonsense')).rejects.toMatchObject({ name: 'ApiError', status: 400 });
    await expect(tandem.pairWith(there(world(), cleo.salesforceId), dora.salesforceId)).rejects.toMatchObject({
      name: 'BadRef',
    });
    const gone = salesforce.people.create('Contact', { LastName: 'Gone' }, longAgo);
    salesforce.people.remove('Contact', gone);
    expect(await tandem.pairWith(cleo.ref, gone)).toMatchObject({
      outcome: { kind: 'failed', category: 'missingRecord' },
    });
    const { id } = world().hubspot.people.create('contacts', { email: 'eve@example.com' });
    world().hubspot.people.archive('contacts', id);
    const free = salesforce.people.create('Contact', { LastName: 'Free' }, longAgo);
    expect(await tandem.pairWith(world().ref('hubspot', id), free)).toMatchObject({
      outcome: { kind: 'failed', category: 'missingRecord' },
    });
    expect(world().hubspot.recordBy('contacts', 'email', 'eve@example.com')).toBeUndefined();
    expect((await tandem.getRecord(cleo.ref)).pair).toMatchObject({ salesforceId: cleo.salesforceId });
    expect(await tandem.syncNow(cleo.ref)).toMatchObject({ outcome: { kind: 'unchanged' } });
  });
});
