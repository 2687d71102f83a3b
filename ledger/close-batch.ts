import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { type RecordRef, refKey } from '../core/record-ref.ts';
import { type NewConflict, noting as notingConflicts } from './conflicts.ts';
import { type NewDecision, noting as notingDecisions } from './decisions.ts';
import { type Holder, LeaseLost } from './holder.ts';
import { type PairChange, type RefusedRow, savePairs } from './pair-changes.ts';
import { endingPairings, type Pairing } from './pairings.ts';
import type { Db, Tables } from './tables.ts';
import { notingFates, type Tombstone } from './tombstones.ts';
import { transact } from './transact.ts';
import { type EndedWait, type NewWait, replaceWaits } from './waits.ts';
import { settling, settlingAbandoned, type WriteResult } from './writes.ts';

/** What a pass came to for one record. */
export interface ClosedRow {
  /** The record's HubSpot side where it is known, else its Salesforce side. Each stands once in a batch. */
  readonly ref: RecordRef;
  readonly pair?: PairChange | undefined;
  readonly decision: NewDecision;
  /** Replace those that the record had; a Salesforce side has none. */
  readonly waits: readonly NewWait[];
  readonly conflicts: readonly NewConflict[];
  /** What the record, or one that it stood for, has become. */
  readonly tombstones?: readonly Tombstone[];
  /** What had been asked for by hand, and is done or refused now. */
  readonly pairing?: Pairing | undefined;
}

export interface Batch {
  readonly holder: Holder;
  /** The lease keys that the batch rests on. */
  readonly keys: readonly string[];
  readonly rows: readonly ClosedRow[];
  /** Results of the intents of this batch. */
  readonly results: readonly WriteResult[];
}

/** What became of a batch beside what was saved. */
export interface Closed {
  readonly refused: readonly RefusedRow[];
  /** Waits that are over, with all who waited. */
  readonly ended: readonly EndedWait[];
}

/**
 * Saves what a batch came to, in one transaction with a constant number of statements: pairs, results, decisions, waits,
 * conflicts. Rows whose pair does not fit any more are left out and returned; their results are kept, being facts.
 * Intents that an interrupted pass left open for these records end as unknown. Throws `LeaseLost`, with nothing saved, where another holder has taken a key over.
 */
export async function closeBatch(db: Db, batch: Batch): Promise<Closed> {
  refuseRepeats(batch.rows.map(({ ref }) => refKey(ref)));
  const batchId = randomUUID();
  const rows = batch.rows.map((row) => ({
    ...row,
    conflicts: row.conflicts.map((one) => ({ id: randomUUID(), ...one })),
  }));
  return transact(db, async (trx) => {
    await keepLeases(trx, batch);
    const refused = await savePairs(trx, batchId, rows);
    const without = new Set(refused.map(({ ref }) => refKey(ref)));
    const saved = rows.filter(({ ref }) => !without.has(refKey(ref)));
    for (const statement of statements(batch, saved)) await statement.execute(trx);
    const ended = await replaceWaits(
      trx,
      saved.map(({ ref }) => ref).filter(({ system }) => system === 'hubspot'),
      saved.flatMap(({ waits }) => waits),
    );
    return { refused, ended };
  });
}

type SavedRow = Omit<ClosedRow, 'conflicts'> & {
  readonly conflicts: readonly (NewConflict & { readonly id: string })[];
};

/** Everything but the pairs; what has no rows has no statement. */
function statements({ results, holder }: Batch, saved: readonly SavedRow[]): RawBuilder<unknown>[] {
  const refs = saved.map(({ ref }) => ref);
  const pairings = saved.flatMap(({ pairing }) => pairing ?? []);
  const fates = saved.flatMap(({ tombstones = [] }) => tombstones);
  const conflicts = saved.flatMap((row) =>
    row.conflicts.map(({ id, ...conflict }) => ({ id, ref: row.ref, conflict })),
  );
  return [
    ...(results.length > 0 ? [settling(results)] : []),
    ...(saved.length > 0 ? [settlingAbandoned(refs, holder), ...notingDecisions(saved)] : []),
    ...(conflicts.length > 0 ? [notingConflicts(conflicts)] : []),
    ...(fates.length > 0 ? [notingFates(fates)] : []),
    ...(pairings.length > 0 ? [endingPairings(pairings)] : []),
  ];
}

/**
 * Holds the leases' rows until the commit, so that nobody takes over in between. An expired lease still counts here:
 * while its row is ours, nobody else has begun to work on the record.
 */
async function keepLeases(trx: Transaction<Tables>, { holder, keys }: Batch): Promise<void> {
  const names = [...new Set(keys)];
  const { rows } = await sql`
    select key from leases
    where key = any(${names}::text[]) and owner = ${holder.owner} and attempt = ${holder.attempt}::integer
    order by key for share`.execute(trx);
  if (rows.length < names.length) throw new LeaseLost(holder, rows.length, names.length);
}

function refuseRepeats(keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new Error(`closeBatch: ${key} stands twice in one batch.`);
    seen.add(key);
  }
}
