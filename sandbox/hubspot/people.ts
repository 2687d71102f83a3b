import type { Account } from './account.ts';
import type { End } from './associations.ts';
import type { List, ProcessingType } from './list.ts';
import type { NewProperty } from './properties.ts';
import type { Source } from './record.ts';
import { type RecordState, recordState } from './record-state.ts';
import type { RawValues } from './records.ts';
import { recordNotFound, validationError } from './refusal.ts';

/** A list as a person makes it: of contacts and active, unless said otherwise. */
export interface PeopleList {
  readonly name: string;
  readonly objectTypeId?: string | undefined;
  readonly processingType?: ProcessingType | undefined;
  readonly filterBranch?: unknown;
  readonly isPublic?: boolean | undefined;
  /** `keep` takes filters that the sandbox can't evaluate; members of such a list are settled by `forceMembership`. */
  readonly unmodelled?: 'refuse' | 'keep' | undefined;
}

/** A property as an admin makes it: a line of text, unless said otherwise. */
export type PeopleProperty = Pick<NewProperty, 'name'> &
  Partial<Pick<NewProperty, 'label' | 'type' | 'fieldType'>> & {
    /** Values, which are their labels, too. */
    readonly options?: readonly string[];
  };

const propertyDefaults = {
  type: 'string',
  fieldType: 'text',
  description: '',
  displayOrder: -1,
  hasUniqueValue: false,
  hidden: false,
} as const;

const userId = 9586504;
const source: Source = { sourceType: 'CRM_UI', sourceId: `userId:${userId}`, updatedByUserId: userId };

/** What a person did it with: a page, a file that was imported, or a workflow that runs for them. */
export const ways = ['page', 'import', 'workflow'] as const;
export type Way = (typeof ways)[number];

/** Our choice: the numbers in these ids. */
const sources: Readonly<Record<Way, Source>> = {
  page: source,
  import: { sourceType: 'IMPORT', sourceId: '62154712', sourceLabel: 'people.csv', updatedByUserId: userId },
  workflow: { sourceType: 'AUTOMATION_PLATFORM', sourceId: 'enrollmentId:1184', sourceLabel: 'Workflow' },
};

/** A record by the name or the id of its type. */
export interface RecordName {
  readonly type: string;
  readonly id: string;
}

const restorableMs = 90 * 86_400_000;

/**
 * Someone who works in HubSpot's own pages: the same rules as for the API, `CRM_UI` as the source, and no traffic.
 * Every method throws `Refusal` where HubSpot would say no.
 */
export class People {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  create(type: string, properties: RawValues, way: Way = 'page'): RecordState {
    const records = this.#account.recordsOf(type);
    return recordState(records.apply(records.check(properties), sources[way]));
  }

  edit(type: string, id: string, properties: RawValues, way: Way = 'page'): RecordState {
    const records = this.#account.recordsOf(type);
    const record = records.live(id);
    if (!record) throw recordNotFound(id);
    return recordState(records.apply(records.check(properties, record), sources[way]));
  }

  archive(type: string, id: string): void {
    if (!this.#account.recordsOf(type).archive(id, source)) throw recordNotFound(id);
  }

  /** The same edit of many records at once, with one stamp. */
  editMany(type: string, ids: readonly string[], properties: RawValues, way: Way = 'page'): void {
    for (const id of ids) this.edit(type, id, properties, way);
  }

  /** Brings an archived record back, as its page does for 90 days. */
  restore(type: string, id: string): RecordState {
    const records = this.#account.recordsOf(type);
    const record = records.find(id);
    const at = record?.archivedAt;
    if (!record || at === undefined || this.#account.clock.now() - at > restorableMs) throw recordNotFound(id);
    return recordState(records.restore(record, source));
  }

  /** Merges the second record into the first. */
  merge(type: string, winnerId: string, otherId: string): RecordState {
    const records = this.#account.recordsOf(type);
    const [winner, other] = [records.live(winnerId), records.live(otherId)];
    if (!winner || !other || winner === other) throw recordNotFound(otherId);
    return recordState(this.#account.merge(records, winner, other, source));
  }

  /** Associates two records; with a label, also by that. */
  associate(from: RecordName, to: RecordName, label?: string): void {
    const { associations } = this.#account;
    const [a, b] = [this.#end(from), this.#end(to)];
    const labelled = associations.types.between(a.typeId, b.typeId).filter((type) => type.label === label);
    if (label !== undefined && labelled.length === 0)
      throw validationError(`There is no association label '${label}'.`);
    const known = associations.between(a, b)?.types ?? [];
    associations.associate(a, b, [...known, ...(label === undefined ? [] : labelled)], source);
  }

  dissociate(from: RecordName, to: RecordName): void {
    this.#account.associations.dissociate(this.#end(from), this.#end(to), source);
  }

  #end({ type, id }: RecordName): End {
    const record = this.#account.recordsOf(type).live(id);
    if (!record) throw recordNotFound(id);
    return { typeId: record.type.typeId, id: record.id };
  }

  /** Adds a property of the account's own, as its admin does; one that was archived comes back. */
  createProperty(type: string, wanted: PeopleProperty): void {
    const { properties, type: of } = this.#account.recordsOf(type);
    const groupName = of.groups[0] ?? '';
    const { options = [], ...rest } = wanted;
    const shown = options.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false }));
    properties.create({ ...propertyDefaults, label: wanted.name, groupName, ...rest, options: shown });
  }

  /** Takes a property away from all records of a type; one that a list reads stays. */
  archiveProperty(type: string, name: string): void {
    this.#account.archiveProperty(type, name);
  }

  /** Gives a contact a further address. */
  addEmail(id: string, email: string): void {
    const records = this.#account.recordsOf('contacts');
    const record = records.live(id);
    if (!record) throw recordNotFound(id);
    records.addEmail(record, email, source);
  }

  /** Erases a contact for good, as the law may ask. */
  erase(id: string): void {
    const records = this.#account.recordsOf('contacts');
    const record = records.find(id);
    if (!record) throw recordNotFound(id);
    records.erase(record, source);
  }

  /** Returns the new list's id. */
  createList(wanted: PeopleList): string {
    const { objectTypeId = '0-1', processingType = 'DYNAMIC' } = wanted;
    const made = this.#account.lists.create({ ...wanted, objectTypeId, processingType, createdById: String(userId) });
    return made.listId;
  }

  updateListFilters(listId: string, filterBranch: unknown, unmodelled: 'refuse' | 'keep' = 'refuse'): List {
    return this.#account.lists.updateFilters(listId, filterBranch, unmodelled);
  }

  deleteList(listId: string): void {
    this.#account.lists.delete(listId);
  }
}
