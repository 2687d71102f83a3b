import { type Clock, systemClock, systemTimers, type Timers } from '../common/clock.ts';
import { Traffic } from '../common/traffic.ts';
import { Evaluation } from './evaluation.ts';
import { Limits } from './limits.ts';
import { Lists } from './lists.ts';
import { objectTypes } from './object-types.ts';
import { defaultOwners, type Owner } from './owners.ts';
import type { Source } from './record.ts';
import { Records } from './records.ts';
import { validationError } from './refusal.ts';

export interface AccountOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: real timers. Must belong to `clock`. */
  readonly timers?: Timers;
  /** Time from a change to the evaluation of the lists that it touches. Default: 2,000. */
  readonly evaluationDelayMs?: number;
  /** The token that calls must bear. Default: `pat-sandbox`. */
  readonly accessToken?: string;
  readonly portalId?: number;
  /** The app whose token it is: the `sourceId` of what it writes. */
  readonly appId?: number;
  readonly timeZone?: string;
  readonly owners?: readonly Owner[];
  /** Ids count up from here; the default crosses to five digits soon, where ids sorted as text go wrong. */
  readonly firstRecordId?: bigint | number;
}

/** One HubSpot account: what is in it and how it behaves. */
export class Account {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly portalId: number;
  readonly appId: number;
  readonly timeZone: string;
  readonly createdAt: number;
  readonly owners: readonly Owner[];
  readonly traffic = new Traffic();
  readonly limits: Limits;
  readonly evaluation: Evaluation;
  readonly lists: Lists;
  accessToken: string;
  /** How far the search index is behind. */
  searchLagMs = 0;
  readonly #records = new Map<string, Records>();

  constructor(options: AccountOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.timers = options.timers ?? systemTimers;
    this.portalId = options.portalId ?? 21_096_543;
    this.appId = options.appId ?? 1_160_452;
    this.timeZone = options.timeZone ?? 'America/New_York';
    this.owners = options.owners ?? defaultOwners;
    this.accessToken = options.accessToken ?? 'pat-sandbox';
    this.createdAt = this.clock.now();
    this.limits = new Limits(this.timeZone);
    this.evaluation = new Evaluation(this.clock, this.timers, options.evaluationDelayMs ?? 2000);
    this.lists = new Lists({
      clock: this.clock,
      evaluation: this.evaluation,
      recordsOf: (typeId) => this.#records.get(typeId),
    });
    for (const type of objectTypes) {
      const records = new Records(type, {
        clock: this.clock,
        portalId: this.portalId,
        firstId: options.firstRecordId ?? 9901,
        isOwner: (id) => this.owners.some((owner) => owner.id === id),
      });
      records.onChange((record, changed) => this.lists.recordChanged(record, changed));
      this.#records.set(type.name, records);
      this.#records.set(type.typeId, records);
    }
  }

  /** Records by the name or the id of their type. */
  find(type: string): Records | undefined {
    return this.#records.get(type);
  }

  /** As `find`, or throws HubSpot's answer to a type that it does not know. */
  recordsOf(type: string): Records {
    const records = this.find(type);
    if (records) return records;
    throw validationError(`Unable to infer object type from: ${type}`);
  }

  /** Who writes when the API does. */
  get apiSource(): Source {
    return { sourceType: 'INTEGRATION', sourceId: String(this.appId), sourceLabel: 'Sandbox app' };
  }
}
