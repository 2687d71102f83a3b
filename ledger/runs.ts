import { type RawBuilder, sql } from 'kysely';
import { toJson } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

export type Counts = Readonly<Record<string, number>>;

/** One import, resync, catch-up, reconcile, apply or undo. */
export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly object: string | null;
  readonly name: string;
  /** `running`, or how it ended. */
  readonly state: string;
  readonly counts: Counts;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** Runs with their counts. Counts are set, not added, so that a repeated note changes nothing. */
export class Runs {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Notes the begin of a run; does nothing where the id is known. */
  async start(run: {
    readonly id: string;
    readonly kind: string;
    readonly object?: string;
    readonly name: string;
  }): Promise<void> {
    const { id, kind, object = null, name } = run;
    await retrying(() =>
      sql`insert into runs (id, kind, object, name) values (${id}, ${kind}, ${object}, ${name})
        on conflict (id) do nothing`.execute(this.#db),
    );
  }

  /** Sets the counts of a run that has not ended. */
  async progress(id: string, counts: Counts): Promise<void> {
    await retrying(() =>
      sql`update runs set counts = ${toJson(counts)}::jsonb where id = ${id} and ended_at is null`.execute(this.#db),
    );
  }

  /** Ends a run. A run that has ended keeps its first end. */
  async finish(id: string, state: string, counts: Counts): Promise<void> {
    await retrying(() =>
      sql`
        update runs set state = ${state}, counts = ${toJson(counts)}::jsonb, ended_at = now()
        where id = ${id} and ended_at is null`.execute(this.#db),
    );
  }

  async get(id: string): Promise<Run | undefined> {
    return (await this.#list(sql`id = ${id}`, 1))[0];
  }

  /** Newest first. */
  list(filter: { readonly kind?: string; readonly object?: string; readonly limit?: number } = {}): Promise<Run[]> {
    const { kind = null, object = null, limit = 50 } = filter;
    return this.#list(
      sql`(${kind}::text is null or kind = ${kind}) and (${object}::text is null or object = ${object})`,
      limit,
    );
  }

  async #list(where: RawBuilder<unknown>, limit: number): Promise<Run[]> {
    const { rows } = await sql<Run>`
      select id, kind, object, name, state, counts, started_at as "startedAt", ended_at as "endedAt"
      from runs where ${where} order by started_at desc, id limit ${limit}::integer`.execute(this.#db);
    return rows;
  }
}
