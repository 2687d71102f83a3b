import { expect, test } from '@jest/globals';
import { customersInStep } from '../e2e/people.ts';
import { contactSettings, until, useWorld, type World } from '../e2e/world.ts';

const world = useWorld(async (made) => {
  const segment = made.createSegment();
  await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
});

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

const mapped = { email: 'Email', firstname: 'FirstName', lastname: 'LastName', jobtitle: 'Title' } as const;

/** Whether a person has the same values on both sides, and is there once on each. */
function isInStep({ hubspot, salesforce }: World, email: string): boolean {
  const contacts = salesforce.records('Contact', { email });
  expect(contacts.length).toBeLessThanOrEqual(1);
  const here = hubspot.recordBy('contacts', 'email', email)?.properties ?? {};
  const [there = {}] = contacts;
  return Object.entries(mapped).every(([property, field]) => (here[property] || null) === (there[field] ?? null));
}

/** The processes that activities of this installation ran in, as Temporal has noted them. */
async function processesAtWork({ temporal, installation }: World): Promise<Set<string>> {
  const found = new Set<string>();
  const { workflow } = temporal.client;
  for await (const { workflowId, runId } of workflow.list({ query: `TaskQueue = "${installation}/live"` })) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { activityTaskStartedEventAttributes: started } of events ?? [])
      if (started?.identity) found.add(started.identity);
  }
  return found;
}

test('two workers on one ledger share many edits of both sides, lose none and create nobody twice', async () => {
  const { hubspot, salesforce, tandem } = world();
  const people = await customersInStep(world(), names('known', 30));
  await world().twoMorePolls();
  world().clearTraffic();

  for (const { hubspotId, salesforceId, name } of people) {
    hubspot.people.edit('contacts', hubspotId, { jobtitle: `Head ${name}` });
    salesforce.people.update('Contact', salesforceId, { FirstName: `First ${name}` });
  }
  const newcomers = names('new', 20).map((name) => `${name}@example.com`);
  const made = newcomers.map((Email) => {
    const { id } = hubspot.people.create('contacts', { email: Email, lastname: 'Holm', lifecyclestage: 'customer' });
    return { id, salesforceId: salesforce.people.create('Contact', { Email, LastName: 'Holm', Title: 'Buyer' }) };
  });
  hubspot.runEvaluation();
  // Services report what the polls find as well, each side twice.
  const all = [...people.map(({ hubspotId: id, salesforceId }) => ({ id, salesforceId })), ...made];
  const refs = all.flatMap(({ id, salesforceId }) => [
    world().ref('hubspot', id),
    world().ref('salesforce', salesforceId),
  ]);
  await Promise.all([...refs, ...refs].map((ref) => tandem.reportChange(ref)));

  const emails = [...people.map(({ email }) => email), ...newcomers];
  await until(async () => emails.every((email) => isInStep(world(), email)));
  await world().twoMorePolls();
  await until(async () => (await world().ledger.writes.open()).length === 0);

  expect(emails.filter((email) => !isInStep(world(), email))).toEqual([]);
  for (const { hubspotId, salesforceId, name } of people) {
    expect(hubspot.record('contacts', hubspotId)?.properties).toMatchObject({
      jobtitle: `Head ${name}`,
      firstname: `First ${name}`,
    });
    expect(world().writes('salesforce', salesforceId)).toEqual(['Title']);
    expect(world().writes('hubspot', hubspotId)).toEqual(['firstname']);
  }
  const hubspotIds = made.map(({ id }) => id);
  const pairs = await world().ledger.pairs.byIds('contacts', 'hubspot', hubspotIds);
  expect([...pairs.values()].map(({ hubspotId: id, salesforceId }) => ({ id, salesforceId }))).toEqual(
    expect.arrayContaining(made),
  );
  expect(pairs.size).toBe(made.length);
  expect(salesforce.records('Contact')).toHaveLength(emails.length);
  expect((await processesAtWork(world())).size).toBe(2);
});
