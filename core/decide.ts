import type { GateException, Verdict } from './gate.ts';
import type { Outcome, SkipReason } from './outcome.ts';
import type { FilterVerdict } from './segment-filter.ts';
import type { Direction, ObjectSettings } from './settings/settings.ts';

/** What is known of one record (or two that belong together) when its turn comes. */
export interface Situation {
  readonly object: ObjectSettings;
  readonly paired: boolean;
  readonly hubspot: Readonly<Record<string, string | null>> | undefined;
  readonly salesforce:
    | {
        readonly createdSinceEnabled: boolean;
        readonly isConverted: boolean;
        /** False where the settings name a SOQL condition for its type and it does not meet that. */
        readonly meetsCondition?: boolean;
      }
    | undefined;
  /** True where the record that is to be created in the other system carries a value to be found by again. */
  readonly hasMatchValue: boolean;
  /** Undefined where there is no HubSpot record to judge and the object has a segment. */
  readonly verdict: Verdict | undefined;
  /**
   * The HubSpot record was created from this Salesforce record a moment ago, in the same pass; or it had a pair and is
   * paired with another Salesforce record now. Two records that were never paired are none of this: the gate decides.
   */
  readonly isFirstSync?: boolean;
  /** Whether it would belong to its segments with the values that Salesforce has; absent where that is not asked. */
  readonly wouldBelong?: FilterVerdict | undefined;
  /** Its pair was ended when it left its segment. */
  readonly wasUnlinked?: boolean;
}

/** What may be done: nothing, with the outcome; or a sync in these directions, creating what is missing. */
export type Permission =
  | { readonly kind: 'stop'; readonly outcome: Outcome }
  | {
      readonly kind: 'sync';
      readonly direction: Direction;
      readonly creates?: 'hubspot' | 'salesforce';
      /** Salesforce type of the record to be created. */
      readonly createType?: string;
      /** Set where the verdict is not open and a setting allows the write all the same. */
      readonly exception?: GateException;
    };

const skip = (reason: SkipReason): Permission => ({ kind: 'stop', outcome: { kind: 'skipped', reason } });
const missing: Permission = { kind: 'stop', outcome: { kind: 'failed', category: 'missingRecord' } };

/** Decides whether a record may sync, in which directions, and whether its counterpart may be created. Total. */
export function permission(situation: Situation): Permission {
  const { object, paired, hubspot, salesforce, verdict } = situation;
  if (!hubspot && !salesforce) return missing;
  if (paired && (!hubspot || !salesforce)) return missing;
  if (salesforce?.isConverted) return skip('converted');
  if (salesforce?.meetsCondition === false) return skip('salesforceCondition');
  if (!hubspot) return createInHubSpot(situation);

  if (verdict?.kind !== 'open' && situation.isFirstSync && writesBack(object)) {
    return { kind: 'sync', direction: 'toSalesforce', exception: 'firstSync' };
  }
  if (verdict?.kind === 'undecided') return { kind: 'stop', outcome: { kind: 'waiting', reason: verdict.reason } };
  if (verdict?.kind !== 'open') {
    if (situation.wouldBelong === 'true' && salesforce && object.direction !== 'toSalesforce') {
      return { kind: 'sync', direction: 'toHubSpot', exception: 'projected' };
    }
    const mayFill =
      !paired && !situation.wasUnlinked && salesforce?.createdSinceEnabled && object.create.hubspot === 'always';
    if (!mayFill || object.direction === 'toSalesforce') return skip('notInSegment');
    return { kind: 'sync', direction: 'toHubSpot', exception: 'autoCreate' };
  }
  if (salesforce) return { kind: 'sync', direction: object.direction };
  if (object.direction === 'toHubSpot' || object.create.salesforce === 'never') return skip('createOff');
  if (!situation.hasMatchValue) return skip('noMatchValue');
  const createType = createdType(object, hubspot);
  if (!createType) return skip('createOff');
  return { kind: 'sync', direction: object.direction, creates: 'salesforce', createType };
}

/** A record that is outside now, and what was decided about it before. */
export interface Leaving {
  readonly verdict: Verdict | undefined;
  readonly before: { readonly verdict?: string | undefined; readonly segmentVersion?: string | undefined } | undefined;
}

/**
 * Whether a record has left its segment since it was decided about last: it was in by the same version of the same filter.
 * Whoever is outside because another segment was chosen, or its filter edited, has not left.
 */
export const hasLeft = ({ verdict, before }: Leaving): boolean =>
  verdict?.kind === 'closed' && before?.verdict === 'open' && before.segmentVersion === verdict.segmentVersion;

/** Whether the first sync of a pair may write to Salesforce before the segment lets the record through. */
export const writesBack = ({ gate, direction }: ObjectSettings): boolean =>
  gate.firstSync === 'writeBack' && direction !== 'toHubSpot';

/** A Salesforce record without a HubSpot one: no segment can be asked, so the settings decide. */
function createInHubSpot(situation: Situation): Permission {
  const { object, salesforce, hasMatchValue, verdict } = situation;
  if (object.direction === 'toSalesforce' || object.create.hubspot === 'never') return skip('createOff');
  if (!hasMatchValue) return skip('noMatchValue');
  const sync = { kind: 'sync', direction: object.direction, creates: 'hubspot' } as const;
  if (verdict?.kind === 'open') return sync;
  if (situation.wouldBelong === 'true') return { ...sync, exception: 'projected' };
  if (object.create.hubspot !== 'always' || !salesforce?.createdSinceEnabled) return skip('notInSegment');
  return { ...sync, exception: 'autoCreate' };
}

/** The Salesforce type that is created for a HubSpot record: the first row whose conditions all hold. */
export function createdType(
  object: ObjectSettings,
  properties: Readonly<Record<string, string | null>>,
): string | undefined {
  return object.salesforce.create.find(({ when }) =>
    Object.entries(when ?? {}).every(([property, values]) => values.includes(properties[property] ?? '')),
  )?.type;
}
