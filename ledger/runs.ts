import { type RawBuilder, sql } from 'kysely';
import type { RecordRef, System } from '../core/record-ref.ts';
import { relation, toJson } from './batch.ts';
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

export interface RunFilter {
  readonly kind?: string;
  readonly object?: string;
  readonly state?: string;
  readonly limit?: number;
}

/** A record of a run that was refused, or left alone as a duplicate. */
export interface RunRow {
  readonly ref: RecordRef;
  readonly outcome: string;
  readonly reason: string;
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

  /** Adds records to the run's list; one that stands there takes the newer outcome. */
  async addRows(runId: string, rows: readonly RunRow[]): Promise<void> {
    if (rows.length === 0) return;
    const given = relation(rows, {
      object: ['text', ({ ref }) => ref.object],
      system: ['text', ({ ref }) => ref.system],
      record_id: ['text', ({ ref }) => ref.id],
      outcome: ['text', ({ outcome }) => outcome],
      reason: ['text', ({ reason }) => reason],
    });
    await retrying(() =>
      sql`
        insert into run_rows (run_id, object, system, record_id, outcome, reason)
        select ${runId}, * from ${given} as g order by object, system, record_id
        on conflict (run_id, object, system, record_id) do update
        set outcome = excluded.outcome, reason = excluded.reason`.execute(this.#db),
    );
  }

  /** The run's list, in the order of system and id. */
  async rows(runId: string, limit = 100): Promise<RunRow[]> {
    const { rows } = await sql<{ object: string; system: System; id: string; outcome: string; reason: string }>`
      select object, system, record_id as id, outcome, reason from run_rows
      where run_id = ${runId} order by system, record_id limit ${limit}::integer`.execute(this.#db);
    return rows.map(({ object, system, id, outcome, reason }) => ({ ref: { object, system, id }, outcome, reason }));
  }

  /** Ids of the run's records that failed or that nobody came to, of one system, in their order from behind `after` on. */
  async toRetry(runId: string, system: System, after: string | undefined, limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select record_id as id from run_rows
      where run_id = ${runId} and system = ${system} and outcome in ('failed', 'busy') and record_id > ${after ?? ''}
      order by record_id limit ${limit}::integer`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  async get(id: string): Promise<Run | undefined> {
    return (await this.#list(sql`id = ${id}`, 1))[0];
  }

  /** Newest first. */
  list(filter: RunFilter = {}): Promise<Run[]> {
    const { kind = null, object = null, state = null, limit = 50 } = filter;
    return this.#list(
      sql`(${kind}::text is null or kind = ${kind}) and (${object}::text is null or object = ${object})
        and (${state}::text is null or state = ${state})`,
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
