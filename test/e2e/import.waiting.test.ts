import { describe, expect, test } from '@jest/globals';
import type { RunStatus } from '../../workflows/run-messages.ts';
import { endOf, liveGoesOn, liveRests, longAgo, run, startRun } from './runs.ts';
import { countSettled } from './settled.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Who is in it can be told by the email alone: a person who has just been imported belongs to it before HubSpot says so. */
const peopleOf = (domain: string) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: 'email',
          operation: { operationType: 'STRING', operator: 'ENDS_WITH', values: [domain] },
        },
      ],
    },
  ],
});

const names = ['ann', 'bea', 'cleo'];

function addPeople({ salesforce }: World): void {
  for (const name of names) {
    salesforce.people.create('Contact', { LastName: name, Title: 'CTO', Email: `${name}@member.example` }, longAgo);
  }
  salesforce.people.create('Lead', { LastName: 'Dora', Company: 'Example', Email: 'dora@other.example' }, longAgo);
}

const titleOf = (world: World, name: string): string | undefined =>
  world.hubspot.recordBy('contacts', 'email', `${name}@member.example`)?.properties['jobtitle'];

/** The import's own waits, of records that are there. */
async function waitsOf(world: World, name: string) {
  const { ledger, hubspot } = world;
  const ids = hubspot.recordIds('contacts');
  const waits = await Promise.all(ids.map((id) => ledger.waits.ofRef(world.ref('hubspot', id))));
  return waits.flat().filter(({ waiters }) => waiters.some((waiter) => waiter.endsWith(`/import/contacts/${name}`)));
}

describe('an import whose people belong to a segment that HubSpot has yet to evaluate', () => {
  const world = useWorld(async (made) => {
    addPeople(made);
    const segment = made.createSegment(peopleOf('@member.example'));
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('waits for all of them together, and brings the rest of their values when it has', async () => {
    const handle = await startRun(world(), 'import', 'first');
    await until(async () => (await handle.query<RunStatus>('status')).state === 'waiting');
    await world().twoMorePolls(); // the people were new in HubSpot, too: their own workflows wait beside the import
    expect(names.map((name) => titleOf(world(), name))).toEqual([undefined, undefined, undefined]);
    expect(await waitsOf(world(), 'first')).toHaveLength(3);

    world().hubspot.runEvaluation();
    const { counts } = await endOf(world(), handle);
    expect(names.map((name) => titleOf(world(), name))).toEqual(['CTO', 'CTO', 'CTO']);
    expect(counts).toMatchObject({
      'identity, Contact': { synced: 3 },
      'identity, Lead': { synced: 1 },
      'full fields, Lead': { 'skipped:notInSegment': 1 },
    });
    expect(countSettled(counts['full fields, Contact'])).toEqual({ synced: 3 });
    expect(await world().ledger.waits.count()).toBe(0);
  });
});

describe('an import that waits for people whom somebody else decides', () => {
  const world = useWorld(async (made) => {
    addPeople(made);
    const segment = made.createSegment(peopleOf('@member.example'));
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('ends with them, although nobody looks at the segment', async () => {
    const made = world();
    await liveRests(made);
    const handle = await startRun(made, 'import', 'first');
    await until(async () => (await handle.query<RunStatus>('status')).state === 'waiting');
    made.hubspot.runEvaluation();
    for (const id of made.hubspot.recordIds('contacts')) await made.tandem.syncNow(made.ref('hubspot', id));
    await endOf(made, handle);
    expect(names.map((name) => titleOf(made, name))).toEqual(['CTO', 'CTO', 'CTO']);
  });
});

describe('an import whose segment is not evaluated in time', () => {
  const world = useWorld(async (made) => {
    addPeople(made);
    const segment = made.createSegment(peopleOf('@member.example'));
    const gate = 'gate: { reevaluationTimeout: 3s }';
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, gate]));
  });

  test('ends, leaves its people in the waits, and they are synced when it has been', async () => {
    const { counts } = await run(world(), 'import', 'first');
    expect(counts['full fields, Contact']).toEqual({ 'waiting:segmentNotReevaluated': 3 });
    expect(await world().ledger.waits.count()).toBe(3);
    expect(await world().ledger.waits.overdue()).toHaveLength(3);
    expect(names.map((name) => titleOf(world(), name))).toEqual([undefined, undefined, undefined]);

    world().hubspot.runEvaluation();
    await until(async () => names.every((name) => titleOf(world(), name) === 'CTO'));
    await until(async () => (await world().ledger.waits.count()) === 0);
  });
});

describe('an import while HubSpot works on the definition of the segment', () => {
  const count = 40;
  let segment = '';
  const world = useWorld(async (made) => {
    for (let n = 0; n < count; n += 1) {
      const email = `person.${n}@member.example`;
      made.salesforce.people.create('Contact', { LastName: 'Stone', Title: 'CTO', Email: email }, longAgo);
    }
    segment = made.createSegment(peopleOf('@other.example'));
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('leaves its people in the waits without end, and they are caught up with together afterwards', async () => {
    const made = world();
    await liveRests(made);
    made.hubspot.people.updateListFilters(segment, peopleOf('@member.example'));
    const { counts } = await run(made, 'import', 'first');
    expect(counts['full fields, Contact']).toEqual({ 'waiting:segmentProcessing': count });
    expect(await made.ledger.waits.count(segment)).toBe(count);

    made.hubspot.runEvaluation();
    await liveGoesOn(made);
    await until(async () => made.hubspot.recordIds('contacts').every((id) => hasTitle(made, id)));
    await until(async () => (await made.ledger.waits.count()) === 0);
    const { client } = made.temporal;
    const ofOurs = `TaskQueue STARTS_WITH "${made.installation}/" AND WorkflowType`;
    expect((await client.workflow.count(`${ofOurs} = "recordSync"`)).count).toBe(0);
    expect((await client.workflow.count(`${ofOurs} = "catchUp"`)).count).toBeGreaterThan(0);
  });
});

const hasTitle = ({ hubspot }: World, id: string): boolean =>
  hubspot.record('contacts', id)?.properties['jobtitle'] === 'CTO';
