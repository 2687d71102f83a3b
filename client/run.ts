import type { Client, WorkflowHandle } from '@temporalio/client';
import { type RunResult, type RunStatus, runStatusQuery } from '../workflows/run-messages.ts';

/** A run of that kind, object and name is under way. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly workflowId: string;

  constructor(workflowId: string) {
    super(`${workflowId} is under way already: wait until it has ended, or give this run another name.`);
    this.workflowId = workflowId;
  }
}

/** What a person typed can't name a run. */
export class BadName extends Error {
  override readonly name = 'BadName';
}

/** A run that has been started, or the newest one of a workflow's id. */
export class StartedRun {
  readonly workflowId: string;
  readonly #handle: WorkflowHandle;

  constructor(workflowId: string, handle: WorkflowHandle) {
    this.workflowId = workflowId;
    this.#handle = handle;
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

export const startedRun = (temporal: Client, workflowId: string): StartedRun =>
  new StartedRun(workflowId, temporal.workflow.getHandle(workflowId));

/** The name of a run that was given none: the moment, in UTC. */
export const nameOfNow = (): string => new Date().toISOString().slice(0, 19).replaceAll(':', '-');

/** Names stand in workflow ids and in commands. Throws `BadName`. */
export function checkName(name: string): string {
  if (/^[a-z0-9][a-z0-9_.-]{0,62}$/i.test(name)) return name;
  throw new BadName(`A run's name is a letter or digit, then letters, digits, ".", "-" or "_"; found "${name}".`);
}
