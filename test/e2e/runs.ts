import type { WorkflowHandle } from '@temporalio/client';
import type { RunRow } from '../../ledger/index.ts';
import { defaultTiming, type Timing } from '../../workflows/messages.ts';
import type { Counts, RunKind, RunResult } from '../../workflows/run-messages.ts';
import { runStart } from '../../workflows/start.ts';
import type { World } from './world.ts';

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
