import { type RawBuilder, sql } from 'kysely';
import type { RecordRef, System } from '../core/record-ref.ts';
import { relation } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** A value that lost: both sides had changed, and `kept` is the side whose value stands now. */
export interface NewConflict {
  readonly field: string;
  readonly kept: System;
  readonly lost: string | null;
}

export interface Conflict extends NewConflict {
  readonly id: string;
  readonly ref: RecordRef;
  readonly foundAt: string;
  readonly resolvedAt: string | null;
}

interface Row extends Omit<Conflict, 'ref'> {
  readonly object: string;
  readonly system: System;
  readonly recordId: string;
}

/** The statement that adds conflicts. Ids are made by the caller, so that a repeated batch adds nothing. */
export function noting(
  conflicts: readonly { readonly id: string; readonly ref: RecordRef; readonly conflict: NewConflict }[],
): RawBuilder<unknown> {
  const given = relation(conflicts, {
    id: ['text', ({ id }) => id],
    object: ['text', ({ ref }) => ref.object],
    system: ['text', ({ ref }) => ref.system],
    record_id: ['text', ({ ref }) => ref.id],
    field: ['text', ({ conflict }) => conflict.field],
    kept: ['text', ({ conflict }) => conflict.kept],
    lost: ['text', ({ conflict }) => conflict.lost],
  });
  return sql`insert into conflicts (id, object, system, record_id, field, kept, lost)
    select * from ${given} as g on conflict (id) do nothing`;
}

/** Values that lost against the other side, kept until someone has looked at them. Added by `closeBatch`. */
export class Conflicts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Newest first; those that nobody has resolved unless `resolved` says otherwise. */
  list(
    filter: { readonly object?: string; readonly resolved?: boolean; readonly limit?: number } = {},
  ): Promise<Conflict[]> {
    const { object = null, resolved = false, limit = 100 } = filter;
    return this.#list(
      sql`(resolved_at is not null) = ${resolved} and (${object}::text is null or object = ${object})`,
      limit,
    );
  }

  ofRef(ref: RecordRef, limit = 100): Promise<Conflict[]> {
    return this.#list(sql`object = ${ref.object} and system = ${ref.system} and record_id = ${ref.id}`, limit);
  }

  /** Marks as looked at. Those resolved before keep their time. */
  async resolve(ids: readonly string[]): Promise<void> {
    await retrying(() =>
      sql`update conflicts set resolved_at = now() where id = any(${ids}::text[]) and resolved_at is null`.execute(
        this.#db,
      ),
    );
  }

  async #list(where: RawBuilder<unknown>, limit: number): Promise<Conflict[]> {
    const { rows } = await sql<Row>`
      select id, object, system, record_id as "recordId", field, kept, lost, found_at as "foundAt",
        resolved_at as "resolvedAt"
      from conflicts where ${where} order by seq desc limit ${limit}::integer`.execute(this.#db);
    return rows.map(({ object, system, recordId, ...conflict }) => ({
      ...conflict,
      ref: { system, object, id: recordId },
    }));
  }
}
