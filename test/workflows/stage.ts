import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { type TestEnvironment, testEnvironment, workflowBundlePath } from '../support/temporal.ts';
import { ActivityCall, Calls } from './calls.ts';

/**
 * The workflows of this run's bundle on a real Temporal server, with activities that do nothing but arrive: a test takes
 * each call in turn and says what it comes to. So a test goes in step with its workflow, without clocks.
 */
export interface Stage {
  readonly client: Client;
  readonly installation: string;
  /** The calls of one workflow's activities, in order. */
  calls(workflowId: string): Calls;
  /** Has the workflow checked after the test: it must have ended, with all its calls taken and answered. */
  watch(workflowId: string): void;
}

/** Sets the stage of a test file. Its parts may be used inside tests only. */
export function setStage(): Stage {
  const installation = `test-${randomUUID()}`;
  const byWorkflow = new Map<string, Calls>();
  const watched = new Set<string>();
  let environment: TestEnvironment | undefined;
  let worker: Worker;
  let running: Promise<void>;

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
  const get = (): TestEnvironment => {
    if (!environment) throw new Error('The stage is set when the tests run.');
    return environment;
  };

  beforeAll(async () => {
    environment = await testEnvironment();
    worker = await Worker.create({
      connection: environment.nativeConnection,
      namespace: environment.namespace,
      taskQueue: `${installation}/live`,
      workflowBundle: { codePath: workflowBundlePath },
      activities: {
        syncRecords: arrives('syncRecords'),
        handOver: arrives('handOver'),
        watchSegment: arrives('watchSegment'),
        pollSystem: arrives('pollSystem'),
        activateSettings: arrives('activateSettings'),
        arrangeWorkflows: arrives('arrangeWorkflows'),
      },
    });
    running = worker.run();
  });
  afterEach(async () => {
    const left = await Promise.all(
      [...watched].map(async (workflowId) => {
        const { status } = await get().client.workflow.getHandle(workflowId).describe();
        return { workflowId, isRunning: status.name === 'RUNNING', calls: calls(workflowId).left() };
      }),
    );
    watched.clear();
    expect(left.filter(({ isRunning, calls }) => isRunning || calls.length > 0)).toEqual([]);
  });
  afterAll(async () => {
    worker.shutdown();
    await running;
    await get().close();
  });

  return {
    get client() {
      return get().client;
    },
    installation,
    calls,
    watch: (workflowId) => void watched.add(workflowId),
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
