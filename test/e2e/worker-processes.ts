import type { Timing } from '../../workflows/messages.ts';
import { runScript, type ScriptProcess } from '../support/child.ts';
import { workflowBundlePath } from '../support/temporal.ts';

export interface WorkerProcesses {
  /** Asks all of them to end, and waits until they have. */
  stop(): Promise<void>;
}

interface WorkerProcessesOptions {
  readonly count: number;
  /** Leads to the ledger, Temporal and both systems. */
  readonly env: NodeJS.ProcessEnv;
  readonly timing: Timing;
  readonly requestTimeoutMs: number;
}

/** Starts worker processes of one installation, as production has them, and returns when all of them work. */
export async function startWorkerProcesses(options: WorkerProcessesOptions): Promise<WorkerProcesses> {
  const { count, env, timing, requestTimeoutMs } = options;
  const argument = JSON.stringify({
    role: 'worker',
    timing,
    requestTimeoutMs,
    workflowBundle: { codePath: workflowBundlePath },
  });
  const processes = Array.from({ length: count }, () => runScript('faults/worker-process.ts', [argument], env));
  await Promise.all(processes.map((process) => Promise.race([process.output.shows('answers on'), failed(process)])));
  return {
    stop: async () => {
      for (const { child } of processes) child.kill('SIGTERM');
      await Promise.all(processes.map(({ ended }) => ended));
    },
  };
}

async function failed({ ended, output }: ScriptProcess): Promise<never> {
  throw new Error(`A worker process ended with ${await ended} before it worked:\n${output.text}`);
}
