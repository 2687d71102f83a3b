import { sql } from 'kysely';
import { toJson } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** Where each poll stands. A cursor moves only after what it passed has been handed over. */
export class Cursors {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The stored value, or undefined where the cursor was never put. */
  async get<T = unknown>(name: string): Promise<T | undefined> {
    const row = await this.#db.selectFrom('cursors').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value as T | undefined;
  }

  async put(name: string, value: unknown): Promise<void> {
    await retrying(() =>
      sql`
        insert into cursors (name, value) values (${name}, ${toJson(value)}::jsonb)
        on conflict (name) do update set value = excluded.value, updated_at = now()`.execute(this.#db),
    );
  }
}
