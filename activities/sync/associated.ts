import { type Associated, filterAssociations } from '../../core/segment-filter.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import { type HubSpotReader, VendorError } from '../../crm/types.ts';
import { askedLists, type Pass, unique } from './context.ts';

/** What the segments' filters may read of the records that others are associated with. */
export interface AssociatedValues {
  /** For one record, by id. */
  of(id: string): Associated;
  /** When one of its associated records changed last, milliseconds; 0 where none is read. */
  changedAtMs(id: string): number;
}

/** One associated record, with the ways in which it belongs to another. */
interface Other {
  readonly ways: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string | null>>;
  readonly changedAtMs: number;
}

const wayOf = (typeId: number, category: string): string => `${category}/${typeId}`;

/** Reads the records that the filters of an object's segments look at beside the records themselves: most filters at none. */
export async function readAssociated(
  pass: Pass,
  object: ObjectSettings,
  ids: readonly string[],
): Promise<AssociatedValues> {
  const branches = askedLists(pass, object).map((id) => pass.engine.definitions.get(id)?.filterBranch);
  const reads = branches.flatMap(filterAssociations);
  const others = new Map<string, Other[]>();
  const told = new Set<string>();
  for (const [typeId, group] of Map.groupBy(reads, ({ objectTypeId }) => objectTypeId)) {
    const names = unique(group.flatMap((read) => read.names));
    const found = await othersOf(pass, object.hubspot.typeId, typeId, ids, names);
    if (!found) continue;
    for (const { associationTypeId, category } of group) told.add(wayOf(associationTypeId, category));
    for (const [id, more] of found) others.set(id, [...(others.get(id) ?? []), ...more]);
  }
  const ofRecord = (id: string): readonly Other[] => others.get(id) ?? [];
  return {
    of: (id) => (associationTypeId, category) => {
      const way = wayOf(associationTypeId, category);
      if (!told.has(way)) return undefined;
      return ofRecord(id).flatMap(({ ways, values }) => (ways.has(way) ? [values] : []));
    },
    changedAtMs: (id) => Math.max(0, ...ofRecord(id).map(({ changedAtMs }) => changedAtMs)),
  };
}

/** By record; undefined where our token may not read records of that type: then nothing is known of them. */
async function othersOf(
  pass: Pass,
  from: string,
  to: string,
  ids: readonly string[],
  names: readonly string[],
): Promise<Map<string, Other[]> | undefined> {
  const { reader } = pass.engine.hubspot;
  try {
    const associated = await reader.associated(from, to, ids);
    const otherIds = unique([...associated.values()].flatMap((rows) => rows.map(({ id }) => id)));
    const told = await toldProperties(reader, to, names);
    const { records } = await reader.readRecords(to, otherIds, told);
    const found = new Map<string, Other[]>();
    for (const [id, rows] of associated) {
      found.set(
        id,
        rows.flatMap(({ id: otherId, types }) => {
          const record = records.get(otherId);
          if (!record) return []; // archived
          const values = Object.fromEntries(told.map((name) => [name, record.properties[name] ?? null]));
          const ways = new Set(types.map(({ typeId, category }) => wayOf(typeId, category)));
          return [{ ways, values, changedAtMs: Date.parse(record.modifiedAt) }];
        }),
      );
    }
    return found;
  } catch (error) {
    if (error instanceof VendorError && error.category === 'permissions') return undefined;
    throw error;
  }
}

const calculated = new WeakMap<object, Map<string, ReadonlySet<string>>>();

/** Values of calculated properties lag behind: filters on them are not told. */
async function toldProperties(reader: HubSpotReader, type: string, names: readonly string[]): Promise<string[]> {
  const known = calculated.get(reader) ?? new Map<string, ReadonlySet<string>>();
  calculated.set(reader, known);
  let lagging = known.get(type);
  if (!lagging) {
    const properties = await reader.properties(type);
    lagging = new Set([...properties].filter(([, property]) => property.calculated).map(([name]) => name));
    known.set(type, lagging);
  }
  const those = lagging;
  return names.filter((name) => !those.has(name));
}
