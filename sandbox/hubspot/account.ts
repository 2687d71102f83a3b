import type { Clock, Timers } from '../common/clock.ts';
import { SteeredClock } from '../common/steered-clock.ts';
import { Traffic } from '../common/traffic.ts';
import { Associations } from './associations.ts';
import { Evaluation } from './evaluation.ts';
import { Guards } from './guards.ts';
import { Limits } from './limits.ts';
import { Lists } from './lists.ts';
import { defaultOwners, type Owner } from './owners.ts';
import type { Source, StoredRecord } from './record.ts';
import { Records } from './records.ts';
import { Refusal, validationError } from './refusal.ts';
import type { Schema } from './schemas.ts';
import { type CustomType, customType } from './types/custom.ts';
import { type ObjectType, standardTypes } from './types/index.ts';
import type { Send } from './webhooks/deliveries.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface AccountOptions {
  /** Default: one that runs as the machine's until a control says otherwise. */
  readonly clock?: Clock;
  /** Must belong to `clock`, and be given with it. */
  readonly timers?: Timers;
  /** Time from a change to the evaluation of the lists that it touches. Default: 2,000. */
  readonly evaluationDelayMs?: number;
  /** The token that calls must bear. Default: `pat-sandbox`. */
  readonly accessToken?: string;
  readonly portalId?: number;
  /** The app whose token it is: the `sourceId` of what it writes. */
  readonly appId?: number;
  /** How webhooks leave. Default: `fetch`. */
  readonly send?: Send;
  readonly timeZone?: string;
  readonly owners?: readonly Owner[];
  /** Ids count up from here; the default crosses to five digits soon, where ids sorted as text go wrong. */
  readonly firstRecordId?: bigint | number;
}

const firstCustomType = 3_456_789;

/** One HubSpot account: what is in it and how it behaves. */
export class Account {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly portalId: number;
  readonly appId: number;
  readonly timeZone: string;
  readonly createdAt: number;
  owners: readonly Owner[];
  readonly traffic = new Traffic();
  readonly limits: Limits;
  readonly evaluation: Evaluation;
  readonly lists: Lists;
  readonly associations = new Associations();
  readonly webhooks: Webhooks;
  accessToken: string;
  /** What the token may do; undefined is everything. */
  scopes: ReadonlySet<string> | undefined;
  readonly guards: Guards;
  /** How far the search index is behind. */
  searchLagMs = 0;
  /**
   * What a partial upsert by email does to the properties that it leaves out is unknown: they stay, or, with this set,
   * they are cleared.
   */
  upsertByEmailClears = false;
  /** Of the custom objects. */
  readonly schemas: Schema[] = [];
  readonly #records = new Map<string, Records>();
  readonly #firstRecordId: bigint | number;

  constructor(options: AccountOptions = {}) {
    const own = new SteeredClock();
    this.clock = options.clock ?? own;
    this.timers = options.timers ?? own;
    this.portalId = options.portalId ?? 21_096_543;
    this.appId = options.appId ?? 1_160_452;
    this.timeZone = options.timeZone ?? 'America/New_York';
    this.owners = options.owners ?? defaultOwners;
    this.accessToken = options.accessToken ?? 'pat-sandbox';
    this.createdAt = this.clock.now();
    this.guards = new Guards(this.portalId);
    this.limits = new Limits(this.timeZone, (limit) => this.traffic.overran(limit));
    this.evaluation = new Evaluation(this.clock, this.timers, options.evaluationDelayMs ?? 2000);
    this.lists = new Lists({
      clock: this.clock,
      timers: this.timers,
      timeZone: this.timeZone,
      associations: this.associations,
      evaluation: this.evaluation,
      recordsOf: (typeId) => this.#records.get(typeId),
    });
    this.webhooks = new Webhooks({
      clock: this.clock,
      timers: this.timers,
      portalId: this.portalId,
      appId: this.appId,
      typeOf: (typeId) => this.recordsOf(typeId).type,
      send: options.send ?? ((request) => fetch(request)),
    });
    this.associations.onChange((event) => {
      this.lists.associationChanged(event.from, event.to);
      this.webhooks.associationChanged(event);
    });
    this.#firstRecordId = options.firstRecordId ?? 9901;
    for (const type of standardTypes) this.#add(type, [type.name, type.typeId]);
  }

  /** Adds a custom object. Throws HubSpot's answer where there is one of that name. */
  addType(wanted: CustomType): Schema {
    if (this.find(wanted.name)) {
      throw new Refusal(409, {
        message: `An object named '${wanted.name}' already exists.`,
        category: 'OBJECT_ALREADY_EXISTS',
      });
    }
    const known = new Set(wanted.properties.map(({ name }) => name));
    const { primaryDisplayProperty, secondaryDisplayProperties, requiredProperties, searchableProperties } = wanted;
    const named = [
      primaryDisplayProperty,
      ...secondaryDisplayProperties,
      ...requiredProperties,
      ...searchableProperties,
    ];
    const missing = named.find((name) => !known.has(name));
    // Our choice, these two bodies.
    if (missing !== undefined) throw validationError(`Property "${missing}" does not exist`);
    const schema: Schema = {
      ...wanted,
      typeId: `2-${firstCustomType + this.schemas.length}`,
      createdAt: this.clock.now(),
    };
    this.schemas.push(schema);
    this.#add(customType(wanted, schema.typeId), [wanted.name, schema.typeId, this.fullyQualified(wanted.name)]);
    return schema;
  }

  /** The name of a custom object that no other account's has. */
  fullyQualified(name: string): string {
    return `p${this.portalId}_${name}`;
  }

  /** Every kind of record that there is. */
  get types(): readonly ObjectType[] {
    return [...new Set([...this.#records.values()].map(({ type }) => type))];
  }

  #add(type: ObjectType, names: readonly string[]): void {
    const records = new Records(type, {
      clock: this.clock,
      portalId: this.portalId,
      firstId: this.#firstRecordId,
      // Our choice: a deactivated user is given no more records.
      isOwner: (id) => this.owners.some((owner) => owner.id === id && !owner.archived),
    });
    records.onChange((event) => {
      this.lists.recordChanged(event);
      this.webhooks.recordChanged(event);
    });
    for (const name of names) this.#records.set(name, records);
  }

  /** Records by the name or the id of their type. */
  find(type: string): Records | undefined {
    return this.#records.get(type);
  }

  /** A property that a list reads stays. */
  archiveProperty(typeName: string, name: string): void {
    const { type, properties } = this.recordsOf(typeName);
    const user = this.lists
      .all()
      .find(({ objectTypeId, definition }) => objectTypeId === type.typeId && definition?.properties.has(name));
    if (user) {
      throw validationError(`Property '${name}' is used by list ${user.listId}.`, {
        subCategory: 'PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE',
      });
    }
    properties.archive(name);
  }

  /** As `find`, or throws HubSpot's answer to a type that it does not know. */
  recordsOf(type: string): Records {
    const records = this.find(type);
    if (records) return records;
    throw validationError(`Unable to infer object type from: ${type}`);
  }

  /** Merges one record into another, with what belongs to it. */
  merge(records: Records, winner: StoredRecord, other: StoredRecord, source: Source): StoredRecord {
    const { typeId } = records.type;
    records.merge(winner, other, source);
    this.associations.moveAll({ typeId, id: other.id }, { typeId, id: winner.id }, source);
    return winner;
  }

  /** Who writes when the API does. */
  get apiSource(): Source {
    return { sourceType: 'INTEGRATION', sourceId: String(this.appId), sourceLabel: 'Sandbox app' };
  }
}
