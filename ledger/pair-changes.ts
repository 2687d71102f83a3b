import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { RecordRef } from '../core/record-ref.ts';
import { relation } from './batch.ts';
import type { Base } from './pairs.ts';
import type { Tables } from './tables.ts';

/** A new pair. */
export interface OpenPair {
  readonly kind: 'open';
  readonly hubspotId: string;
  readonly salesforceId: string;
  readonly salesforceType: string;
  /** The values agreed on by the pass that opens it; left out where there are none yet. */
  readonly base?: Base | undefined;
  /** The live pairs that it ends (a re-pairing). They keep their base; the new pair never sees it. */
  readonly replaces?: readonly string[] | undefined;
}

/** A base that moves: the fields given take their new values, all others keep theirs. */
export interface MovePair {
  readonly kind: 'move';
  readonly pairId: string;
  /** As it was read. */
  readonly version: number;
  readonly base: Base;
}

/** A pair that ends without another in its place. */
export interface EndPair {
  readonly kind: 'end';
  readonly pairId: string;
}

export type PairChange = OpenPair | MovePair | EndPair;

/** A row that was not saved, while its neighbours were: read that record again. */
export interface RefusedRow {
  readonly ref: RecordRef;
  /** The pair moved or ended since it was read; or one of the two records stands in another live pair. */
  readonly why: 'pairMoved' | 'pairTaken';
}

interface RowWithPair {
  readonly ref: RecordRef;
  readonly pair?: PairChange | undefined;
}

interface Found {
  readonly pairId: string;
  readonly object: string;
  readonly hubspotId: string;
  readonly salesforceId: string;
  readonly version: number;
  readonly batchId: string;
  readonly live: boolean;
}

type Opened = OpenPair & { readonly object: string; readonly pairId: string };

/**
 * Saves the pairs of a batch inside its transaction, in at most five statements, and answers the rows that do not fit
 * what the pairs have become. Work that a first run of the same batch has already done is left as it is.
 */
export async function savePairs(
  trx: Transaction<Tables>,
  batchId: string,
  rows: readonly RowWithPair[],
): Promise<RefusedRow[]> {
  if (rows.every(({ pair }) => !pair)) return [];
  const found = await lockPairs(trx, rows);
  const opened: Opened[] = [];
  const moved: MovePair[] = [];
  const refused: RefusedRow[] = [];
  for (const { ref, pair } of rows) {
    if (pair?.kind === 'move') {
      const now = found.find(({ pairId }) => pairId === pair.pairId);
      if (now?.batchId === batchId && now.version === pair.version + 1) continue;
      if (now?.live && now.version === pair.version) moved.push(pair);
      else refused.push({ ref, why: 'pairMoved' });
    }
    if (pair?.kind === 'open') {
      const others = found
        .filter(({ live, object }) => live && object === ref.object)
        .filter((other) => meets(other, pair));
      if (others.some((other) => other.batchId === batchId && isSame(other, pair))) continue;
      const isTaken = others.some(({ pairId }) => !pair.replaces?.includes(pairId));
      if (isTaken || opened.some((other) => other.object === ref.object && meets(other, pair))) {
        refused.push({ ref, why: 'pairTaken' });
      } else opened.push({ ...pair, object: ref.object, pairId: randomUUID() });
    }
  }
  const ended = rows.flatMap(({ pair }) => (pair?.kind === 'end' ? [pair.pairId] : []));
  await endPairs(trx, [...ended, ...opened.flatMap(({ replaces }) => replaces ?? [])]);
  await movePairs(trx, batchId, moved);
  await openPairs(trx, batchId, opened);
  return refused;
}

type Ids = Pick<OpenPair, 'hubspotId' | 'salesforceId'>;
const meets = (a: Ids, b: Ids): boolean => a.hubspotId === b.hubspotId || a.salesforceId === b.salesforceId;
const isSame = (a: Ids, b: Ids): boolean => a.hubspotId === b.hubspotId && a.salesforceId === b.salesforceId;

/** Every pair that the batch moves, ends or could collide with, locked. */
async function lockPairs(trx: Transaction<Tables>, rows: readonly RowWithPair[]): Promise<Found[]> {
  const opens = rows.flatMap(({ ref, pair }) => (pair?.kind === 'open' ? [{ ...pair, object: ref.object }] : []));
  const ids = rows.flatMap(({ pair }) => (pair?.kind === 'open' ? (pair.replaces ?? []) : pair ? [pair.pairId] : []));
  const given = relation(opens, {
    object: ['text', ({ object }) => object],
    hubspot_id: ['text', ({ hubspotId }) => hubspotId],
    salesforce_id: ['text', ({ salesforceId }) => salesforceId],
  });
  const { rows: found } = await sql<Found>`
    with given as materialized ${given}, touched as (
      select unnest(${ids}::text[]) as pair_id
      union select p.pair_id from pairs p join given g using (object, hubspot_id) where p.ended_at is null
      union select p.pair_id from pairs p join given g using (object, salesforce_id) where p.ended_at is null
    )
    select pair_id as "pairId", object, hubspot_id as "hubspotId", salesforce_id as "salesforceId", version,
      batch_id as "batchId", ended_at is null as live
    from pairs where pair_id = any(array(select pair_id from touched)) order by pair_id for update`.execute(trx);
  return found;
}

async function endPairs(trx: Transaction<Tables>, pairIds: readonly string[]): Promise<void> {
  if (pairIds.length === 0) return;
  await sql`update pairs set ended_at = now() where pair_id = any(${pairIds}::text[]) and ended_at is null`.execute(
    trx,
  );
}

async function movePairs(trx: Transaction<Tables>, batchId: string, moved: readonly MovePair[]): Promise<void> {
  if (moved.length === 0) return;
  const given = relation(moved, {
    pair_id: ['text', ({ pairId }) => pairId],
    base: ['jsonb', ({ base }) => base],
  });
  await sql`
    update pairs as p set base = coalesce(p.base, '{}') || g.base, version = p.version + 1, batch_id = ${batchId},
      moved_at = now()
    from ${given} as g where p.pair_id = g.pair_id`.execute(trx);
}

async function openPairs(trx: Transaction<Tables>, batchId: string, opened: readonly Opened[]): Promise<void> {
  if (opened.length === 0) return;
  const given = relation(opened, {
    pair_id: ['text', ({ pairId }) => pairId],
    object: ['text', ({ object }) => object],
    hubspot_id: ['text', ({ hubspotId }) => hubspotId],
    salesforce_id: ['text', ({ salesforceId }) => salesforceId],
    salesforce_type: ['text', ({ salesforceType }) => salesforceType],
    base: ['jsonb', ({ base }) => base],
  });
  await sql`
    insert into pairs (pair_id, object, hubspot_id, salesforce_id, salesforce_type, base, version, batch_id)
    select g.*, 1, ${batchId} from ${given} as g order by object, hubspot_id`.execute(trx);
  // From here on decisions stand under the HubSpot id; those under the Salesforce id become history.
  await sql`
    update decisions d set latest = false from ${given} as g
    where d.latest and d.system = 'salesforce' and d.object = g.object and d.record_id = g.salesforce_id`.execute(trx);
}
