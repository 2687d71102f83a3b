import { failures } from '../core/failures.ts';
import { describeOutcome, type Outcome, type WaitReason } from '../core/outcome.ts';
import { refKey } from '../core/record-ref.ts';
import type { RecordStatus, RecordSyncInput, RecordWait } from './messages.ts';

const which: Record<WaitReason, string> = {
  segmentNotReevaluated: "which HubSpot has not evaluated for the record's newest values yet",
  segmentSettling: 'whose filter HubSpot alone can evaluate, so that its answer counts only after a while',
  segmentProcessing: 'which HubSpot is evaluating',
  segmentMissing: 'which is not in HubSpot',
  segmentStatic: 'which is no active segment',
  segmentUnreadable: "which can't be read",
};

/** What a record waits for, for people. */
export function waitsForText(outcome: Outcome, wait: RecordWait): string {
  const segments = `${wait.segmentIds.length === 1 ? 'segment' : 'segments'} ${wait.segmentIds.join(', ')}`;
  return outcome.kind === 'waiting' ? `${segments}, ${which[outcome.reason]}` : segments;
}

/** What a record that could not be written waits for, for people. */
export const nextTryText = (outcome: Outcome & { readonly kind: 'failed' }): string =>
  `the next try. ${failures[outcome.category].says}`;

/** What the page of a record shows. */
export interface RecordDetails {
  readonly ref: RecordSyncInput['ref'];
  readonly state: RecordStatus['state'];
  readonly sinceMs: number;
  readonly waitsFor: string | null;
  /** When the waiting ends at the latest. */
  readonly untilMs: number | null;
  readonly outcome: Outcome | null;
  readonly passes: number;
}

/** The page of a record in the Temporal UI, in markdown. */
export function recordDetails({ ref, state, sinceMs, waitsFor, untilMs, outcome, passes }: RecordDetails): string {
  const rows = [
    ['Record', `\`${refKey(ref)}\``],
    ['State', `**${state}** since ${utc(sinceMs)}`],
    ...(waitsFor === null ? [] : [['Waits for', waitsFor]]),
    ...(untilMs === null ? [] : [['Looks again by', utc(untilMs)]]),
    ['Last outcome', outcome ? describeOutcome(outcome) : 'none yet'],
    ['Looked at', passes === 1 ? 'once' : `${passes} times`],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** As the UI shows times. */
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
