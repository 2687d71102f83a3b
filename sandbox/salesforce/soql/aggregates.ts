import { type Field, type FieldValue, field, type Values } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { NotModelled } from './parse.ts';
import type { Column } from './paths.ts';

/** A grouped field, or a function of a field; `COUNT()` has none. */
export interface Aggregate {
  readonly column: Column | undefined;
  readonly fn: string | undefined;
}

/** One column of a grouped answer. */
export interface AggregateColumn extends Aggregate {
  /** The alias or the field's name; undefined for a function without alias, which is called `expr0`, `expr1`, … */
  readonly name: string | undefined;
}

export type Group = readonly Values[];

/** The records by what they are grouped by, in the order in which the groups appear; all in one where nothing is. */
export function grouped(found: readonly Values[], groupBy: readonly Column[]): Group[] {
  const groups = new Map<string, Values[]>();
  // Without groups there is one answer, even where nothing was found.
  if (groupBy.length === 0) groups.set('[]', []);
  for (const values of found) {
    const key = JSON.stringify(groupBy.map(({ read }) => read(values)));
    const group = groups.get(key);
    if (group) group.push(values);
    else groups.set(key, [values]);
  }
  return [...groups.values()];
}

/** Throws for a field that is neither grouped nor in a function. */
export function mustBeGrouped({ column, fn }: Aggregate, groupBy: readonly Column[]): void {
  if (fn !== undefined || groupBy.some(({ field: each }) => each === column?.field)) return;
  throw new Refusal(400, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${column?.field.name ?? ''}`);
}

/** The group's record in the answer. */
export function groupRecord(group: Group, columns: readonly AggregateColumn[]): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  let unnamed = 0;
  for (const each of columns) {
    const name = each.name ?? `expr${unnamed}`;
    if (each.name === undefined) unnamed += 1;
    record[name] = resultOf(each, group);
  }
  return record;
}

/** Whose values a function's results are like. */
export function fieldOf({ column, fn }: Aggregate): Field {
  const isLikeIts = fn === undefined || fn === 'MIN' || fn === 'MAX';
  return isLikeIts && column ? column.field : field(fn ?? 'COUNT', 'double', { precision: 18, scale: 9 });
}

export function resultOf({ column, fn }: Aggregate, group: Group): FieldValue {
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
    case 'SUM':
      return present.length === 0 ? null : sum(present);
    case 'AVG':
      return present.length === 0 ? null : sum(present) / present.length;
    default:
      throw new NotModelled(`the function ${fn}`);
  }
}

const sum = (values: readonly NonNullable<FieldValue>[]): number =>
  values.reduce<number>((total, value) => total + Number(value), 0);

function extreme(
  values: readonly NonNullable<FieldValue>[],
  isBetter: (a: NonNullable<FieldValue>, b: NonNullable<FieldValue>) => boolean,
): FieldValue {
  return values.reduce<FieldValue>((best, value) => (best === null || isBetter(value, best) ? value : best), null);
}
