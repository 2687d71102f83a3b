import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { testEnvironment, workflowBundlePath } from '../support/temporal.ts';
import { ActivityCall, Calls } from './calls.ts';

const activityNames: readonly (keyof Activities)[] = [
  'syncRecords',
  'handOver',
  'watchSegment',
  'pollSystem',
  'activateSettings',
  'arrangeWorkflows',
  'beginRun',
  'readIds',
  'syncPage',
  'noteRun',
  'endRun',
];

/**
 * The workflows of this run's bundle on a real Temporal server, with activities that do nothing but arrive: a test takes
 * each call in turn and says what it comes to. So a test goes in step with its workflow, without clocks.
 */
export interface Stage {
  readonly client: Client;
  readonly installation: string;
  /** The calls of one workflow's activities, in order. */
  calls(workflowId: string): Calls;
  /** Has the workflow looked at by `left`. */
  watch(workflowId: string): void;
}

export interface OpenStage extends Stage {
  /** The watched workflows that still run, and their calls that nobody took or answered. Ends the watch over them. */
  left(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openStage(): Promise<OpenStage> {
  const installation = `test-${randomUUID()}`;
  const byWorkflow = new Map<string, Calls>();
  const watched = new Set<string>();
  const calls = (workflowId: string): Calls => {
    const known = byWorkflow.get(workflowId) ?? new Calls(workflowId);
    byWorkflow.set(workflowId, known);
    return known;
  };
  const arrives =
    (name: keyof Activities) =>
    async (input: unknown): Promise<unknown> => {
      const { workflowExecution } = Context.current().info;
      const call = new ActivityCall(name, input);
      calls(workflowExecution?.workflowId ?? '').arrive(call);
      return await Promise.race([call.end, Context.current().cancelled]);
    };

  const { client, nativeConnection, namespace, close } = await testEnvironment();
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue: `${installation}/live`,
    workflowBundle: { codePath: workflowBundlePath },
    activities: Object.fromEntries(activityNames.map((name) => [name, arrives(name)])),
  });
  const running = worker.run();

  return {
    client,
    installation,
    calls,
    watch: (workflowId) => void watched.add(workflowId),
    async left() {
      const left = await Promise.all(
        [...watched].map(async (workflowId) => {
          const { status } = await client.workflow.getHandle(workflowId).describe();
          return [...(status.name === 'RUNNING' ? [`${workflowId} still runs`] : []), ...calls(workflowId).left()];
        }),
      );
      watched.clear();
      return left.flat();
    },
    async close() {
      worker.shutdown();
      await running;
      await close();
    },
  };
}

/** The server suggests to continue as new from 4 MB of history on: five signals with such a note are enough. */
export const bigNote = 'x'.repeat(1_000_000);

/** Asks until the workflow says so. Each question is a round trip to the server, so this does not spin. */
export async function untilStatus<S extends { readonly state: string }>(
  handle: WorkflowHandle,
  state: S['state'],
): Promise<S> {
  for (;;) {
    const status = await handle.query<S>('status');
    if (status.state === state) return status;
  }
}

/** What the workflow's page shows at the moment, in markdown. */
export async function currentDetails(handle: WorkflowHandle): Promise<string> {
  const { currentDetails } = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return currentDetails ?? '';
}

/** How long the run's timers were set to, in milliseconds, in the order in which they were set. */
export async function timersOf(handle: WorkflowHandle): Promise<number[]> {
  const { events } = await handle.fetchHistory();
  const timers = (events ?? []).flatMap((event) => event.timerStartedEventAttributes?.startToFireTimeout ?? []);
  return timers.map(({ seconds, nanos }) => Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6);
}
