import type { Values } from '../fields.ts';
import type { ObjectType } from '../objects.ts';
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
          const type = parent.referenceTo[0] as string;
          at[name] = above ? { attributes: attributesOf(basePath, type, above.Id) } : null;
        }
        at = (at[name] ?? undefined) as Record<string, unknown> | undefined;
        if (!at) break;
      }
      if (at) at[field.name] = read(values);
    }
    return record;
  };
}
