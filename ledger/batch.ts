import { type RawBuilder, sql } from 'kysely';
import type { RecordRef } from '../core/record-ref.ts';

type SqlType = 'text' | 'integer' | 'boolean' | 'jsonb' | 'timestamptz';

/** Column name, its type and where its value comes from. */
export type Columns<Row> = Readonly<Record<string, readonly [type: SqlType, read: (row: Row) => Value]>>;
/** Documents are written as JSON; null and undefined as null. */
type Value = string | number | boolean | object | null | undefined;

/** PostgreSQL holds neither the character NUL nor half of a surrogate pair; one such value must not stop a batch. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

/** A document as JSON text, to be cast to jsonb. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, each: unknown) => (typeof each === 'string' ? storable(each) : each));

const asText = (value: Value): string | null => {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? toJson(value) : storable(`${value}`);
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
