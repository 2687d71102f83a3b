import { describe, expect, test } from '@jest/globals';
import { customersOnly } from './vendors.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** A member of the segment that is in step on both sides. */
async function memberInStep(world: World, name: string) {
  const email = `${name}@example.com`;
  const properties = { email, firstname: name, lastname: 'Berg', jobtitle: 'CTO', lifecyclestage: 'customer' };
  const { id, updatedAt } = world.hubspot.people.create('contacts', properties);
  world.hubspot.runEvaluation();
  const ref = world.ref('hubspot', id);
  const { outcome } = await world.decidedFor(ref, updatedAt);
  expect(outcome).toEqual({ kind: 'synced' });
  const [contact] = world.salesforce.records('Contact', { email });
  return { ref, hubspotId: id, salesforceId: String(contact?.Id) };
}

describe('with a segment of customers', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('AT1: an edit that takes a member out never reaches Salesforce, before HubSpot re-evaluates and after', async () => {
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), 'ann');
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Disqualified', lifecyclestage: '' });
    const waiting = await world().decided(ref, edited.updatedAt);
    expect(waiting.outcome).toEqual({ kind: 'waiting', reason: 'segmentNotReevaluated' });
    expect(await world().ledger.waits.ofRef(ref)).toMatchObject([{ segmentId: segment, expected: false }]);
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CTO' });

    world().clearTraffic();
    world().hubspot.runEvaluation();
    const { outcome } = await world().decidedFor(ref, edited.updatedAt);
    expect(outcome).toEqual({ kind: 'skipped', reason: 'notInSegment' });
    expect(world().writes('salesforce')).toEqual([]);
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CTO' });
  });

  test('AT1, twin: the same edit crosses where it leaves the record in the segment', async () => {
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), 'bea');
    world().clearTraffic();
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Disqualified' });
    expect((await world().decidedFor(ref, edited.updatedAt)).outcome).toMatchObject({ kind: 'synced' });
    expect(world().writes('salesforce')).toEqual(['Title']);
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'Disqualified' });
  });

  test('AT19: a record outside crosses in neither direction, and each skip has its reason', async () => {
    const email = 'cleo@example.com';
    const salesforceId = world().salesforce.people.create('Contact', { LastName: 'Stone', Email: email });
    const { id } = world().hubspot.people.create('contacts', { email, lastname: 'Steen', lifecyclestage: 'lead' });
    world().hubspot.runEvaluation();
    await world().decidedFor(world().ref('hubspot', id));
    world().clearTraffic();

    const stamp = () => String(world().salesforce.record('Contact', salesforceId)?.LastModifiedDate);
    const created = stamp();
    await until(async () => {
      world().salesforce.people.update('Contact', salesforceId, { Title: 'Owner' });
      return stamp() !== created; // stamps are whole seconds, and the decision before this one must not count
    });
    const modified = stamp();
    const fromSalesforce = await world().decidedFor(world().ref('salesforce', salesforceId), modified);
    expect(fromSalesforce).toMatchObject({ outcome: { kind: 'skipped', reason: 'notInSegment' }, segmentId: segment });

    const edited = world().hubspot.people.edit('contacts', id, { jobtitle: 'Boss' });
    const fromHubSpot = await world().decidedFor(world().ref('hubspot', id), edited.updatedAt);
    expect(fromHubSpot).toMatchObject({ outcome: { kind: 'skipped', reason: 'notInSegment' }, segmentId: segment });
    expect(world().writes('salesforce')).toEqual([]);
    expect(world().writes('hubspot', id)).toEqual([]);
  });

  test('AT19, twin: a member crosses in both directions', async () => {
    const { hubspotId, salesforceId } = await memberInStep(world(), 'dora');
    world().salesforce.people.update('Contact', salesforceId, { Title: 'Owner' });
    await until(async () => world().hubspot.record('contacts', hubspotId)?.properties['jobtitle'] === 'Owner');
    world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Boss' });
    await until(async () => world().salesforce.record('Contact', salesforceId)?.['Title'] === 'Boss');
  });

  test.each([
    { source: 'hubspot', target: 'salesforce' },
    { source: 'salesforce', target: 'hubspot' },
  ] as const)('AT25: a value that crossed from $source does not come back', async ({ source, target }) => {
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), `eve-${source}`);
    await world().twoMorePolls();
    world().clearTraffic();

    if (source === 'hubspot') world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'CEO' });
    else world().salesforce.people.update('Contact', salesforceId, { Title: 'CEO' });
    await until(async () => world().writes(target).length > 0);

    const written =
      target === 'hubspot'
        ? { ref, at: world().hubspot.record('contacts', hubspotId)?.updatedAt }
        : {
            ref: world().ref('salesforce', salesforceId),
            at: String(world().salesforce.record('Contact', salesforceId)?.LastModifiedDate),
          };
    await world().decidedFor(written.ref, written.at);
    await world().twoMorePolls();
    expect(world().writes(source)).toEqual([]);
    expect(world().writes(target)).toHaveLength(1);
  });

  test('AT4: a record created in Salesforce arrives although it is no member, and is frozen after that', async () => {
    const email = 'gus@example.com';
    const salesforceId = world().salesforce.people.create('Contact', {
      LastName: 'Holm',
      Email: email,
      Title: 'Buyer',
    });
    const ref = world().ref('salesforce', salesforceId);
    expect((await world().decidedFor(ref)).outcome).toEqual({ kind: 'synced' });
    const created = world().hubspot.recordBy('contacts', 'email', email);
    expect(created?.properties).toMatchObject({ lastname: 'Holm', jobtitle: 'Buyer' });
    world().clearTraffic();

    world().salesforce.people.update('Contact', salesforceId, { Title: 'Head' });
    const modified = String(world().salesforce.record('Contact', salesforceId)?.['LastModifiedDate']);
    const fromSalesforce = await until(async () => {
      const decision = await world().decidedFor(ref, modified);
      return decision.outcome.kind === 'skipped' && decision;
    });
    expect(fromSalesforce).toMatchObject({ outcome: { kind: 'skipped', reason: 'notInSegment' }, segmentId: segment });
    const edited = world().hubspot.people.edit('contacts', created?.id ?? '', { jobtitle: 'Boss' });
    const fromHubSpot = await world().decidedFor(world().ref('hubspot', created?.id ?? ''), edited.updatedAt);
    expect(fromHubSpot.outcome).toEqual({ kind: 'skipped', reason: 'notInSegment' });
    expect([...world().writes('hubspot', created?.id), ...world().writes('salesforce', salesforceId)]).toEqual([]);
  });

  test('AT18: deleting the segment makes membership unknown: records wait without end and nothing crosses', async () => {
    const { ref, hubspotId } = await memberInStep(world(), 'fay');
    world().clearTraffic();
    world().hubspot.people.deleteList(segment);
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'CEO' });
    const decision = await world().decided(ref, edited.updatedAt);
    expect(decision.outcome).toEqual({ kind: 'waiting', reason: 'segmentMissing' });
    expect(world().writes('salesforce')).toEqual([]);
    expect(await world().ledger.waits.ofRef(ref)).toMatchObject([{ segmentId: segment, deadline: null }]);
  });
});

describe('a segment that HubSpot processes', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('AT15: a record that changes meanwhile is deferred, and then decided once', async () => {
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), 'ann');
    await world().twoMorePolls();
    await world().atRest();
    world().clearTraffic();
    const decisions = async () => (await world().tandem.explain(ref)).decisions.length;
    const before = await decisions();
    world().hubspot.people.updateListFilters(segment, customersOnly);
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'CEO' });
    expect((await world().decided(ref, edited.updatedAt)).outcome).toEqual({
      kind: 'waiting',
      reason: 'segmentProcessing',
    });
    expect(world().writes('salesforce')).toEqual([]);

    world().hubspot.runEvaluation();
    expect((await world().decidedFor(ref, edited.updatedAt)).outcome).toEqual({ kind: 'synced' });
    await world().twoMorePolls();
    await world().atRest();
    expect(world().writes('salesforce', salesforceId)).toEqual(['Title']);
    const { decisions: since } = await world().tandem.explain(ref);
    const kinds = since.slice(0, since.length - before).map(({ outcome }) => outcome.kind);
    expect(kinds.filter((kind) => kind !== 'unchanged')).toEqual(['synced', 'waiting']);
  });
});

describe('choosing a segment', () => {
  const world = useWorld();

  test('AT18: a static segment is refused by id and by name, and nothing is applied', async () => {
    const id = world().hubspot.people.createList({ name: 'Static people', processingType: 'MANUAL' });
    for (const segment of [id, 'Static people']) {
      const result = await world().tandem.applySettings(contactSettings([`segments: { include: [${segment}] }`]));
      expect(result).toMatchObject({
        applied: false,
        problems: [{ path: expect.stringContaining('segments.include') }],
      });
    }
    expect(await world().ledger.settings.current()).toBeUndefined();
  });

  test('AT3: writes nothing on either side for the members that it has', async () => {
    const segment = world().createSegment();
    const properties = { email: 'ann@example.com', lastname: 'Berg', lifecyclestage: 'customer' };
    const ann = world().hubspot.people.create('contacts', properties);
    world().hubspot.runEvaluation();
    await world().apply(contactSettings([`segments: { include: [${segment}] }`]));

    await world().twoMorePolls();
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
    expect(await world().ledger.pairs.byIds('contacts', 'hubspot', [ann.id])).toEqual(new Map());

    const edited = world().hubspot.people.edit('contacts', ann.id, { jobtitle: 'CTO' });
    expect((await world().decidedFor(world().ref('hubspot', ann.id), edited.updatedAt)).outcome).toEqual({
      kind: 'synced',
    });
    expect(world().writes('salesforce')).toContain('Title');
  });

  test('AT21: one that is created changes nothing until it is chosen; then it holds with no further step', async () => {
    await world().apply(contactSettings());
    const { version } = (await world().ledger.settings.current()) ?? {};
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), 'una');
    const where = 'lifecyclestage = opportunity';
    const { id } = await world().api.createSegment('contacts', { name: 'Opportunities', where });
    world().hubspot.runEvaluation();
    const first = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'CEO' });
    expect((await world().decidedFor(ref, first.updatedAt)).outcome).toMatchObject({ kind: 'synced' });
    expect((await world().ledger.settings.current())?.version).toBe(version);

    await world().apply(contactSettings([`segments: { include: [${id}] }`]));
    const second = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Owner' });
    expect(await world().decidedFor(ref, second.updatedAt)).toMatchObject({
      outcome: { kind: 'skipped', reason: 'notInSegment' },
      segmentId: id,
    });
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CEO' });
  });
});

describe('a segment whose filter Tandem must not judge', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, 'gate: { settleSeconds: 0 }']));
  });

  test("is judged by HubSpot's answer alone, as an operator declares, until its filter is changed", async () => {
    const { ref, hubspotId, salesforceId } = await memberInStep(world(), 'ann');
    const edited = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'CEO', lifecyclestage: '' });
    expect((await world().decided(ref, edited.updatedAt)).outcome).toEqual({
      kind: 'waiting',
      reason: 'segmentNotReevaluated',
    });
    world().clearTraffic();

    const { version } = await world().api.segment('contacts', segment);
    await world().tandem.trustSegment(segment, version);
    const decision = await world().decidedFor(ref, edited.updatedAt);
    expect(decision).toMatchObject({ outcome: { kind: 'synced' }, basis: 'settled', segmentVersion: version });
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CEO' });
    expect((await world().api.health()).counts.exceptions).toMatchObject({ settled: 1 });

    world().hubspot.people.updateListFilters(segment, customersOnly);
    world().hubspot.people.edit('contacts', hubspotId, { lifecyclestage: 'customer' });
    world().hubspot.runEvaluation();
    const again = world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Gone', lifecyclestage: '' });
    expect((await world().decided(ref, again.updatedAt)).outcome).toEqual({
      kind: 'waiting',
      reason: 'segmentNotReevaluated',
    });
    expect((await world().api.segment('contacts', segment)).trusted).toBe(false);
    expect(world().salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CEO' });
  });
});

describe('joining a segment', () => {
  const world = useWorld();

  test('AT2: syncs a record once although nothing else about it changes', async () => {
    const visit = { filterType: 'PAGE_VIEW', pageUrl: 'https://example.com', operator: 'HAS_PAGEVIEW_EQ' };
    const filterBranch = {
      filterBranchType: 'OR',
      filters: [],
      filterBranches: [{ filterBranchType: 'AND', filterBranches: [], filters: [visit] }],
    };
    const segment = world().hubspot.people.createList({ name: 'Visitors', filterBranch, unmodelled: 'keep' });
    const ben = world().hubspot.people.create('contacts', { email: 'ben@example.com', lastname: 'Adams' });
    world().hubspot.runEvaluation();
    await world().apply(contactSettings([`segments: { include: [${segment}] }`, 'gate: { settleSeconds: 0 }']));
    await world().twoMorePolls();
    expect(world().writes('salesforce')).toEqual([]);

    world().hubspot.forceMembership(segment, ben.id, true);
    const decision = await world().decidedFor(world().ref('hubspot', ben.id));

    expect(decision.outcome).toEqual({ kind: 'synced' });
    expect(world().salesforce.records('Contact', { email: 'ben@example.com' })).toHaveLength(1);
    await world().twoMorePolls();
    expect(
      world()
        .writes('salesforce')
        .filter((field) => field === 'Email'),
    ).toHaveLength(1);
  });
});
