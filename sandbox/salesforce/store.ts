import type { Field, Values } from './fields.ts';
import { toId18 } from './ids.ts';
import type { ObjectType } from './objects/index.ts';

/** A record: the version that everyone sees, and the one that an open transaction has written. */
export interface Row {
  readonly id: string;
  readonly object: ObjectType;
  /** Undefined until the transaction that made it commits. */
  values: Values | undefined;
  pending: Values | undefined;
}

/** The records of one object, found by id and by the values of fields that are keys. */
export class Table {
  readonly object: ObjectType;
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new Map<string, Index>();

  constructor(object: ObjectType) {
    this.object = object;
    for (const field of object.allFields()) this.index(field);
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** A row that holds nothing yet. */
  reserve(id: string): Row {
    const row: Row = { id, object: this.object, values: undefined, pending: undefined };
    this.#rows.set(id, row);
    return row;
  }

  forget(row: Row): void {
    this.put(row, undefined);
    this.#rows.delete(row.id);
  }

  /** Shows a version to everyone. */
  put(row: Row, values: Values | undefined): void {
    for (const index of this.#indexes.values()) index.remove(row);
    row.values = values;
    if (!values || values.IsDeleted === true) return;
    for (const index of this.#indexes.values()) index.add(row);
  }

  /** Live rows whose key field holds a value, or undefined where the field is no key. */
  byKey(field: Field, value: string): readonly Row[] | undefined {
    if (field.type !== 'id') return this.#indexes.get(field.name)?.get(value);
    const row = this.#rows.get(toId18(value) ?? '');
    return row?.values ? [row] : [];
  }

  /** Makes a new field findable where it is a key. */
  index(field: Field): void {
    const isKey = field.unique || field.externalId || field.idLookup;
    if (isKey && field.type !== 'id') this.#indexes.set(field.name, new Index(field));
  }
}

/** Live rows by the value of one field, without regard to case unless the field has it. */
class Index {
  readonly #field: Field;
  readonly #rows = new Map<string, Set<Row>>();

  constructor(field: Field) {
    this.#field = field;
  }

  get(value: string): Row[] {
    return [...(this.#rows.get(this.#key(value)) ?? [])];
  }

  add(row: Row): void {
    const value = row.values?.[this.#field.name];
    if (value === null || value === undefined) return;
    const key = this.#key(String(value));
    const rows = this.#rows.get(key);
    if (rows) rows.add(row);
    else this.#rows.set(key, new Set([row]));
  }

  remove(row: Row): void {
    const value = row.values?.[this.#field.name];
    if (value === null || value === undefined) return;
    const key = this.#key(String(value));
    const rows = this.#rows.get(key);
    rows?.delete(row);
    if (rows?.size === 0) this.#rows.delete(key);
  }

  #key(value: string): string {
    return this.#field.caseSensitive ? value : value.toLowerCase();
  }
}

/** All tables of the org. */
export class Store {
  readonly #tables = new Map<string, Table>();

  constructor(objects: readonly ObjectType[]) {
    for (const object of objects) this.add(object);
  }

  add(object: ObjectType): void {
    this.#tables.set(object.name.toLowerCase(), new Table(object));
  }

  /** Found without regard to case. */
  table(name: string): Table | undefined {
    return this.#tables.get(name.toLowerCase());
  }

  tables(): Table[] {
    return [...this.#tables.values()];
  }

  /** The table that an id belongs to, by its first three characters. */
  tableOfId(id: string): Table | undefined {
    return this.tables().find(({ object }) => id.startsWith(object.keyPrefix));
  }

  /** A row that everyone can see, deleted ones included; takes ids of 15 and 18 characters. */
  find(id: string): Row | undefined {
    const id18 = toId18(id);
    const row = id18 === undefined ? undefined : this.tableOfId(id18)?.get(id18);
    return row?.values && row;
  }
}
