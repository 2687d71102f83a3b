import type { Clock } from '../../common/clock.ts';

const hourMs = 3_600_000;

/** Counts API requests of the rolling day, to the hour. */
export class Usage {
  readonly #clock: Clock;
  readonly limit: number;
  readonly #hours = new Map<number, number>();

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.limit = limit;
  }

  count(): void {
    const hour = Math.floor(this.#clock.now() / hourMs);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
    for (const past of this.#hours.keys()) if (past <= hour - 24) this.#hours.delete(past);
  }

  used(): number {
    return [...this.#hours.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What one app may use of it, as its admin set it; left out: as much as all. */
  app: { readonly name: string; readonly limit: number } | undefined;

  /** The header that every answer carries. Our choice: the app's rolling day is that of the org. */
  header(): string {
    const all = `api-usage=${this.used()}/${this.limit}`;
    return this.app ? `${all}; per-app-api-usage=${this.used()}/${this.app.limit}(appName=${this.app.name})` : all;
  }
}
