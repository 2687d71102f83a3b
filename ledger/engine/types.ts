/** Numbers of PostgreSQL's own types (`select oid, typname from pg_type`). */
const bigint = 20;
const timestamptz = 1184;

/** Both drivers have other defaults for these; the ledger reads them alike on both. */
export const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  // Counts and sequences stay far below 2^53.
  [bigint]: Number,
  [timestamptz]: (text) => new Date(text).toISOString(),
};
