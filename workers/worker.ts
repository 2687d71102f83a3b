import path from 'node:path';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { sweepInbox } from '../activities/inbox.ts';
import { type ActivityDeps, createActivities, createEngine } from '../activities/index.ts';
import { sweepLeases } from '../activities/sync/leases.ts';
import { lanes, taskQueue } from '../workflows/ids.ts';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly deps: ActivityDeps;
  /** The workflows' bundle; left out, the package's own, which a clone makes at start. */
  readonly workflowBundle?: NonNullable<WorkerOptions['workflowBundle']>;
  /** Told of a sweep that failed; the next one comes anyway. */
  readonly onSweepFailed: (error: unknown) => void;
}

export interface RunningWorkers {
  /** Rejects when a worker fails; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** A sentence while not every lane is worked on. */
  problem(): string | undefined;
  /** Lets running activities end, at most as long as two requests take. */
  stop(): Promise<void>;
}

const sweepEveryMs = 60_000;

/** Runs both lanes of one installation in this process, and passes on what died holders of leases left behind. */
export async function startWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const { connection, namespace, deps, workflowBundle, onSweepFailed } = parts;
  const activities = createActivities(deps);
  const workers: Worker[] = [];
  for (const lane of lanes) {
    workers.push(
      await Worker.create({
        connection,
        namespace,
        taskQueue: taskQueue(deps.installation, lane),
        activities,
        ...(workflowBundle ? { workflowBundle } : ownWorkflows()),
        // Requests under way are answered or cut in this time; what still runs then is done again elsewhere.
        shutdownGraceTime: deps.requestTimeoutMs,
        shutdownForceTime: 2 * deps.requestTimeoutMs,
        maxConcurrentActivityTaskExecutions: lane === 'live' ? 20 : 4,
      }),
    );
  }
  const engine = createEngine(deps);
  const sweeps = async (): Promise<void> => {
    await sweepLeases(engine);
    await sweepInbox(engine);
  };
  const sweep = setInterval(() => void sweeps().catch(onSweepFailed), sweepEveryMs);
  sweep.unref();
  const runs = workers.map((worker) => worker.run());
  const ended = Promise.all(runs).then(() => clearInterval(sweep));
  return {
    ended,
    problem() {
      const state = workers.map((worker) => worker.getState()).find((state) => state !== 'RUNNING');
      return state && `The worker does not run (${state.toLowerCase()}).`;
    },
    stop: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
      clearInterval(sweep);
    },
  };
}

/** In a clone the sources, to be bundled; in the package the bundle that its build made. */
function ownWorkflows(): Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle'> {
  const file = (name: string) => path.resolve(import.meta.dirname, '..', name);
  return import.meta.filename.endsWith('.ts')
    ? { workflowsPath: file('workflows/index.ts') }
    : { workflowBundle: { codePath: file('workflow-bundle.js') } };
}
