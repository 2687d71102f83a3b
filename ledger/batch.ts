import { type RawBuilder, sql } from 'kysely';
import type { RecordRef } from '../core/record-ref.ts';

type SqlType = 'text' | 'integer' | 'boolean' | 'jsonb' | 'timestamptz';

/** Column name, its type and where its value comes from. */
export type Columns<Row> = Readonly<Record<string, readonly [type: SqlType, read: (row: Row) => Value]>>;
/** Documents are written as JSON; null and undefined as null. */
type Value = string | number | boolean | object | null | undefined;

const asText = (value: Value): string | null => {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`;
};

/**
 * A batch as one relation: one array parameter for each column, so that neither statements nor parameters grow with the
 * rows. All arrays travel as texts and are cast inside, which every driver does alike.
 */
export function relation<Row>(rows: readonly Row[], columns: Columns<Row>): RawBuilder<unknown> {
  const entries = Object.entries(columns);
  const arrays = entries.map(([, [, read]]) => sql`${rows.map((row) => asText(read(row)))}::text[]`);
  const names = entries.map(([name]) => sql.ref(name));
  const casts = entries.map(([name, [type]]) => sql`${sql.ref(name)}::${sql.raw(type)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(casts)} from unnest(${sql.join(arrays)}) as given(${sql.join(names)}))`;
}

/** The columns of a ref. */
export const refColumns = {
  object: ['text', (ref: RecordRef) => ref.object],
  system: ['text', (ref: RecordRef) => ref.system],
  record_id: ['text', (ref: RecordRef) => ref.id],
} as const satisfies Columns<RecordRef>;
