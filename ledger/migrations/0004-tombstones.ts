import type { Migration } from './migration.ts';

/** What became of records that were deleted, merged away or converted. */
export const tombstones: Migration = {
  number: 4,
  name: 'tombstones',
  statements: [
    `create table tombstones (
      object text not null,
      system text not null,
      record_id text not null,
      fate text not null,
      into_id text,
      noted_at timestamptz not null default now(),
      primary key (object, system, record_id)
    )`,
  ],
};
