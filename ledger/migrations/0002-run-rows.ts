import type { Migration } from './migration.ts';

/** The records of a run that a person may want to look at. */
export const runRows: Migration = {
  number: 2,
  name: 'run rows',
  statements: [
    `create table run_rows (
      run_id text not null,
      object text not null,
      system text not null,
      record_id text not null,
      outcome text not null,
      reason text not null,
      noted_at timestamptz not null default now(),
      primary key (run_id, object, system, record_id)
    )`,
    'create index pairs_based on pairs (object, hubspot_id) where ended_at is null and base is not null',
  ],
};
