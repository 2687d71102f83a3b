import type { System } from '../core/record-ref.ts';
import { type CrowdRow, makeCrowd } from '../test/e2e/import-crowd.ts';
import { openStage } from './stage.ts';

/**
 * What an import of 2,000 records costs: requests to each system, phase by phase, beside the fewest that the systems'
 * batch sizes allow; and events in the workflow's history for each page.
 *
 *     node bench/import.ts [records]
 *
 * Counts, not times: they are the same on every machine. The second import finds everything in step.
 */
const records = Number(process.argv[2] ?? 2_000);

interface Sent {
  readonly at: number;
  readonly system: System;
  readonly route: string;
}

await using stage = await openStage();
const { hubspot, salesforce, tandem, temporal } = stage;
const crowd = makeCrowd(stage, { records });

const sent: Sent[] = [];
for (const [system, { traffic }] of [
  ['hubspot', hubspot],
  ['salesforce', salesforce],
] as const) {
  const called = traffic.called.bind(traffic);
  traffic.called = (route) => {
    sent.push({ at: Date.now(), system, route });
    called(route);
  };
}

await measure('first import', fewest(crowd, true));
await measure('second import, everything in step', fewest(crowd, false));

interface Fewest {
  readonly [phase: string]: Readonly<Record<System, number>>;
}

/** Runs an import and prints what it cost. */
async function measure(what: string, least: Fewest): Promise<void> {
  sent.length = 0;
  const startedAt = performance.now();
  const run = await tandem.startImport({ object: 'contacts', name: crypto.randomUUID() });
  const { counts } = await run.result();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { events = [] } = await temporal.workflow.getHandle(run.workflowId).fetchHistory();
  const scheduled = (events ?? []).flatMap((event) => {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const { seconds: s, nanos } = event.eventTime ?? {};
    return name ? [{ name, atMs: Number(s ?? 0) * 1_000 + (nanos ?? 0) / 1e6, input: event }] : [];
  });
  // Each phase begins by reading ids, when all pages of the one before have ended.
  const begins = scheduled.filter(({ name, input }) => name === 'readIds' && cursorOf(input) === null);
  const phaseAt = (ms: number): number => begins.findLastIndex(({ atMs }) => atMs <= ms);

  console.log(`\n${what}: ${records} records, ${seconds.toFixed(1)} s`);
  console.table(
    counts.flatMap(({ phase, counts: outcomes }, i) =>
      (['salesforce', 'hubspot'] as const).map((system) => {
        const calls = sent.filter((call) => call.system === system && phaseAt(call.at) === i).length;
        const n = sum(Object.values(outcomes));
        const fewestCalls = least[phase]?.[system] ?? 0;
        return {
          phase,
          records: n,
          system,
          calls,
          'per record': (calls / Math.max(1, n)).toFixed(4),
          fewest: fewestCalls,
          times: fewestCalls === 0 ? '' : (calls / fewestCalls).toFixed(1),
        };
      }),
    ),
  );
  const routes = Map.groupBy(sent, ({ system, route }) => `${system} ${route}`);
  for (const [route, calls] of routes) console.log(`  ${calls.length} x ${route}`);
  const before = sent.filter(({ at }) => phaseAt(at) === -1).length;
  console.log(
    `  of which ${before} before the first phase; ${sent.length} in all, ${perRecord(sent.length)} per record`,
  );
  const pages = scheduled.filter(({ name }) => name === 'syncPage').length;
  const length = events?.length ?? 0;
  console.log(`  ${length} history events for ${pages} pages: ${(length / pages).toFixed(1)} per page`);
  console.log(`  outcomes ${JSON.stringify(Object.fromEntries(counts.map(({ phase, counts: c }) => [phase, c])))}`);
}

function perRecord(n: number): string {
  return (n / records).toFixed(4);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all + n, 0);
}

function cursorOf(event: {
  activityTaskScheduledEventAttributes?: { input?: { payloads?: { data?: Uint8Array | null }[] | null } | null } | null;
}): unknown {
  const data = event.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data;
  return data ? (JSON.parse(Buffer.from(data).toString()) as { cursor: unknown }).cursor : undefined;
}

/**
 * The fewest requests, were the whole import known beforehand and one batch of each kind as large as the system takes:
 * Salesforce 2,000 rows for a query and 200 for a write, HubSpot 100 for everything but 1,000 for memberships.
 */
function fewest(rows: readonly CrowdRow[], isFirst: boolean): Fewest {
  const batches = (n: number, size: number): number => Math.ceil(n / size);
  const perType = (type: CrowdRow['type']) => {
    const mine = rows.filter((row) => row.type === type);
    const chosen = mine.filter(({ expected }) => expected === 'synced' || expected === 'skipped:notInSegment');
    const members = chosen.filter(({ expected }) => expected === 'synced');
    const withEmail = mine.filter(({ person }) => person.email !== undefined);
    const missing = chosen.filter(({ person }) => person.inHubSpot === 'no');
    const backwards = members.filter(({ person }) => person.inHubSpot === 'customerWithTitle');
    return { mine, chosen, members, withEmail, missing, backwards };
  };
  return Object.fromEntries(
    (['Contact', 'Lead'] as const).flatMap((type) => {
      const { mine, chosen, members, withEmail, missing, backwards } = perType(type);
      const reads = batches(mine.length, 2_000);
      const identity = {
        salesforce: reads,
        hubspot: isFirst ? batches(withEmail.length, 100) + batches(missing.length, 100) : 0,
      };
      const full = {
        salesforce: reads + (isFirst ? batches(backwards.length, 200) : 0),
        hubspot:
          batches(chosen.length, 100) +
          batches(chosen.length, 1_000) +
          1 +
          (isFirst ? batches(members.length, 100) : 0),
      };
      return [
        [`identity, ${type}`, identity],
        [`full fields, ${type}`, full],
      ];
    }),
  );
}
