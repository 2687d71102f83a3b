import type { Clock } from '../common/clock.ts';
import { compareIds, firstWhere } from './ids.ts';
import { Properties } from './properties.ts';
import { iso, modifiedAt, type Source, type StoredRecord, type Version, valueOf } from './record.ts';
import { type BadValue, badValues, Refusal, validationError } from './refusal.ts';
import type { ObjectType } from './types/index.ts';
import { accept, type RawValue } from './values.ts';

export type RawValues = Readonly<Record<string, RawValue>>;

/** What happened to a record. */
export interface RecordEvent {
  /** `absorbed` is the end of a record that was merged into another, which hears `merged`. */
  readonly kind: 'created' | 'changed' | 'archived' | 'restored' | 'merged' | 'absorbed' | 'erased';
  readonly record: StoredRecord;
  /** The properties that got another value. */
  readonly changed: ReadonlySet<string>;
  readonly at: number;
  readonly source: Source;
  readonly absorbedId?: string;
}

/** Hears of every write. */
export type RecordListener = (event: RecordEvent) => void;

/** A write that HubSpot would take, worked out but not done. */
export interface CheckedWrite {
  readonly record: StoredRecord | undefined;
  readonly values: ReadonlyMap<string, string>;
}

/** Unique values that rows of the same call have taken, for writes that are checked before any is done. */
export type Claims = Set<string>;

/** Holds the ids that were merged into a record. */
const mergedIds = 'hs_merged_object_ids';
const mostMerges = 250;

const furtherEmailsName = 'hs_additional_emails';
const furtherEmails = (record: StoredRecord): string[] =>
  (valueOf(record, furtherEmailsName) ?? '').split(';').filter((address) => address !== '');

type Past = Omit<Version, 'previous'>;

export interface RecordsState {
  readonly nextId: string;
  readonly absorbed: readonly (readonly [from: string, to: string])[];
  readonly records: readonly {
    readonly id: string;
    readonly createdAt: number;
    readonly archivedAt?: number | undefined;
    readonly source: Source;
    /** Oldest first. */
    readonly versions: readonly (readonly [property: string, past: readonly Past[]])[];
  }[];
}

function pastOf(newest: Version): Past[] {
  const past: Past[] = [];
  for (let version: Version | undefined = newest; version; version = version.previous) {
    const { previous: _, ...rest } = version;
    past.unshift(rest);
  }
  return past;
}

interface Surroundings {
  readonly clock: Clock;
  readonly portalId: number;
  readonly firstId: bigint | number;
  readonly isOwner: (id: string) => boolean;
}

/** The records of one kind, with an index for each unique property and one by the time of the last change. */
export class Records {
  readonly type: ObjectType;
  readonly properties: Properties;
  readonly #around: Surroundings;
  readonly #byId = new Map<string, StoredRecord>();
  readonly #inOrder: StoredRecord[] = [];
  readonly #unique = new Map<string, Map<string, StoredRecord>>();
  /** Further addresses of contacts, each as unique as the first one. */
  readonly #additionalEmails = new Map<string, StoredRecord>();
  /** Ids that were merged away, with the id that stands for them now. */
  readonly #absorbed = new Map<string, string>();
  readonly #listeners: RecordListener[] = [];
  #changeLog: { readonly at: number; readonly record: StoredRecord }[] = [];
  #nextId: bigint;

  constructor(type: ObjectType, around: Surroundings) {
    this.type = type;
    this.properties = new Properties(type, around.clock);
    this.#around = around;
    this.#nextId = BigInt(around.firstId);
  }

  onChange(listener: RecordListener): void {
    this.#listeners.push(listener);
  }

  /** A record by id, archived or not; one that was merged away stands for what it became. */
  find(id: string): StoredRecord | undefined {
    return this.#byId.get(this.#absorbed.get(id) ?? id);
  }

  isAbsorbed(id: string): boolean {
    return this.#absorbed.has(id);
  }

  /** A live record by id. */
  live(id: string): StoredRecord | undefined {
    const record = this.find(id);
    return record?.archivedAt === undefined ? record : undefined;
  }

  /** A live record by a unique property, whatever the case of the value. */
  byUnique(property: string, value: string): StoredRecord | undefined {
    const key = value.trim().toLowerCase();
    const further = property === 'email' ? this.#additionalEmails.get(key) : undefined;
    return this.#unique.get(property)?.get(key) ?? further;
  }

  /** A live record by id or by the value of `idProperty`. Throws where that property is not unique. */
  locate(id: string, idProperty: string | undefined): StoredRecord | undefined {
    if (idProperty === undefined || idProperty === 'hs_object_id') return this.live(id);
    this.mustBeUnique(idProperty);
    return this.byUnique(idProperty, id);
  }

  mustBeUnique(property: string): void {
    if (this.properties.uniqueNames().includes(property)) return;
    // Our choice: the text of the refused batch update, which is the only one on record.
    throw validationError(`Unable to perform read by non-unique ${this.type.typeId} property ${property}`);
  }

  /** All records, archived ones included, in the order of their ids, from after `id` on. */
  *after(id: string | undefined): Iterable<StoredRecord> {
    const from = id === undefined ? 0 : firstWhere(this.#inOrder, (record) => compareIds(record.id, id) > 0);
    for (let index = from; index < this.#inOrder.length; index++) yield this.#inOrder[index] as StoredRecord;
  }

  /** Every record that changed at `since` or later, each once, and perhaps some more. */
  changedSince(since: number): Iterable<StoredRecord> {
    const from = firstWhere(this.#changeLog, ({ at }) => at >= since);
    return new Set(this.#changeLog.slice(from).map(({ record }) => record));
  }

  get size(): number {
    return this.#inOrder.length;
  }

  /**
   * Checks a create (`record` undefined) or an update without doing it. Throws what HubSpot answers. `claims` collects
   * the unique values of the rows that are checked together.
   */
  check(raw: RawValues, record?: StoredRecord, claims: Claims = new Set()): CheckedWrite {
    const values = this.#accepted(raw, record);
    if (record === undefined) this.#mustBeComplete(values);
    for (const name of this.properties.uniqueNames()) {
      const value = values.get(name);
      if (value) this.#mustBeFree(name, value, record, claims);
    }
    return { record, values };
  }

  /** Does a checked write; every write moves the time of the last change, also one that brings equal values. */
  apply(write: CheckedWrite, source: Source): StoredRecord {
    const now = this.#around.clock.now();
    const record = write.record ?? this.#add(now, source);
    const changed = new Set([this.type.modifiedProperty, ...Object.keys(this.type.derived)]);
    for (const [name, value] of write.values) {
      const previous = record.versions.get(name);
      if ((previous?.value ?? '') === value) continue;
      record.versions.set(name, { value, at: now, source, previous });
      this.#reindex(name, previous?.value, value, record);
      changed.add(name);
    }
    this.#touch(record, now, source);
    this.#tell({ kind: write.record ? 'changed' : 'created', record, changed, at: now, source });
    return record;
  }

  /** Clears every value that a write may clear, but for the key. */
  blanks(record: StoredRecord, key: string): RawValues {
    const names = [...record.versions.keys()].filter((name) => {
      const property = this.properties.get(name);
      return property && !property.readOnly && !property.hasUniqueValue && name !== key;
    });
    return Object.fromEntries(names.map((name) => [name, '']));
  }

  /** Takes a live record out of sight. Does nothing for one that is not there. */
  archive(id: string, source: Source): StoredRecord | undefined {
    // Our choice: the id of a record that was merged away archives nothing.
    const record = this.isAbsorbed(id) ? undefined : this.live(id);
    if (!record) return undefined;
    const now = this.#around.clock.now();
    record.archivedAt = now;
    this.#forgetUnique(record);
    this.#touch(record, now, source);
    this.#tell({ kind: 'archived', record, changed: new Set(), at: now, source });
    return record;
  }

  /** Our choice, the answer: that these are needed is documented. */
  #mustBeComplete(values: ReadonlyMap<string, string>): void {
    const { requiredOneOf, required, singular } = this.type;
    const needed = (message: string, propertyName: readonly string[]) => ({
      message,
      code: 'MISSING_REQUIRED_PROPERTY',
      context: { propertyName },
    });
    const hasOne = requiredOneOf.length === 0 || requiredOneOf.some((name) => values.get(name));
    const errors = [
      ...(hasOne ? [] : [needed(`One of ${requiredOneOf.join(', ')} is required.`, requiredOneOf)]),
      ...required.filter((name) => !values.get(name)).map((name) => needed(`Property "${name}" is required.`, [name])),
    ];
    if (errors.length === 0) return;
    throw validationError(`Error creating ${singular}. Some required properties were not set.`, { errors });
  }

  /** Brings an archived record back to life. Throws where another one has taken a unique value of it meanwhile. */
  restore(record: StoredRecord, source: Source): StoredRecord {
    for (const name of this.properties.uniqueNames()) {
      const value = valueOf(record, name);
      if (value) this.#mustBeFree(name, value, record, new Set());
    }
    for (const address of furtherEmails(record)) this.#mustBeFree('email', address, record, new Set());
    record.archivedAt = undefined;
    this.#index(record);
    const at = this.#around.clock.now();
    this.#touch(record, at, source);
    this.#tell({ kind: 'restored', record, changed: new Set(), at, source });
    return record;
  }

  /**
   * Merges one live record into another, whose values stay; where it has none it gets the other's. The other's id leads
   * to the winner from now on, and its address becomes a further one.
   */
  merge(winner: StoredRecord, other: StoredRecord, source: Source): StoredRecord {
    const now = this.#around.clock.now();
    const merged = (valueOf(winner, mergedIds) ?? '').split(';').filter((id) => id !== '');
    if (merged.length >= mostMerges) {
      throw new Refusal(414, {
        message: `A record can take part in at most ${mostMerges} merges.`,
        category: 'VALIDATION_ERROR',
      });
    }
    this.#takeAway(other, 'absorbed', now, source);
    const changed = new Set<string>();
    const take = { ...source, sourceType: 'MERGE_OBJECTS' };
    const set = (name: string, value: string): void => {
      const previous = winner.versions.get(name);
      winner.versions.set(name, { value, at: now, source: take, previous });
      this.#reindex(name, previous?.value, value, winner);
      changed.add(name);
    };
    for (const [name, { value }] of other.versions) {
      const property = this.properties.get(name);
      if (value !== '' && property && !property.readOnly && valueOf(winner, name) === null) set(name, value);
    }
    set(mergedIds, [...merged, ...(valueOf(other, mergedIds)?.split(';') ?? []), other.id].join(';'));
    const email = valueOf(other, 'email');
    if (this.type.naturalKey === 'email') {
      const further = [...furtherEmails(other), ...(email ? [email] : [])];
      for (const address of further) if (address !== valueOf(winner, 'email')) this.addEmail(winner, address, take);
    }
    for (const [id, into] of this.#absorbed) if (into === other.id) this.#absorbed.set(id, winner.id);
    this.#absorbed.set(other.id, winner.id);
    this.#touch(winner, now, source);
    this.#tell({ kind: 'merged', record: winner, changed, at: now, source, absorbedId: other.id });
    return winner;
  }

  /** Gives a contact a further address. Throws where somebody has it, or where it is none. */
  addEmail(record: StoredRecord, address: string, source: Source): void {
    const property = this.properties.must('email');
    const accepted = accept(property, address, { current: null, isEmail: true, isOwner: () => false });
    if ('bad' in accepted) throw badValues([accepted.bad], this.#around.portalId);
    const { value: email } = accepted;
    this.#mustBeFree('email', email, record, new Set());
    const value = [...new Set([...furtherEmails(record), email])].join(';');
    const previous = record.versions.get(furtherEmailsName);
    const at = this.#around.clock.now();
    record.versions.set(furtherEmailsName, { value, at, source, previous });
    this.#additionalEmails.set(email, record);
    this.#touch(record, at, source);
    const changed = new Set([furtherEmailsName, this.type.modifiedProperty]);
    this.#tell({ kind: 'changed', record, changed, at, source });
  }

  /** Removes a record for good: nobody restores it, and it is not among the archived ones. */
  erase(record: StoredRecord, source: Source): void {
    this.#takeAway(record, 'erased', this.#around.clock.now(), source);
  }

  #takeAway(record: StoredRecord, kind: 'absorbed' | 'erased', at: number, source: Source): void {
    this.#forgetUnique(record);
    record.archivedAt = at;
    this.#byId.delete(record.id);
    this.#inOrder.splice(
      firstWhere(this.#inOrder, ({ id }) => compareIds(id, record.id) >= 0),
      1,
    );
    this.#tell({ kind, record, changed: new Set(), at, source });
  }

  /** Its values tell nobody apart any more. */
  #forgetUnique(record: StoredRecord): void {
    for (const name of this.properties.uniqueNames()) this.#reindex(name, valueOf(record, name) ?? '', '', record);
    for (const address of furtherEmails(record)) this.#additionalEmails.delete(address);
  }

  #accepted(raw: RawValues, record: StoredRecord | undefined): Map<string, string> {
    const values = new Map<string, string>();
    const bad: BadValue[] = [];
    for (const [name, value] of Object.entries(raw)) {
      const property = this.properties.get(name);
      if (!property) {
        bad.push({ name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` });
        continue;
      }
      const current = record ? valueOf(record, name) : null;
      const isEmail = name === this.type.naturalKey && name === 'email';
      const result = accept(property, value, { current, isEmail, isOwner: this.#around.isOwner });
      if ('bad' in result) bad.push(result.bad);
      else if (!this.#wouldGoBack(name, current, result.value)) values.set(name, result.value);
    }
    if (bad.length > 0) throw badValues(bad, this.#around.portalId);
    return values;
  }

  /** Our choice: a stage that would go back is left out of the write without a word. */
  #wouldGoBack(name: string, current: string | null, value: string): boolean {
    if (!this.type.forwardOnly.includes(name) || current === null || value === '') return false;
    const order = this.properties.get(name)?.options.map((option) => option.value) ?? [];
    return order.indexOf(value) < order.indexOf(current);
  }

  #mustBeFree(name: string, value: string, record: StoredRecord | undefined, claims: Claims): void {
    const holder = this.byUnique(name, value);
    const claim = `${name}:${value.toLowerCase()}`;
    const isTaken = (holder !== undefined && holder !== record) || claims.has(claim);
    claims.add(claim);
    if (!isTaken) return;
    if (name === this.type.naturalKey) {
      // Our choice: the same answer where an update asks for another record's address, or two rows of one call do.
      const existing = holder ? ` Existing ID: ${holder.id}` : '';
      throw new Refusal(409, { message: `${this.type.title} already exists.${existing}`, category: 'CONFLICT' });
    }
    // Our choice: the code is on record, the text is a guess at its shape.
    const at = `PropertyValueCoordinates{portalId=${this.#around.portalId}, objectTypeId=${this.type.typeId}, propertyName=${name}, value=${value}}`;
    const message = `Cannot set ${at} on ${record?.id ?? 'a new record'}. ${holder?.id ?? 'Another row'} already has that value.`;
    throw badValues([{ name, code: 'CONFLICTING_UNIQUE_VALUE', message }], this.#around.portalId);
  }

  /** Every record with its whole past, as plain data. */
  dump(): RecordsState {
    return {
      nextId: String(this.#nextId),
      absorbed: [...this.#absorbed],
      records: this.#inOrder.map((record) => ({
        id: record.id,
        createdAt: record.createdAt,
        archivedAt: record.archivedAt,
        source: record.source,
        versions: [...record.versions].map(([name, newest]) => [name, pastOf(newest)] as const),
      })),
    };
  }

  /** Takes the place of all records; nobody hears of it. */
  load({ nextId, absorbed, records }: RecordsState): void {
    for (const index of [this.#byId, this.#unique, this.#additionalEmails, this.#absorbed]) index.clear();
    this.#inOrder.length = 0;
    this.#changeLog = [];
    this.#nextId = BigInt(nextId);
    for (const [from, to] of absorbed) this.#absorbed.set(from, to);
    for (const { versions, ...rest } of records) {
      const record: StoredRecord = { ...rest, type: this.type, archivedAt: rest.archivedAt, versions: new Map() };
      for (const [name, past] of versions) {
        const newest = past.reduce<Version | undefined>((previous, each) => ({ ...each, previous }), undefined);
        if (newest) record.versions.set(name, newest);
      }
      this.#byId.set(record.id, record);
      this.#inOrder.push(record);
      if (record.archivedAt === undefined) this.#index(record);
    }
    const changes = this.#inOrder.map((record) => ({ at: Date.parse(modifiedAt(record)), record }));
    this.#changeLog = changes.sort((a, b) => a.at - b.at);
  }

  #index(record: StoredRecord): void {
    for (const name of this.properties.uniqueNames())
      this.#reindex(name, undefined, valueOf(record, name) ?? '', record);
    for (const address of furtherEmails(record)) this.#additionalEmails.set(address, record);
  }

  #add(now: number, source: Source): StoredRecord {
    const id = String(this.#nextId++);
    const record: StoredRecord = {
      id,
      type: this.type,
      createdAt: now,
      source,
      versions: new Map(),
      archivedAt: undefined,
    };
    this.#byId.set(id, record);
    this.#inOrder.push(record);
    return record;
  }

  #reindex(name: string, before: string | undefined, after: string, record: StoredRecord): void {
    if (!this.properties.uniqueNames().includes(name)) return;
    const index = this.#unique.get(name) ?? new Map<string, StoredRecord>();
    this.#unique.set(name, index);
    if (before) index.delete(before.toLowerCase());
    if (after) index.set(after.toLowerCase(), record);
  }

  #touch(record: StoredRecord, at: number, source: Source): void {
    const name = this.type.modifiedProperty;
    record.versions.set(name, { value: iso(at), at, source, previous: record.versions.get(name) });
    this.#changeLog.push({ at, record });
    if (this.#changeLog.length > 1000 + 4 * this.#byId.size) this.#compactLog();
  }

  #compactLog(): void {
    const newest = new Map(this.#changeLog.map((entry) => [entry.record, entry]));
    this.#changeLog = this.#changeLog.filter((entry) => newest.get(entry.record) === entry);
  }

  #tell(event: RecordEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
