import type { Definition } from './filters/definition.ts';
import { compareIds } from './ids.ts';
import { iso } from './record.ts';

export type ProcessingType = 'DYNAMIC' | 'MANUAL' | 'SNAPSHOT';

/** One record's place in a list. `sequence` grows with each join, so that later joins always come later. */
export interface Membership {
  readonly recordId: string;
  readonly firstAddedAt: number;
  readonly lastAddedAt: number;
  readonly sequence: number;
}

export interface ListState {
  readonly made: {
    readonly listId: string;
    readonly name: string;
    readonly objectTypeId: string;
    readonly processingType: ProcessingType;
    readonly isPublic: boolean;
    readonly at: number;
    readonly createdById?: string | undefined;
  };
  readonly changed: {
    readonly listVersion: number;
    readonly processingStatus: 'COMPLETE' | 'PROCESSING';
    readonly updatedAt: number;
    readonly filtersUpdatedAt: number;
  };
  readonly filterBranch?: unknown;
  readonly forced: readonly (readonly [recordId: string, isMember: boolean])[];
  readonly members: readonly Membership[];
  readonly firstAdded: readonly (readonly [recordId: string, at: number])[];
}

/** A list (segment) with its members. */
export class List {
  readonly listId: string;
  readonly objectTypeId: string;
  readonly processingType: ProcessingType;
  readonly isPublic: boolean;
  readonly createdAt: number;
  readonly createdById: string | undefined;
  name: string;
  listVersion = 1;
  processingStatus: 'COMPLETE' | 'PROCESSING' = 'COMPLETE';
  updatedAt: number;
  filtersUpdatedAt: number;
  definition: Definition | undefined;
  /** Records whose membership was settled by hand, whatever the definition says. */
  readonly forced = new Map<string, boolean>();
  readonly #members = new Map<string, Membership>();
  readonly #firstAdded = new Map<string, number>();
  #byRecord: readonly Membership[] | undefined;
  #byJoin: readonly Membership[] | undefined;
  #sequence = 0;

  constructor(made: {
    listId: string;
    name: string;
    objectTypeId: string;
    processingType: ProcessingType;
    isPublic: boolean;
    definition: Definition | undefined;
    at: number;
    createdById: string | undefined;
  }) {
    this.listId = made.listId;
    this.name = made.name;
    this.objectTypeId = made.objectTypeId;
    this.processingType = made.processingType;
    this.isPublic = made.isPublic;
    this.definition = made.definition;
    this.createdAt = made.at;
    this.updatedAt = made.at;
    this.filtersUpdatedAt = made.at;
    this.createdById = made.createdById;
  }

  get size(): number {
    return this.#members.size;
  }

  membership(recordId: string): Membership | undefined {
    return this.#members.get(recordId);
  }

  /** Adds or takes away a member; returns whether that changed anything. */
  settle(recordId: string, isMember: boolean, at: number): boolean {
    if (this.#members.has(recordId) === isMember) return false;
    if (isMember) {
      const firstAddedAt = this.#firstAdded.get(recordId) ?? at;
      this.#firstAdded.set(recordId, firstAddedAt);
      this.#members.set(recordId, { recordId, firstAddedAt, lastAddedAt: at, sequence: ++this.#sequence });
    } else {
      this.#members.delete(recordId);
    }
    this.#byRecord = undefined;
    this.#byJoin = undefined;
    return true;
  }

  /** Members by ascending record id. */
  byRecord(): readonly Membership[] {
    this.#byRecord ??= [...this.#members.values()].sort((a, b) => compareIds(a.recordId, b.recordId));
    return this.#byRecord;
  }

  dump(): ListState {
    const { listId, name, objectTypeId, processingType, isPublic, createdAt, createdById } = this;
    const { listVersion, processingStatus, updatedAt, filtersUpdatedAt } = this;
    return {
      made: { listId, name, objectTypeId, processingType, isPublic, at: createdAt, createdById },
      changed: { listVersion, processingStatus, updatedAt, filtersUpdatedAt },
      filterBranch: this.definition?.branch,
      forced: [...this.forced],
      members: [...this.#members.values()],
      firstAdded: [...this.#firstAdded],
    };
  }

  /** The list as it was dumped. */
  static load({ made, changed, forced, members, firstAdded }: ListState, definition: Definition | undefined): List {
    const list = Object.assign(new List({ ...made, createdById: made.createdById, definition }), changed);
    for (const [recordId, isMember] of forced) list.forced.set(recordId, isMember);
    for (const member of members) list.#members.set(member.recordId, member);
    for (const [recordId, at] of firstAdded) list.#firstAdded.set(recordId, at);
    list.#sequence = Math.max(0, ...members.map(({ sequence }) => sequence));
    return list;
  }

  /** Members by the time of their last join; our choice: among equal times the one that was settled first. */
  byJoin(): readonly Membership[] {
    this.#byJoin ??= [...this.#members.values()].sort((a, b) => a.sequence - b.sequence);
    return this.#byJoin;
  }

  /** The list as `/crm/v3/lists` shows it. */
  json(includeFilters: boolean): Record<string, unknown> {
    return {
      ...this.summary(),
      size: this.size,
      ...(includeFilters && this.definition && { filterBranch: this.definition.branch }),
    };
  }

  /** The list as the search over lists shows it, without size and definition. */
  summary(): Record<string, unknown> {
    return {
      listId: this.listId,
      listVersion: this.listVersion,
      name: this.name,
      objectTypeId: this.objectTypeId,
      processingType: this.processingType,
      processingStatus: this.processingStatus,
      createdAt: iso(this.createdAt),
      updatedAt: iso(this.updatedAt),
      filtersUpdatedAt: iso(this.filtersUpdatedAt),
      ...(this.createdById !== undefined && { createdById: this.createdById, updatedById: this.createdById }),
    };
  }
}
