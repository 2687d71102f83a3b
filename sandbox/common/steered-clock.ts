import type { Clock, Timers } from './clock.ts';

/** How a sandbox's time passes. `skewMs` is how far its clock is ahead of that, for everyone who reads it. */
export type Pace =
  | { readonly mode: 'real' }
  | { readonly mode: 'scaled'; readonly rate: number }
  | { readonly mode: 'manual' };

interface Appointment {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock with its timers that runs as the machine's, faster or slower, or only when it is moved. Appointments keep
 * their instant whatever happens to the pace meanwhile.
 */
export class SteeredClock implements Clock, Timers {
  #pace: Pace = { mode: 'real' };
  #skewMs = 0;
  /** Sandbox time at the machine's `#from`. */
  #base = Date.now();
  #from = Date.now();
  readonly #due = new Set<Appointment>();
  #made = 0;
  #armedFor = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  now(): number {
    return Math.floor(this.#elapsed() + this.#skewMs);
  }

  get state(): { readonly now: string; readonly pace: Pace; readonly skewMs: number } {
    return { now: new Date(this.now()).toISOString(), pace: this.#pace, skewMs: this.#skewMs };
  }

  set(change: {
    readonly pace?: Pace | undefined;
    readonly now?: number | undefined;
    readonly skewMs?: number | undefined;
  }): void {
    this.#base = change.now === undefined ? this.#elapsed() : change.now - this.#skewMs;
    this.#from = Date.now();
    this.#pace = change.pace ?? this.#pace;
    this.#skewMs = change.skewMs ?? this.#skewMs;
    this.#arm();
  }

  /** Moves time on at once and runs what falls due on the way, earliest first. */
  advance(ms: number): void {
    const end = this.#elapsed() + ms;
    this.#runUntil(end, (at) => this.#standAt(Math.max(this.#elapsed(), at)));
    this.#standAt(end);
    this.#arm();
  }

  after(delayMs: number, run: () => void): () => void {
    const appointment = { at: this.#elapsed() + delayMs, run };
    this.#due.add(appointment);
    this.#made += 1;
    if (appointment.at < this.#armedFor) this.#arm();
    return () => {
      this.#due.delete(appointment);
    };
  }

  #elapsed(): number {
    const passed = Date.now() - this.#from;
    switch (this.#pace.mode) {
      case 'real':
        return this.#base + passed;
      case 'scaled':
        return this.#base + passed * this.#pace.rate;
      case 'manual':
        return this.#base;
    }
    return this.#pace satisfies never;
  }

  #standAt(time: number): void {
    this.#base = time;
    this.#from = Date.now();
  }

  #runUntil(end: number, before: (at: number) => void): void {
    for (;;) {
      const due = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (due.length === 0) return;
      for (const appointment of due) {
        if (!this.#due.delete(appointment)) continue;
        before(appointment.at);
        const made = this.#made;
        appointment.run();
        // What it brought with it may be due before the next one.
        if (this.#made !== made) break;
      }
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#armedFor = Number.POSITIVE_INFINITY;
    if (this.#due.size === 0 || this.#pace.mode === 'manual') return;
    for (const { at } of this.#due) this.#armedFor = Math.min(this.#armedFor, at);
    const rate = this.#pace.mode === 'scaled' ? this.#pace.rate : 1;
    const wait = Math.min(Math.max(0, (this.#armedFor - this.#elapsed()) / rate), 2_147_483_647);
    this.#timer = setTimeout(() => {
      this.#runUntil(this.#elapsed(), () => {});
      this.#arm();
    }, wait);
    this.#timer.unref();
  }
}
