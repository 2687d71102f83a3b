import { AsyncLocalStorage } from 'node:async_hooks';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { type Attempt, asAttempt } from '../scheduler.ts';
import type { SimulatedTemporal } from './temporal.ts';

type Duration = Parameters<typeof msToNumber>[0];

export interface ActivityOptions {
  readonly startToCloseTimeout: Duration;
  readonly heartbeatTimeout?: Duration;
  readonly retry?: { readonly initialInterval?: Duration; readonly maximumInterval?: Duration };
}

class ContinueAsNew {
  readonly args: readonly unknown[];
  constructor(args: readonly unknown[]) {
    this.args = args;
  }
}

export const continueAsNewOf = (args: readonly unknown[]): never => {
  throw new ContinueAsNew(args);
};

interface Waiter {
  readonly holds: () => boolean;
  readonly wake: (held: boolean) => void;
}

const runs = new AsyncLocalStorage<Run>();

/** The workflow whose code runs now. */
export function currentRun(): Run {
  const run = runs.getStore();
  if (!run) throw new Error('No workflow runs here.');
  return run;
}

/** After so many activities a run is asked to continue as new. */
const longHistory = 40;

/** One run of a workflow: its handlers, what it waits for, its activities. */
export class Run {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  closed = false;
  readonly #temporal: SimulatedTemporal;
  readonly #handlers = new Map<string, (...args: unknown[]) => unknown>();
  #unhandled: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  #waiters: Waiter[] = [];
  #activities = 0;

  constructor(temporal: SimulatedTemporal, workflowId: string, runId: string, type: string) {
    this.#temporal = temporal;
    this.workflowId = workflowId;
    this.runId = runId;
    this.type = type;
  }

  info() {
    const { workflowId, runId } = this;
    return { workflowId, runId, continueAsNewSuggested: this.#activities >= longHistory };
  }

  begin(workflow: (...args: unknown[]) => Promise<unknown>, args: readonly unknown[]): void {
    runs.run(this, () => {
      workflow(...args).then(
        () => this.#close(),
        (error: unknown) => {
          this.#close();
          if (error instanceof ContinueAsNew) this.#temporal.begin(this.workflowId, this.type, error.args);
          else this.#temporal.failed(this, error);
        },
      );
    });
  }

  handle(name: string, handler: (...args: unknown[]) => unknown): void {
    this.#handlers.set(name, handler);
    const mine = this.#unhandled.filter((signal) => signal.name === name);
    this.#unhandled = this.#unhandled.filter((signal) => signal.name !== name);
    for (const { args } of mine) handler(...args);
  }

  signal(name: string, args: readonly unknown[]): void {
    const handler = this.#handlers.get(name);
    if (!handler) this.#unhandled.push({ name, args });
    else runs.run(this, () => handler(...args));
  }

  until(holds: () => boolean, ms?: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        holds,
        wake: (held) => {
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          cancel?.();
          resolve(held);
        },
      };
      this.#waiters.push(waiter);
      const cancel = ms === undefined ? undefined : this.#temporal.time.after(ms, () => waiter.wake(false));
    });
  }

  /** Attempts follow each other as Temporal's do: after a failure with a backoff, after a death when the time is up. */
  activity(name: string, input: unknown, options: ActivityOptions): Promise<unknown> {
    this.#activities += 1;
    const activityId = String(this.#activities);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const begin = (number: number): void => {
      const { time } = this.#temporal;
      const startToCloseTimeoutMs = msToNumber(options.startToCloseTimeout);
      const again = (ms: number): void => void time.after(ms, () => begin(number + 1));
      const attempt = this.#temporal.attempt({
        info: { workflowExecution: this, activityId, attempt: number, startToCloseTimeoutMs },
        name,
      });
      let over = false;
      const ends = (): boolean => {
        if (over || attempt.dead) return false;
        over = true;
        cancel();
        return true;
      };
      // A process that was killed is noticed by its silence; one that only is slow works on, and nobody listens.
      const patienceMs = options.heartbeatTimeout ? msToNumber(options.heartbeatTimeout) : startToCloseTimeoutMs;
      const missed = (): void => {
        if (!over && attempt.dead) {
          over = true;
          cancel();
          begin(number + 1);
        }
      };
      attempt.onDeath = () => void time.after(Math.max(0, attempt.startedAt + patienceMs - time.now()), missed);
      const cancel = time.after(startToCloseTimeoutMs, () => {
        if (over) return;
        over = true;
        this.#temporal.timedOut(attempt);
        again(backoffMs(options, number));
      });
      asAttempt(attempt, () => this.#temporal.perform(name, input)).then(
        (value) => {
          if (ends()) resolve(value);
        },
        (error: unknown) => {
          if (!ends()) return;
          const failure = error instanceof ApplicationFailure ? error : undefined;
          if (failure?.nonRetryable) {
            return reject(new ActivityFailure(name, name, activityId, 'NON_RETRYABLE_FAILURE', undefined, failure));
          }
          this.#temporal.activityFailed(attempt, error);
          const asked = failure?.nextRetryDelay;
          again(asked === undefined || asked === null ? backoffMs(options, number) : msToNumber(asked));
        },
      );
    };
    begin(1);
    return promise;
  }

  #close(): void {
    this.closed = true;
    for (const { name, args } of this.#unhandled) this.#temporal.lost(this, name, args);
  }

  /** Wakes one waiter whose condition holds: what it goes on to do may change what the others see. */
  look(): boolean {
    const waiter = this.#waiters.find(({ holds }) => runs.run(this, holds));
    waiter?.wake(true);
    return waiter !== undefined;
  }
}

function backoffMs({ retry }: ActivityOptions, attempt: number): number {
  const first = msToNumber(retry?.initialInterval ?? 1_000);
  return Math.min(first * 2 ** (attempt - 1), msToNumber(retry?.maximumInterval ?? 60_000));
}

export type StartedAttempt = Attempt & { onDeath?: () => void };
