import type { WaitReason } from './outcome.ts';
import { issuePermit, type Permit, type PermitBasis } from './permit.ts';
import type { RecordRef, System } from './record-ref.ts';
import { type Associated, filterProperties, predictFilter } from './segment-filter.ts';
import type { GateSettings } from './settings/settings.ts';

/** A segment as the gate sees it: its definition, read in the same batch after the memberships. */
export type SegmentView =
  | {
      readonly readable: true;
      readonly version: string;
      readonly complete: boolean;
      readonly filterBranch: unknown;
      /** An operator declared that Tandem must not judge this version by its filter: HubSpot's answer decides alone. */
      readonly trusted: boolean;
    }
  | { readonly readable: false; readonly reason: 'segmentMissing' | 'segmentStatic' | 'segmentUnreadable' };

/** One HubSpot record as read, with what the verdict rests on. */
export interface GateRecord {
  readonly properties: Readonly<Record<string, string | null>>;
  /** HubSpot's own stamp of the newest change of the record, or of an associated one that a filter reads; milliseconds. */
  readonly modifiedAtMs: number;
  readonly memberOf: ReadonlySet<string>;
  /** Values of associated records; what is not read makes filters on it untold. */
  readonly associated?: Associated | undefined;
}

export interface GateInput {
  readonly record: GateRecord;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly segments: ReadonlyMap<string, SegmentView>;
  readonly gate: GateSettings;
  /** HubSpot's clock when it answered, milliseconds. */
  readonly nowMs: number;
  /** Properties whose values can't be predicted from a read (calculated ones). */
  readonly unreliable: ReadonlySet<string>;
  /** True where the filters' values equal those noted with the last decided verdict. */
  readonly evidenceUnchanged: boolean;
  /** The HubSpot account's time zone. */
  readonly zone?: string | undefined;
  /** Filters of other lists that the segments name, by id. */
  readonly lists?: ReadonlyMap<string, unknown> | undefined;
}

export type Verdict =
  | {
      readonly kind: 'open';
      readonly basis: 'open' | 'noSegment' | 'settled' | 'timeout';
      readonly segmentVersion?: string;
    }
  | { readonly kind: 'closed'; readonly segmentId: string; readonly segmentVersion: string }
  | {
      readonly kind: 'undecided';
      readonly reason: WaitReason;
      readonly waits: readonly SegmentWait[];
      /** Past the deadline under `hold`: the record stays in the waits, nobody sits beside it. */
      readonly overdue: boolean;
    };

/** What an undecided record waits for at one segment. */
export interface SegmentWait {
  readonly segmentId: string;
  readonly reason: WaitReason;
  /** What the segment's filter says of the values read; null where it can't tell. */
  readonly expected: boolean | null;
  readonly segmentVersion: string | undefined;
  /** When waiting ends, or has ended, as `onTimeout` says, by HubSpot's clock; null where it has no end. */
  readonly deadlineMs: number | null;
  /** When a look can bring news although nothing changes (the settling time is over). */
  readonly lookAgainAtMs: number | null;
}

/** What a definite answer rests on, the surest first. */
const answerBases = ['open', 'settled', 'timeout'] as const;
type AnswerBasis = (typeof answerBases)[number];

interface Definite {
  readonly is: 'in' | 'out';
  readonly basis: AnswerBasis;
  readonly version: string;
}
type Answer = Definite | { readonly is: 'undecided'; readonly wait: SegmentWait; readonly overdue: boolean };

/**
 * Judges one HubSpot record, as read and before our write, against its object's segments. A record may sync when it is
 * in any included segment (or none is named) and in no excluded one; a definite answer decides at once.
 */
export function judge(input: GateInput): Verdict {
  const { include, exclude } = input;
  if (include.length === 0 && exclude.length === 0) return { kind: 'open', basis: 'noSegment' };
  const included = include.map((id) => ({ id, answer: askSegment(id, input) }));
  const excluded = exclude.map((id) => ({ id, answer: askSegment(id, input) }));

  for (const { id, answer } of excluded) {
    if (answer.is === 'in') return { kind: 'closed', segmentId: id, segmentVersion: answer.version };
  }
  const outside = included.filter(({ answer }) => answer.is === 'out');
  const [firstOut] = outside;
  if (firstOut && firstOut.answer.is === 'out' && outside.length === included.length) {
    return { kind: 'closed', segmentId: firstOut.id, segmentVersion: firstOut.answer.version };
  }
  const member = surest(included.flatMap(({ answer }) => (answer.is === 'in' ? [answer] : [])));
  const clear = excluded.flatMap(({ answer }) => (answer.is === 'out' ? [answer] : []));
  if (clear.length === excluded.length && (member || included.length === 0)) {
    const basis = leastSure([...(member ? [member] : []), ...clear]);
    return { kind: 'open', basis, ...(member ? { segmentVersion: member.version } : {}) };
  }

  const open = [...included, ...excluded].flatMap(({ answer }) => (answer.is === 'undecided' ? [answer] : []));
  const waits = open.map(({ wait }) => wait);
  return {
    kind: 'undecided',
    reason: waits[0]?.reason ?? 'segmentUnreadable',
    waits,
    overdue: open.every(({ overdue }) => overdue),
  };
}

/** One segment is enough to be in: the surest answer counts. */
const surest = (answers: readonly Definite[]): Definite | undefined =>
  answerBases.map((basis) => answers.find((answer) => answer.basis === basis)).find(Boolean);

/** A verdict that needs several answers is no surer than the least sure of them. */
const leastSure = (answers: readonly Definite[]): AnswerBasis =>
  answerBases.findLast((basis) => answers.some((answer) => answer.basis === basis)) ?? 'open';

/** HubSpot's answer for one segment, believed only where it is known to be about the values just read. */
function askSegment(segmentId: string, input: GateInput): Answer {
  const view = input.segments.get(segmentId) ?? { readable: false, reason: 'segmentMissing' };
  const undecided = (reason: WaitReason, rest: Partial<SegmentWait>, overdue = false): Answer => ({
    is: 'undecided',
    overdue,
    wait: {
      segmentId,
      reason,
      expected: null,
      segmentVersion: undefined,
      deadlineMs: null,
      lookAgainAtMs: null,
      ...rest,
    },
  });
  if (!view.readable) return undecided(view.reason, {});
  const { version, filterBranch } = view;
  if (!view.complete) return undecided('segmentProcessing', { segmentVersion: version });

  const { record, gate, nowMs } = input;
  const member = record.memberOf.has(segmentId);
  const answer = (basis: AnswerBasis): Answer => ({ is: member ? 'in' : 'out', basis, version });
  const expected = view.trusted
    ? 'unknown'
    : predictFilter(filterBranch, record.properties, {
        unreliable: input.unreliable,
        nowMs,
        ...(input.zone !== undefined && { zone: input.zone }),
        ...(input.lists && { lists: input.lists }),
        ...(record.associated && { associated: record.associated }),
      });
  if (expected !== 'unknown' && (expected === 'true') === member) return answer('open');

  const settledAtMs = record.modifiedAtMs + gate.settleMs;
  if (expected === 'unknown') {
    if (input.evidenceUnchanged && filterProperties(filterBranch).complete) return answer('open');
    if (nowMs >= settledAtMs) return answer('settled');
  }
  const deadlineMs = record.modifiedAtMs + gate.reevaluationTimeoutMs;
  const pastDeadline = nowMs >= deadlineMs;
  if (pastDeadline && gate.onTimeout === 'trustHubSpot') return answer('timeout');
  return undecided(
    expected === 'unknown' ? 'segmentSettling' : 'segmentNotReevaluated',
    {
      expected: expected === 'unknown' ? null : expected === 'true',
      segmentVersion: version,
      deadlineMs,
      lookAgainAtMs: expected === 'unknown' ? settledAtMs : null,
    },
    pastDeadline,
  );
}

/** What a permit may be issued on besides an open verdict; each is a named exception of the settings. */
export type GateException = Extract<PermitBasis, 'identity' | 'autoCreate' | 'firstSync' | 'projected' | 'exitPolicy'>;

/**
 * The permit for one write, or undefined where there is none: an open verdict lets both systems be written,
 * `autoCreate`, `identity` and `projected` only HubSpot, `firstSync` only Salesforce.
 */
export function permitFor(
  write: { readonly target: System; readonly ref: RecordRef; readonly readId: string },
  verdict: Verdict | undefined,
  exception?: GateException,
): Permit | undefined {
  if (verdict?.kind === 'open') {
    return issuePermit({ ...write, basis: verdict.basis, segmentVersion: verdict.segmentVersion });
  }
  const allowed: Record<GateException, readonly System[]> = {
    identity: ['hubspot'],
    autoCreate: ['hubspot'],
    firstSync: ['salesforce'],
    projected: ['hubspot'],
    exitPolicy: ['hubspot', 'salesforce'],
  };
  if (!exception || !allowed[exception].includes(write.target)) return undefined;
  return issuePermit({ ...write, basis: exception, segmentVersion: undefined });
}
