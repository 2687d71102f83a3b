import { sql } from 'kysely';
import { toJson } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** What the watch of a segment has seen so far; `state` is the watch's own. */
export interface SegmentState {
  readonly segmentId: string;
  readonly object: string;
  readonly state: unknown;
  readonly updatedAt: string;
}

/** The state of each segment's watch. */
export class Segments {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async get(segmentId: string): Promise<SegmentState | undefined> {
    return (await this.#list(segmentId))[0];
  }

  list(): Promise<SegmentState[]> {
    return this.#list();
  }

  /** Stores the state, replacing an older one. */
  async put(segmentId: string, object: string, state: unknown): Promise<void> {
    await retrying(() =>
      sql`
        insert into segments (segment_id, object, state) values (${segmentId}, ${object}, ${toJson(state)}::jsonb)
        on conflict (segment_id) do update
        set object = excluded.object, state = excluded.state, updated_at = now()`.execute(this.#db),
    );
  }

  /** Forgets a segment that is no longer chosen; chosen again, it starts with a new baseline. */
  async remove(segmentId: string): Promise<void> {
    await retrying(() => this.#db.deleteFrom('segments').where('segment_id', '=', segmentId).execute());
  }

  async #list(segmentId?: string): Promise<SegmentState[]> {
    const { rows } = await sql<SegmentState>`
      select segment_id as "segmentId", object, state, updated_at as "updatedAt" from segments
      where ${segmentId === undefined ? sql`true` : sql`segment_id = ${segmentId}`} order by segment_id`.execute(
      this.#db,
    );
    return rows;
  }
}
