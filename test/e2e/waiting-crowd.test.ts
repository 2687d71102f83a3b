import { expect, test } from '@jest/globals';
import pMap from 'p-map';
import { segmentWatchId } from '../../workflows/ids.ts';
import { watchStatusQuery } from '../../workflows/messages.ts';
import { contactSettings, until, useWorld } from './world.ts';

const count = 300;
const membershipRoute = 'POST /crm/v3/lists/records/memberships/batch/read';

let segment = '';
const world = useWorld(async (made) => {
  segment = made.createSegment();
  const settings = contactSettings([`segments: { include: [${segment}] }`]);
  await made.apply(settings.replace(/^polling: .*$/m, 'polling: { hubspot: 1h, salesforce: 1h }'));
});

test('three hundred records wait for one segment in workflows of their own, are asked for together, and all go on', async () => {
  const { hubspot, salesforce, tandem, ledger } = world();
  const ids = Array.from({ length: count }, (_, i) => {
    const person = { email: `person${i}@example.com`, lastname: `Berg ${i}`, lifecyclestage: 'customer' };
    return hubspot.people.create('contacts', person).id;
  });
  await pMap(ids, (id) => tandem.reportChange(world().ref('hubspot', id)), { concurrency: 20 });
  await until(async () => (await ledger.waits.count(segment)) === count);
  const open = `TaskQueue STARTS_WITH "${world().installation}/" AND WorkflowType = "recordSync" AND ExecutionStatus = "Running"`;
  const { workflow } = world().temporal.client;
  await until(async () => (await workflow.count(open)).count === count);
  expect(salesforce.records('Contact')).toEqual([]);

  // Two rounds of the watch ask a hundred at once; the records themselves ask for nothing while they wait.
  const rounds = async () =>
    (await workflow.getHandle(segmentWatchId(world().installation, segment)).query(watchStatusQuery)).rounds;
  const before = await rounds();
  world().clearTraffic();
  await until(async () => (await rounds()) >= before + 2);
  const asked = hubspot.traffic.calls.get(membershipRoute) ?? 0;
  const looked = (await rounds()) - before;
  expect(asked).toBeLessThanOrEqual((looked + 1) * 3);

  hubspot.runEvaluation();
  await until(async () => (await ledger.waits.count(segment)) === 0);
  await until(async () => (await ledger.counts()).pairs === count);
  const emails = salesforce.records('Contact').map(({ Email }) => Email);
  expect(new Set(emails).size).toBe(count);
  expect(emails).toHaveLength(count);
});
