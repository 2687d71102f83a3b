import type { Migration } from './migration.ts';

/** Pairs that somebody asked for by hand, until the record's next pass takes them up. */
export const pairings: Migration = {
  number: 8,
  name: 'pairings',
  statements: [
    `create table pairings (
      object text not null,
      hubspot_id text not null,
      salesforce_id text not null,
      asked_at timestamptz not null default now(),
      primary key (object, hubspot_id)
    )`,
  ],
};
