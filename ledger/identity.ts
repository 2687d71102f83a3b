import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** The ledger was made for another HubSpot account or Salesforce org than the credentials lead to. */
export class LedgerBelongsToOthers extends Error {
  override readonly name = 'LedgerBelongsToOthers';
}

interface Owner {
  readonly portalId: string | null;
  readonly orgId: string | null;
}

/** Whose ledger this is, and the key of its keyed hashes. */
export class Identity {
  readonly #db: Db;
  /** 32 bytes. Hashes of match values and of evidence are keyed with it. */
  readonly hmacKey: Uint8Array;

  constructor(db: Db, hmacKey: Uint8Array) {
    this.#db = db;
    this.hmacKey = hmacKey;
  }

  /**
   * Binds the ledger to the account and the org, or checks that it is bound to these. Throws `LedgerBelongsToOthers`
   * where it belongs to others: their bases and pairs mean nothing here.
   */
  async bind(portalId: string, orgId: string): Promise<void> {
    const { rows } = await retrying(() =>
      sql<Owner>`
        insert into identity (portal_id, org_id) values (${portalId}, ${orgId})
        on conflict (one) do update set
          portal_id = coalesce(identity.portal_id, excluded.portal_id),
          org_id = coalesce(identity.org_id, excluded.org_id)
        returning portal_id as "portalId", org_id as "orgId"`.execute(this.#db),
    );
    const [owner] = rows;
    if (owner?.portalId === portalId && owner.orgId === orgId) return;
    throw new LedgerBelongsToOthers(
      `This ledger belongs to HubSpot account ${owner?.portalId} and Salesforce org ${owner?.orgId}, but the credentials ` +
        `lead to HubSpot account ${portalId} and Salesforce org ${orgId}: give the installation a ledger of its own ` +
        '(TANDEM_DATA_DIR or DATABASE_URL), or correct the credentials.',
    );
  }

  /** Whose it is so far. */
  async owner(): Promise<Owner> {
    const row = await this.#db.selectFrom('identity').select(['portal_id', 'org_id']).executeTakeFirst();
    return { portalId: row?.portal_id ?? null, orgId: row?.org_id ?? null };
  }
}

/** The key kept in the database itself, made at first sight. */
export async function storedHmacKey(db: Db): Promise<Uint8Array> {
  const fresh = randomBytes(32).toString('hex');
  const { rows } = await retrying(() =>
    sql<{ key: string }>`
      insert into identity (hmac_key) values (${fresh})
      on conflict (one) do update set hmac_key = coalesce(identity.hmac_key, excluded.hmac_key)
      returning hmac_key as key`.execute(db),
  );
  return Buffer.from(rows[0]?.key ?? fresh, 'hex');
}
