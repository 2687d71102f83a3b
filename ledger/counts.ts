import { sql } from 'kysely';
import type { FailureCategory } from '../core/failures.ts';
import type { PermitBasis } from '../core/permit.ts';
import type { Db } from './tables.ts';

/** What health tells of the ledger. */
export interface LedgerCounts {
  readonly pairs: number;
  readonly waits: number;
  /** Waits past their deadline. */
  readonly overdue: number;
  /** Intents without a result, and since when the oldest of them is open. */
  readonly openWrites: number;
  readonly oldestOpenWriteAt: string | null;
  readonly leases: number;
  /** Leases whose holder is gone; the sweep takes them. */
  readonly expiredLeases: number;
  readonly unresolvedConflicts: number;
  /** Records whose newest decision is a failure, by category, a pair once; categories without any are absent. */
  readonly failed: Partial<Readonly<Record<FailureCategory, number>>>;
  /** Writes that were sent although no segment let their record through by its filter, by basis; without those of none. */
  readonly exceptions: Partial<Readonly<Record<ExceptionBasis, number>>>;
}

/** Why else than by an open gate a write may be sent. */
export type ExceptionBasis = Exclude<PermitBasis, 'open' | 'noSegment'>;

/** Counts everything in one statement. */
export async function countLedger(db: Db): Promise<LedgerCounts> {
  const { rows } = await sql<LedgerCounts>`
    select
      (select count(*)::integer from pairs where ended_at is null) as pairs,
      (select count(*)::integer from waits) as waits,
      (select count(*)::integer from waits where deadline < now()) as overdue,
      (select count(*)::integer from open_writes) as "openWrites",
      (select min(intended_at) from writes where id in (select write_id from open_writes)) as "oldestOpenWriteAt",
      (select count(*)::integer from leases) as leases,
      (select count(*)::integer from leases where until <= now()) as "expiredLeases",
      (select count(*)::integer from conflicts where resolved_at is null) as "unresolvedConflicts",
      (select coalesce(jsonb_object_agg(reason, n), '{}') from (
        select reason, count(*)::integer as n from decisions d
        where latest and outcome = 'failed' and (system = 'hubspot' or not exists (
          select from pairs p where p.object = d.object and p.salesforce_id = d.record_id and p.ended_at is null
        ))
        group by reason
      ) as f) as failed,
      (select coalesce(jsonb_object_agg(basis, n), '{}') from (
        select basis, count(*)::integer as n from writes where basis not in ('open', 'noSegment') group by basis
      ) as e) as exceptions`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error('The ledger gave no counts.');
  return counts;
}
