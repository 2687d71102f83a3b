import type { Clock, Timers } from '../common/clock.ts';

/** How evaluation is paced: after a delay, or only when asked. */
export type EvaluationPace = { readonly delayMs: number } | { readonly manual: true };

interface Job {
  readonly dueAt: number;
  readonly run: () => void;
}

/**
 * Work that HubSpot does some time after a change. A job is named by a key; one that is already pending is not taken
 * again, since it will see the newest values when its time comes.
 */
export class Evaluation {
  readonly #clock: Clock;
  readonly #timers: Timers;
  /** In the order in which they fall due. */
  readonly #pending = new Map<string, Job>();
  #pace: EvaluationPace;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, timers: Timers, delayMs: number) {
    this.#clock = clock;
    this.#timers = timers;
    this.#pace = { delayMs };
  }

  get pace(): EvaluationPace {
    return this.#pace;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Changes the pace at once: what is pending keeps its time or takes the earlier one of the new delay. */
  setPace(pace: EvaluationPace): void {
    this.#pace = pace;
    if ('delayMs' in pace) {
      const latest = this.#clock.now() + pace.delayMs;
      for (const [key, job] of this.#pending) {
        if (job.dueAt > latest) this.#pending.set(key, { ...job, dueAt: latest });
      }
    }
    this.#arm();
  }

  later(key: string, run: () => void): void {
    if (this.#pending.has(key)) return;
    const delayMs = 'delayMs' in this.#pace ? this.#pace.delayMs : 0;
    this.#pending.set(key, { dueAt: this.#clock.now() + delayMs, run });
    if (!this.#cancelTimer) this.#arm();
  }

  /** Does everything that is pending now, and what that gives rise to; returns how many jobs that was. */
  runAll(): number {
    let done = 0;
    while (this.#pending.size > 0) done += this.#runUntil(Number.POSITIVE_INFINITY);
    this.#arm();
    return done;
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending.clear();
  }

  #runUntil(end: number): number {
    const due: Job[] = [];
    for (const [key, job] of this.#pending) {
      if (job.dueAt > end) break;
      this.#pending.delete(key);
      due.push(job);
    }
    for (const job of due) job.run();
    return due.length;
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if ('manual' in this.#pace) return;
    const [first] = this.#pending.values();
    if (!first) return;
    this.#cancelTimer = this.#timers.after(Math.max(0, first.dueAt - this.#clock.now()), () => {
      this.#cancelTimer = undefined;
      this.#runUntil(this.#clock.now());
      this.#arm();
    });
  }
}
