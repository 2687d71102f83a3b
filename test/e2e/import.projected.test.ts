import { describe, expect, test } from '@jest/globals';
import { filterFor } from '../../core/segment-condition.ts';
import { longAgo, run } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Its members are told by a value that only Salesforce holds. */
async function chiefs(world: World): Promise<string> {
  const properties = Object.fromEntries(await world.systems().hubspot.reader.properties('contacts'));
  const filterBranch = filterFor('jobtitle in (CEO, CTO)', { properties, zone: 'UTC' });
  const id = world.hubspot.people.createList({ name: 'Chiefs', filterBranch });
  world.hubspot.runEvaluation();
  return id;
}

function addPeople({ salesforce, hubspot }: World): void {
  const people = { ann: 'CTO', bea: 'CEO', cleo: 'Clerk', dora: 'CEO' };
  for (const [name, Title] of Object.entries(people)) {
    salesforce.people.create('Contact', { LastName: name, Title, Email: `${name}@example.com` }, longAgo);
  }
  hubspot.people.create('contacts', { email: 'dora@example.com', lastname: 'dora', jobtitle: 'Clerk' });
}

const titles = ({ hubspot }: World) =>
  Object.fromEntries(
    ['ann', 'bea', 'cleo', 'dora'].map((name) => [
      name,
      hubspot.recordBy('contacts', 'email', `${name}@example.com`)?.properties['jobtitle'] || null,
    ]),
  );
const preview = async (world: World) =>
  Object.fromEntries(
    (await world.api.previewRun({ kind: 'import', object: 'contacts', forecast: true })).counts.map(
      ({ what, records }) => [what, records],
    ),
  );

describe('projected', () => {
  const world = useWorld(async (made) => {
    const segment = await chiefs(made);
    addPeople(made);
    const extra = [`segments: { include: [${segment}] }`, 'gate: { importEvaluation: projected }'];
    await made.apply(contactSettings([...extra, 'create: { hubspot: members }']));
  });

  test('fills those who would be members with what Salesforce has, and tells before who would not', async () => {
    expect(await preview(world())).toEqual({
      Contact: 4,
      'Contact: would stay blank, outside the segment': 2, // a clerk, and one whom HubSpot knows as a clerk
      Lead: 0,
    });
    const { counts } = await run(world(), 'import', 'first');
    expect(titles(world())).toEqual({ ann: 'CTO', bea: 'CEO', cleo: null, dora: 'Clerk' });
    expect(counts['full fields, Contact']).toEqual({ synced: 2, 'skipped:notInSegment': 2 });
    expect((await world().api.health()).counts.exceptions).toMatchObject({ projected: 2 });
    expect(world().writes('salesforce')).toEqual([]);
  });

  test('lets those who would be members be created from Salesforce, with `create.hubspot: members`', async () => {
    const { salesforce, hubspot } = world();
    const make = (name: string, Title: string) =>
      salesforce.people.create('Contact', { LastName: name, Title, Email: `${name}@example.com` });
    const clerk = make('eve', 'Clerk');
    expect((await world().decidedFor(world().ref('salesforce', clerk))).outcome).toEqual({
      kind: 'skipped',
      reason: 'notInSegment',
    });
    make('fay', 'CTO');
    await until(async () => hubspot.recordBy('contacts', 'email', 'fay@example.com')?.properties['jobtitle'] === 'CTO');
    expect(hubspot.recordBy('contacts', 'email', 'eve@example.com')).toBeUndefined();
  });
});

describe('afterEmail', () => {
  const world = useWorld(async (made) => {
    const segment = await chiefs(made);
    addPeople(made);
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });

  test('leaves all of them blank, and tells so before', async () => {
    expect(await preview(world())).toEqual({
      Contact: 4,
      'Contact: would stay blank, outside the segment': 4,
      Lead: 0,
    });
    await run(world(), 'import', 'first');
    expect(titles(world())).toEqual({ ann: null, bea: null, cleo: null, dora: 'Clerk' });
  });
});
