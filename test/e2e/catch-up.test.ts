import { describe, expect, test } from '@jest/globals';
import { liveGoesOn, liveRests, run } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** How many workflows of each type have been started since, on this world's queues. */
async function startedSince({ temporal, installation }: World, since: Date): Promise<Record<string, number>> {
  const types: string[] = [];
  const query = `TaskQueue STARTS_WITH "${installation}/" AND StartTime >= "${since.toISOString()}"`;
  for await (const { type } of temporal.client.workflow.list({ query })) types.push(type);
  return Object.fromEntries([...Map.groupBy(types, (type) => type)].map(([type, group]) => [type, group.length]));
}

const people = 60;

describe('with sixty people in step', () => {
  let hubspotIds: string[] = [];
  const world = useWorld(async (made) => {
    await made.apply(contactSettings());
    await liveRests(made);
    for (let n = 0; n < people; n += 1) {
      made.salesforce.people.create('Contact', { LastName: `Last ${n}`, Email: `person.${n}@example.com` });
    }
    await run(made, 'import', 'first');
    hubspotIds = made.hubspot.recordIds('contacts');
    await liveGoesOn(made);
    await made.twoMorePolls();
  });

  /** Edits so many people at once, and waits until all of it has crossed and nothing is left to be seen. */
  async function edit(count: number, title: string): Promise<Record<string, number>> {
    const made = world();
    await liveRests(made);
    const since = new Date();
    made.clearTraffic();
    for (const id of hubspotIds.slice(0, count)) made.hubspot.people.edit('contacts', id, { jobtitle: title });
    await liveGoesOn(made);
    await until(async () => made.salesforce.records('Contact').filter(({ Title }) => Title === title).length === count);
    await made.twoMorePolls();
    expect(made.writes('salesforce')).toEqual(Array.from({ length: count }, () => 'Title'));
    expect(made.writes('hubspot')).toEqual([]);
    return await startedSince(made, since);
  }

  test('sixty edits at once cost no workflow for each', async () => {
    const { catchUp, ...others } = await edit(60, 'CTO');
    expect(others).toEqual({});
    // One for the edits, one for what they changed in Salesforce, and one more where that was seen within its own second.
    expect([2, 3]).toContain(catchUp);
  });

  test('a few edits have a workflow for each', async () => {
    const { catchUp, recordSync } = await edit(24, 'CFO');
    expect(catchUp).toBeUndefined();
    expect(recordSync).toBeGreaterThanOrEqual(24);
  });
});
