import { setTimeout } from 'node:timers/promises';
import pMap from 'p-map';
import { onProductionServers, runInterruptibly } from '../test/production/servers.ts';
import { duration, withProgress } from '../workers/progress.ts';
import { segmentWatchId } from '../workflows/ids.ts';
import { watchStatusQuery } from '../workflows/messages.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * Records that wait for one segment, each in an open workflow, on a Temporal server on PostgreSQL with two worker
 * processes:
 *
 *     node bench/waiting.ts [records]
 *
 * Tells the calls for memberships by waiting record and round, beside a client that asks for each record; and how long all
 * take to go on once HubSpot has evaluated, while one of the two workers is killed half way. 5,000 records unless said
 * otherwise; counts are the same on every machine, times are not.
 */
const records = Number(process.argv[2] ?? 5_000);
const rounds = 3;
const membershipRoute = 'POST /crm/v3/lists/records/memberships/batch/read';
const terminal = process.stderr;

await runInterruptibly((signal) =>
  onProductionServers(signal, async ({ temporal, databaseUrl }) => {
    await using stage = await openStage({ temporal, shared: { databaseUrl, workers: 2 } });
    return await measure(stage, signal);
  }),
);

async function measure(stage: Stage, signal: AbortSignal): Promise<number> {
  const { hubspot, salesforce, tandem, segmentId, workers } = stage;
  const watch = segmentWatchId(stage.installation, segmentId);
  const ids = Array.from({ length: records }, (_, i) => {
    const names = { email: `person${i}@example.com`, firstname: 'Ann', lastname: `Berg ${i}` };
    return hubspot.people.create('contacts', { ...names, lifecyclestage: 'customer' }).id;
  });

  let began = performance.now();
  const step = async (label: string, count: () => Promise<number>): Promise<number> => {
    began = performance.now();
    await withProgress({ terminal }, label, async (detail) => {
      for (let done = await count(); done < records; done = await count()) {
        signal.throwIfAborted();
        detail(`${done} of ${records}`);
        await setTimeout(1_000);
      }
    });
    return performance.now() - began;
  };
  const waiting = async (): Promise<number> => (await stage.api.health()).counts.waits;
  const reported = pMap(ids, (id) => tandem.reportChange({ system: 'hubspot', object: 'contacts', id }), {
    concurrency: 20,
  });
  const untilAllWait = await step('Records begin to wait', waiting);
  await reported;

  await tandem.resume({ workflowId: watch });
  const round = async () => (await stage.temporal.workflow.getHandle(watch).query(watchStatusQuery)).rounds;
  await setTimeout(1_000);
  const first = await round();
  hubspot.traffic.clear();
  await withProgress({ terminal }, `${rounds} rounds of the watch`, async () => {
    while ((await round()) < first + rounds) await setTimeout(200);
  });
  const asked = hubspot.traffic.calls.get(membershipRoute) ?? 0;
  const looked = (await round()) - first;

  for (const vendor of [hubspot, salesforce]) vendor.traffic.clear();
  hubspot.runEvaluation();
  let killed = false;
  const untilAllGone = await step('Records go on', async () => {
    const { pairs } = (await stage.api.health()).counts;
    if (!killed && pairs > records / 2) {
      killed = true;
      await workers[0]?.kill();
    }
    return pairs;
  });
  const made = salesforce.records('Contact').length;
  const sent = [hubspot, salesforce].map(({ traffic }) => [...traffic.calls.values()].reduce((all, n) => all + n, 0));
  const calls = (sent[0] ?? 0) + (sent[1] ?? 0);

  console.log(`\n${records} open workflows that wait for one segment`);
  console.table([
    {
      figure: 'membership calls per waiting record and round',
      tandem: (asked / looked / records).toFixed(4),
      'asking record by record': '1.0000',
    },
    {
      figure: 'vendor calls per record, from the evaluation to the pair',
      tandem: (calls / records).toFixed(2),
      'asking record by record': '',
    },
    { figure: 'contacts made in Salesforce', tandem: String(made), 'asking record by record': String(records) },
    { figure: `until all wait`, tandem: duration(untilAllWait), 'asking record by record': '' },
    {
      figure: 'until all have gone on, one of two workers killed half way',
      tandem: duration(untilAllGone),
      'asking record by record': '',
    },
  ]);
  return made === records && killed ? 0 : 1;
}
