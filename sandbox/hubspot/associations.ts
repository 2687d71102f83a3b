import { type AssociationType, AssociationTypes, type AssociationTypesState } from './association-types.ts';
import { compareIds } from './ids.ts';
import type { Source } from './record.ts';

/** One end of an association. */
export interface End {
  readonly typeId: string;
  readonly id: string;
}

/** The records that one record belongs to, with how. */
export interface Link {
  readonly to: End;
  readonly types: readonly AssociationType[];
}

/** What happened between two records, told once for both ends. */
export interface AssociationEvent {
  readonly from: End;
  readonly to: End;
  readonly isRemoved: boolean;
  /** That one is the other's primary one, which has notices of its own. */
  readonly isPrimary: boolean;
  readonly source: Source;
}

/**
 * Which records belong together. Every association stands at both of its ends, with the unlabelled type always among its
 * types. Records that are not live are left to whoever reads.
 */
export class Associations {
  readonly types = new AssociationTypes();
  readonly #byRecord = new Map<string, Map<string, { readonly to: End; readonly types: Set<AssociationType> }>>();

  readonly #listeners: ((event: AssociationEvent) => void)[] = [];

  onChange(listener: (event: AssociationEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** What a record belongs to, of one type, by ascending id. */
  of(from: End, toTypeId: string): readonly Link[] {
    return [...(this.#byRecord.get(keyOf(from))?.values() ?? [])]
      .filter(({ to }) => to.typeId === toTypeId)
      .sort((a, b) => compareIds(a.to.id, b.to.id))
      .map(({ to, types }) => ({ to, types: [...types] }));
  }

  between(from: End, to: End): Link | undefined {
    const link = this.#byRecord.get(keyOf(from))?.get(keyOf(to));
    return link && { to, types: [...link.types] };
  }

  /** Associates two records with just these types and the unlabelled one: types that are not given end. */
  associate(from: End, to: End, given: readonly AssociationType[], source: Source): Link {
    const before = this.between(from, to)?.types ?? [];
    const types = new Set([...this.#unlabelled(from, to), ...given]);
    this.#put(from, to, types);
    this.#put(to, from, new Set([...types].map((type) => this.types.inverse(type))));
    for (const type of types) {
      if (type.isPrimary) this.#demoteOthers(from, to, type);
      const back = this.types.inverse(type);
      if (back.isPrimary) this.#demoteOthers(to, from, back);
    }
    this.#tellChanges(from, to, before, [...types], source);
    return { to, types: [...types] };
  }

  /** Ends all that two records have with each other. */
  dissociate(from: End, to: End, source: Source): void {
    const before = this.between(from, to)?.types ?? [];
    this.#byRecord.get(keyOf(from))?.delete(keyOf(to));
    this.#byRecord.get(keyOf(to))?.delete(keyOf(from));
    this.#tellChanges(from, to, before, [], source);
  }

  /** Ends these types; without the unlabelled one there is nothing left. */
  removeTypes(from: End, to: End, given: readonly AssociationType[], source: Source): void {
    if (given.some(({ label }) => label === null)) return this.dissociate(from, to, source);
    const before = this.between(from, to)?.types ?? [];
    for (const type of given) {
      this.#byRecord.get(keyOf(from))?.get(keyOf(to))?.types.delete(type);
      this.#byRecord.get(keyOf(to))?.get(keyOf(from))?.types.delete(this.types.inverse(type));
    }
    this.#tellChanges(from, to, before, this.between(from, to)?.types ?? [], source);
  }

  /** Takes a label of the account's own away, wherever it is used. */
  removeLabel(from: string, to: string, typeId: number): void {
    const gone = this.types.remove(from, to, typeId);
    for (const links of this.#byRecord.values()) {
      for (const { types } of links.values()) for (const type of gone) types.delete(type);
    }
  }

  /** A merge: what belonged to one record belongs to the other. Its own primary ones stay. */
  moveAll(from: End, to: End, source: Source): void {
    for (const { to: other, types } of Array.from(this.#byRecord.get(keyOf(from))?.values() ?? [])) {
      this.dissociate(from, other, source);
      if (keyOf(other) === keyOf(to)) continue;
      const hasPrimary = this.of(to, other.typeId).some((link) => link.types.some(({ isPrimary }) => isPrimary));
      const known = this.between(to, other)?.types ?? [];
      const kept = [...types].filter(({ isPrimary }) => !isPrimary || !hasPrimary);
      this.associate(to, other, [...known, ...kept], source);
    }
  }

  dump(): AssociationsState {
    return {
      types: this.types.dump(),
      links: [...this.#byRecord].flatMap(([from, ofOne]) =>
        [...ofOne.values()].map(({ to, types }) => ({
          from: endOf(from),
          to,
          types: [...types].map(({ category, typeId }) => ({ category, typeId })),
        })),
      ),
    };
  }

  /** Takes the place of all associations; nobody hears of it. */
  load({ types, links }: AssociationsState): void {
    this.types.load(types);
    this.#byRecord.clear();
    for (const { from, to, types: named } of links) {
      const found = named.map(({ category, typeId }) => this.types.get(from.typeId, to.typeId, category, typeId));
      this.#put(from, to, new Set(found));
    }
  }

  #tellChanges(
    from: End,
    to: End,
    before: readonly AssociationType[],
    after: readonly AssociationType[],
    source: Source,
  ): void {
    const tell = (isRemoved: boolean, isPrimary: boolean): void => {
      for (const listener of this.#listeners) listener({ from, to, isRemoved, isPrimary, source });
    };
    const wasPrimary = before.some(({ isPrimary }) => isPrimary);
    const isPrimary = after.some((type) => type.isPrimary);
    if (before.length === 0 || after.length === 0) {
      if (before.length !== after.length) tell(after.length === 0, false);
    } else if (before.length !== after.length || after.some((type) => !before.includes(type))) {
      // Our choice: another label is told as an association anew.
      tell(false, false);
    }
    if (isPrimary !== wasPrimary) tell(wasPrimary, true);
  }

  #unlabelled(from: End, to: End): AssociationType[] {
    return this.types.between(from.typeId, to.typeId).filter(({ label }) => label === null);
  }

  #put(from: End, to: End, types: Set<AssociationType>): void {
    const links = this.#byRecord.get(keyOf(from)) ?? new Map();
    this.#byRecord.set(keyOf(from), links);
    links.set(keyOf(to), { to, types });
  }

  /** Only one record is the primary one. */
  #demoteOthers(from: End, to: End, type: AssociationType): void {
    for (const [key, link] of this.#byRecord.get(keyOf(from)) ?? []) {
      if (key === keyOf(to) || !link.types.delete(type)) continue;
      this.#byRecord.get(key)?.get(keyOf(from))?.types.delete(this.types.inverse(type));
    }
  }
}

export interface AssociationsState {
  readonly types: AssociationTypesState;
  readonly links: readonly {
    readonly from: End;
    readonly to: End;
    readonly types: readonly { readonly category: string; readonly typeId: number }[];
  }[];
}

const endOf = (key: string): End => {
  const [typeId = '', id = ''] = key.split('/');
  return { typeId, id };
};
const keyOf = ({ typeId, id }: End): string => `${typeId}/${id}`;
