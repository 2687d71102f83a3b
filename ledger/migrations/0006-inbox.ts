import type { Migration } from './migration.ts';

/** Notices that came from outside, kept until they are handed over, and a while longer to drop repeats. */
export const inbox: Migration = {
  number: 6,
  name: 'inbox',
  statements: [
    `create table inbox (
      key text primary key,
      object text not null,
      system text not null,
      record_id text not null,
      occurred_at timestamptz not null,
      received_at timestamptz not null default now(),
      handed_at timestamptz
    )`,
    'create index inbox_pending on inbox (received_at) where handed_at is null',
    'create index inbox_handed on inbox (handed_at) where handed_at is not null',
  ],
};
