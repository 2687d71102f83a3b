import type { WorkflowHandle } from '@temporalio/client';
import { systems } from '../../core/record-ref.ts';
import type { RunRow } from '../../ledger/index.ts';
import { pollChangesId, segmentWatchId } from '../../workflows/ids.ts';
import { defaultTiming, pauseSignal, resumeSignal, type Timing, watchStatusQuery } from '../../workflows/messages.ts';
import type { Counts, RunKind, RunResult } from '../../workflows/run-messages.ts';
import { runStart } from '../../workflows/start.ts';
import { until, type World } from './world.ts';

const workflowOf: Record<RunKind, string> = {
  import: 'importRecords',
  resync: 'resyncSegment',
  catchUp: 'catchUp',
  reconcile: 'reconcile',
};

export const runTiming: Timing = { ...defaultTiming, syncMs: 20_000, lookMs: 200, retryMs: [200, 500, 1_000] };

/** Starts a run of contacts; `more` is the rest of its input. */
export async function startRun(
  { temporal, installation }: Pick<World, 'temporal' | 'installation'>,
  kind: RunKind,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<WorkflowHandle> {
  return await temporal.client.workflow.start(workflowOf[kind], {
    ...runStart({ installation }, kind, 'contacts', name),
    args: [{ object: 'contacts', name, timing: runTiming, ...(kind === 'import' ? { draft: null } : {}), ...more }],
  });
}

/** What a run came to. */
export interface EndedRun {
  readonly runId: string;
  /** By phase. */
  readonly counts: Readonly<Record<string, Counts>>;
  /** The run's list. */
  readonly rows: readonly RunRow[];
}

/** Waits for the end of a run. */
export async function endOf(world: World, handle: WorkflowHandle): Promise<EndedRun> {
  const { runId, counts }: RunResult = await handle.result();
  const rows = await world.ledger.runs.rows(runId, 10_000);
  return { runId, counts: Object.fromEntries(counts.map(({ phase, counts: here }) => [phase, here])), rows };
}

/** Starts a run and waits for its end. */
export async function run(
  world: World,
  kind: RunKind,
  name: string,
  more?: Readonly<Record<string, unknown>>,
): Promise<EndedRun> {
  return await endOf(world, await startRun(world, kind, name, more));
}

/** For a Salesforce record that is older than the settings: their start is known to the second only. */
export const longAgo = { at: Date.parse('2026-01-02T03:04:05.000Z') };

const pollsOf = ({ temporal, installation }: World) =>
  systems.map((system) => temporal.client.workflow.getHandle(pollChangesId(installation, system)));

/** The watches of the segments in the settings: they find who joined. */
async function watchesOf({ temporal, installation, ledger }: World) {
  const { settings } = (await ledger.settings.current()) ?? {};
  const segments = Object.values(settings?.objects ?? {}).flatMap(({ segments: s }) => [...s.include, ...s.exclude]);
  return segments.map((id) => temporal.client.workflow.getHandle(segmentWatchId(installation, id)));
}

/** Until `liveGoesOn`, nobody finds changes: only runs work on records. What was found before has been done. */
export async function liveRests(world: World): Promise<void> {
  for (const finder of [...pollsOf(world), ...(await watchesOf(world))]) {
    await finder.signal(pauseSignal, { reason: 'a test' });
    await until(async () => (await finder.query(watchStatusQuery)).state === 'paused');
  }
  const { client } = world.temporal;
  const types = `WorkflowType IN ("recordSync", "catchUp") AND ExecutionStatus = "Running"`;
  const query = `TaskQueue STARTS_WITH "${world.installation}/" AND ${types}`;
  await until(async () => (await client.workflow.count(query)).count === 0);
}

/** Changes are found again: all of them, or those that polls find. */
export async function liveGoesOn(world: World, which: 'all' | 'polls' = 'all'): Promise<void> {
  for (const finder of [...pollsOf(world), ...(which === 'all' ? await watchesOf(world) : [])]) {
    await finder.signal(resumeSignal, { reason: 'a test' });
  }
}
