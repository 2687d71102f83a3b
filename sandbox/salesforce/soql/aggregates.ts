import type { FieldValue, Values } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { NotModelled } from './parse.ts';
import type { Column } from './paths.ts';

/** One column of a grouped answer: a grouped field, or a function of a field (`COUNT()` has none). */
export interface AggregateColumn {
  /** The alias or the field's name; undefined for a function without alias, which is called `expr0`, `expr1`, … */
  readonly name: string | undefined;
  readonly column: Column | undefined;
  readonly fn: string | undefined;
}

/** One record per group, in the order in which the groups appear; one in all where nothing is grouped. */
export function aggregated(
  found: readonly Values[],
  groupBy: readonly Column[],
  columns: readonly AggregateColumn[],
): Record<string, unknown>[] {
  for (const { column, fn } of columns) {
    if (fn === undefined && !groupBy.some(({ field }) => field === column?.field)) {
      throw new Refusal(400, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${column?.field.name ?? ''}`);
    }
  }
  const groups = new Map<string, Values[]>();
  // Without groups there is one answer, even where nothing was found.
  if (groupBy.length === 0) groups.set('[]', []);
  for (const values of found) {
    const key = JSON.stringify(groupBy.map(({ read }) => read(values)));
    const group = groups.get(key);
    if (group) group.push(values);
    else groups.set(key, [values]);
  }
  return [...groups.values()].map((group) => {
    const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
    let unnamed = 0;
    for (const each of columns) {
      const name = each.name ?? `expr${unnamed}`;
      if (each.name === undefined) unnamed += 1;
      record[name] = result(each, group);
    }
    return record;
  });
}

function result({ column, fn }: AggregateColumn, group: readonly Values[]): FieldValue {
  const read = column?.read ?? ((values: Values) => values.Id ?? null);
  const present = group.map(read).filter((value) => value !== null);
  switch (fn) {
    case undefined:
      return group[0] ? read(group[0]) : null;
    case 'COUNT':
      return present.length;
    case 'COUNT_DISTINCT':
      return new Set(present).size;
    case 'MIN':
      return extreme(present, (a, b) => a < b);
    case 'MAX':
      return extreme(present, (a, b) => a > b);
    default:
      throw new NotModelled(`the function ${fn}`);
  }
}

function extreme(
  values: readonly NonNullable<FieldValue>[],
  isBetter: (a: NonNullable<FieldValue>, b: NonNullable<FieldValue>) => boolean,
): FieldValue {
  return values.reduce<FieldValue>((best, value) => (best === null || isBetter(value, best) ? value : best), null);
}
