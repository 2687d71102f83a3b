import { describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from './people.ts';
import { contactSettings, until, useWorld } from './world.ts';

/** Everything that lasts is this much shorter: HubSpot's evaluation, the settling time and the deadline. */
const factor = 60;

describe.each([0, 2, 60])('with a segment that HubSpot evaluates %i s after a change', (seconds) => {
  const world = useWorld(async (made) => {
    const segment = made.createSegment();
    made.hubspot.setEvaluation({ delayMs: (seconds * 1_000) / factor });
    const gate = `gate: { settleSeconds: ${60 / factor}, reevaluationTimeout: ${900 / factor}s }`;
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, gate]));
  });

  test('AT1: an edit that takes a member out never crosses, and the record is frozen', async () => {
    const [ann] = (await customersInStep(world(), ['ann'])) as [InStep];
    await world().twoMorePolls();
    await world().atRest();
    world().clearTraffic();
    const edited = world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'Gone', lifecyclestage: '' });
    expect((await world().decidedFor(ann.ref, edited.updatedAt)).outcome).toEqual({
      kind: 'skipped',
      reason: 'notInSegment',
    });
    await world().twoMorePolls();
    await world().atRest();
    expect(world().writes('salesforce')).toEqual([]);
  });

  test('AT2: an edit that brings a record in takes all of its values along', async () => {
    const email = 'ben@example.com';
    const { id } = world().hubspot.people.create('contacts', { email, lastname: 'Ng', lifecyclestage: 'lead' });
    await world().decidedFor(world().ref('hubspot', id));
    const edited = world().hubspot.people.edit('contacts', id, { jobtitle: 'CTO', lifecyclestage: 'customer' });
    expect((await world().decidedFor(world().ref('hubspot', id), edited.updatedAt)).outcome.kind).toMatch(
      /synced|unchanged/,
    );
    await until(async () => world().salesforce.records('Contact', { email }).length > 0);
    expect(world().salesforce.records('Contact', { email })).toMatchObject([{ LastName: 'Ng', Title: 'CTO' }]);
  });
});
