import type { OrderByClause } from '@jetstreamapp/soql-parser-js';
import type { Field, FieldValue, Values } from '../fields.ts';
import { folding } from './conditions.ts';
import { NotModelled } from './parse.ts';
import { columnOf, type Scope } from './paths.ts';

/** What rows are put in order by: how it is read and whose values it has. */
export interface Key<T> {
  readonly field: Field;
  read(row: T): FieldValue;
}

/** Records in the order that a query asks for; blanks come first unless it says otherwise. */
export const ordered = (scope: Scope, found: readonly Values[], orderBy: readonly OrderByClause[]): readonly Values[] =>
  sorted(found, orderBy, (clause) => {
    if (!('field' in clause)) throw new NotModelled('ORDER BY a function');
    return columnOf(scope, clause.field);
  });

export function sorted<T>(
  found: readonly T[],
  orderBy: readonly OrderByClause[],
  keyOf: (clause: OrderByClause) => Key<T>,
): readonly T[] {
  if (orderBy.length === 0) return found;
  const keys = orderBy.map((clause) => {
    const key = keyOf(clause);
    const sign = clause.order === 'DESC' ? -1 : 1;
    return { key, fold: folding(key.field), sign, blanksLast: clause.nulls === 'LAST' };
  });
  return found.toSorted((a, b) => {
    for (const { key, fold, sign, blanksLast } of keys) {
      const left = fold(key.read(a));
      const right = fold(key.read(b));
      if (left === right) continue;
      if (left === null) return blanksLast ? 1 : -1;
      if (right === null) return blanksLast ? -1 : 1;
      return left < right ? -sign : sign;
    }
    return 0;
  });
}

export const windowed = <T>(
  rows: readonly T[],
  { limit, offset = 0 }: { limit?: number; offset?: number },
): readonly T[] => rows.slice(offset, limit === undefined ? undefined : offset + limit);
