import { ConnectionCut } from '../../sandbox/common/faults.ts';
import type { Door } from '../../sandbox/common/host.ts';

/** A call that stands at the door. */
export interface HeldCall {
  /** Resolves when the call has come; where it is held after, when it has been done. */
  readonly here: Promise<void>;
  /** Lets it go on. */
  release(): void;
  /** Closes its connection instead. */
  cut(): void;
}

interface Hold {
  readonly asks: (request: Request) => boolean;
  readonly when: 'before' | 'after';
  readonly arrived: () => void;
  readonly goesOn: Promise<void>;
}

/** A sandbox's door that a test can hold one call at: before it is let in, or when it is done and not answered yet. */
export class Doorkeeper implements Door {
  readonly #door: Door;
  readonly #holds: Hold[] = [];

  constructor(door: Door) {
    this.#door = door;
  }

  /** Holds the next call that fits. */
  hold(when: Hold['when'], asks: Hold['asks']): HeldCall {
    const here = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    goesOn.promise.catch(() => {}); // nobody may be waiting when it is cut
    this.#holds.push({ asks, when, arrived: here.resolve, goesOn: goesOn.promise });
    return {
      here: here.promise,
      release: goesOn.resolve,
      cut: () => goesOn.reject(new ConnectionCut()),
    };
  }

  async fetch(request: Request): Promise<Response> {
    const hold = this.#holds.find(({ asks }) => asks(request));
    if (!hold) return await this.#door.fetch(request);
    this.#holds.splice(this.#holds.indexOf(hold), 1);
    const done = hold.when === 'after' ? await this.#door.fetch(request) : undefined;
    hold.arrived();
    await hold.goesOn;
    return done ?? (await this.#door.fetch(request));
  }
}

/** Calls with this method to paths that hold this text. */
export const calls =
  (method: string, text: string) =>
  (request: Request): boolean =>
    request.method === method && decodeURIComponent(request.url).includes(text);
