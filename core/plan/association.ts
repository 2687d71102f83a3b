import { baseHalves, mergeField } from '../merge.ts';
import { otherSystem } from '../record-ref.ts';
import type { AssociationSettings } from '../settings/settings.ts';
import { type FieldPlan, firstSyncToCome } from './field.ts';
import type { Plan, PlanInput } from './types.ts';

/** Which parent each side names. `undefined`: one that has no pair yet, so that nobody can say which it is over there. */
export interface Related {
  /** The parent's HubSpot id. */
  readonly hubspot: string | null | undefined;
  /** The HubSpot id of Salesforce's parent. */
  readonly salesforce: string | null | undefined;
  /** The Salesforce id of HubSpot's parent. */
  readonly salesforceId: string | undefined;
}

/** The name under which an association stands among the fields of a plan and a base. */
export const associationKey = ({ to, label }: Pick<AssociationSettings, 'to' | 'label'>): string =>
  `association:${to}${label === undefined ? '' : `/${label}`}`;

export const isAssociation = (field: string): boolean => field.startsWith('association:');

/** The properties among what a plan writes to HubSpot. */
export const propertiesIn = (hubspot: Plan['hubspot']): Record<string, string> =>
  Object.fromEntries(Object.entries(hubspot).filter(([name]) => !isAssociation(name)));

/**
 * Plans which parent a record belongs to. It crosses like any two-way field, once both parents have a pair; until then
 * nothing is decided, and nothing is ever cleared because the other side can't name its parent.
 */
export function planAssociation(key: string, related: Related | undefined, input: PlanInput): FieldPlan {
  const isPairsFirst = !input.base || !input.hubspot || !input.salesforce;
  const entry = isPairsFirst ? firstSyncToCome : input.base?.[key];
  if (!related || related.hubspot === undefined || related.salesforce === undefined) return { base: entry };
  const { hubspot, salesforce } = related;
  if (entry === undefined) {
    return hubspot === salesforce ? { base: hubspot } : { base: { hubspot, salesforce }, isNoted: true };
  }
  const decision = mergeField({
    rule: 'twoWay',
    direction: input.narrowedTo ?? input.object.direction,
    base: entry,
    hubspot,
    salesforce,
    newer: input.newer,
  });
  if (decision.kind === 'agreed') return { base: decision.value };
  if (decision.kind === 'left') return { base: baseHalves(entry) ? entry : firstSyncToCome };
  const { to, value, loser } = decision;
  if (input.refused?.has(key)) return { base: entry, bad: { side: otherSystem(to), reason: 'refused' } };
  // A record that is only being created has nothing yet that could be associated: that is done when it is there.
  if (to === 'hubspot' && !input.hubspot) return { base: firstSyncToCome };
  const raw = to === 'hubspot' ? (value ?? '') : value === null ? null : related.salesforceId;
  return { base: value, write: { to, raw, lost: loser?.value } };
}
