import type { Field, FieldValue, Values } from '../fields.ts';
import type { ObjectType } from '../objects/index.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store.ts';

/** A column of a query, its own or one of a parent record. */
export interface Column {
  /** The fields to follow upwards, each a reference; empty for a column of the object itself. */
  readonly parents: readonly Field[];
  readonly field: Field;
  read(values: Values): FieldValue;
}

/** Where a query stands: its object, and its text for the pointer in error messages. */
export interface Scope {
  readonly store: Store;
  readonly object: ObjectType;
  readonly alias: string | undefined;
  readonly text: string;
}

const advice = 'Please reference your WSDL or the describe call for the appropriate names.';

/** Finds a column by its path (`Email`, `Account.Name`, `c.Email` with alias c). Throws `INVALID_FIELD`. */
export function columnOf(scope: Scope, path: string): Column {
  const steps = path.split('.');
  const first = steps[0]?.toLowerCase();
  if (steps.length > 1 && (first === scope.alias?.toLowerCase() || first === scope.object.name.toLowerCase()))
    steps.shift();
  const last = steps.pop() as string;
  const parents: Field[] = [];
  let objects: readonly ObjectType[] = [scope.object];
  for (const step of steps) {
    const parent = objects
      .flatMap((object) => object.fields())
      .find((field) => field.relationshipName?.toLowerCase() === step.toLowerCase());
    const targets = parent?.referenceTo.flatMap((name) => scope.store.table(name)?.object ?? []) ?? [];
    if (!parent || targets.length === 0) {
      throw pointedAt(
        scope.text,
        path,
        `Didn't understand relationship '${step}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${advice}`,
      );
    }
    parents.push(parent);
    objects = targets;
  }
  // An owner is a user or a queue: what one of them has can be asked of both.
  const field = objects.map((object) => object.field(last)).find((found) => found !== undefined);
  if (!field) {
    throw pointedAt(
      scope.text,
      path,
      `No such column '${last}' on entity '${objects.length > 1 ? 'Name' : objects[0]?.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${advice}`,
    );
  }
  const isKind = objects.length > 1 && field.name === 'Type';
  const read = isKind ? kindOf(scope.store, parents) : readerOf(scope.store, parents, field.name);
  return { parents, field, read };
}

function readerOf(store: Store, parents: readonly Field[], name: string): Column['read'] {
  if (parents.length === 0) return (values) => values[name] ?? null;
  return (values) => parentOf(store, parents, values)?.[name] ?? null;
}

/** `Owner.Type`: what kind of owner it is. */
const kindOf =
  (store: Store, parents: readonly Field[]): Column['read'] =>
  (values) => {
    const id = parentOf(store, parents, values)?.Id;
    const object = typeof id === 'string' ? store.find(id)?.object.name : undefined;
    return object === 'Group' ? 'Queue' : (object ?? null);
  };

/** The record that the references lead to, or undefined where one of them is blank. */
export function parentOf(store: Store, parents: readonly Field[], values: Values): Values | undefined {
  let at: Values | undefined = values;
  for (const parent of parents) {
    const id: FieldValue | undefined = at?.[parent.name];
    at = typeof id === 'string' ? store.find(id)?.values : undefined;
  }
  return at;
}

/** A refusal that shows the place in the text, as Salesforce does. */
export function pointedAt(text: string, token: string, message: string): Refusal {
  const found = new RegExp(`(?<![\\w.])${token.replaceAll('.', '\\.')}(?![\\w.])`, 'i').exec(text);
  const at = found?.index ?? 0;
  const line = text.slice(Math.max(0, at - 40), at + 40).replaceAll('\n', ' ');
  const pointer = `${' '.repeat(Math.min(at, 40))}^`;
  return new Refusal(400, 'INVALID_FIELD', `\n${line}\n${pointer}\nERROR at Row:1:Column:${at + 1}\n${message}`);
}
