import { Refusal } from './refusal.ts';

/** Calls that the account allows; left out: no limit. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
export interface LimitSettings {
  readonly per10Seconds?: number | undefined;
  readonly perDay?: number | undefined;
  readonly searchPerSecond?: number | undefined;
  readonly associationsPer10Seconds?: number | undefined;
  readonly associationsPerDay?: number | undefined;
}

/** What the headers say where nothing is limited. */
const plenty = 1_000_000;

/** Counts calls against the burst and daily limits, searches and associations against their own. */
export class Limits {
  readonly #localDay: (epochMs: number) => string;
  readonly #noteOverrun: (limit: string) => void;
  #settings: LimitSettings = {};
  #calls: number[] = [];
  #searches: number[] = [];
  #associations: number[] = [];
  #associationsToday = 0;
  #day = '';
  #today = 0;

  /** `noteOverrun` hears the name of each limit that a call went over. */
  constructor(timeZone: string, noteOverrun: (limit: string) => void = () => {}) {
    this.#noteOverrun = noteOverrun;
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
    this.#localDay = (epochMs) => format.format(epochMs);
  }

  /** Changes the limits; the windows of the short ones start afresh, the day goes on. */
  set(settings: LimitSettings): void {
    this.#settings = settings;
    this.#calls = [];
    this.#searches = [];
    this.#associations = [];
  }

  /** Counts one call. Throws the 429 of the limit that it goes over; a refused call is not counted. */
  count(kind: 'search' | 'associations' | 'other', now: number): void {
    const { per10Seconds, perDay, searchPerSecond } = this.#settings;
    if (this.#localDay(now) !== this.#day) {
      this.#day = this.#localDay(now);
      this.#today = 0;
      this.#associationsToday = 0;
    }
    if (kind === 'associations') return this.#countAssociations(now);
    this.#calls = per10Seconds === undefined ? [] : this.#calls.filter((at) => at > now - 10_000);
    this.#searches = searchPerSecond === undefined ? [] : this.#searches.filter((at) => at > now - 1000);

    if (this.#today >= (perDay ?? Number.POSITIVE_INFINITY)) throw this.#overrun('daily', 'DAILY', 'day');
    if (kind === 'search') {
      if (this.#searches.length >= (searchPerSecond ?? Number.POSITIVE_INFINITY))
        throw this.#overrun('secondly', 'SECONDLY', 'search');
      this.#searches.push(now);
    } else if (this.#calls.length >= (per10Seconds ?? Number.POSITIVE_INFINITY)) {
      throw this.#overrun('ten_secondly_rolling', 'TEN_SECONDLY_ROLLING', 'burst');
    } else {
      this.#calls.push(now);
    }
    this.#today += 1;
  }

  #countAssociations(now: number): void {
    const { associationsPer10Seconds, associationsPerDay } = this.#settings;
    this.#associations = this.#associations.filter((at) => at > now - 10_000);
    if (this.#associationsToday >= (associationsPerDay ?? Number.POSITIVE_INFINITY))
      throw this.#overrun('daily', 'DAILY', 'associations day');
    if (this.#associations.length >= (associationsPer10Seconds ?? Number.POSITIVE_INFINITY)) {
      throw this.#overrun('ten_secondly_rolling', 'TEN_SECONDLY_ROLLING', 'associations');
    }
    if (associationsPer10Seconds !== undefined) this.#associations.push(now);
    this.#associationsToday += 1;
  }

  #overrun(what: string, policyName: string, limit: string): Refusal {
    this.#noteOverrun(limit);
    return tooMany(what, policyName);
  }

  /** The day's calls and how many there may be. */
  get day(): { readonly used: number; readonly limit: number } {
    return { used: this.#today, limit: this.#settings.perDay ?? plenty };
  }

  /** The rate-limit headers; searches do not carry them, nor, our choice, do associations. */
  headers(): Record<string, string> {
    const { per10Seconds = plenty, perDay = plenty } = this.#settings;
    return {
      'x-hubspot-ratelimit-max': String(per10Seconds),
      'x-hubspot-ratelimit-remaining': String(Math.max(0, per10Seconds - this.#calls.length)),
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-daily': String(perDay),
      'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, perDay - this.#today)),
    };
  }
}

function tooMany(what: string, policyName: string): Refusal {
  return new Refusal(429, {
    message: `You have reached your ${what} limit.`,
    errorType: 'RATE_LIMIT',
    policyName,
    ...(policyName === 'TEN_SECONDLY_ROLLING' && {
      groupName: 'publicapi:private_app-api-calls-ten-secondly:APP:PORTAL',
    }),
  });
}
