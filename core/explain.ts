import { type FailureCategory, failureClass, failures } from './failures.ts';
import type { Outcome, SkipReason, WaitReason } from './outcome.ts';

/** A decision in plain words. */
export interface Explanation {
  /** What happened and why. */
  readonly says: string;
  /** What would have to change for it to end otherwise; undefined where nothing would. */
  readonly helps: string | undefined;
}

/** What a decision rests on. */
export interface Decided {
  readonly outcome: Outcome;
  readonly basis?: string | null | undefined;
  readonly segmentId?: string | null | undefined;
}

const skips: Readonly<Record<SkipReason, readonly [says: string, helps: string | undefined]>> = {
  notInSegment: [
    'It was left alone: it is not a member of {segment}.',
    'It syncs by itself when it becomes a member of the segment.',
  ],
  createOff: [
    'It was left alone: it has no counterpart, and the settings create none for it.',
    'Set `create` for its object, or create the counterpart.',
  ],
  noMatchValue: [
    'It was left alone: it has no value to be found by again, such as an email.',
    'It syncs when it has one.',
  ],
  duplicate: [
    'It was left alone: another record is in step with the one that it would belong to.',
    'Merge the two, or give it a value of its own to be found by.',
  ],
  converted: [
    'It was left alone: it is a converted lead, and its contact is not synced.',
    'Take Contact among the types of its object.',
  ],
  notInSettings: ['It was left alone: the settings that run have no such object.', 'Add the object to the settings.'],
  salesforceCondition: [
    "It was left alone: its Salesforce record does not meet the object's SOQL condition.",
    'It syncs when it does.',
  ],
  deleted: [
    'It was left alone: its counterpart is deleted. Nothing is created anew for it.',
    'Restore the counterpart, or let deletes cross by `deletes`.',
  ],
  deleteConflict: [
    'Its counterpart was deleted while it was edited: neither was done to the other.',
    'Restore the counterpart, or delete this record too.',
  ],
  merged: [
    'It was left alone: its counterpart was merged into a record that belongs to another.',
    'Merge the two on this side as well.',
  ],
};

const waits: Readonly<Record<WaitReason, readonly [says: string, helps: string]>> = {
  segmentNotReevaluated: [
    "It waits: by the values just read {segment}'s own filter says otherwise than HubSpot does, so HubSpot has not evaluated it yet.",
    'It goes on when HubSpot has.',
  ],
  segmentSettling: [
    "It waits: {segment}'s filter can't be told from its values, and it was changed a moment ago.",
    'It goes on when it has settled.',
  ],
  segmentProcessing: ['It waits: {segment} is being processed.', 'It goes on when HubSpot is done.'],
  segmentMissing: ['It waits: {segment} is deleted.', 'Restore the segment, or choose another one.'],
  segmentStatic: ['It waits: {segment} is a static list.', 'Choose an active one.'],
  segmentUnreadable: [
    'It waits: {segment} could not be read.',
    'It goes on when HubSpot answers; check the scopes of the token.',
  ],
};

const bases: Readonly<Record<string, string>> = {
  open: 'it is a member of {segment}, by HubSpot and by the values just read',
  noSegment: 'its object has no segment',
  settled: "it is a member of {segment} by HubSpot's word, some time after its last change",
  timeout: "HubSpot's last word on {segment} was trusted, as `onTimeout: trustHubSpot` says",
  autoCreate: 'it was created in Salesforce after its object was enabled, which the segment does not hold up',
  firstSync: 'it was its first sync, which the segment does not hold up',
  projected: "{segment}'s filter takes it, with the values that Salesforce has",
  identity: 'an import brings the identity of every record',
  exitPolicy: 'the exit policy says what becomes of records outside the segment',
};

/** Why a record may be written, in plain words; undefined for a basis that is not known here. */
export const explainBasis = (basis: string): string | undefined => bases[basis]?.replace('{segment}', 'its segment');

/** Tells in plain words what a decision says and what would have to change. */
export function explain({ outcome, basis, segmentId }: Decided): Explanation {
  const named = (text: string): string =>
    text.replaceAll('{segment}', segmentId ? `segment ${segmentId}` : 'its segment');
  switch (outcome.kind) {
    case 'skipped': {
      const [says, helps] = skips[outcome.reason] ?? [`It was left alone (${outcome.reason as string}).`, undefined];
      return { says: named(says), helps };
    }
    case 'waiting': {
      const [says, helps] = waits[outcome.reason] ?? [`It waits (${outcome.reason as string}).`, undefined];
      return { says: named(says), helps };
    }
    case 'failed':
      return { says: `It failed. ${saysOf(outcome.category)}`, helps: helpOf(outcome.category) };
    case 'synced':
    case 'unchanged': {
      const why = basis && bases[basis];
      const what = outcome.kind === 'synced' ? 'It was brought into step' : 'Both sides were in step already';
      return { says: named(why ? `${what}: ${why}.` : `${what}.`), helps: undefined };
    }
  }
  return outcome satisfies never;
}

const saysOf = (category: FailureCategory): string => failures[category]?.says ?? category;

function helpOf(category: FailureCategory): string {
  if (!failures[category]) return 'A newer Tandem knows more of it.';
  const kind = failureClass(category);
  switch (kind) {
    case 'retrySoon':
      return 'It is tried again by itself.';
    case 'waitForChange':
      return 'It is tried again when either side, the mapping or the schema changes, or by `tandem record sync`.';
    case 'needsPerson':
      return 'Somebody has to mend it; then `tandem record sync`.';
  }
  return kind satisfies never;
}
