import { type RawBuilder, sql } from 'kysely';
import { relation } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** A pair that somebody asked for by hand. */
export interface Pairing {
  readonly object: string;
  readonly hubspotId: string;
  readonly salesforceId: string;
}

const columns = {
  object: ['text', ({ object }: Pairing) => object],
  hubspot_id: ['text', ({ hubspotId }: Pairing) => hubspotId],
  salesforce_id: ['text', ({ salesforceId }: Pairing) => salesforceId],
} as const;

/** The statement that ends what was asked for: it has been done or refused. What was asked anew meanwhile stays. */
export const endingPairings = (ended: readonly Pairing[]): RawBuilder<unknown> =>
  sql`delete from pairings where (object, hubspot_id, salesforce_id) in
    (select object, hubspot_id, salesforce_id from ${relation(ended, columns)} as g)`;

/** Pairs asked for by hand. Taken up by the next pass of the HubSpot record; ended by `closeBatch`. */
export class Pairings {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Asks for a pair, in place of another one that was asked for before. */
  async ask({ object, hubspotId, salesforceId }: Pairing): Promise<void> {
    await retrying(() =>
      sql`insert into pairings (object, hubspot_id, salesforce_id) values (${object}, ${hubspotId}, ${salesforceId})
        on conflict (object, hubspot_id) do update set salesforce_id = excluded.salesforce_id, asked_at = now()`.execute(
        this.#db,
      ),
    );
  }

  /** By HubSpot id, the Salesforce id that is asked for; most records have none. */
  async of(object: string, hubspotIds: readonly string[]): Promise<Map<string, string>> {
    if (hubspotIds.length === 0) return new Map();
    const { rows } = await sql<Pick<Pairing, 'hubspotId' | 'salesforceId'>>`
      select hubspot_id as "hubspotId", salesforce_id as "salesforceId" from pairings
      where object = ${object} and hubspot_id = any(${hubspotIds}::text[])`.execute(this.#db);
    return new Map(rows.map(({ hubspotId, salesforceId }) => [hubspotId, salesforceId]));
  }
}
