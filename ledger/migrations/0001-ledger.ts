import type { Migration } from './migration.ts';

/** Times are the database's own; ids are texts; documents are jsonb; counts fit 32 bits. */
export const ledger: Migration = {
  number: 1,
  name: 'ledger',
  statements: [
    `create table identity (
      one boolean primary key default true check (one),
      portal_id text,
      org_id text,
      hmac_key text
    )`,

    `create table pairs (
      pair_id text primary key,
      object text not null,
      hubspot_id text not null,
      salesforce_id text not null,
      salesforce_type text not null,
      base jsonb,
      version integer not null,
      batch_id text not null,
      opened_at timestamptz not null default now(),
      moved_at timestamptz not null default now(),
      ended_at timestamptz
    ) with (fillfactor = 85)`,
    'create unique index pairs_live_hubspot on pairs (object, hubspot_id) where ended_at is null',
    'create unique index pairs_live_salesforce on pairs (object, salesforce_id) where ended_at is null',
    'create index pairs_hubspot on pairs (object, hubspot_id) where ended_at is not null',
    'create index pairs_salesforce on pairs (object, salesforce_id) where ended_at is not null',

    `create table leases (
      key text primary key,
      owner text not null,
      attempt integer not null,
      until timestamptz not null,
      ref text,
      again integer not null default 0,
      waiting text[] not null default '{}'
    ) with (fillfactor = 50)`,
    'create index leases_owner on leases (owner)',

    `create table decisions (
      seq bigint generated always as identity primary key,
      object text not null,
      system text not null,
      record_id text not null,
      outcome text not null,
      reason text,
      verdict text,
      basis text,
      segment_id text,
      segment_version text,
      evidence_hash text,
      changed_at timestamptz,
      decided_at timestamptz not null default now(),
      seen_at timestamptz not null default now(),
      latest boolean not null default true
    ) with (fillfactor = 85)`,
    'create unique index decisions_latest_record on decisions (object, system, record_id) where latest',
    'create index decisions_record on decisions (object, system, record_id, seq)',
    "create index decisions_failed on decisions (reason) where latest and outcome = 'failed'",
    'create view decisions_latest as select * from decisions where latest',

    `create table writes (
      seq bigint generated always as identity primary key,
      id text not null unique,
      object text not null,
      system text not null,
      record_id text,
      counterpart_id text,
      kind text not null,
      before jsonb not null,
      after jsonb not null,
      basis text not null,
      segment_version text,
      settings_version integer not null,
      run_id text,
      owner text not null,
      attempt integer not null,
      intended_at timestamptz not null default now()
    )`,
    'create index writes_record on writes (object, system, record_id, seq)',
    'create index writes_counterpart on writes (object, system, counterpart_id, seq)',
    `create table write_results (
      write_id text primary key,
      ok boolean,
      category text,
      code text,
      vendor_id text,
      settled_at timestamptz not null default now()
    )`,
    'create table open_writes (write_id text primary key)',

    `create table waits (
      object text not null,
      record_id text not null,
      segment_id text not null,
      expected boolean,
      segment_version text,
      reason text not null,
      since timestamptz not null,
      deadline timestamptz,
      look_again_at timestamptz,
      workflow_id text not null,
      primary key (object, record_id, segment_id)
    )`,
    'create index waits_segment on waits (segment_id, object, record_id)',
    'create index waits_deadline on waits (deadline) where deadline is not null',

    `create table conflicts (
      seq bigint generated always as identity primary key,
      id text not null unique,
      object text not null,
      system text not null,
      record_id text not null,
      field text not null,
      kept text not null,
      lost text,
      found_at timestamptz not null default now(),
      resolved_at timestamptz
    )`,
    'create index conflicts_record on conflicts (object, system, record_id, seq)',
    'create index conflicts_open on conflicts (seq) where resolved_at is null',

    `create table segments (
      segment_id text primary key,
      object text not null,
      state jsonb not null,
      updated_at timestamptz not null default now()
    )`,
    `create table cursors (
      name text primary key,
      value jsonb not null,
      updated_at timestamptz not null default now()
    )`,

    `create table drafts (
      draft integer generated always as identity primary key,
      text text not null,
      created_at timestamptz not null default now()
    )`,
    `create table settings_versions (
      version integer primary key,
      draft integer not null references drafts,
      replaces integer,
      settings jsonb not null,
      catalog jsonb not null,
      activated_at timestamptz not null default now()
    )`,

    `create table runs (
      id text primary key,
      kind text not null,
      object text,
      name text not null,
      state text not null default 'running',
      counts jsonb not null default '{}',
      started_at timestamptz not null default now(),
      ended_at timestamptz
    )`,
    'create index runs_started on runs (started_at desc)',
  ],
};
