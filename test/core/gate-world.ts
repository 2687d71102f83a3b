import { type GateInput, judge, type SegmentView, type Verdict } from '../../core/gate.ts';
import type { GateSettings } from '../../core/settings/settings.ts';

/** When the record changed last, by HubSpot's clock. */
export const changedAtMs = Date.parse('2026-03-01T12:00:00Z');

/** A record settles after 60 s, and waits for 900 s at most. */
export const gateSettings: GateSettings = {
  settleMs: 60_000,
  reevaluationTimeoutMs: 900_000,
  onTimeout: 'hold',
  firstSync: 'writeBack',
};

const propertyFilter = (operation: object): unknown => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [{ filterType: 'PROPERTY', property: 'stage', operation }],
    },
  ],
});

/** Filters over the property `stage`. The last two can't be told from its value; only the last looks at more than that. */
export const filters = {
  wantsCustomer: propertyFilter({ operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['customer'] }),
  unknown: propertyFilter({ operationType: 'CALENDAR_DATE', operator: 'IN_THIS_TIME_UNIT', timeUnit: 'WEEK' }),
  history: propertyFilter({ operationType: 'ENUMERATION', operator: 'HAS_EVER_BEEN_ANY_OF', values: ['opportunity'] }),
};

export const segment = (
  changes: Partial<Extract<SegmentView, { readable: true }>> = {},
): Extract<SegmentView, { readable: true }> => ({
  readable: true,
  version: '7',
  complete: true,
  filterBranch: filters.wantsCustomer,
  trusted: false,
  ...changes,
});

/** Judges a customer that changed just now and is in no segment; `ageMs` is how long ago the change was. */
export function judgeCustomer(
  changes: Partial<GateInput> & { readonly ageMs?: number; readonly memberOf?: readonly string[] },
): Verdict {
  const { ageMs = 0, memberOf = [], ...input } = changes;
  return judge({
    record: { properties: { stage: 'customer' }, modifiedAtMs: changedAtMs, memberOf: new Set(memberOf) },
    include: [],
    exclude: [],
    segments: new Map(),
    gate: gateSettings,
    nowMs: changedAtMs + ageMs,
    unreliable: new Set(),
    evidenceUnchanged: false,
    ...input,
  });
}

/** One line for a verdict; times in seconds after the record's change. */
export function describeVerdict(verdict: Verdict): string {
  if (verdict.kind === 'open') return `open (${verdict.basis})`;
  if (verdict.kind === 'closed') return 'closed';
  const [wait] = verdict.waits;
  const seconds = (ms: number): string => `${(ms - changedAtMs) / 1000} s`;
  const words = [verdict.overdue ? 'held' : 'waits', `(${verdict.reason})`];
  if (wait?.expected !== null && wait?.expected !== undefined) words.push(`for ${wait.expected ? 'in' : 'out'}`);
  if (wait?.lookAgainAtMs) words.push(`again at ${seconds(wait.lookAgainAtMs)}`);
  if (wait?.deadlineMs) words.push(`${verdict.overdue ? 'since' : 'until'} ${seconds(wait.deadlineMs)}`);
  return words.join(' ');
}
