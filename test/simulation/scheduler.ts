import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from './random.ts';

/** By which the ledger names an attempt. */
export const attemptKey = ({ info }: Attempt): string =>
  `${info.workflowExecution.runId}/${info.activityId}#${info.attempt}`;

/** One attempt of an activity, on a worker process that may be killed. */
export interface Attempt {
  readonly info: {
    readonly workflowExecution: { readonly workflowId: string; readonly runId: string };
    readonly activityId: string;
    readonly attempt: number;
    readonly startToCloseTimeoutMs: number;
  };
  readonly worker: number;
  readonly name: string;
  readonly startedAt: number;
  /** Its process is gone: nothing of it runs on. */
  dead: boolean;
}

const attempts = new AsyncLocalStorage<Attempt>();
export const currentAttempt = (): Attempt | undefined => attempts.getStore();
export const asAttempt = <T>(attempt: Attempt, run: () => T): T => attempts.run(attempt, run);

/** A call that waits for its turn: a statement of the ledger, a call of a vendor, a message to Temporal. */
interface Parked {
  readonly name: string;
  readonly attempt: Attempt;
  readonly run: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const never = new Promise<never>(() => {});

/**
 * Lets one call at a time happen, in an order of its own choice: between two calls nothing else moves, so that an order
 * is the same for the same seed. The engine has no other awaits.
 */
export class Scheduler {
  readonly #random: Random;
  readonly #trace: (line: string) => void;
  readonly #answered: (name: string, answer: unknown, attempt: Attempt) => void;
  #parked: Parked[] = [];

  constructor(
    random: Random,
    trace: (line: string) => void,
    answered: (name: string, answer: unknown, attempt: Attempt) => void,
  ) {
    this.#random = random;
    this.#trace = trace;
    this.#answered = answered;
  }

  get isIdle(): boolean {
    return this.#parked.length === 0;
  }

  /** The same object, whose methods wait for their turn; `sync` names those that answer at once. */
  port<T extends object>(name: string, target: T, sync: readonly string[] = []): T {
    return new Proxy(target, {
      get: (object, key) => {
        const value = Reflect.get(object, key, object);
        if (typeof value !== 'function') return value;
        const call = value as (...args: unknown[]) => unknown;
        if (sync.includes(String(key))) return call.bind(object);
        return (...args: unknown[]) =>
          this.#enter(`${name}.${String(key)}`, async () => await call.apply(object, args));
      },
    });
  }

  /** The calls of attempts whose process was killed never happen. */
  drop(): void {
    this.#parked = this.#parked.filter(({ attempt }) => !attempt.dead);
  }

  /** Lets one waiting call happen, and answers its name. `strike` may kill its process before it or after it, or let it fail. */
  async step(strike: (name: string, attempt: Attempt) => 'none' | 'killBefore' | 'killAfter' | Error): Promise<string> {
    const call = this.#random.pick(this.#parked);
    this.#parked = this.#parked.filter((other) => other !== call);
    const { name, attempt } = call;
    const blow = strike(name, attempt);
    this.#trace(
      `${name} of ${attempt.name} ${attempt.info.workflowExecution.workflowId} #${attempt.info.attempt}${blow === 'none' ? '' : ` (${blow})`}`,
    );
    if (blow === 'killBefore') return name;
    if (blow instanceof Error) {
      call.reject(blow);
      return name;
    }
    try {
      const value = await call.run();
      this.#answered(name, value, attempt);
      if (blow === 'none') call.resolve(value);
    } catch (error) {
      if (blow === 'none') call.reject(error);
    }
    return name;
  }

  #enter(name: string, run: () => Promise<unknown>): Promise<unknown> {
    const attempt = currentAttempt();
    if (!attempt) return run(); // what the simulation itself asks
    if (attempt.dead) return never;
    return new Promise((resolve, reject) => {
      this.#parked.push({ name, attempt, run, resolve, reject });
    });
  }
}
