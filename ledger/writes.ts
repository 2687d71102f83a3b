import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { FailureCategory } from '../core/failures.ts';
import { otherSystem, type RecordRef, type System } from '../core/record-ref.ts';
import { relation } from './batch.ts';
import { type Holder, LeaseLost, SettingsMoved } from './holder.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

type Values = Readonly<Record<string, unknown>>;

/** One write that is about to be sent to `system`. A create has no `recordId` yet. */
export interface WriteIntent {
  readonly object: string;
  readonly system: System;
  readonly recordId?: string | undefined;
  /** The record of the other system that the values come from. */
  readonly counterpartId?: string | undefined;
  readonly kind: 'create' | 'update' | 'remove';
  /** What the fields held before and what they are to hold, as the vendor names and spells them. */
  readonly before: Values;
  readonly after: Values;
  /** The permit's basis. */
  readonly basis: string;
  readonly segmentVersion?: string | undefined;
  readonly runId?: string | undefined;
}

/** What must still hold at the moment in which an intent is noted. */
export interface WriteGuard {
  readonly holder: Holder;
  /** Lease keys; all must be held by this attempt for `needMs` longer. */
  readonly keys: readonly string[];
  readonly needMs: number;
  /** The version of the settings that the plan was made with. */
  readonly settingsVersion: number;
}

/** What became of an intent. `ok: null`: cut off, may have arrived; the next read decides. */
export interface WriteResult {
  readonly id: string;
  readonly ok: boolean | null;
  readonly category?: FailureCategory | undefined;
  readonly code?: string | undefined;
  /** The id of the record written. */
  readonly vendorId?: string | undefined;
}

/** A write as the ledger holds it. `result` is absent while the intent is open. */
export interface NotedWrite
  extends Omit<WriteIntent, 'recordId' | 'counterpartId' | 'segmentVersion' | 'runId'>,
    Holder {
  readonly id: string;
  readonly recordId: string | null;
  readonly counterpartId: string | null;
  readonly segmentVersion: string | null;
  readonly settingsVersion: number;
  readonly runId: string | null;
  readonly intendedAt: string;
  readonly result?: {
    readonly ok: boolean | null;
    readonly category: FailureCategory | null;
    readonly code: string | null;
    readonly vendorId: string | null;
    readonly settledAt: string;
  };
}

type Result = NonNullable<NotedWrite['result']>;
type Row = Omit<NotedWrite, 'result'> & Omit<Result, 'settledAt'> & { readonly settledAt: string | null };

/** The statement that adds results and takes their intents off the list of open ones. */
export function settling(results: readonly WriteResult[]): RawBuilder<unknown> {
  const given = relation(results, {
    id: ['text', ({ id }) => id],
    ok: ['boolean', ({ ok }) => ok],
    category: ['text', ({ category }) => category],
    code: ['text', ({ code }) => code],
    vendor_id: ['text', ({ vendorId }) => vendorId],
  });
  return sql`
    with given as ${given}, noted as (
      insert into write_results (write_id, ok, category, code, vendor_id)
      select id, ok, category, code, vendor_id from given order by id on conflict (write_id) do nothing
    )
    delete from open_writes using given where write_id = given.id`;
}

/**
 * The statement that ends what others left open for these records: they were cut off, may have arrived, and the read of
 * this pass has seen what became of them.
 */
export function settlingAbandoned(refs: readonly RecordRef[], { owner, attempt }: Holder): RawBuilder<unknown> {
  return sql`
    with abandoned as (
      select w.id from writes w join open_writes o on o.write_id = w.id
      where ${touches(refs)} and (w.owner, w.attempt) <> (${owner}, ${attempt}::integer)
    ), noted as (
      insert into write_results (write_id, code) select id, 'READ_AGAIN' from abandoned order by id
      on conflict (write_id) do nothing
    )
    delete from open_writes using abandoned where write_id = abandoned.id`;
}

/** Every write of any kind: a row before the call, a row after it, never changed. */
export class Writes {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Notes intents, in one statement, only while the guard holds; answers their ids in the order of the rows. Whoever
   * takes a lease over afterwards finds them in `open`. Throws `LeaseLost` or `SettingsMoved` with nothing noted.
   */
  async intend(rows: readonly WriteIntent[], guard: WriteGuard): Promise<string[]> {
    if (rows.length === 0) return [];
    const { holder, settingsVersion } = guard;
    const keys = [...new Set(guard.keys)];
    const intents = rows.map((row) => ({ id: randomUUID(), ...row }));
    const given = relation(intents, {
      id: ['text', ({ id }) => id],
      object: ['text', ({ object }) => object],
      system: ['text', ({ system }) => system],
      record_id: ['text', ({ recordId }) => recordId],
      counterpart_id: ['text', ({ counterpartId }) => counterpartId],
      kind: ['text', ({ kind }) => kind],
      before: ['jsonb', ({ before }) => before],
      after: ['jsonb', ({ after }) => after],
      basis: ['text', ({ basis }) => basis],
      segment_version: ['text', ({ segmentVersion }) => segmentVersion],
      run_id: ['text', ({ runId }) => runId],
    });
    const allowed = sql`guard.held = ${keys.length}::integer and guard.current = ${settingsVersion}::integer`;
    // The share lock makes a take-over wait until these intents can be seen. `clock_timestamp()`, since waiting for the
    // lock may have used up the time that is left.
    const { rows: found } = await retrying(() =>
      sql<{ held: number; current: number | null }>`
        with held as (
          select key from leases
          where key = any(${keys}::text[]) and owner = ${holder.owner} and attempt = ${holder.attempt}::integer
            and until >= clock_timestamp() + ${guard.needMs}::double precision * interval '1 millisecond'
          order by key for share
        ), guard as materialized (
          select (select count(*)::integer from held) as held,
            (select max(version) from settings_versions) as current
        ), given as ${given}, noted as (
          insert into writes (id, object, system, record_id, counterpart_id, kind, before, after, basis,
            segment_version, run_id, settings_version, owner, attempt)
          select given.*, ${settingsVersion}::integer, ${holder.owner}, ${holder.attempt}::integer
          from given, guard where ${allowed} on conflict (id) do nothing
        ), opened as (
          insert into open_writes (write_id)
          select given.id from given, guard where ${allowed} on conflict (write_id) do nothing
        )
        select held, current from guard`.execute(this.#db),
    );
    const state = found[0] ?? { held: 0, current: null };
    if (state.held !== keys.length) throw new LeaseLost(holder, state.held, keys.length);
    if (state.current !== settingsVersion) throw new SettingsMoved(settingsVersion, state.current);
    return intents.map(({ id }) => id);
  }

  /** Adds the results of intents. An intent that has one keeps it. */
  async settle(results: readonly WriteResult[]): Promise<void> {
    if (results.length > 0) await retrying(() => settling(results).execute(this.#db));
  }

  /**
   * Intents without a result, oldest first: of all records, or of `refs` on either side. Those that a crash left behind
   * end when their records have been read again and that batch is closed.
   */
  async open(options: { readonly refs?: readonly RecordRef[]; readonly limit?: number } = {}): Promise<NotedWrite[]> {
    const { refs, limit = 1000 } = options;
    return this.#list(
      sql`w.id in (select write_id from open_writes)${refs ? sql` and ${touches(refs)}` : sql``}`,
      'asc',
      limit,
    );
  }

  /** What was ever sent to this record or because of it, newest first. */
  async ofRef(ref: RecordRef, limit = 100): Promise<NotedWrite[]> {
    return this.#list(touches([ref]), 'desc', limit);
  }

  async #list(where: RawBuilder<unknown>, order: 'asc' | 'desc', limit: number): Promise<NotedWrite[]> {
    const { rows } = await sql<Row>`
      select w.id, w.object, w.system, w.record_id as "recordId", w.counterpart_id as "counterpartId", w.kind, w.before,
        w.after, w.basis, w.segment_version as "segmentVersion", w.settings_version as "settingsVersion",
        w.run_id as "runId", w.owner, w.attempt, w.intended_at as "intendedAt",
        r.ok, r.category, r.code, r.vendor_id as "vendorId", r.settled_at as "settledAt"
      from writes w left join write_results r on r.write_id = w.id
      where ${where} order by w.seq ${sql.raw(order)} limit ${limit}::integer`.execute(this.#db);
    return rows.map(nested);
  }
}

/** The joined columns as a write with its result. */
function nested({ ok, category, code, vendorId, settledAt, ...write }: Row): NotedWrite {
  return settledAt === null ? write : { ...write, result: { ok, category, code, vendorId, settledAt } };
}

/** A write touches the record that it went to and the one that its values came from. */
function touches(refs: readonly RecordRef[]): RawBuilder<unknown> {
  const target = relation(refs, {
    of_object: ['text', ({ object }) => object],
    of_system: ['text', ({ system }) => system],
    of_id: ['text', ({ id }) => id],
  });
  const source = relation(refs, {
    of_object: ['text', ({ object }) => object],
    of_system: ['text', ({ system }) => otherSystem(system)],
    of_id: ['text', ({ id }) => id],
  });
  // As a list of keys, found by one index each: a condition with "or" would read the whole table.
  return sql`w.seq = any(array(
    select seq from writes join ${target} as t on (object, system, record_id) = (t.of_object, t.of_system, t.of_id)
    union
    select seq from writes join ${source} as s on (object, system, counterpart_id) = (s.of_object, s.of_system, s.of_id)
  ))`;
}
