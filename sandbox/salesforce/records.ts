import type { Clock } from '../common/clock.ts';
import type { Automations } from './automations.ts';
import type { DuplicateOptions, DuplicateRules } from './duplicate-rules.ts';
import type { Field, FieldValue, Values } from './fields.ts';
import { withForeignIds } from './foreign-keys.ts';
import { IdSequence } from './ids.ts';
import { missing, readInput } from './input.ts';
import type { ObjectType } from './objects/index.ts';
import { Refusal, recordDeleted } from './refusal.ts';
import { toStamp } from './stamps.ts';
import type { Row, Store } from './store.ts';
import type { Transactions } from './transactions.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { ValidationRules } from './validation-rules.ts';

/** Who writes: the API client, or a person whose edits are not counted as traffic. */
export interface Actor {
  readonly userId: string;
  readonly isApi: boolean;
  /** How an API client wants duplicates treated; people see no rule. */
  readonly duplicates?: DuplicateOptions | undefined;
  /** Whether assignment rules run on what an API client makes; they do unless it says no. */
  readonly assigns?: boolean | undefined;
  /** An open transaction that keeps the write invisible until it commits. */
  readonly transaction?: string | undefined;
  /** The moment that goes into the stamps instead of now, in milliseconds; for records that are older than the org. */
  readonly at?: number | undefined;
}

export interface RecordCounters {
  readonly nextId: number;
  readonly numbers: readonly (readonly [object: string, number: number])[];
}

type Input = Readonly<Record<string, unknown>>;

/** Writes records by Salesforce's rules. Everything that it refuses is a `Refusal`, thrown before anything changed. */
export class Records {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #transactions: Transactions;
  readonly #rules: ValidationRules;
  readonly #duplicates: DuplicateRules;
  readonly #automations: Automations;
  readonly #ids = new IdSequence();
  /** How far automatic numbers have come. */
  readonly #numbers = new Map<ObjectType, number>();

  constructor(parts: {
    store: Store;
    clock: Clock;
    transactions: Transactions;
    rules: ValidationRules;
    duplicates: DuplicateRules;
    automations: Automations;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#transactions = parts.transactions;
    this.#rules = parts.rules;
    this.#duplicates = parts.duplicates;
    this.#automations = parts.automations;
  }

  /** Answers the new record's id. */
  create(unit: UnitOfWork, object: ObjectType, input: Input, actor: Actor): string {
    const read = readInput(object, withForeignIds(this.#store, object, input), 'create');
    const absent = object.allFields().filter((field) => {
      const given = read.get(field) ?? field.defaultValue;
      return field.createable && !field.nillable && given === null && field.name !== 'OwnerId';
    });
    if (absent.length > 0) throw missing(absent);
    const table = this.#tableOf(object);
    const id = this.#ids.take(object.keyPrefix);
    const stamp = this.#stamp(actor);
    const values = this.#saved(object, {
      ...Object.fromEntries(object.allFields().map((field) => [field.name, field.defaultValue])),
      ...(object.field('OwnerId') && { OwnerId: actor.userId }),
      ...this.#resolved(read),
      ...(actor.isApi && actor.assigns !== false && this.#automations.assigned(object)),
      ...this.#numbered(object),
      Id: id,
      CreatedDate: stamp,
      CreatedById: actor.userId,
      LastModifiedDate: stamp,
      LastModifiedById: actor.userId,
      SystemModstamp: stamp,
    });
    this.#check(object, id, values, read.keys(), actor);
    const row = table.reserve(id);
    this.#show(row, values, actor);
    unit.did(() => table.forget(row), written(actor, 'create', row, read));
    return id;
  }

  /** With what triggers make of them. */
  #saved(object: ObjectType, values: Values): Values {
    return completed(object, this.#automations.rewritten(object, values));
  }

  /** How far ids and automatic numbers have come. */
  dump(): RecordCounters {
    return { nextId: this.#ids.next, numbers: [...this.#numbers].map(([object, number]) => [object.name, number]) };
  }

  load({ nextId, numbers }: RecordCounters): void {
    this.#ids.next = nextId;
    this.#numbers.clear();
    for (const [name, number] of numbers) {
      const object = this.#store.table(name)?.object;
      if (object) this.#numbers.set(object, number);
    }
  }

  #numbered(object: ObjectType): Values {
    const entries = object.allFields().flatMap(({ name, autoNumber }) => {
      if (autoNumber === 0) return [];
      const number = (this.#numbers.get(object) ?? 0) + 1;
      this.#numbers.set(object, number);
      return [[name, String(number).padStart(autoNumber, '0')] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Changes the fields that `input` names. The stamps move even where every value stays the same, as in Salesforce. */
  update(unit: UnitOfWork, row: Row, input: Input, actor: Actor): void {
    const read = readInput(row.object, withForeignIds(this.#store, row.object, input), 'update');
    if (actor.isApi) this.#automations.mustBeUnlocked(row.id);
    const before = this.#current(row, actor);
    if (before.IsConverted === true) {
      throw new Refusal(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', []);
    }
    const values = this.#saved(row.object, { ...before, ...this.#resolved(read), ...this.#touched(actor) });
    this.#check(row.object, row.id, values, read.keys(), actor);
    this.#replace(unit, row, values, actor, written(actor, 'update', row, read));
  }

  /** Moves a record to the recycle bin: readable by `queryAll` only. */
  remove(unit: UnitOfWork, row: Row, actor: Actor): void {
    if (actor.isApi) this.#automations.mustBeUnlocked(row.id);
    const before = this.#current(row, actor);
    const values = { ...before, IsDeleted: true, SystemModstamp: this.#stamp(actor) };
    const write = actor.isApi
      ? ({ kind: 'archive', type: row.object.name, id: row.id, fields: ['IsDeleted'] } as const)
      : undefined;
    this.#replace(unit, row, values, actor, write);
  }

  /** Writes fields that no API client may write, as Salesforce itself does on undelete, merge and conversion. */
  rewrite(unit: UnitOfWork, row: Row, values: Values, actor: Actor): void {
    const before = row.pending ?? row.values;
    if (!before) throw recordDeleted();
    this.#replace(
      unit,
      row,
      completed(row.object, { ...before, ...values, ...this.#touched(actor) }),
      actor,
      undefined,
    );
  }

  /** The version that a writer starts from. */
  #current(row: Row, actor: Actor): Values {
    if (row.pending && (actor.isApi || actor.transaction === undefined)) {
      const text = `unable to obtain exclusive access to this record or 1 records: ${row.id}`;
      throw new Refusal(400, 'UNABLE_TO_LOCK_ROW', text, []);
    }
    const values = row.pending ?? row.values;
    if (!values || values.IsDeleted === true) throw recordDeleted();
    return values;
  }

  #replace(unit: UnitOfWork, row: Row, values: Values, actor: Actor, write: Parameters<UnitOfWork['did']>[1]): void {
    const { values: before, pending } = row;
    this.#show(row, values, actor);
    unit.did(() => {
      this.#tableOf(row.object).put(row, before);
      row.pending = pending;
    }, write);
  }

  /** At once, or when the transaction commits. API calls commit before they are answered. */
  #show(row: Row, values: Values, actor: Actor): void {
    const table = this.#tableOf(row.object);
    const transaction = actor.isApi ? undefined : (actor.transaction ?? this.#transactions.delayed());
    if (transaction === undefined) return table.put(row, values);
    row.pending = values;
    this.#transactions.join(transaction, () => {
      if (row.pending) table.put(row, row.pending);
      row.pending = undefined;
    });
  }

  #check(object: ObjectType, id: string, values: Values, written: Iterable<Field>, actor: Actor): void {
    this.#rules.check(object, id, values, actor.isApi);
    if (actor.duplicates) this.#duplicates.check(this.#store, object, id, values, actor.duplicates);
    for (const field of written) {
      const value = values[field.name];
      if (!field.unique || value === null || value === undefined) continue;
      const other = this.#tableOf(object)
        .byKey(field, String(value))
        ?.find((row) => row.id !== id);
      if (!other) continue;
      const text = `duplicate value found: ${field.name} duplicates value on record with id: ${other.id}`;
      throw new Refusal(400, 'DUPLICATE_VALUE', text, []);
    }
  }

  /** Values by field name, references in their long form and pointing at records that exist. */
  #resolved(read: ReadonlyMap<Field, FieldValue>): Values {
    const values: Record<string, FieldValue> = {};
    for (const [field, value] of read) {
      values[field.name] = value;
      if (field.type !== 'reference' || value === null) continue;
      const target = this.#store.find(String(value));
      if (!target?.values || target.values.IsDeleted === true || !field.referenceTo.includes(target.object.name)) {
        throw new Refusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
      }
      if (field.name === 'OwnerId' && target.values.IsActive === false) {
        throw new Refusal(400, 'INACTIVE_OWNER_OR_USER', 'operation performed with inactive user', [field.name]);
      }
      values[field.name] = target.id;
    }
    return values;
  }

  #touched(actor: Actor): Values {
    const stamp = this.#stamp(actor);
    return { LastModifiedDate: stamp, LastModifiedById: actor.userId, SystemModstamp: stamp };
  }

  #stamp(actor: Actor): string {
    return toStamp(actor.at ?? this.#clock.now());
  }

  #tableOf(object: ObjectType) {
    const table = this.#store.table(object.name);
    if (!table) throw new Error(`The sandbox has no table for ${object.name}.`);
    return table;
  }
}

/** With the fields that are worked out from others. */
function completed(object: ObjectType, values: Values): Values {
  const worked = object
    .allFields()
    .flatMap(({ name, formula }) => (formula ? [[name, formula.value(values)] as const] : []));
  return { ...values, ...Object.fromEntries(worked) };
}

const written = (actor: Actor, kind: 'create' | 'update', row: Row, read: ReadonlyMap<Field, FieldValue>) =>
  actor.isApi
    ? { kind, type: row.object.name, id: row.id, fields: [...read.keys()].map(({ name }) => name) }
    : undefined;
