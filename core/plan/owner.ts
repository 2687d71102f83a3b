import { baseHalves } from '../merge.ts';
import { otherSystem, type System } from '../record-ref.ts';
import type { FieldMapping } from '../settings/settings.ts';
import { isBlank } from '../values.ts';
import { type FieldPlan, firstSyncToCome } from './field.ts';
import type { PlanInput } from './types.ts';

/** HubSpot's property and Salesforce's field of the owner. */
export const ownerProperty = 'hubspot_owner_id';
export const ownerField = 'OwnerId';

/**
 * Plans the owner. Who is whom stands in the mapping's pairs. At the first sync Salesforce's owner holds, later the most
 * recent change wins. Salesforce always has an owner: a HubSpot owner that is cleared, or that stands for no active
 * Salesforce user, is set back to Salesforce's.
 * https://knowledge.hubspot.com/salesforce/assignment-of-salesforce-owners-in-hubspot
 */
export function planOwner({ hubspot: property, values = [] }: FieldMapping, name: string, input: PlanInput): FieldPlan {
  const isPairsFirst = !input.base || !input.hubspot || !input.salesforce;
  const entry = isPairsFirst ? firstSyncToCome : input.base?.[property];
  const text = (raw: unknown): string | null => (isBlank(raw) || typeof raw !== 'string' ? null : raw);
  const here = text(input.hubspot?.[property]);
  const userOf = values.find(([owner]) => owner === here)?.[1];
  const there = values.find(([, user]) => user === text(input.salesforce?.[name]))?.[0] ?? null;
  const isOpen = (to: System): boolean => {
    const direction = input.narrowedTo ?? input.object.direction;
    return direction === 'both' || direction === (to === 'hubspot' ? 'toHubSpot' : 'toSalesforce');
  };

  if (!input.salesforce) {
    if (!here || !userOf || !isOpen('salesforce')) return { base: firstSyncToCome };
    return { base: here, write: { to: 'salesforce', raw: userOf } };
  }
  if (!input.hubspot) {
    if (!there || !isOpen('hubspot')) return { base: firstSyncToCome };
    return { base: there, write: { to: 'hubspot', raw: there } };
  }
  if (here === there && here !== null) return { base: here };
  const noted = { hubspot: here, salesforce: there };
  // Newly switched on for an old pair: nothing is written, later changes count from here.
  if (entry === undefined) return { base: noted, isNoted: true };

  const before = baseHalves(entry);
  const news = { hubspot: before !== undefined && here !== before.hubspot, salesforce: there !== before?.salesforce };
  const restores = here === null || userOf === undefined;
  const latest =
    news.hubspot && news.salesforce ? (input.newer ?? 'salesforce') : news.hubspot ? 'hubspot' : 'salesforce';
  const from: System = !before || restores ? 'salesforce' : latest;
  const to = otherSystem(from);
  const hasNews = !before || restores || news[from];
  const lost = news[to] && here !== null ? (to === 'hubspot' ? here : there) : undefined;
  if (from === 'salesforce') {
    if (there === null || !hasNews || !isOpen('hubspot')) return { base: before ? entry : noted };
    return { base: there, write: { to, raw: there, lost } };
  }
  if (!hasNews || !isOpen('salesforce')) return { base: entry };
  return { base: here, write: { to, raw: userOf, lost } };
}
