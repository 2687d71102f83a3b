import type { Clock } from '../common/clock.ts';

interface Transaction {
  readonly startedAt: number;
  /** When it commits by itself; undefined where somebody has to. */
  readonly dueAt: number | undefined;
  readonly effects: (() => void)[];
}

/**
 * Writes that have happened and are not visible yet: by transactions that somebody opened and by a delay of every
 * commit. Their stamps are those of the write, so a row may appear with a stamp older than one that was seen before.
 */
export class Transactions {
  readonly #clock: Clock;
  readonly #open = new Map<string, Transaction>();
  #count = 0;
  #delayMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(dueAt?: number): string {
    this.#count += 1;
    const id = `tx${this.#count}`;
    this.#open.set(id, { startedAt: this.#clock.now(), dueAt, effects: [] });
    return id;
  }

  has(id: string): boolean {
    return this.#open.has(id);
  }

  /** Adds an effect to an open transaction. */
  join(id: string, effect: () => void): void {
    this.#open.get(id)?.effects.push(effect);
  }

  /** Makes everything in it visible, in the order of writing. */
  commit(id: string): void {
    const transaction = this.#open.get(id);
    this.#open.delete(id);
    for (const effect of transaction?.effects ?? []) effect();
  }

  /** From now on a person's write becomes visible this much later; 0 ends that. */
  delayCommits(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /** The transaction that a write outside of any other goes into, or undefined where it is visible at once. */
  delayed(): string | undefined {
    return this.#delayMs === 0 ? undefined : this.open(this.#clock.now() + this.#delayMs);
  }

  /** Commits what is due by now. */
  settle(): void {
    const now = this.#clock.now();
    const due = [...this.#open].filter(([, { dueAt }]) => dueAt !== undefined && dueAt <= now);
    for (const [id] of due.sort(([, a], [, b]) => (a.dueAt ?? 0) - (b.dueAt ?? 0))) this.commit(id);
  }

  /** When the oldest open transaction began, in milliseconds. */
  oldestStart(): number | undefined {
    const starts = [...this.#open.values()].map(({ startedAt }) => startedAt);
    return starts.length === 0 ? undefined : Math.min(...starts);
  }
}
