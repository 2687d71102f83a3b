import type { Migration } from './migration.ts';

/** A record's own workflow and runs may wait for one segment beside each other. */
export const waiters: Migration = {
  number: 3,
  name: 'waiters',
  statements: [
    `alter table waits add column waiters text[] not null default '{}'`,
    'update waits set waiters = array[workflow_id]',
    'alter table waits drop column workflow_id',
    'alter table waits alter column waiters drop default',
  ],
};
