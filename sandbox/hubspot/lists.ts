import type { Clock, Timers } from '../common/clock.ts';
import type { Associations } from './associations.ts';
import type { Evaluation } from './evaluation.ts';
import { type Definition, readDefinition } from './filters/definition.ts';
import { type Answer, evaluateBranch, type Subject } from './filters/evaluate.ts';
import { addDays, localAt, startOfDay } from './filters/zone.ts';
import { List, type ListState, type ProcessingType } from './list.ts';
import { history, type StoredRecord } from './record.ts';
import type { RecordEvent, Records } from './records.ts';
import { Refusal, validationError } from './refusal.ts';

export interface NewList {
  readonly name: string;
  readonly objectTypeId: string;
  readonly processingType: ProcessingType;
  readonly filterBranch?: unknown;
  /** HubSpot's own lists, such as those behind workflows, are not public. */
  readonly isPublic?: boolean | undefined;
  readonly unmodelled?: 'refuse' | 'keep' | undefined;
  readonly createdById?: string | undefined;
}

export interface ListsState {
  readonly nextId: number;
  readonly lists: readonly ListState[];
  readonly deleted: readonly { readonly list: ListState; readonly at: number }[];
}

interface Parts {
  readonly clock: Clock;
  readonly evaluation: Evaluation;
  readonly timers: Timers;
  readonly timeZone: string;
  readonly associations: Associations;
  readonly recordsOf: (typeId: string) => Records | undefined;
}

/**
 * The lists of an account. A change of a record or of a definition is noted at once and evaluated later; until then
 * members are those of the last evaluation, and a list whose definition is new is `PROCESSING` with only a part of its
 * members.
 */
export class Lists {
  readonly #parts: Parts;
  /** How soon after midnight lists that name today are looked at again, and how often those that name now; our choice. */
  dayLagMs = 60_000;
  momentMs = 3_600_000;
  readonly #byId = new Map<string, List>();
  readonly #deleted = new Map<string, { readonly list: List; readonly at: number }>();
  #nextId = 1;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A list that has not been deleted. */
  find(listId: string): List | undefined {
    return this.#byId.get(listId);
  }

  all(): readonly List[] {
    return [...this.#byId.values()];
  }

  /** As `find`, or throws. Our choice: the body is not documented. */
  get(listId: string): List {
    const list = this.#byId.get(listId);
    if (list) return list;
    throw noList(listId);
  }

  /** A public list by its name, whatever the case of its letters. */
  byName(objectTypeId: string, name: string): List | undefined {
    return this.all().find(
      (list) => list.objectTypeId === objectTypeId && list.isPublic && list.name.toLowerCase() === name.toLowerCase(),
    );
  }

  create(wanted: NewList): List {
    const { name, objectTypeId, processingType, isPublic = true, unmodelled = 'refuse', createdById } = wanted;
    if (name.trim() === '') throw validationError('List name can not be blank.');
    const records = this.#parts.recordsOf(objectTypeId);
    if (!records) throw validationError(`Unable to infer object type from: ${objectTypeId}`);
    if (isPublic && this.byName(objectTypeId, name)) {
      throw duplicateName(name);
    }
    if (processingType !== 'MANUAL' && wanted.filterBranch === undefined) {
      throw validationError(`A list of processingType ${processingType} needs a filterBranch.`);
    }
    const listId = String(this.#nextId);
    const definition =
      wanted.filterBranch === undefined ? undefined : this.#read(wanted.filterBranch, records, listId, unmodelled);
    this.#nextId += 1;
    const at = this.#parts.clock.now();
    const list = new List({ listId, name, objectTypeId, processingType, isPublic, definition, at, createdById });
    this.#byId.set(listId, list);
    if (definition && processingType !== 'MANUAL') this.#startProcessing(list, records);
    return list;
  }

  updateFilters(listId: string, filterBranch: unknown, unmodelled: 'refuse' | 'keep' = 'refuse'): List {
    const list = this.get(listId);
    if (list.processingType !== 'DYNAMIC') {
      // Our choice: the rule is documented, the answer is not.
      throw validationError(`Filters of a list of processingType ${list.processingType} can not be updated.`);
    }
    const records = this.#recordsOf(list);
    list.definition = this.#read(filterBranch, records, listId, unmodelled);
    list.listVersion += 1;
    list.updatedAt = this.#parts.clock.now();
    list.filtersUpdatedAt = list.updatedAt;
    this.#startProcessing(list, records);
    return list;
  }

  /** Throws where another public list of the type has the name. */
  rename(listId: string, name: string): List {
    const list = this.get(listId);
    if (name.trim() === '') throw validationError('List name can not be blank.');
    const holder = this.byName(list.objectTypeId, name);
    if (holder && holder !== list) throw duplicateName(name);
    list.name = name;
    list.updatedAt = this.#parts.clock.now();
    return list;
  }

  /** Brings a deleted list back, for 90 days; it is processed as if its definition were new. */
  restore(listId: string): void {
    const deleted = this.#deleted.get(listId);
    if (!deleted || this.#parts.clock.now() - deleted.at > restorableMs) throw noList(listId);
    const { list } = deleted;
    if (list.isPublic && this.byName(list.objectTypeId, list.name)) throw duplicateName(list.name);
    this.#deleted.delete(listId);
    this.#byId.set(listId, list);
    if (list.processingType === 'DYNAMIC') this.#startProcessing(list, this.#recordsOf(list));
  }

  delete(listId: string): void {
    this.#deleted.set(listId, { list: this.get(listId), at: this.#parts.clock.now() });
    this.#byId.delete(listId);
    for (const list of this.#dependentsOf(listId)) this.#evaluateAllLater(list, this.#recordsOf(list));
  }

  dump(): ListsState {
    return {
      nextId: this.#nextId,
      lists: this.all().map((list) => list.dump()),
      deleted: [...this.#deleted.values()].map(({ list, at }) => ({ list: list.dump(), at })),
    };
  }

  /** Takes the place of all lists. What was to be evaluated is evaluated anew. */
  load({ nextId, lists, deleted }: ListsState): void {
    this.#byId.clear();
    this.#deleted.clear();
    this.#nextId = nextId;
    const read = (state: ListState): List => {
      const records = this.#parts.recordsOf(state.made.objectTypeId);
      const isDefined = state.filterBranch !== undefined && records !== undefined;
      const { listId } = state.made;
      return List.load(state, isDefined ? this.#read(state.filterBranch, records, listId, 'keep') : undefined);
    };
    for (const state of lists) {
      const list = read(state);
      this.#byId.set(list.listId, list);
    }
    for (const { list, at } of deleted) this.#deleted.set(list.made.listId, { list: read(list), at });
    for (const list of this.all()) {
      if (list.processingType !== 'DYNAMIC') continue;
      this.#evaluateAllLater(list, this.#recordsOf(list));
      this.#watchTime(list, this.#recordsOf(list));
    }
  }

  /** Settles a record's membership by hand; `undefined` gives it back to the definition. */
  force(listId: string, recordId: string, isMember: boolean | undefined): void {
    const list = this.get(listId);
    const record = this.#recordsOf(list).live(recordId);
    if (isMember === undefined) {
      list.forced.delete(recordId);
      if (record) this.#evaluateLater(list, record);
      return;
    }
    list.forced.set(recordId, isMember);
    this.#settle(list, recordId, isMember);
  }

  /** What a list's definition says of a record's values now; a list without one knows its members only. */
  answer(list: List, record: StoredRecord): Answer {
    if (!list.definition) return list.membership(record.id) ? 'true' : 'false';
    return evaluateBranch(list.definition.branch, this.#subject(record));
  }

  /** To be told of every write to the records of a type: looks again at the lists that read what changed. */
  recordChanged({ kind, record, changed }: RecordEvent): void {
    for (const list of this.#byId.values()) {
      if (list.processingType !== 'DYNAMIC') continue;
      if (list.definition?.readsAssociations) this.#evaluateRelatedLater(list, record);
      if (list.objectTypeId !== record.type.typeId) continue;
      const reads = [...(list.definition?.properties ?? [])];
      if (kind !== 'changed' || reads.some((name) => changed.has(name))) this.#evaluateLater(list, record);
    }
  }

  /** To be told of every association that begins, ends or changes. */
  associationChanged(...ends: readonly { readonly typeId: string; readonly id: string }[]): void {
    for (const list of this.#byId.values()) {
      if (list.processingType !== 'DYNAMIC' || !list.definition?.readsAssociations) continue;
      for (const { typeId, id } of ends) {
        const record = typeId === list.objectTypeId ? this.#recordsOf(list).live(id) : undefined;
        if (record) this.#evaluateLater(list, record);
      }
    }
  }

  /** The list's own records that a changed record belongs to. */
  #evaluateRelatedLater(list: List, changed: StoredRecord): void {
    const from = { typeId: changed.type.typeId, id: changed.id };
    for (const { to } of this.#parts.associations.of(from, list.objectTypeId)) {
      const record = this.#recordsOf(list).live(to.id);
      if (record) this.#evaluateLater(list, record);
    }
  }

  /** A definition that names today or now changes its members although no record changes. */
  #watchTime(list: List, records: Records): void {
    const { listVersion, definition } = list;
    if (!definition || definition.movesWith === 'nothing') return;
    const waitMs = definition.movesWith === 'moment' ? this.momentMs : this.#untilTomorrow() + this.dayLagMs;
    this.#parts.timers.after(waitMs, () => {
      if (this.#byId.get(list.listId) !== list || list.listVersion !== listVersion) return;
      for (const record of records.after(undefined)) this.#evaluate(list, record);
      this.#watchTime(list, records);
    });
  }

  #untilTomorrow(): number {
    const { clock, timeZone } = this.#parts;
    return startOfDay(addDays(localAt(clock.now(), timeZone), 1), timeZone) - clock.now();
  }

  #read(raw: unknown, records: Records, listId: string, unmodelled: 'refuse' | 'keep'): Definition {
    return readDefinition(raw, {
      properties: records.properties,
      propertiesOf: (typeId) => this.#parts.recordsOf(typeId)?.properties,
      unmodelled,
      whyNotList: (other) => this.#whyNotList(other, listId, records.type.typeId),
    });
  }

  /** Our choice: a list may not name one that is missing or of another type, nor itself through others. */
  #whyNotList(other: string, listId: string, objectTypeId: string): string | undefined {
    const list = this.#byId.get(other);
    if (other === listId || this.#reaches(other, listId)) return `list ${other} would lead back to this list`;
    if (!list) return `list ${other} does not exist`;
    return list.objectTypeId === objectTypeId ? undefined : `list ${other} holds records of type ${list.objectTypeId}`;
  }

  #reaches(from: string, to: string): boolean {
    const next = this.#byId.get(from)?.definition?.lists ?? new Set<string>();
    return [...next].some((other) => other === to || this.#reaches(other, to));
  }

  #recordsOf(list: List): Records {
    const records = this.#parts.recordsOf(list.objectTypeId);
    if (!records) throw new Error(`List ${list.listId} holds records of an unknown type ${list.objectTypeId}.`);
    return records;
  }

  #dependentsOf(listId: string): List[] {
    return this.all().filter((list) => list.definition?.lists.has(listId));
  }

  /** Our choice: half of the records are looked at by the new definition at once, the rest at the evaluation. */
  #startProcessing(list: List, records: Records): void {
    list.processingStatus = 'PROCESSING';
    let isTurn = false;
    for (const record of records.after(undefined)) {
      if (isTurn) this.#evaluate(list, record);
      isTurn = !isTurn;
    }
    this.#evaluateAllLater(list, records);
    this.#watchTime(list, records);
  }

  #evaluateAllLater(list: List, records: Records): void {
    const { listVersion } = list;
    this.#parts.evaluation.later(`${list.listId}/${listVersion}`, () => {
      if (list.listVersion !== listVersion) return;
      for (const record of records.after(undefined)) this.#evaluate(list, record);
      list.processingStatus = 'COMPLETE';
    });
  }

  #evaluateLater(list: List, record: StoredRecord): void {
    this.#parts.evaluation.later(`${list.listId}/record/${record.id}`, () => this.#evaluate(list, record));
  }

  /** Our choice: where nobody can tell, a record is no member; `force` says otherwise. */
  #evaluate(list: List, record: StoredRecord): void {
    if (this.#byId.get(list.listId) !== list) return;
    const forced = list.forced.get(record.id);
    const answer = this.answer(list, record);
    if (record.archivedAt !== undefined) this.#settle(list, record.id, false);
    else if (forced !== undefined) this.#settle(list, record.id, forced);
    else this.#settle(list, record.id, answer === 'true');
  }

  #settle(list: List, recordId: string, isMember: boolean): void {
    if (!list.settle(recordId, isMember, this.#parts.clock.now())) return;
    const record = this.#recordsOf(list).find(recordId);
    if (!record) return;
    for (const dependent of this.#dependentsOf(list.listId)) this.#evaluateLater(dependent, record);
  }

  #subject(record: StoredRecord): Subject {
    const { recordsOf, associations, clock, timeZone } = this.#parts;
    const { typeId } = record.type;
    const properties = recordsOf(typeId)?.properties;
    return {
      now: clock.now(),
      accountZone: timeZone,
      versions: (name) => (properties?.get(name) ? history(record, name) : undefined),
      typeOf: (name) => properties?.get(name)?.type,
      isMember: (listId) => {
        const list = this.#byId.get(listId);
        return list && list.membership(record.id) !== undefined;
      },
      related: (associationTypeId, category) => {
        const type = associations.types.find(typeId, category, associationTypeId);
        if (!type) return [];
        return associations.of({ typeId, id: record.id }, type.to).flatMap(({ to, types }) => {
          const other = types.includes(type) ? recordsOf(type.to)?.live(to.id) : undefined;
          return other ? [this.#subject(other)] : [];
        });
      },
    };
  }
}

const restorableMs = 90 * 86_400_000;

const noList = (listId: string): Refusal =>
  new Refusal(404, {
    message: `List does not exist with ID ${listId}.`,
    category: 'OBJECT_NOT_FOUND',
    context: { listId: [listId] },
  });

const duplicateName = (name: string): Refusal =>
  validationError(`A list with the name '${name}' already exists.`, { subCategory: 'ILS.DUPLICATE_LIST_NAMES' });
