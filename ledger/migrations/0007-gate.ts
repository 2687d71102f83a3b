import type { Migration } from './migration.ts';

/** Versions of segments that are judged by HubSpot's answer alone; writes on another basis than an open gate, by basis. */
export const gate: Migration = {
  number: 7,
  name: 'gate',
  statements: [
    'alter table segments add column trusted_version text',
    "create index writes_exceptions on writes (basis) where basis not in ('open', 'noSegment')",
  ],
};
