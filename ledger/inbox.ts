import { sql } from 'kysely';
import type { RecordRef, System } from '../core/record-ref.ts';
import type { Notice } from '../core/webhook-events.ts';
import { relation } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

interface Row {
  readonly key: string;
  readonly object: string;
  readonly system: System;
  readonly id: string;
  readonly occurredAt: string;
}

/** Notices from outside: stored before they are answered, handed over afterwards. */
export class Inbox {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Stores those that were not seen before and answers them. */
  async store(notices: readonly Notice[]): Promise<Notice[]> {
    const once = [...new Map(notices.map((notice) => [notice.key, notice])).values()];
    if (once.length === 0) return [];
    const given = relation(once, {
      key: ['text', ({ key }) => key],
      object: ['text', ({ ref }) => ref.object],
      system: ['text', ({ ref }) => ref.system],
      record_id: ['text', ({ ref }) => ref.id],
      occurred_at: ['timestamptz', ({ occurredAt }) => occurredAt],
    });
    const { rows } = await retrying(() =>
      sql<{ key: string }>`insert into inbox (key, object, system, record_id, occurred_at)
        select * from ${given} as g on conflict (key) do nothing returning key`.execute(this.#db),
    );
    const fresh = new Set(rows.map(({ key }) => key));
    return once.filter(({ key }) => fresh.has(key));
  }

  /** Those that nobody has handed over for so long, the oldest first. */
  async pending(olderThanMs: number, limit: number): Promise<Notice[]> {
    const { rows } = await sql<Row>`
      select key, object, system, record_id as id, occurred_at as "occurredAt" from inbox
      where handed_at is null and received_at <= now() - ${olderThanMs}::integer * interval '1 millisecond'
      order by received_at limit ${limit}::integer`.execute(this.#db);
    return rows.map(({ key, object, system, id, occurredAt }) => {
      const ref: RecordRef = { object, system, id };
      return { key, ref, occurredAt };
    });
  }

  async handed(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await retrying(() => sql`update inbox set handed_at = now() where key = any(${keys}::text[])`.execute(this.#db));
  }

  /** Forgets what was handed over days ago: HubSpot repeats for a day. */
  async prune(days: number): Promise<void> {
    await retrying(() =>
      sql`delete from inbox where handed_at < now() - ${days}::integer * interval '1 day'`.execute(this.#db),
    );
  }
}
