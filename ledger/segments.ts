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

  /** The version of a segment that is judged by HubSpot's answer alone, or none. A segment that nobody watches has none. */
  async trust(segmentId: string, version: string | null): Promise<void> {
    await retrying(() =>
      this.#db.updateTable('segments').set({ trusted_version: version }).where('segment_id', '=', segmentId).execute(),
    );
  }

  /** By segment, the version that is trusted; others are absent. */
  async trusted(segmentIds: readonly string[]): Promise<Map<string, string>> {
    if (segmentIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom('segments')
      .select(['segment_id', 'trusted_version'])
      .where('segment_id', 'in', segmentIds)
      .where('trusted_version', 'is not', null)
      .execute();
    return new Map(rows.map(({ segment_id, trusted_version }) => [segment_id, trusted_version ?? '']));
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
