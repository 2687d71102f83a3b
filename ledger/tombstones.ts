import { type RawBuilder, sql } from 'kysely';
import { type RecordRef, refKey, type System } from '../core/record-ref.ts';
import { refColumns, relation } from './batch.ts';
import type { Db } from './tables.ts';

export const fates = ['deleted', 'merged', 'converted', 'unlinked'] as const;

/** What became of a record; `unlinked`: its pair was ended when it left its segment. */
export interface Tombstone {
  readonly ref: RecordRef;
  readonly fate: (typeof fates)[number];
  /** The record that stands for it now. */
  readonly intoId: string | undefined;
}

export interface NotedTombstone extends Tombstone {
  readonly notedAt: string;
}

/** The statement that notes fates; what was noted before keeps its time. */
export function notingFates(tombstones: readonly Tombstone[]): RawBuilder<unknown> {
  const byRef = [...new Map(tombstones.map((each) => [refKey(each.ref), each])).values()];
  const given = relation(byRef, {
    object: ['text', ({ ref }) => refColumns.object[1](ref)],
    system: ['text', ({ ref }) => ref.system],
    record_id: ['text', ({ ref }) => ref.id],
    fate: ['text', ({ fate }) => fate],
    into_id: ['text', ({ intoId }) => intoId],
  });
  return sql`insert into tombstones (object, system, record_id, fate, into_id) select * from ${given} as g
    on conflict (object, system, record_id) do update set fate = excluded.fate, into_id = excluded.into_id,
      noted_at = case when tombstones.fate = excluded.fate then tombstones.noted_at else now() end`;
}

/** Records that are no longer there, and why. Added by `closeBatch`. */
export class Tombstones {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** By the record's key. */
  async ofRefs(refs: readonly RecordRef[]): Promise<Map<string, NotedTombstone>> {
    const given = relation(refs, refColumns);
    const { rows } = await sql<{
      object: string;
      system: System;
      recordId: string;
      fate: Tombstone['fate'];
      intoId: string | null;
      notedAt: string;
    }>`
      select t.object, t.system, t.record_id as "recordId", t.fate, t.into_id as "intoId", t.noted_at as "notedAt"
      from tombstones t join ${given} as g using (object, system, record_id)`.execute(this.#db);
    return new Map(
      rows.map(({ object, system, recordId, fate, intoId, notedAt }) => {
        const ref: RecordRef = { object, system, id: recordId };
        return [refKey(ref), { ref, fate, intoId: intoId ?? undefined, notedAt }];
      }),
    );
  }
}
