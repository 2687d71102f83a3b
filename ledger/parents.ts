import { sql } from 'kysely';
import type { RecordRef, System } from '../core/record-ref.ts';
import { type Columns, relation } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** A record whose parent has no pair yet. */
export interface MissingParent {
  readonly child: RecordRef;
  readonly parent: RecordRef;
}

const columns = {
  object: ['text', ({ child }) => child.object],
  system: ['text', ({ child }) => child.system],
  record_id: ['text', ({ child }) => child.id],
  parent_object: ['text', ({ parent }) => parent.object],
  parent_system: ['text', ({ parent }) => parent.system],
  parent_id: ['text', ({ parent }) => parent.id],
} as const satisfies Columns<MissingParent>;

/** Children that wait for their parents to be paired. */
export class Parents {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async wait(rows: readonly MissingParent[]): Promise<void> {
    if (rows.length === 0) return;
    await retrying(() =>
      sql`insert into parents (object, system, record_id, parent_object, parent_system, parent_id)
        select * from ${relation(rows, columns)} as g on conflict do nothing`.execute(this.#db),
    );
  }

  /** Those that wait for any of these. */
  async waitingFor(parents: readonly RecordRef[]): Promise<MissingParent[]> {
    if (parents.length === 0) return [];
    const given = relation(parents, {
      parent_object: ['text', ({ object }) => object],
      parent_system: ['text', ({ system }) => system],
      parent_id: ['text', ({ id }) => id],
    });
    const { rows } = await sql<{
      object: string;
      system: System;
      id: string;
      parentObject: string;
      parentSystem: System;
      parentId: string;
    }>`
      select object, system, record_id as id, parent_object as "parentObject", parent_system as "parentSystem",
        parent_id as "parentId"
      from parents join ${given} as g using (parent_object, parent_system, parent_id)`.execute(this.#db);
    return rows.map(({ object, system, id, parentObject, parentSystem, parentId }) => ({
      child: { object, system, id },
      parent: { object: parentObject, system: parentSystem, id: parentId },
    }));
  }

  async clear(rows: readonly MissingParent[]): Promise<void> {
    if (rows.length === 0) return;
    await retrying(() =>
      sql`delete from parents where (object, system, record_id, parent_object, parent_system, parent_id) in
        (select object, system, record_id, parent_object, parent_system, parent_id from ${relation(rows, columns)} as g)`.execute(
        this.#db,
      ),
    );
  }
}
