import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { ActivityFailure } from '@temporalio/common';
import type { Attempt, Scheduler } from '../scheduler.ts';
import type { VirtualTime } from '../time.ts';
import { Run, type StartedAttempt } from './runs.ts';

interface StartWithSignal extends Start {
  readonly signal: unknown;
  readonly signalArgs: readonly unknown[];
}

type Workflow = (...args: unknown[]) => Promise<unknown>;

type Activities = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

export interface TemporalOptions {
  readonly time: VirtualTime;
  readonly workflows: Readonly<Record<string, Workflow>>;
  /** Which worker process takes the next attempt. */
  readonly pickWorker: () => number;
  readonly trace: (line: string) => void;
  readonly onAttempt: (attempt: Attempt) => void;
}

interface Start {
  readonly workflowId: string;
  readonly args: readonly unknown[];
  readonly workflowIdConflictPolicy?: string;
}

/** Runs the real workflows: one open run for each id, signals in order, timers by the virtual clock. */
export class SimulatedTemporal {
  readonly time: VirtualTime;
  readonly failures: string[] = [];
  readonly counts = { timedOut: 0, activityFailures: 0, continued: 0, started: 0, refused: 0 };
  readonly #options: TemporalOptions;
  readonly #open = new Map<string, Run>();
  readonly #attempts = new Set<StartedAttempt>();
  #activities: Activities = {};
  #made = 0;

  constructor(options: TemporalOptions) {
    this.#options = options;
    this.time = options.time;
  }

  /** What activities do; a new process brings its own. */
  serve(activities: object): void {
    this.#activities = activities as Activities;
  }

  perform(name: string, input: unknown): Promise<unknown> {
    const activity = this.#activities[name];
    if (!activity) throw new Error(`There is no activity ${name}.`);
    return activity(input);
  }

  attempt(given: Pick<Attempt, 'info' | 'name'>): StartedAttempt {
    const made: StartedAttempt = {
      ...given,
      worker: this.#options.pickWorker(),
      startedAt: this.time.now(),
      dead: false,
    };
    this.#attempts.add(made);
    this.#options.onAttempt(made);
    return made;
  }

  /** SIGKILL: everything that this process does stops where it is. */
  kill(worker: number): void {
    for (const attempt of this.#attempts) {
      if (attempt.worker !== worker || attempt.dead) continue;
      attempt.dead = true;
      attempt.onDeath?.();
    }
    for (const attempt of this.#attempts) if (attempt.dead) this.#attempts.delete(attempt);
  }

  begin(workflowId: string, type: string, args: readonly unknown[]): Run {
    const workflow = this.#options.workflows[type];
    if (!workflow) throw new Error(`There is no workflow ${type}.`);
    const continued = this.#open.get(workflowId);
    this.counts[continued ? 'continued' : 'started'] += 1;
    const run = new Run(this, workflowId, `run-${(this.#made += 1)}`, type);
    this.#open.set(workflowId, run);
    run.begin(workflow, args);
    return run;
  }

  /** Ids of open workflows. */
  open(): string[] {
    return [...this.#open].flatMap(([id, run]) => (run.closed ? [] : [id]));
  }

  failed(run: Run, error: unknown): void {
    // A run over a segment that is not complete is refused, with the reason.
    if (error instanceof ActivityFailure && error.activityType === 'beginRun') {
      this.counts.refused += 1;
      return;
    }
    this.failures.push(`${run.workflowId}: ${error instanceof Error ? error.stack : String(error)}`);
  }

  /** A signal that a run was sent and had no handler for when it ended. */
  lost(run: Run, name: string, args: readonly unknown[]): void {
    this.failures.push(`${run.workflowId}: the signal ${name} ${JSON.stringify(args)} was never handled`);
  }

  timedOut(attempt: Attempt): void {
    this.counts.timedOut += 1;
    this.#options.trace(`timed out: ${attempt.name} #${attempt.info.attempt}`);
  }

  activityFailed(attempt: Attempt, error: unknown): void {
    this.counts.activityFailures += 1;
    const message = error instanceof Error ? error.message : String(error);
    this.#options.trace(`failed: ${attempt.name} #${attempt.info.attempt}: ${message}`);
  }

  /** Wakes one workflow whose condition holds; false where none does. */
  look(): boolean {
    for (const run of this.#open.values()) if (!run.closed && run.look()) return true;
    return false;
  }

  /** The part of `@temporalio/client` that activities use. */
  client(scheduler: Scheduler) {
    const start = async (type: string, options: Start): Promise<void> => {
      if (!this.#running(options.workflowId)) this.begin(options.workflowId, type, options.args);
      else if (options.workflowIdConflictPolicy !== 'USE_EXISTING') {
        throw new WorkflowExecutionAlreadyStartedError('it runs already', options.workflowId, type);
      }
    };
    const signalWithStart = async (type: string, options: StartWithSignal): Promise<void> => {
      const run = this.#running(options.workflowId) ?? this.begin(options.workflowId, type, options.args);
      run.signal(nameOf(options.signal), options.signalArgs);
    };
    const getHandle = (workflowId: string) => {
      const signal = async (definition: unknown, ...args: unknown[]): Promise<void> => {
        const run = this.#running(workflowId);
        if (!run) throw Object.assign(new Error(`There is no ${workflowId}.`), { name: 'WorkflowNotFoundError' });
        run.signal(nameOf(definition), args);
      };
      return scheduler.port('handle', { signal });
    };
    return { workflow: scheduler.port('client', { start, signalWithStart, getHandle }, ['getHandle']) };
  }

  #running(workflowId: string): Run | undefined {
    const run = this.#open.get(workflowId);
    return run?.closed ? undefined : run;
  }
}

const nameOf = (signal: unknown): string => (typeof signal === 'string' ? signal : (signal as { name: string }).name);
