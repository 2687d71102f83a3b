import type { ColumnType, GeneratedAlways, Kysely } from 'kysely';

/** A time as both engines give it: ISO with milliseconds, in UTC. */
type Time = ColumnType<string, string | undefined, string>;
/** A document. Written as JSON text with a cast, read as the value. */
type Json<T> = ColumnType<T, string, string>;

export interface IdentityTable {
  readonly one: ColumnType<true, true, never>;
  portal_id: string | null;
  org_id: string | null;
  /** 64 hexadecimal digits; null where the key is kept outside the database. */
  hmac_key: string | null;
}

export interface PairsTable {
  pair_id: string;
  object: string;
  hubspot_id: string;
  salesforce_id: string;
  salesforce_type: string;
  /** Null until a first sync is confirmed. */
  base: Json<Record<string, string | null>> | null;
  version: number;
  /** The batch that moved the pair last: a repeated batch knows its own work by it. */
  batch_id: string;
  opened_at: Time;
  moved_at: Time;
  /** Null while the pair is live. */
  ended_at: Time | null;
}

export interface LeasesTable {
  key: string;
  owner: string;
  attempt: number;
  until: Time;
  /** The record that the holder works on under this key. */
  ref: string | null;
  /** Grows with each mark, so that a mark set between hand-over and clearing is seen. */
  again: number;
  /** The records to run again when the key is free. */
  waiting: string[];
}

export interface DecisionsTable {
  seq: GeneratedAlways<number>;
  object: string;
  system: string;
  record_id: string;
  outcome: string;
  reason: string | null;
  verdict: string | null;
  basis: string | null;
  segment_id: string | null;
  segment_version: string | null;
  evidence_hash: string | null;
  changed_at: Time | null;
  decided_at: Time;
  seen_at: Time;
  latest: boolean;
}

export interface WritesTable {
  seq: GeneratedAlways<number>;
  id: string;
  object: string;
  system: string;
  record_id: string | null;
  counterpart_id: string | null;
  kind: string;
  before: Json<Record<string, unknown>>;
  after: Json<Record<string, unknown>>;
  basis: string;
  segment_version: string | null;
  settings_version: number;
  run_id: string | null;
  owner: string;
  attempt: number;
  intended_at: Time;
}

export interface WriteResultsTable {
  write_id: string;
  /** Null: cut off, nobody knows; the next read decides. */
  ok: boolean | null;
  category: string | null;
  code: string | null;
  vendor_id: string | null;
  settled_at: Time;
}

export interface WaitsTable {
  object: string;
  record_id: string;
  segment_id: string;
  expected: boolean | null;
  segment_version: string | null;
  reason: string;
  since: Time;
  deadline: Time | null;
  /** When a look can bring news although nothing changes. */
  look_again_at: Time | null;
  waiters: string[];
}

export interface ConflictsTable {
  seq: GeneratedAlways<number>;
  id: string;
  object: string;
  system: string;
  record_id: string;
  field: string;
  kept: string;
  lost: string | null;
  found_at: Time;
  resolved_at: Time | null;
}

export interface SegmentsTable {
  segment_id: string;
  object: string;
  state: Json<unknown>;
  /** The version that an operator declared as one that its filter must not be asked about; null: none. */
  trusted_version: string | null;
  updated_at: Time;
}

export interface CursorsTable {
  name: string;
  value: Json<unknown>;
  updated_at: Time;
}

export interface DraftsTable {
  draft: GeneratedAlways<number>;
  text: string;
  created_at: Time;
}

export interface SettingsVersionsTable {
  version: number;
  draft: number;
  replaces: number | null;
  settings: Json<unknown>;
  catalog: Json<unknown>;
  activated_at: Time;
}

export interface RunsTable {
  id: string;
  kind: string;
  object: string | null;
  name: string;
  state: string;
  counts: Json<Record<string, number>>;
  started_at: Time;
  ended_at: Time | null;
}

/** Every table of the ledger; which engine holds them is known in `engine/` alone. */
export interface Tables {
  identity: IdentityTable;
  pairs: PairsTable;
  leases: LeasesTable;
  decisions: DecisionsTable;
  decisions_latest: DecisionsTable;
  writes: WritesTable;
  write_results: WriteResultsTable;
  /** Intents without a result: a small table beside the append-only ones, so that health never scans those. */
  open_writes: { write_id: string };
  waits: WaitsTable;
  conflicts: ConflictsTable;
  segments: SegmentsTable;
  cursors: CursorsTable;
  drafts: DraftsTable;
  settings_versions: SettingsVersionsTable;
  runs: RunsTable;
}

/** The handle for queries. Inside a transaction only that transaction's handle may be used: PGlite has one session. */
export type Db = Kysely<Tables>;
