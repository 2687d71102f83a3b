/** The sandbox's only source of time: milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Runs work later; the answer takes the appointment back. */
export interface Timers {
  after(delayMs: number, run: () => void): () => void;
}

/** Real timers that do not keep a process alive. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Clock and timers that stand still until a test moves them. */
export class ManualTime implements Clock, Timers {
  #now: number;
  readonly #due = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(start: number | string = '2026-01-05T09:00:00.000Z') {
    this.#now = new Date(start).getTime();
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { at: this.#now + delayMs, run };
    this.#due.add(entry);
    return () => this.#due.delete(entry);
  }

  /** Moves the clock on and runs what falls due on the way, earliest first. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#due].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}
