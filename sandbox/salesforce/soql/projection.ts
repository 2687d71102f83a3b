import type { Field, Values } from '../fields.ts';
import type { ObjectType } from '../objects/index.ts';
import type { Store } from '../store.ts';
import { type Column, parentOf } from './paths.ts';

/** `attributes` of a record, as every answer with records has it. */
export const attributesOf = (basePath: string, type: string, id: unknown) => ({
  type,
  url: `${basePath}/sobjects/${type}/${String(id)}`,
});

/** Makes records with the selected columns; a parent is an object of its own, or null. */
export function projection(
  { store, basePath }: { store: Store; basePath: string },
  object: ObjectType,
  columns: readonly Column[],
): (values: Values) => Record<string, unknown> {
  return (values) => {
    const record: Record<string, unknown> = { attributes: attributesOf(basePath, object.name, values.Id) };
    for (const { parents, field, read } of columns) {
      let at: Record<string, unknown> | undefined = record;
      for (const [depth, parent] of parents.entries()) {
        const name = parent.relationshipName as string;
        if (at[name] === undefined) {
          const above = parentOf(store, parents.slice(0, depth + 1), values);
          at[name] = above ? { attributes: parentAttributes(store, basePath, parent, above.Id) } : null;
        }
        at = (at[name] ?? undefined) as Record<string, unknown> | undefined;
        if (!at) break;
      }
      if (at) at[field.name] = read(values);
    }
    return record;
  };
}

/** Where several objects may be meant, the type is `Name`, and the address tells which it is. */
function parentAttributes(store: Store, basePath: string, parent: Field, id: unknown) {
  const type = store.find(String(id))?.object.name ?? String(parent.referenceTo[0]);
  const attributes = attributesOf(basePath, type, id);
  return parent.referenceTo.length > 1 ? { ...attributes, type: 'Name' } : attributes;
}
