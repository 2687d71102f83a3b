import type { Migration } from './migration.ts';

/** Records whose parent has no pair yet. */
export const parents: Migration = {
  number: 5,
  name: 'parents',
  statements: [
    `create table parents (
      object text not null,
      system text not null,
      record_id text not null,
      parent_object text not null,
      parent_system text not null,
      parent_id text not null,
      since timestamptz not null default now(),
      primary key (object, system, record_id, parent_object, parent_system, parent_id)
    )`,
    'create index parents_parent on parents (parent_object, parent_system, parent_id)',
  ],
};
