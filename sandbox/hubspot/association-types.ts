import { validationError } from './refusal.ts';

export type Category = 'HUBSPOT_DEFINED' | 'USER_DEFINED';

/** One way in which a record of one type may belong to one of another; the way back has an id of its own. */
export interface AssociationType {
  readonly category: Category;
  readonly typeId: number;
  readonly from: string;
  readonly to: string;
  label: string | null;
  readonly inverse: number;
  /** At most one record of the other type can be so related. */
  readonly isPrimary: boolean;
}

/** What HubSpot defines between standard types: id there, id back, and the label. */
const standard: readonly (readonly [from: string, to: string, there: number, back: number, label: string | null])[] = [
  ['0-1', '0-2', 279, 280, null],
  ['0-1', '0-2', 1, 2, 'Primary'],
  ['0-3', '0-2', 341, 342, null],
  ['0-3', '0-2', 5, 6, 'Primary'],
  ['0-5', '0-2', 339, 340, null],
  ['0-5', '0-2', 26, 25, 'Primary'],
  ['0-1', '0-3', 4, 3, null],
  ['0-1', '0-5', 15, 16, null],
  ['0-3', '0-5', 27, 28, null],
];

/** Our choice: from where the ids of labels and of custom objects' associations count up. */
const firstOwn = 100;

export interface AssociationTypesState {
  readonly next: number;
  readonly own: readonly AssociationType[];
}

/** The ways in which an account's records may belong together. */
export class AssociationTypes {
  readonly #types: AssociationType[] = [
    ...standard.flatMap(([from, to, there, back, label]) =>
      bothWays('HUBSPOT_DEFINED', from, to, [there, back], [label, label]),
    ),
    ...bothWays('HUBSPOT_DEFINED', '0-2', '0-2', [13, 14], ['Child Company', 'Parent Company']),
  ];
  #next = firstOwn;

  /** The unlabelled one and the labels from one type to another, in the order of their making. */
  between(from: string, to: string): readonly AssociationType[] {
    const found = this.#types.filter((type) => type.from === from && type.to === to);
    const isCustom = from.startsWith('2-') || to.startsWith('2-');
    if (found.length > 0 || !isCustom) return found;
    // Our choice: a custom object can be associated with everything from the first on.
    this.#types.push(...bothWays('USER_DEFINED', from, to, [this.#take(), this.#take()], [null, null]));
    return this.between(from, to);
  }

  /** Throws where the two types have none without a label. */
  unlabelled(from: string, to: string): AssociationType {
    const found = this.between(from, to).find(({ label }) => label === null);
    if (found) return found;
    // Our choice, the text.
    throw validationError(`No default association type exists between ${from} and ${to}.`);
  }

  /** Throws for one that is not defined between the two types. Our choice, the text. */
  get(from: string, to: string, category: string, typeId: number): AssociationType {
    const found = this.between(from, to).find((type) => type.category === category && type.typeId === typeId);
    if (found) return found;
    throw validationError(
      `Association type ${typeId} of category ${category} does not exist between ${from} and ${to}.`,
    );
  }

  /** By its ids alone; undefined where there is none. */
  find(from: string, category: string, typeId: number): AssociationType | undefined {
    return this.#types.find((type) => type.from === from && type.category === category && type.typeId === typeId);
  }

  /** As `find`, or throws. Our choice, the text. */
  from(from: string, category: string, typeId: number): AssociationType {
    const found = this.find(from, category, typeId);
    if (found) return found;
    throw validationError(`Association type ${typeId} of category ${category} does not exist for ${from}.`);
  }

  inverse(type: AssociationType): AssociationType {
    return this.get(type.to, type.from, type.category, type.inverse);
  }

  /** Adds a label, with the way back; answers both. */
  addLabel(from: string, to: string, label: string, inverseLabel: string): readonly AssociationType[] {
    if (this.between(from, to).some((type) => type.label === label)) {
      // Our choice, the text.
      throw validationError(`An association label '${label}' already exists between ${from} and ${to}.`);
    }
    const added = bothWays('USER_DEFINED', from, to, [this.#take(), this.#take()], [label, inverseLabel]);
    this.#types.push(...added);
    return added;
  }

  /** Gives a label of the account's own another name. */
  rename(from: string, to: string, typeId: number, label: string): void {
    this.get(from, to, 'USER_DEFINED', typeId).label = label;
  }

  /** Takes a label of the account's own away, both ways; answers both. */
  remove(from: string, to: string, typeId: number): readonly AssociationType[] {
    const type = this.get(from, to, 'USER_DEFINED', typeId);
    const gone = [type, this.inverse(type)];
    for (const one of gone) this.#types.splice(this.#types.indexOf(one), 1);
    return gone;
  }

  dump(): AssociationTypesState {
    return { next: this.#next, own: this.#types.filter(({ category }) => category === 'USER_DEFINED') };
  }

  load({ next, own }: AssociationTypesState): void {
    const defined = this.#types.filter(({ category }) => category !== 'USER_DEFINED');
    this.#types.splice(0, this.#types.length, ...defined, ...own.map((type) => ({ ...type })));
    this.#next = next;
  }

  #take(): number {
    this.#next += 1;
    return this.#next;
  }
}

function bothWays(
  category: Category,
  from: string,
  to: string,
  [there, back]: readonly [number, number],
  [label, backLabel]: readonly [string | null, string | null],
): [AssociationType, AssociationType] {
  const shared = { category, isPrimary: label === 'Primary' && category === 'HUBSPOT_DEFINED' };
  return [
    { ...shared, from, to, typeId: there, inverse: back, label },
    { ...shared, from: to, to: from, typeId: back, inverse: there, label: backLabel, isPrimary: false },
  ];
}
