import type { RecordRef, System } from '../core/record-ref.ts';
import { statusQuery } from '../workflows/messages.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * What one live sync costs: events in the workflow's history, and requests to each system by route.
 *
 *     node bench/live-sync.ts
 *
 * Counts, not times: they are the same on every machine. Whatever an earlier request of the process has left behind (the
 * session with Salesforce, the segment's definition) is there already.
 */
await using stage = await openStage();
const { hubspot, salesforce, tandem, temporal, segmentId } = stage;

let people = 0;
const contact = (more: Record<string, string> = {}): RecordRef => {
  people += 1;
  const names = { email: `person${people}@example.com`, firstname: 'Ann', lastname: `Berg ${people}`, ...more };
  const { id } = hubspot.people.create('contacts', { ...names, lifecyclestage: 'customer' });
  hubspot.runEvaluation();
  return { system: 'hubspot', object: 'contacts', id };
};
const inStep = async (): Promise<{ readonly ref: RecordRef; readonly salesforceId: string }> => {
  const ref = contact({ jobtitle: 'CTO' });
  await tandem.syncNow(ref);
  const { pair } = await tandem.getRecord(ref);
  if (!pair) throw new Error('A customer was not paired.');
  return { ref, salesforceId: pair.salesforceId };
};
await inStep(); // signs in, and reads the segment's definition

const paired = await inStep();
await measure('A member is edited in HubSpot', async () => {
  hubspot.people.edit('contacts', paired.ref.id, { jobtitle: 'CEO' });
  return paired.ref;
});
await measure('… the poll then finds our own write in Salesforce', async () => paired.ref);
await measure('A member is edited in Salesforce', async () => {
  salesforce.people.update('Contact', paired.salesforceId, { Title: 'COO' });
  return paired.ref;
});
await measure('A customer is created in HubSpot', async () => contact());
await measure('A contact is created in Salesforce', async () => {
  const id = salesforce.people.create('Contact', { LastName: 'Stone', Email: 'stone@example.com' });
  return { system: 'salesforce', object: 'contacts', id };
});
const leaving = await inStep();
await measure(
  'An edit takes a member out; the record waits until HubSpot has re-evaluated',
  async () => {
    hubspot.people.edit('contacts', leaving.ref.id, { lifecyclestage: '' });
    return leaving.ref;
  },
  async (workflowId) => {
    await until(async () => (await temporal.workflow.getHandle(workflowId).query(statusQuery)).state === 'waiting');
    hubspot.runEvaluation();
    await tandem.segmentReevaluated(segmentId, leaving.ref);
  },
);

/** Prints what it costs to sync a record after a change, from the notice to the end of its workflow. */
async function measure(
  what: string,
  change: () => Promise<RecordRef>,
  meanwhile: (workflowId: string) => Promise<void> = async () => {},
): Promise<void> {
  const ref = await change();
  for (const system of [hubspot, salesforce]) system.traffic.clear();
  const { workflowId } = await tandem.reportChange(ref);
  await meanwhile(workflowId);
  const outcome: unknown = await temporal.workflow.getHandle(workflowId).result();
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const sent = { hubspot: calls(stage, 'hubspot'), salesforce: calls(stage, 'salesforce') };
  const lines = [
    what,
    `  outcome         ${JSON.stringify(outcome)}`,
    `  history events  ${events?.length ?? 0}`,
    `  vendor calls    ${total(sent.hubspot) + total(sent.salesforce)}`,
    ...[...sent.hubspot, ...sent.salesforce].map(([route, count]) => `    ${count} x ${route}`),
  ];
  console.log(`${lines.join('\n')}\n`);
}

type Calls = readonly (readonly [route: string, count: number])[];

function calls(on: Stage, system: System): Calls {
  return [...on[system].traffic.calls].map(([route, count]) => [`${system} ${route}`, count]);
}

function total(sent: Calls): number {
  return sent.reduce((sum, [, count]) => sum + count, 0);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}
