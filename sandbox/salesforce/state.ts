import { type CustomField, customField } from './custom-fields.ts';
import type { Values } from './fields.ts';
import { type CustomObject, customObject } from './objects/custom.ts';
import type { RecordCounters, Records } from './records.ts';
import type { Store } from './store.ts';

/** All that is in an org, as plain JSON; sessions, open transactions, rules, faults and traffic are no part of it. */
export interface OrgState {
  readonly version: 1;
  readonly objects: readonly CustomObject[];
  readonly fields: readonly CustomField[];
  readonly hidden: readonly (readonly [object: string, field: string])[];
  readonly counters: RecordCounters;
  /** Deleted ones included. */
  readonly rows: readonly (readonly [object: string, values: Values])[];
}

/** What an administrator added to an org, remembered so that it can be added again. */
export class Additions {
  readonly objects: CustomObject[] = [];
  readonly fields: CustomField[] = [];
}

export function dumpOrg(store: Store, records: Records, { objects, fields }: Additions): OrgState {
  const hidden = store.tables().flatMap(({ object }) => {
    const seen = new Set(object.fields());
    return object.allFields().flatMap((field) => (seen.has(field) ? [] : [[object.name, field.name] as const]));
  });
  const rows = store
    .tables()
    .flatMap((table) =>
      [...table.rows()].flatMap(({ object, values }) => (values ? [[object.name, values] as const] : [])),
    );
  return { version: 1, objects, fields, hidden, counters: records.dump(), rows };
}

/** Puts an org into a state that was dumped; objects and fields that it has beside those of the state stay. */
export function loadOrg(store: Store, records: Records, additions: Additions, state: OrgState): void {
  for (const asked of state.objects) {
    if (store.table(asked.name)) continue;
    store.add(customObject(asked, store.tables().filter(({ object }) => object.custom).length));
    additions.objects.push(asked);
  }
  for (const asked of state.fields) {
    const table = store.table(asked.object);
    if (!table || table.object.field(asked.name)) continue;
    const field = customField(asked);
    table.object.add(field);
    table.index(field);
    additions.fields.push(asked);
  }
  for (const table of store.tables()) for (const row of table.rows()) table.forget(row);
  for (const [name, values] of state.rows) {
    const table = store.table(name);
    if (table) table.put(table.reserve(String(values.Id)), values);
  }
  for (const [name, field] of state.hidden) store.table(name)?.object.setHidden(field, true);
  records.load(state.counters);
}
