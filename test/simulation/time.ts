import type { Clock, Timers } from '../../sandbox/common/clock.ts';

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** The only clock of a simulation. It stands still until it is moved, and what falls due on the way runs in order. */
export class VirtualTime implements Clock, Timers {
  #now: number;
  #made = 0;
  #due: Appointment[] = [];

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { at: this.#now + Math.max(0, delayMs), order: (this.#made += 1), run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  /** When the next appointment is; undefined where there is none. */
  next(): number | undefined {
    return this.#first()?.at;
  }

  /** Moves on, and after each appointment lets everything come to rest that it set off. */
  async moveTo(end: number, settle: () => Promise<void>): Promise<void> {
    for (let first = this.#first(); first && first.at <= end; first = this.#first()) {
      const entry = first;
      this.#due = this.#due.filter((other) => other !== entry);
      this.#now = Math.max(this.#now, entry.at);
      entry.run();
      await settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** The same time as another system's clock shows it. */
  skewed(ms: number): Clock & Timers {
    return { now: () => this.#now + ms, after: (delayMs, run) => this.after(delayMs, run) };
  }

  #first(): Appointment | undefined {
    let first: Appointment | undefined;
    for (const entry of this.#due) {
      if (!first || entry.at < first.at || (entry.at === first.at && entry.order < first.order)) first = entry;
    }
    return first;
  }
}
