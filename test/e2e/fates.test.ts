import { describe, expect, test } from '@jest/globals';
import { type RecordRef, refKey } from '../../core/record-ref.ts';
import { customersInStep, type InStep } from './people.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

const there = ({ salesforceId }: { salesforceId: string }): RecordRef => ({
  system: 'salesforce',
  object: 'contacts',
  id: salesforceId,
});
const outcomeOf = async (world: World, ref: RecordRef) => (await world.tandem.getRecord(ref)).decision?.outcome;
const pairOf = async (world: World, ref: RecordRef) => (await world.tandem.getRecord(ref)).pair;

describe('by default', () => {
  const world = useWorld(async (made) => await made.apply(contactSettings()));
  const someone = async (...names: string[]) => await customersInStep(world(), names);

  test('a delete in Salesforce leaves the HubSpot record alone, is told apart, and nothing is created anew', async () => {
    const [ann] = (await someone('ann')) as [InStep];
    world().salesforce.people.remove('Contact', ann.salesforceId);
    await until(async () => (await outcomeOf(world(), ann.ref))?.kind === 'skipped');
    expect(await outcomeOf(world(), ann.ref)).toEqual({ kind: 'skipped', reason: 'deleted' });
    const edited = world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO' });
    expect((await world().decidedFor(ann.ref, edited.updatedAt)).outcome).toEqual({
      kind: 'skipped',
      reason: 'deleted',
    });
    expect(world().salesforce.records('Contact', { email: ann.email })).toEqual([]);
    expect(world().hubspot.record('contacts', ann.hubspotId)?.archived).toBe(false);
    expect((await world().ledger.tombstones.ofRefs([there(ann)])).size).toBe(1);

    world().salesforce.people.undelete('Contact', ann.salesforceId);
    await until(async () => world().salesforce.record('Contact', ann.salesforceId)?.['Title'] === 'CEO');
  });

  test('AT14: a converted lead hands its pair to the contact, and nothing is lost or doubled', async () => {
    const { salesforce, hubspot } = world();
    const lead = salesforce.people.create('Lead', {
      LastName: 'Lee',
      Company: 'Acme',
      Email: 'lee@example.com',
      Title: 'CTO',
    });
    const pair = await until(async () => await pairOf(world(), { system: 'salesforce', object: 'contacts', id: lead }));
    const ref: RecordRef = { system: 'hubspot', object: 'contacts', id: pair.hubspotId };
    await until(async () => hubspot.record('contacts', pair.hubspotId)?.properties['jobtitle'] === 'CTO');
    await world().atRest();
    hubspot.people.edit('contacts', pair.hubspotId, { firstname: 'Kim' });
    const { contactId } = salesforce.people.convertLead(lead);
    await until(async () => (await pairOf(world(), ref))?.salesforceId === contactId);
    await until(async () => salesforce.record('Contact', contactId)?.['FirstName'] === 'Kim');
    expect(
      (await world().ledger.tombstones.ofRefs([there({ salesforceId: lead })])).values().next().value,
    ).toMatchObject({
      fate: 'converted',
      intoId: contactId,
    });
    expect(
      hubspot
        .recordIds('contacts')
        .filter((id) => hubspot.record('contacts', id)?.properties['email'] === 'lee@example.com'),
    ).toEqual([pair.hubspotId]);
    expect(salesforce.records('Contact', { email: 'lee@example.com' })).toHaveLength(1);
    salesforce.people.update('Contact', contactId, { Title: 'CEO' });
    await until(async () => hubspot.record('contacts', pair.hubspotId)?.properties['jobtitle'] === 'CEO');
  });

  test('a lead that was converted while somebody works on its contact is looked at again afterwards', async () => {
    const { salesforce, hubspot, ledger, tandem } = world();
    const lead = salesforce.people.create('Lead', { LastName: 'Moe', Company: 'Acme', Email: 'moe@example.com' });
    const pair = await until(async () => await pairOf(world(), there({ salesforceId: lead })));
    const ref: RecordRef = { system: 'hubspot', object: 'contacts', id: pair.hubspotId };
    await world().twoMorePolls();
    await world().atRest();
    await tandem.pause('everything', 'the contact is to be leased before it is found');
    const { contactId } = salesforce.people.convertLead(lead);
    const holder = { owner: 'somebody', attempt: 1 };
    await ledger.leases.take(holder, [{ key: refKey(there({ salesforceId: contactId })) }], 600_000);
    hubspot.people.edit('contacts', pair.hubspotId, { firstname: 'Kim' });
    await tandem.resume('everything');
    const leadsBack = ({ id }: RecordRef): boolean => id === pair.hubspotId || id === lead;
    const marks = await until(async () => {
      const found = await ledger.leases.marked(holder);
      return found.some(({ refs }) => refs.some(leadsBack)) && found;
    });
    expect(await ledger.leases.clear(marks)).toEqual([]);
    await tandem.syncNow(ref);
    await until(async () => (await pairOf(world(), ref))?.salesforceId === contactId);
    await until(async () => salesforce.record('Contact', contactId)?.['FirstName'] === 'Kim');
  });

  test('a merge in Salesforce moves the pair to the winner where that has none', async () => {
    const [fay] = (await someone('fay')) as [InStep];
    const winner = world().salesforce.people.create('Contact', { LastName: 'Winner' });
    await until(async () => await outcomeOf(world(), there({ salesforceId: winner })));
    world().salesforce.people.merge('Contact', winner, [fay.salesforceId]);
    await until(async () => (await pairOf(world(), fay.ref))?.salesforceId === winner);
    world().hubspot.people.edit('contacts', fay.hubspotId, { jobtitle: 'CEO' });
    await until(async () => world().salesforce.record('Contact', winner)?.['Title'] === 'CEO');
  });

  test('a merge in Salesforce into somebody who is in step already ends there, and deletes nobody', async () => {
    const [bo] = (await someone('bo')) as [InStep];
    const winner = world().salesforce.people.create('Contact', { LastName: 'Winner', Email: 'other@example.org' });
    await until(async () => await outcomeOf(world(), there({ salesforceId: winner })));
    const [lone] = world()
      .hubspot.recordIds('contacts')
      .filter((id) => world().hubspot.record('contacts', id)?.properties['email'] === 'other@example.org');
    world().salesforce.people.merge('Contact', winner, [bo.salesforceId]);
    await until(async () => (await outcomeOf(world(), bo.ref))?.kind === 'skipped');
    expect(await outcomeOf(world(), bo.ref)).toEqual({ kind: 'skipped', reason: 'merged' });
    expect(world().hubspot.record('contacts', bo.hubspotId)?.archived).toBe(false);
    expect(lone).toBeDefined();
  });

  test('a merge in HubSpot leaves both Salesforce records alone, and the winner goes on', async () => {
    const [cy, dan] = (await someone('cy', 'dan')) as [InStep, InStep];
    world().hubspot.people.merge('contacts', cy.hubspotId, dan.hubspotId);
    world().hubspot.people.edit('contacts', cy.hubspotId, { jobtitle: 'Merged' });
    await until(async () => world().salesforce.record('Contact', cy.salesforceId)?.['Title'] === 'Merged');
    await world().tandem.syncNow(dan.ref);
    expect(await outcomeOf(world(), dan.ref)).toEqual({ kind: 'skipped', reason: 'merged' });
    expect(world().salesforce.record('Contact', dan.salesforceId)).toMatchObject({
      Title: 'CTO',
      IsDeleted: false,
      Email: dan.email,
    });
  });

  test('AT9 (the other way): a HubSpot record that is archived leaves Salesforce alone', async () => {
    const [eva] = (await someone('eva')) as [InStep];
    world().hubspot.people.archive('contacts', eva.hubspotId);
    await world().tandem.syncNow(eva.ref);
    expect(await outcomeOf(world(), eva.ref)).toEqual({ kind: 'skipped', reason: 'deleted' });
    expect(world().salesforce.record('Contact', eva.salesforceId)?.['IsDeleted']).toBe(false);
    world().hubspot.people.restore('contacts', eva.hubspotId);
    world().hubspot.people.edit('contacts', eva.hubspotId, { jobtitle: 'Back' });
    await until(async () => world().salesforce.record('Contact', eva.salesforceId)?.['Title'] === 'Back');
  });
});

describe('where deletes cross', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(
      contactSettings([
        `segments: { include: ['${segment}'] }`,
        'deletes: { fromSalesforce: archive, fromHubSpot: delete }',
      ]),
    );
  });
  const someone = async (...names: string[]) => await customersInStep(world(), names);

  test('a member that is deleted in Salesforce is archived in HubSpot, with what it held in the trace', async () => {
    const [ann] = (await someone('ann')) as [InStep];
    await world().atRest();
    world().salesforce.people.remove('Contact', ann.salesforceId);
    await until(async () => world().hubspot.record('contacts', ann.hubspotId)?.archived);
    await until(async () =>
      (await world().ledger.writes.ofRef(ann.ref)).some(({ kind, result }) => kind === 'remove' && result?.ok),
    );
    const [write] = (await world().ledger.writes.ofRef(ann.ref)).filter(({ kind }) => kind === 'remove');
    expect(write).toMatchObject({ system: 'hubspot', before: { email: ann.email } });
  });

  test('a delete against an edit that the other side has not seen is a conflict, and nothing is deleted', async () => {
    const [bo] = (await someone('bo')) as [InStep];
    await world().atRest();
    world().salesforce.people.remove('Contact', bo.salesforceId);
    world().hubspot.people.edit('contacts', bo.hubspotId, { jobtitle: 'Edited' });
    world().hubspot.runEvaluation();
    await until(async () => (await outcomeOf(world(), bo.ref))?.kind === 'skipped');
    expect(await outcomeOf(world(), bo.ref)).toEqual({ kind: 'skipped', reason: 'deleteConflict' });
    expect(world().hubspot.record('contacts', bo.hubspotId)?.archived).toBe(false);
  });

  test('AT10: one that has left its segment stays where it is (freeze)', async () => {
    const [cy] = (await someone('cy')) as [InStep];
    world().hubspot.people.edit('contacts', cy.hubspotId, { lifecyclestage: '' });
    world().hubspot.people.edit('contacts', cy.hubspotId, { lifecyclestage: 'lead' });
    world().hubspot.runEvaluation();
    await until(async () => {
      const outcome = await outcomeOf(world(), cy.ref);
      return outcome?.kind === 'skipped' && outcome.reason === 'notInSegment';
    });
    world().salesforce.people.remove('Contact', cy.salesforceId);
    await until(async () => {
      const outcome = await outcomeOf(world(), cy.ref);
      return outcome?.kind === 'skipped' && outcome.reason === 'deleted';
    });
    expect(world().hubspot.record('contacts', cy.hubspotId)?.archived).toBe(false);
  });

  test('a member that is archived in HubSpot goes to the recycle bin in Salesforce', async () => {
    const [dan] = (await someone('dan')) as [InStep];
    await world().atRest();
    world().hubspot.people.archive('contacts', dan.hubspotId);
    await world().tandem.syncNow(dan.ref);
    expect(world().salesforce.record('Contact', dan.salesforceId)?.['IsDeleted']).toBe(true);
    expect(await outcomeOf(world(), dan.ref)).toMatchObject({ kind: 'synced' });
  });
});

describe('where deletes are marked', () => {
  const settings = (extra: readonly string[] = []) =>
    contactSettings(['deletes: { fromSalesforce: mark, fromHubSpot: mark }', ...extra]);
  const world = useWorld(async (made) => {
    const refused = await made.tandem.applySettings(settings());
    expect(refused).toMatchObject({
      applied: false,
      problems: ['hubspotMark', 'salesforceMark', 'salesforceMark'].map((name) => ({
        path: `objects.contacts.deletes.${name}`,
      })),
    });
    made.hubspot.people.createProperty('contacts', {
      name: 'salesforcedeleted',
      type: 'bool',
      fieldType: 'booleancheckbox',
      options: ['true', 'false'],
    });
    for (const object of ['Contact', 'Lead']) {
      made.salesforce.addField({ object, name: 'HubSpot_Deleted__c', type: 'checkbox' });
    }
    await made.apply(settings());
  });
  const markOf = (id: string) => world().hubspot.record('contacts', id)?.properties['salesforcedeleted'] ?? '';

  test('a delete in Salesforce ticks the checkbox in HubSpot once, and a restore unticks it and goes on', async () => {
    const [ann] = (await customersInStep(world(), ['ann'])) as [InStep];
    await world().atRest();
    world().salesforce.people.remove('Contact', ann.salesforceId);
    await until(async () => markOf(ann.hubspotId) === 'true');
    await world().twoMorePolls();
    await world().atRest();
    expect(await outcomeOf(world(), ann.ref)).toEqual({ kind: 'skipped', reason: 'deleted' });
    expect(world().hubspot.record('contacts', ann.hubspotId)?.archived).toBe(false);
    expect(
      world()
        .writes('hubspot', ann.hubspotId)
        .filter((name) => name === 'salesforcedeleted'),
    ).toHaveLength(1);

    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO' });
    world().salesforce.people.undelete('Contact', ann.salesforceId);
    await until(async () => markOf(ann.hubspotId) === 'false');
    await until(async () => world().salesforce.record('Contact', ann.salesforceId)?.['Title'] === 'CEO');
    await world().atRest();
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject({ outcome: { kind: 'unchanged' } });
  });

  test('a delete in HubSpot ticks the checkbox in Salesforce, and nothing is deleted', async () => {
    const [bo] = (await customersInStep(world(), ['bo'])) as [InStep];
    await world().atRest();
    world().hubspot.people.archive('contacts', bo.hubspotId);
    await world().tandem.syncNow(bo.ref);
    expect(world().salesforce.record('Contact', bo.salesforceId)).toMatchObject({
      HubSpot_Deleted__c: true,
      IsDeleted: false,
    });
    expect(await world().tandem.syncNow(bo.ref)).toMatchObject({ outcome: { kind: 'skipped', reason: 'deleted' } });
  });
});
