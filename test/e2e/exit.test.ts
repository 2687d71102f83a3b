import { describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from './people.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Who is edited so that they leave, once that has been decided. */
async function leaves(world: World, { hubspotId, ref }: InStep, more: Record<string, string> = {}): Promise<void> {
  const edited = world.hubspot.people.edit('contacts', hubspotId, { ...more, lifecyclestage: '' });
  world.hubspot.runEvaluation();
  await world.decidedFor(ref, edited.updatedAt);
  await world.twoMorePolls();
  await world.atRest();
}
const pairOf = async (world: World, { ref }: InStep) => (await world.tandem.getRecord(ref)).pair;
const withExit = (exit: string) =>
  useWorld(async (made) => {
    const segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, `gate: { exit: ${exit} }`]));
  });

describe('unlink', () => {
  const world = withExit('unlink');

  test('ends the pair of a record that leaves, takes our id from it, and a return is a first sync', async () => {
    const [ann] = (await customersInStep(world(), ['ann'])) as [InStep];
    await leaves(world(), ann, { jobtitle: 'Gone' });
    expect(await pairOf(world(), ann)).toBeNull();
    expect(world().hubspot.record('contacts', ann.hubspotId)?.properties['tandem_salesforce_id'] ?? '').toBe('');
    expect(world().salesforce.record('Contact', ann.salesforceId)).toMatchObject({ Title: 'CTO' });

    world().clearTraffic();
    world().salesforce.people.update('Contact', ann.salesforceId, { Title: 'Chief' });
    await world().twoMorePolls();
    await world().atRest();
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
    expect(await pairOf(world(), ann)).toBeNull();

    world().hubspot.people.edit('contacts', ann.hubspotId, { lifecyclestage: 'customer' });
    world().hubspot.runEvaluation();
    await until(async () => (await pairOf(world(), ann))?.salesforceId === ann.salesforceId);
    expect(world().salesforce.records('Contact', { email: ann.email })).toHaveLength(1);
    expect((await world().tandem.explain(ann.ref)).fates).toMatchObject([{ fate: 'unlinked' }]);
  });

  test('leaves alone whoever is outside because the filter was edited', async () => {
    const [bea] = (await customersInStep(world(), ['bea'])) as [InStep];
    const [segment = ''] =
      (await world().ledger.settings.current())?.settings.objects['contacts']?.segments.include ?? [];
    const { filterBranch } = await world().api.segment('contacts', segment);
    const text = JSON.stringify(filterBranch);
    world().hubspot.people.updateListFilters(segment, JSON.parse(text.replace('"customer"', '"evangelist"')));
    world().hubspot.runEvaluation();
    const edited = world().hubspot.people.edit('contacts', bea.hubspotId, { jobtitle: 'Boss' });
    expect((await world().decidedFor(bea.ref, edited.updatedAt)).outcome).toMatchObject({ reason: 'notInSegment' });
    expect(await pairOf(world(), bea)).toMatchObject({ salesforceId: bea.salesforceId });
  });
});

describe('archive', () => {
  const world = withExit('archive');

  test('moves the Salesforce record to the recycle bin, and leaves the HubSpot record alone', async () => {
    const [cleo] = (await customersInStep(world(), ['cleo'])) as [InStep];
    await leaves(world(), cleo);
    expect(world().salesforce.record('Contact', cleo.salesforceId)).toMatchObject({ IsDeleted: true });
    expect(world().hubspot.record('contacts', cleo.hubspotId)?.archived).toBe(false);
    expect((await world().api.health()).counts.exceptions).toMatchObject({ exitPolicy: 1 });
    expect((await world().tandem.getRecord(cleo.ref)).writes[0]).toMatchObject({ kind: 'remove', ok: true });
  });

  test('but not against an edit that HubSpot has not seen', async () => {
    const [dora] = (await customersInStep(world(), ['dora'])) as [InStep];
    await world().tandem.pause('everything', 'the edit is not to be seen');
    world().salesforce.people.update('Contact', dora.salesforceId, { Title: 'Chief' });
    world().hubspot.people.edit('contacts', dora.hubspotId, { lifecyclestage: '' });
    world().hubspot.runEvaluation();
    expect(await world().tandem.syncNow(dora.ref)).toMatchObject({
      outcome: { kind: 'skipped', reason: 'deleteConflict' },
    });
    expect(world().salesforce.record('Contact', dora.salesforceId)).toMatchObject({ IsDeleted: false });
  });

  test('is refused where nothing is written to Salesforce', async () => {
    const yaml = contactSettings(['direction: toHubSpot', 'gate: { exit: archive }']).replace(
      'create: [{ type: Contact }]',
      '',
    );
    const result = await world().tandem.applySettings(yaml.replace(', }', ' }'));
    expect(result).toMatchObject({
      applied: false,
      problems: expect.arrayContaining([expect.objectContaining({ path: 'objects.contacts.gate.exit' })]),
    });
  });
});
