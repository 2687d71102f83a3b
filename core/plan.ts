import type { BaseValue } from './merge.ts';
import { associationKey, planAssociation } from './plan/association.ts';
import { type FieldPlan, firstSyncToCome, planField } from './plan/field.ts';
import { ownerProperty, planOwner } from './plan/owner.ts';
import type { BadValue, Base, Conflict, Plan, PlanInput } from './plan/types.ts';
import { otherSystem, type System, systems } from './record-ref.ts';

export type { BadReason, BadValue, Base, Conflict, Plan, PlanInput } from './plan/types.ts';

/**
 * Plans one pair. Only mapped fields of this Salesforce type are read, only those that differ are written, each by its
 * rule; one that can't be planned leaves the others alone. Planning again after the plan was carried out gives an empty
 * plan.
 */
export function makePlan(input: PlanInput): Plan {
  const plan = emptyDraft();
  const take = (field: string, name: string, part: FieldPlan): void => {
    if (part.base !== undefined) plan.base[field] = part.base;
    if (part.bad) plan.badValues.push({ field, ...part.bad });
    if (part.isNoted) plan.adopt.push(field);
    if (part.isSetAside) plan.setAside.push(field);
    if (!part.write) return;

    const { to, raw, lost } = part.write;
    plan.written[to].push(field);
    if (to === 'hubspot') {
      plan.hubspot[field] = String(raw);
      if (input.hubspot) plan.previous.hubspot[field] = input.hubspot[field];
    } else {
      plan.salesforce[name] = raw;
      if (input.salesforce) plan.previous.salesforce[name] = input.salesforce[name];
    }
    if (lost !== undefined) plan.conflicts.push({ field, kept: otherSystem(to), lost });
  };
  for (const mapping of input.object.fields) {
    const field = mapping.hubspot;
    const name = mapping.salesforce[input.salesforceType];
    if (name === undefined || mapping.rule === 'none') continue;
    take(field, name, field === ownerProperty ? planOwner(mapping, name, input) : planField(mapping, name, input));
  }
  for (const association of input.object.associations ?? []) {
    const name = association.salesforce[input.salesforceType];
    if (name === undefined) continue;
    const key = associationKey(association);
    take(key, name, planAssociation(key, input.related?.get(key), input));
  }
  return plan;
}

/** True where nothing is to be sent. The base may still move: both sides may have come to agree. */
export const writesNothing = (plan: Plan): boolean =>
  plan.written.hubspot.length + plan.written.salesforce.length === 0;

/**
 * The base to store when only the writes to `confirmed` systems have arrived (the other part was refused, or waits for
 * another verdict): fields that are still to be written keep what `before` holds; on a first sync they are marked as
 * still having theirs to come, so that they are not taken for newly mapped.
 */
export function baseAfter(plan: Plan, before: Base | undefined, confirmed: ReadonlySet<System>): Base {
  const missing = systems.filter((system) => !confirmed.has(system)).flatMap((system) => plan.written[system]);
  const kept = (field: string): BaseValue => {
    const entry = before?.[field];
    return entry === undefined ? firstSyncToCome : entry;
  };
  return { ...plan.base, ...Object.fromEntries(missing.map((field) => [field, kept(field)])) };
}

/** The plan that does nothing. */
export const emptyPlan = (): Plan => emptyDraft();

interface Draft {
  readonly hubspot: Record<string, string>;
  readonly salesforce: Record<string, unknown>;
  readonly written: Record<System, string[]>;
  readonly base: Record<string, BaseValue>;
  readonly previous: Record<System, Record<string, unknown>>;
  readonly conflicts: Conflict[];
  readonly badValues: BadValue[];
  readonly adopt: string[];
  readonly setAside: string[];
}

const emptyDraft = (): Draft => ({
  hubspot: {},
  salesforce: {},
  written: { hubspot: [], salesforce: [] },
  base: {},
  previous: { hubspot: {}, salesforce: {} },
  conflicts: [],
  badValues: [],
  adopt: [],
  setAside: [],
});
