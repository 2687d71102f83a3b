import { type RawBuilder, sql } from 'kysely';
import type { BaseValue } from '../core/merge.ts';
import type { System } from '../core/record-ref.ts';
import type { Db } from './tables.ts';

/** What both sides agreed on (or held when nothing crossed), canonical, by HubSpot property. */
export type Base = Readonly<Record<string, BaseValue>>;

/** A live pair. */
export interface Pair {
  readonly pairId: string;
  readonly object: string;
  readonly hubspotId: string;
  readonly salesforceId: string;
  readonly salesforceType: string;
  /** Undefined until a first sync is confirmed. */
  readonly base: Base | undefined;
  readonly version: number;
}

/** A pair with the time of its end: what remains after a re-pairing. */
export interface PastPair extends Pair {
  readonly openedAt: string;
  readonly endedAt: string | null;
}

type PairRow = Omit<Pair, 'base'> & { readonly base: Base | null };

export const pairFields: RawBuilder<PairRow> = sql`
  pair_id as "pairId", object, hubspot_id as "hubspotId", salesforce_id as "salesforceId",
  salesforce_type as "salesforceType", base, version`;

export const idColumn = (system: System): RawBuilder<string> =>
  system === 'hubspot' ? sql`hubspot_id` : sql`salesforce_id`;

/** The durable links between records. They are changed by `closeBatch` alone. */
export class Pairs {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The live pairs of these ids, by id; ids without a pair are absent. */
  async byIds(object: string, system: System, ids: readonly string[]): Promise<Map<string, Pair>> {
    if (ids.length === 0) return new Map();
    const { rows } = await sql<PairRow>`
      select ${pairFields} from pairs
      where object = ${object} and ${idColumn(system)} = any(${ids}::text[]) and ended_at is null`.execute(this.#db);
    return new Map(
      rows.map((row) => [
        system === 'hubspot' ? row.hubspotId : row.salesforceId,
        { ...row, base: row.base ?? undefined },
      ]),
    );
  }

  /** HubSpot ids of live pairs that were in step once, in their order, from behind `after` on. */
  async withBase(object: string, after: string | undefined, limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select hubspot_id as id from pairs
      where object = ${object} and ended_at is null and base is not null and hubspot_id > ${after ?? ''}
      order by hubspot_id limit ${limit}::integer`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  /** How many live pairs were in step once, by Salesforce type. */
  async inStepByType(object: string): Promise<Map<string, number>> {
    const { rows } = await sql<{ type: string; count: number }>`
      select salesforce_type as type, count(*)::integer as count from pairs
      where object = ${object} and ended_at is null and base is not null group by salesforce_type`.execute(this.#db);
    return new Map(rows.map(({ type, count }) => [type, count]));
  }

  /** Every pair that this id ever stood in, the live one first, then newest first. */
  async history(object: string, system: System, id: string): Promise<PastPair[]> {
    const { rows } = await sql<PairRow & Pick<PastPair, 'openedAt' | 'endedAt'>>`
      select ${pairFields}, opened_at as "openedAt", ended_at as "endedAt" from pairs
      where object = ${object} and ${idColumn(system)} = ${id}
      order by ended_at desc nulls first, opened_at desc`.execute(this.#db);
    return rows.map((row) => ({ ...row, base: row.base ?? undefined }));
  }
}
