import { type RawBuilder, sql } from 'kysely';
import type { FailureCategory } from '../core/failures.ts';
import { type Outcome, outcomeReason, type SkipReason, type WaitReason } from '../core/outcome.ts';
import { type RecordRef, refKey } from '../core/record-ref.ts';
import { refColumns, relation } from './batch.ts';
import type { Db } from './tables.ts';

/** What a sync of one record came to, and what that rests on. */
export interface NewDecision {
  readonly outcome: Outcome;
  readonly verdict?: 'open' | 'closed' | 'undecided' | undefined;
  readonly basis?: string | undefined;
  readonly segmentId?: string | undefined;
  readonly segmentVersion?: string | undefined;
  /** Keyed hash of the values that the segments' filters read. */
  readonly evidenceHash?: string | undefined;
  /** The newest vendor stamp among the values read, ISO. */
  readonly changedAt?: string | undefined;
}

export interface Decision extends NewDecision {
  readonly ref: RecordRef;
  /** When this state began, and when it was last found unchanged. */
  readonly decidedAt: string;
  readonly seenAt: string;
}

/** The newest decision of a record, with the newest one whose verdict was open or closed (often the same). */
export interface LatestDecision extends Decision {
  readonly lastDecided?: Decision;
}

interface Row {
  readonly object: string;
  readonly system: RecordRef['system'];
  readonly record_id: string;
  readonly outcome: Outcome['kind'];
  readonly reason: string | null;
  readonly verdict: NewDecision['verdict'] | null;
  readonly basis: string | null;
  readonly segment_id: string | null;
  readonly segment_version: string | null;
  readonly evidence_hash: string | null;
  readonly changed_at: string | null;
  readonly decided_at: string;
  readonly seen_at: string;
}

/**
 * The two statements that note decisions. Where the newest one of a record says the same (outcome, reason, verdict,
 * basis, segment and its version), it is only seen again, with the new evidence; otherwise a row is added.
 */
export function noting(
  decisions: readonly { readonly ref: RecordRef; readonly decision: NewDecision }[],
): RawBuilder<unknown>[] {
  const given = relation(decisions, {
    object: ['text', ({ ref }) => ref.object],
    system: ['text', ({ ref }) => ref.system],
    record_id: ['text', ({ ref }) => ref.id],
    outcome: ['text', ({ decision }) => decision.outcome.kind],
    reason: ['text', ({ decision }) => outcomeReason(decision.outcome)],
    verdict: ['text', ({ decision }) => decision.verdict],
    basis: ['text', ({ decision }) => decision.basis],
    segment_id: ['text', ({ decision }) => decision.segmentId],
    segment_version: ['text', ({ decision }) => decision.segmentVersion],
    evidence_hash: ['text', ({ decision }) => decision.evidenceHash],
    changed_at: ['timestamptz', ({ decision }) => decision.changedAt],
  });
  const sameRecord = sql`d.latest and d.object = g.object and d.system = g.system and d.record_id = g.record_id`;
  const same = sql`(d.outcome, d.reason, d.verdict, d.basis, d.segment_id, d.segment_version)
    is not distinct from (g.outcome, g.reason, g.verdict, g.basis, g.segment_id, g.segment_version)`;
  return [
    sql`update decisions d set
        latest = ${same},
        seen_at = case when ${same} then now() else d.seen_at end,
        evidence_hash = case when ${same} then g.evidence_hash else d.evidence_hash end,
        changed_at = case when ${same} then g.changed_at else d.changed_at end
      from ${given} as g where ${sameRecord}`,
    sql`insert into decisions (object, system, record_id, outcome, reason, verdict, basis, segment_id, segment_version,
        evidence_hash, changed_at)
      select * from ${given} as g where not exists (select from decisions d where ${sameRecord})`,
  ];
}

/** What was decided of each record, when and why. Appended when a decision says something new. */
export class Decisions {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** The newest decision of each record, by `refKey`; records never decided are absent. */
  async latest(refs: readonly RecordRef[]): Promise<Map<string, LatestDecision>> {
    if (refs.length === 0) return new Map();
    const given = relation(refs, refColumns);
    const { rows } = await sql<Row & { decided: Row | null }>`
      select d.*, (
        select to_jsonb(p) from decisions p
        where p.object = d.object and p.system = d.system and p.record_id = d.record_id and p.verdict in ('open', 'closed')
        order by p.seq desc limit 1
      ) as decided
      from decisions_latest d join ${given} as g using (object, system, record_id)`.execute(this.#db);
    return new Map(
      rows.map((row) => {
        const decision = decisionOf(row);
        const latest = row.decided ? { ...decision, lastDecided: decisionOf(row.decided) } : decision;
        return [refKey(decision.ref), latest];
      }),
    );
  }

  /** The decisions of a record, newest first. */
  async history(ref: RecordRef, limit = 100): Promise<Decision[]> {
    const { rows } = await sql<Row>`
      select * from decisions where object = ${ref.object} and system = ${ref.system} and record_id = ${ref.id}
      order by seq desc limit ${limit}::integer`.execute(this.#db);
    return rows.map(decisionOf);
  }
}

function decisionOf(row: Row): Decision {
  return {
    ref: { system: row.system, object: row.object, id: row.record_id },
    outcome: outcomeOf(row.outcome, row.reason),
    verdict: row.verdict ?? undefined,
    basis: row.basis ?? undefined,
    segmentId: row.segment_id ?? undefined,
    segmentVersion: row.segment_version ?? undefined,
    evidenceHash: row.evidence_hash ?? undefined,
    changedAt: row.changed_at ? iso(row.changed_at) : undefined,
    decidedAt: iso(row.decided_at),
    seenAt: iso(row.seen_at),
  };
}

/** Times inside a document keep PostgreSQL's own spelling; this brings them into ours. */
const iso = (time: string): string => new Date(time).toISOString();

function outcomeOf(kind: Outcome['kind'], reason: string | null): Outcome {
  if (kind === 'skipped') return { kind, reason: reason as SkipReason };
  if (kind === 'waiting') return { kind, reason: reason as WaitReason };
  if (kind === 'failed') return { kind, category: reason as FailureCategory };
  return { kind };
}
