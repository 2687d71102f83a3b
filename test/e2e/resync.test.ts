import { beforeAll, describe, expect, test } from '@jest/globals';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { type EndedRun, liveRests, run, startRun } from './runs.ts';
import { customersOnly } from './vendors.ts';
import { contactSettings, useWorld, type World } from './world.ts';

const createPerson = ({ hubspot }: World, name: string, lifecyclestage: string): string =>
  hubspot.people.create('contacts', { email: `${name}@example.com`, lastname: name, lifecyclestage }).id;

const inSalesforce = ({ salesforce }: World, name: string): number =>
  salesforce.records('Contact', { email: `${name}@example.com` }).length;

describe('a resync of a segment of customers', () => {
  const members = ['ann', 'bea', 'cleo'];
  const others = ['dora', 'eve'];
  let segment = '';
  let ended: EndedRun | undefined;
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
    await liveRests(made);
    for (const name of members) createPerson(made, name, 'customer');
    for (const name of others) createPerson(made, name, 'lead');
    made.hubspot.runEvaluation();
  });
  beforeAll(async () => {
    expect([...members, ...others].filter((name) => inSalesforce(world(), name) > 0)).toEqual([]);
    ended = await run(world(), 'resync', 'by-hand', { segmentId: segment });
  }, 300_000);

  test('AT20: syncs each member once', () => {
    expect(ended?.counts).toEqual({ [`segment ${segment}`]: { synced: 3 } });
    expect(members.map((name) => inSalesforce(world(), name))).toEqual([1, 1, 1]);
    expect(
      world()
        .writes('salesforce')
        .filter((field) => field === 'Email'),
    ).toHaveLength(3);
  });

  test('AT20: leaves alone who is no member', () => {
    expect(others.map((name) => inSalesforce(world(), name))).toEqual([0, 0]);
    expect(world().writes('hubspot')).toEqual([]);
  });

  test('brings across what has changed since, and nothing else', async () => {
    const id = world().hubspot.recordBy('contacts', 'email', 'bea@example.com')?.id ?? '';
    world().hubspot.people.edit('contacts', id, { jobtitle: 'CTO' });
    world().clearTraffic();
    const { counts } = await run(world(), 'resync', 'again');
    expect(counts).toEqual({ [`segment ${segment}`]: { synced: 1, unchanged: 2 } });
    expect(world().writes('salesforce')).toEqual(['Title']);
    expect(world().writes('hubspot')).toEqual([]);
  });

  test('syncs those who joined, and no longer those who left', async () => {
    const idOf = (name: string) => world().hubspot.recordBy('contacts', 'email', `${name}@example.com`)?.id ?? '';
    world().hubspot.people.edit('contacts', idOf('dora'), { lifecyclestage: 'customer', jobtitle: 'CFO' });
    world().hubspot.people.edit('contacts', idOf('ann'), { lifecyclestage: '', jobtitle: 'COO' });
    world().hubspot.runEvaluation();
    world().clearTraffic();
    const { counts } = await run(world(), 'resync', 'later');
    expect(counts).toEqual({ [`segment ${segment}`]: { synced: 1, unchanged: 2 } });
    expect(inSalesforce(world(), 'dora')).toBe(1);
    expect(world().salesforce.records('Contact', { email: 'ann@example.com' })).toMatchObject([{ Title: null }]);
  });
});

describe('a resync', () => {
  const world = useWorld(async (made) => await made.apply(contactSettings()));

  const refusal = async (more: Readonly<Record<string, unknown>>): Promise<string> => {
    const name = crypto.randomUUID();
    const handle = await startRun(world(), 'resync', name, more);
    const failed = await handle.result().catch((error: unknown) => error);
    if (!(failed instanceof WorkflowFailedError)) throw new Error('It was not refused.');
    const { cause } = failed.cause ?? {};
    expect(cause).toMatchObject({ type: 'Refused', nonRetryable: true });
    const runs = await world().ledger.runs.list({ kind: 'resync' });
    expect(runs.filter((one) => one.name === name)).toEqual([]);
    return cause instanceof ApplicationFailure ? cause.message : '';
  };

  test('of a segment that does not exist is refused', async () => {
    expect(await refusal({ segmentId: '4711' })).toContain('Segment 4711 does not exist');
  });

  test('of a segment that HubSpot has not evaluated yet is refused', async () => {
    const segmentId = world().hubspot.people.createList({ name: 'New', filterBranch: customersOnly });
    expect(await refusal({ segmentId })).toContain('still evaluating segment');
    world().hubspot.runEvaluation();
    expect((await run(world(), 'resync', 'evaluated', { segmentId })).counts).toEqual({ [`segment ${segmentId}`]: {} });
  });

  test('of an object without a segment is refused unless one is named', async () => {
    expect(await refusal({})).toContain('has no segment');
  });
});
