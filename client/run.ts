import type { Client, WorkflowHandle } from '@temporalio/client';
import { type RunResult, type RunStatus, runStatusQuery } from '../workflows/run-messages.ts';

/** A run that has been started, or the newest one of a workflow's id. */
export class StartedRun {
  readonly workflowId: string;
  readonly #handle: WorkflowHandle;

  constructor(temporal: Client, workflowId: string) {
    this.workflowId = workflowId;
    this.#handle = temporal.workflow.getHandle(workflowId);
  }

  /** Waits for the end. Rejects with Temporal's `WorkflowFailedError` where the run failed or was cancelled. */
  async result(): Promise<RunResult> {
    return (await this.#handle.result()) as RunResult;
  }

  /** Where it stands: phase, records done, counts by outcome, and why it is paused. Needs a worker that runs. */
  async status(): Promise<RunStatus> {
    return await this.#handle.query(runStatusQuery);
  }
}

/** The name of a run that was given none: the moment, in UTC. */
export const nameOfNow = (): string => new Date().toISOString().slice(0, 19).replaceAll(':', '-');
