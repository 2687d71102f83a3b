import type { Clock, Timers } from '../../common/clock.ts';
import { randomFrom } from '../../common/random.ts';
import { signatureHeaders } from './signature.ts';

export type WebhookEvent = Readonly<Record<string, unknown>>;

/** Where to send to. */
export interface Target {
  readonly url: string;
  readonly secret: string;
  /** Requests at once. */
  readonly concurrency: number;
}

/** Sends one request; rejects where nobody answers. */
export type Send = (request: Request) => Promise<Response>;

/** What goes wrong with the notices, beside a receiver that does not take them. */
export interface Mishaps {
  /** Shares of the events, from 0 to 1, that are never sent, and that are sent twice. */
  readonly lose?: number | undefined;
  readonly double?: number | undefined;
  /** Each request is sent with its events, and the requests among each other, in another order. */
  readonly shuffle?: boolean | undefined;
  /** How much later than usual. */
  readonly delayMs?: number | undefined;
  /** Requests are signed with a secret that is not the app's. */
  readonly forge?: boolean | undefined;
  /** Which ones are hit; the same seed hits the same ones. */
  readonly seed?: number | undefined;
}

export interface DeliveryReport {
  /** Requests that the receiver took, and requests in all, repeats included. */
  readonly taken: number;
  readonly sent: number;
  readonly events: { readonly told: number; readonly taken: number; readonly lost: number; readonly givenUp: number };
  readonly pending: number;
}

const mostEvents = 100;
const timeoutMs = 5000;
const mostRetries = 10;
/** Our choice: how long events gather before they are sent, and how the ten repeats spread over a day. */
const gatherMs = 500;
const retryAfterMs = [10, 60, 300, 900, 1800, 3600, 7200, 14_400, 21_600, 36_000].map((s) => s * 1000);

/** Sends events to an app's address in batches of up to 100, and again where they are not taken. */
export class Deliveries {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #send: Send;
  readonly #target: () => Target | undefined;
  #mishaps: Mishaps = {};
  #random: () => number = randomFrom(1);
  #gathering: WebhookEvent[] = [];
  #due: { readonly events: readonly WebhookEvent[]; readonly attempt: number }[] = [];
  #waiting = 0;
  #running = 0;
  #idle: (() => void)[] = [];
  #report = { taken: 0, sent: 0, told: 0, takenEvents: 0, lost: 0, givenUp: 0 };

  /** Nothing is sent while there is no target. */
  constructor(clock: Clock, timers: Timers, send: Send, target: () => Target | undefined) {
    this.#clock = clock;
    this.#timers = timers;
    this.#send = send;
    this.#target = target;
  }

  setMishaps(mishaps: Mishaps): void {
    this.#mishaps = mishaps;
    this.#random = randomFrom(mishaps.seed ?? 1);
  }

  add(event: WebhookEvent): void {
    this.#report.told += 1;
    const { lose = 0, double = 0, delayMs = 0 } = this.#mishaps;
    if (this.#random() < lose) {
      this.#report.lost += 1;
      return;
    }
    const copies = this.#random() < double ? [event, event] : [event];
    if (this.#gathering.length === 0) this.#later(gatherMs + delayMs, () => this.#flush());
    this.#gathering.push(...copies);
  }

  /** Resolves when nothing is gathered, under way or to be sent again. */
  settled(): Promise<void> {
    return this.#pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  report(): DeliveryReport {
    const { taken, sent, told, takenEvents, lost, givenUp } = this.#report;
    return { taken, sent, events: { told, taken: takenEvents, lost, givenUp }, pending: this.#pending };
  }

  get #pending(): number {
    return this.#waiting + this.#running + this.#due.length;
  }

  #later(delayMs: number, work: () => void): void {
    this.#waiting += 1;
    this.#timers.after(delayMs, () => {
      this.#waiting -= 1;
      work();
      this.#pump();
    });
  }

  #flush(): void {
    const events = this.#mishaps.shuffle ? this.#shuffled(this.#gathering) : this.#gathering;
    this.#gathering = [];
    for (let at = 0; at < events.length; at += mostEvents) {
      this.#due.push({ events: events.slice(at, at + mostEvents), attempt: 0 });
    }
    if (this.#mishaps.shuffle) this.#due = this.#shuffled(this.#due);
  }

  #pump(): void {
    const target = this.#target();
    if (target) this.#start(target);
    else this.#due = [];
    if (this.#pending > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #start(target: Target): void {
    for (const { events, attempt } of this.#due.splice(0, target.concurrency - this.#running)) {
      this.#running += 1;
      void this.#deliver(events, attempt, target).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  async #deliver(events: readonly WebhookEvent[], attempt: number, target: Target): Promise<void> {
    this.#report.sent += 1;
    const body = JSON.stringify(events.map((event) => ({ ...event, attemptNumber: attempt })));
    const secret = this.#mishaps.forge ? `not ${target.secret}` : target.secret;
    const signed = signatureHeaders({ secret, method: 'POST', url: target.url, body, at: this.#clock.now() });
    const request = new Request(target.url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'HubSpot Webhooks (sandbox)', ...signed },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const taken = await this.#send(request).then(
      ({ ok }) => ok,
      () => false,
    );
    if (taken) {
      this.#report.taken += 1;
      this.#report.takenEvents += events.length;
    } else if (attempt >= mostRetries) {
      this.#report.givenUp += events.length;
    } else {
      const spread = 0.5 + this.#random();
      this.#later((retryAfterMs[attempt] ?? 0) * spread, () => this.#due.push({ events, attempt: attempt + 1 }));
    }
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.#random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
}
