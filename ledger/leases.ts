import { type RawBuilder, sql } from 'kysely';
import { type RecordRef, refKey, type System } from '../core/record-ref.ts';
import { relation } from './batch.ts';
import type { Holder } from './holder.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/**
 * A key to lease: of a record (`refKey`) or of a match value (a keyed hash). `ref` is the record on whose behalf it is
 * asked: where the key is taken, that record is run again when the holder is done.
 */
export interface LeaseKey {
  readonly key: string;
  readonly ref?: RecordRef;
}

/** A leased key that others asked for meanwhile: `refs` must be run again before it may be cleared. */
export interface Mark extends Holder {
  readonly key: string;
  readonly refs: readonly RecordRef[];
  /** The state of the mark as read; `clear` leaves rows alone that were marked once more. */
  readonly again: number;
}

interface MarkRow extends Holder {
  readonly key: string;
  readonly again: number;
  readonly waiting: readonly string[];
}

/** The short exclusive right to work on records. The database's clock decides what has expired. */
export class Leases {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Takes, in one statement, every key that is free, expired, or held by the same owner with no higher attempt (an equal
   * one renews). In that same statement each key that somebody else holds is marked with its `ref`. A key given twice
   * counts once, with the first `ref`.
   */
  async take(
    holder: Holder,
    keys: readonly LeaseKey[],
    ttlMs: number,
  ): Promise<{ readonly taken: readonly string[]; readonly busy: readonly string[] }> {
    const asked = [...new Map(keys.toReversed().map((key) => [key.key, key])).values()];
    if (asked.length === 0) return { taken: [], busy: [] };
    const given = relation(asked, {
      key: ['text', ({ key }) => key],
      ref: ['text', ({ ref }) => ref && refKey(ref)],
    });
    // `now()` stands still within the statement: all columns of a row are decided by the same moment.
    const free = sql`(l.until <= now() or (l.owner = excluded.owner and l.attempt <= excluded.attempt))`;
    const renewed = sql`(l.owner = excluded.owner and l.attempt = excluded.attempt)`;
    const others = sql`array_remove(l.waiting, excluded.ref)`;
    const marks = sql`(excluded.ref is not null and l.owner <> excluded.owner)`;
    const { rows } = await retrying(() =>
      sql<{ key: string; mine: boolean }>`
        insert into leases as l (key, owner, attempt, until, ref)
        select key, ${holder.owner}, ${holder.attempt}::integer, ${after(ttlMs)}, ref from ${given} as given order by key
        on conflict (key) do update set
          owner = case when ${free} then excluded.owner else l.owner end,
          attempt = case when ${free} then excluded.attempt else l.attempt end,
          until = case when ${free} then excluded.until else l.until end,
          ref = case when ${free} then excluded.ref else l.ref end,
          again = case when not ${free} and ${marks} then l.again + 1 else l.again end,
          waiting = case
            when ${renewed} then l.waiting
            when ${free} then ${others}
            when ${marks} then ${others} || excluded.ref
            else l.waiting end
        returning key, owner = ${holder.owner} and attempt = ${holder.attempt}::integer as mine`.execute(this.#db),
    );
    const mine = new Set(rows.filter((row) => row.mine).map((row) => row.key));
    const names = [...new Set(keys.map(({ key }) => key))];
    return { taken: names.filter((key) => mine.has(key)), busy: names.filter((key) => !mine.has(key)) };
  }

  /** Whether every key is held by this very attempt and has not expired. */
  async held(holder: Holder, keys: readonly string[]): Promise<boolean> {
    const names = [...new Set(keys)];
    const { rows } = await sql<{ held: number }>`
      select count(*)::integer as held from leases
      where key = any(${names}::text[]) and ${ownedBy(holder)} and until > now()`.execute(this.#db);
    return rows[0]?.held === names.length;
  }

  /** The keys of this attempt that others asked for: hand their refs over, then `clear`. */
  marked(holder: Holder): Promise<Mark[]> {
    return this.#marks(sql`${ownedBy(holder)} and waiting <> '{}'`);
  }

  /** Gives back every key of this attempt that nobody asked for. The marked ones stay held and are returned. */
  async release(holder: Holder): Promise<Mark[]> {
    const unmarked = sql`${ownedBy(holder)} and waiting = '{}'`;
    // Locked in the order in which `take` locks. A mark that arrives meanwhile is seen by the second look at the row.
    await retrying(() =>
      sql`
        delete from leases where ${unmarked}
        and key in (select key from leases where ${unmarked} order by key for update)`.execute(this.#db),
    );
    return this.marked(holder);
  }

  /**
   * Gives back marked keys whose refs have been handed over. Those marked once more since then stay and are returned:
   * hand over and clear again. A key that another holder has taken meanwhile is left to that holder, mark and all.
   */
  async clear(marks: readonly Mark[]): Promise<Mark[]> {
    if (marks.length === 0) return [];
    const given = relation(marks, {
      key: ['text', ({ key }) => key],
      owner: ['text', ({ owner }) => owner],
      attempt: ['integer', ({ attempt }) => attempt],
      again: ['integer', ({ again }) => again],
    });
    await retrying(() =>
      sql`
        delete from leases as l using ${given} as m
        where l.key = m.key and l.owner = m.owner and l.attempt = m.attempt and l.again = m.again`.execute(this.#db),
    );
    return this.#marks(sql`(key, owner, attempt) in (select key, owner, attempt from ${given} as m)`);
  }

  /** Marked keys whose holder is gone, for the sweep: hand over first, `clear` after. */
  expiredMarked(limit: number): Promise<Mark[]> {
    return this.#marks(sql`until <= now() and waiting <> '{}'`, limit);
  }

  /** Removes what died holders left behind and nobody asked for. Answers how many. */
  async prune(): Promise<number> {
    const gone = sql`until <= now() and waiting = '{}'`;
    const { numAffectedRows } = await retrying(() =>
      sql`delete from leases where ${gone} and key in (select key from leases where ${gone} order by key for update)`.execute(
        this.#db,
      ),
    );
    return Number(numAffectedRows ?? 0);
  }

  async #marks(where: RawBuilder<unknown>, limit?: number): Promise<Mark[]> {
    const { rows } = await sql<MarkRow>`
      select key, owner, attempt, again, waiting from leases where ${where}
      order by key limit ${limit ?? null}::integer`.execute(this.#db);
    return rows.map(({ waiting, ...row }) => ({ ...row, refs: waiting.map(refOf) }));
  }
}

const after = (ms: number): RawBuilder<unknown> => sql`now() + ${ms}::double precision * interval '1 millisecond'`;

const ownedBy = ({ owner, attempt }: Holder): RawBuilder<unknown> =>
  sql`owner = ${owner} and attempt = ${attempt}::integer`;

/** The ref that `refKey` wrote. */
function refOf(key: string): RecordRef {
  const [object = '', system = '', id = ''] = key.split('/');
  return { object, system: system as System, id };
}
