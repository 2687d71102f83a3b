import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { WaitReason } from '../core/outcome.ts';
import type { RecordRef } from '../core/record-ref.ts';
import { relation } from './batch.ts';
import type { Db, Tables } from './tables.ts';

/** A record that waits for a segment. `ref` is its HubSpot side. */
export interface Wait {
  readonly ref: RecordRef;
  readonly segmentId: string;
  /** What the segment's filter says of the values read; null where it can't tell. */
  readonly expected: boolean | null;
  readonly segmentVersion: string | null;
  readonly reason: WaitReason;
  /** ISO, like all times here. A record that goes on waiting for a segment keeps its first one. */
  readonly since: string;
  /** When waiting ends as `onTimeout` says; null where it has no end. */
  readonly deadline: string | null;
  /** When a look can bring news although nothing changes. */
  readonly lookAgainAt: string | null;
  /** Who is to be told of news: the record's own workflow and runs, in the order in which they began to wait. */
  readonly waiters: readonly string[];
}

/** A wait as one of its waiters notes it. */
export interface NewWait extends Omit<Wait, 'waiters'> {
  readonly waiter: string;
}

type EndedRow = Omit<EndedWait, 'ref'> & { readonly object: string; readonly id: string };

interface Row extends Omit<Wait, 'ref'> {
  readonly object: string;
  readonly id: string;
}

/** A wait that has come to its end, and who was to be told of news. */
export type EndedWait = Pick<Wait, 'ref' | 'segmentId' | 'waiters'>;

/**
 * Replaces the waits of HubSpot records in two statements, and answers those that are over: those not given any more go,
 * the others are kept or added. Whoever waited for the same before goes on waiting.
 */
export async function replaceWaits(
  trx: Transaction<Tables>,
  refs: readonly RecordRef[],
  waits: readonly NewWait[],
): Promise<EndedWait[]> {
  if (refs.length === 0) return [];
  const given = relation(waits, {
    object: ['text', ({ ref }) => ref.object],
    record_id: ['text', ({ ref }) => ref.id],
    segment_id: ['text', ({ segmentId }) => segmentId],
    expected: ['boolean', ({ expected }) => expected],
    segment_version: ['text', ({ segmentVersion }) => segmentVersion],
    reason: ['text', ({ reason }) => reason],
    since: ['timestamptz', ({ since }) => since],
    deadline: ['timestamptz', ({ deadline }) => deadline],
    look_again_at: ['timestamptz', ({ lookAgainAt }) => lookAgainAt],
    waiter: ['text', ({ waiter }) => waiter],
  });
  const records = relation(refs, {
    object: ['text', ({ object }) => object],
    record_id: ['text', ({ id }) => id],
  });
  const { rows } = await sql<EndedRow>`
    delete from waits where (object, record_id) in (select object, record_id from ${records} as r)
      and (object, record_id, segment_id) not in (select object, record_id, segment_id from ${given} as g)
    returning object, record_id as id, segment_id as "segmentId", waiters`.execute(trx);
  await sql`insert into waits (object, record_id, segment_id, expected, segment_version, reason, since, deadline,
        look_again_at, waiters)
      select object, record_id, segment_id, expected, segment_version, reason, since, deadline, look_again_at,
        array[waiter]
      from ${given} as g order by object, record_id, segment_id
      on conflict (object, record_id, segment_id) do update set
        expected = excluded.expected, segment_version = excluded.segment_version, reason = excluded.reason,
        since = least(waits.since, excluded.since), deadline = excluded.deadline,
        look_again_at = excluded.look_again_at,
        waiters = case when waits.waiters @> excluded.waiters then waits.waiters
          else waits.waiters || excluded.waiters end`.execute(trx);
  return rows.map(({ object, id, ...ended }) => ({ ref: { system: 'hubspot', object, id }, ...ended }));
}

/** Which records wait for which segment. Changed by `closeBatch` alone. */
export class Waits {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** One page in a fixed order, from behind `after` on. */
  bySegment(segmentId: string, after?: RecordRef, limit = 100): Promise<Wait[]> {
    const behind = after ? sql`(object, record_id) > (${after.object}, ${after.id})` : sql`true`;
    return this.#list(sql`segment_id = ${segmentId} and ${behind}`, limit);
  }

  /** How many waits there are, in all or for one segment. */
  async count(segmentId?: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from waits
      where ${segmentId === undefined ? sql`true` : sql`segment_id = ${segmentId}`}`.execute(this.#db);
    return rows[0]?.count ?? 0;
  }

  /** Waits past their deadline by the database's clock, oldest deadline first. */
  overdue(limit = 100): Promise<Wait[]> {
    return this.#list(sql`deadline < now()`, limit, sql`deadline, object, record_id, segment_id`);
  }

  /** What this HubSpot record waits for. */
  ofRef(ref: RecordRef): Promise<Wait[]> {
    return this.#list(sql`object = ${ref.object} and record_id = ${ref.id}`);
  }

  async #list(
    where: RawBuilder<unknown>,
    limit?: number,
    order: RawBuilder<unknown> = sql`object, record_id, segment_id`,
  ): Promise<Wait[]> {
    const { rows } = await sql<Row>`
      select object, record_id as id, segment_id as "segmentId", expected, segment_version as "segmentVersion", reason,
        since, deadline, look_again_at as "lookAgainAt", waiters
      from waits where ${where} order by ${order} limit ${limit ?? null}::integer`.execute(this.#db);
    return rows.map(({ object, id, ...wait }) => ({ ref: { system: 'hubspot', object, id }, ...wait }));
  }
}
