import { beforeAll, describe, expect, test } from '@jest/globals';
import { type EndedRun, liveRests, longAgo, run } from './runs.ts';
import { countSettled } from './settled.ts';
import { contactSettings, useWorld, type World } from './world.ts';

/** What we wrote to a HubSpot record, by the record's own history; its stamp is HubSpot's own. */
function writtenByUs(world: World, hubspotId: string): string[] {
  const { lastmodifieddate: _, ...history } = world.hubspot.record('contacts', hubspotId)?.history ?? {};
  return Object.entries(history).flatMap(([name, versions]) =>
    versions.some(({ sourceType }) => sourceType === 'INTEGRATION') ? [name] : [],
  );
}

const stone = { FirstName: 'Ann', LastName: 'Stone', Title: 'CTO', Phone: '+49 30 1' };
const filled = { firstname: 'Ann', lastname: 'Stone', jobtitle: 'CTO', phone: '+49 30 1' };

describe('an import with a segment of customers', () => {
  let result: EndedRun;
  const world = useWorld(async (made) => {
    made.salesforce.people.create('Contact', { ...stone, Email: 'outside@example.com' }, longAgo);
    made.salesforce.people.create('Lead', { ...stone, Company: 'Stone', Email: 'known-outside@example.com' }, longAgo);
    made.hubspot.people.create('contacts', { email: 'known-outside@example.com', lifecyclestage: 'lead' });
    made.salesforce.people.create('Lead', { ...stone, Company: 'Stone', Email: 'member@example.com' }, longAgo);
    made.hubspot.people.create('contacts', { email: 'member@example.com', lifecyclestage: 'customer' });
    const segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });
  beforeAll(async () => {
    result = await run(world(), 'import', 'first');
  }, 300_000);

  test('AT7: of a person outside brings the email and our id, and leaves everything else blank for good', async () => {
    const made = world().hubspot.recordBy('contacts', 'email', 'outside@example.com');
    expect(made).toBeDefined();
    const id = made?.id ?? '';
    expect(writtenByUs(world(), id)).toEqual(['email', 'tandem_salesforce_id']);
    world().hubspot.runEvaluation();
    const decision = await world().decidedFor(world().ref('hubspot', id), made?.updatedAt);
    expect(decision.outcome).toEqual({ kind: 'skipped', reason: 'notInSegment' });
    expect(writtenByUs(world(), id)).toEqual(['email', 'tandem_salesforce_id']);
    const [pair] = (await world().ledger.pairs.byIds('contacts', 'hubspot', [id])).values();
    expect(pair).toMatchObject({ salesforceType: 'Contact', base: undefined });
  });

  test('AT7: writes nothing to a person outside whom HubSpot knew', async () => {
    const known = world().hubspot.recordBy('contacts', 'email', 'known-outside@example.com');
    expect(writtenByUs(world(), known?.id ?? '')).toEqual([]);
    const [pair] = (await world().ledger.pairs.byIds('contacts', 'hubspot', [known?.id ?? ''])).values();
    expect(pair).toMatchObject({ salesforceType: 'Lead', base: undefined });
  });

  test('AT23: of a member brings every mapped value', () => {
    const member = world().hubspot.recordBy('contacts', 'email', 'member@example.com');
    expect(member?.properties).toMatchObject(filled);
    expect(writtenByUs(world(), member?.id ?? '')).toEqual(['firstname', 'jobtitle', 'lastname', 'phone']);
  });

  test('counts what its records came to, phase by phase', () => {
    const { 'full fields, Lead': leads, ...others } = result.counts;
    expect(others).toEqual({
      'identity, Contact': { synced: 1 },
      'identity, Lead': { unchanged: 2 },
      'full fields, Contact': { 'skipped:notInSegment': 1 },
    });
    expect(countSettled(leads)).toEqual({ 'skipped:notInSegment': 1, synced: 1 });
    expect(result.rows).toEqual([]);
  });
});

describe('an import without a segment', () => {
  const world = useWorld(async (made) => {
    made.salesforce.people.create('Contact', { ...stone, Email: 'new@example.com' }, longAgo);
    made.salesforce.people.create('Lead', { ...stone, Company: 'Stone', Email: 'Known@Example.com' }, longAgo);
    made.hubspot.people.create('contacts', { email: 'known@example.com' });
    await made.apply(contactSettings());
  });

  test('AT23: brings every mapped value, first the emails and then the rest', async () => {
    await liveRests(world());
    world().clearTraffic();
    const { counts } = await run(world(), 'import', 'first');
    for (const email of ['new@example.com', 'known@example.com']) {
      expect(world().hubspot.recordBy('contacts', 'email', email)?.properties).toMatchObject(filled);
    }
    expect(world().hubspot.recordIds('contacts')).toHaveLength(2);
    const writes = world().hubspot.traffic.writes.map(({ field }) => field);
    expect(writes.slice(0, 2).sort()).toEqual(['email', 'tandem_salesforce_id']);
    expect(Object.keys(counts)).toEqual([
      'identity, Contact',
      'identity, Lead',
      'full fields, Contact',
      'full fields, Lead',
    ]);
    expect(Object.values(counts).map(countSettled)).toEqual([
      { synced: 1 },
      { synced: 1 },
      { synced: 1 },
      { synced: 1 },
    ]);
  });
});
