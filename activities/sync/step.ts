import { permission } from '../../core/decide.ts';
import { type GateException, permitFor, type Verdict } from '../../core/gate.ts';
import { isAssociation, propertiesIn } from '../../core/plan/association.ts';
import { emptyPlan, makePlan, type Plan } from '../../core/plan.ts';
import type { System } from '../../core/record-ref.ts';
import { filterProperties } from '../../core/segment-filter.ts';
import type { Direction } from '../../core/settings/settings.ts';
import type { Write } from '../send.ts';
import { kindsOf, limitsOf, type Pass, segmentIds } from './context.ts';
import { deleteStep, unmarking } from './delete.ts';
import { exitStep } from './exit.ts';
import { matchValue } from './pair-up.ts';
import { finish, isOpen, knownBase, type Unit, unitKey, unitRef } from './unit.ts';

/** What a unit is about to do in this look. */
export interface Step {
  readonly unit: Unit;
  readonly plan: Plan;
  readonly type: string;
  readonly creates: System | undefined;
  readonly exception: GateException | undefined;
  /** The plan changes what the segment's filter reads: Salesforce waits for the next verdict. */
  readonly deferSalesforce: boolean;
  readonly writes: Write[];
}

/** What a unit may do now, with its writes; undefined where its turn is over. */
export function stepFor(pass: Pass, unit: Unit): Step | undefined {
  if (pass.mode === 'identity') return identityStep(pass, unit);
  if (unit.fate) return deleteStep(pass, unit);
  const { object } = unit;
  const decided = permission({
    object,
    paired: unit.pair !== undefined || unit.replaces !== undefined,
    hubspot: unit.hubspot?.properties,
    salesforce: unit.salesforce && {
      createdSinceEnabled: Date.parse(unit.salesforce.createdAt) >= enabledAtMs(pass, object.name),
      isConverted: unit.salesforce.isConverted ?? false,
      meetsCondition: unit.meetsCondition,
    },
    hasMatchValue: object.match.length === 0 || matchValue(unit) !== undefined,
    verdict: standing(unit),
    wouldBelong: unit.wouldBelong,
    wasUnlinked: unit.wasUnlinked,
    isFirstSync: unit.createdHere || unit.replaces !== undefined,
  });
  if (decided.kind === 'stop') {
    const exit = exitStep(pass, unit);
    if (!exit && isOpen(unit)) finish(unit, decided.outcome);
    return exit;
  }
  const type = unit.salesforce?.type ?? decided.createType ?? '';
  unit.salesforceType = type;
  const plan = planFor(pass, unit, type, decided.direction);
  if (object.onBadValue === 'failRecord' && plan.badValues.length > 0) {
    finish(unit, { kind: 'failed', category: 'propertyValues' });
    return undefined;
  }
  const reads = new Set(
    segmentIds(object).flatMap((id) => filterProperties(pass.engine.definitions.get(id)?.filterBranch).names),
  );
  const deferSalesforce = unit.hubspot !== undefined && Object.keys(plan.hubspot).some((name) => reads.has(name));
  const step: Step = {
    unit,
    plan,
    type,
    creates: decided.creates,
    exception: decided.exception,
    deferSalesforce: deferSalesforce && Object.keys(plan.salesforce).length > 0,
    writes: [],
  };
  step.writes.push(...writesOf(pass, step));
  return step;
}

/**
 * The first phase of an import: a pair for the Salesforce record, and for one without a HubSpot record a new one that
 * holds what it is found by and nothing else.
 */
function identityStep(pass: Pass, unit: Unit): Step | undefined {
  const { object, salesforce, hubspot } = unit;
  const [match] = object.match;
  const value = matchValue(unit);
  if (!salesforce) finish(unit, { kind: 'failed', category: 'missingRecord' });
  else if (salesforce.isConverted) finish(unit, { kind: 'skipped', reason: 'converted' });
  else if (!unit.meetsCondition) finish(unit, { kind: 'skipped', reason: 'salesforceCondition' });
  else if (!value || !match) finish(unit, { kind: 'skipped', reason: 'noMatchValue' });
  else if (!hubspot && (object.direction === 'toSalesforce' || object.create.hubspot === 'never')) {
    finish(unit, { kind: 'skipped', reason: 'createOff' });
  }
  if (!isOpen(unit) || !salesforce || !value || !match) return undefined;
  unit.salesforceType = salesforce.type;
  const identity = hubspot ? {} : { [match.hubspot]: value };
  const plan: Plan = { ...emptyPlan(), hubspot: identity };
  const creates = hubspot ? undefined : 'hubspot';
  const step: Step = {
    unit,
    plan,
    type: salesforce.type,
    creates,
    exception: 'identity',
    deferSalesforce: false,
    writes: [],
  };
  step.writes.push(...writesOf(pass, step));
  return step;
}

/** Nothing that is older than this is a change. */
const enabledAtMs = ({ running }: Pass, object: string): number =>
  Date.parse(running.enabledAt[object]?.salesforce ?? new Date(8.64e15).toISOString());

export function planFor(pass: Pass, unit: Unit, type: string, direction: Direction): Plan {
  return makePlan({
    object: unit.object,
    narrowedTo: direction,
    salesforceType: type,
    kinds: kindsOf(pass, unit.object, type),
    limits: limitsOf(pass, unit.object, type),
    refused: unit.refused,
    related: unit.related,
    base: knownBase(unit),
    hubspot: unit.hubspot?.properties,
    salesforce: unit.salesforce?.fields,
    newer: newerSide(unit),
  });
}

/** Only for the case that both sides changed: the later stamp wins, HubSpot's clock against Salesforce's. */
function newerSide({ hubspot, salesforce }: Unit): System | undefined {
  if (!hubspot || !salesforce) return undefined;
  return Date.parse(hubspot.modifiedAt) > Date.parse(salesforce.modifiedAt) ? 'hubspot' : 'salesforce';
}

function writesOf(pass: Pass, step: Step): Write[] {
  const { unit, plan, type, creates, exception, deferSalesforce } = step;
  const { keys } = pass.running.settings;
  const entries = Object.entries(plan.hubspot);
  const back = (system: System): Record<string, unknown> => (exception ? {} : unmarking(unit, system));
  const properties = { ...propertiesIn(plan.hubspot), ...back('hubspot') };
  const fields = { ...plan.salesforce, ...back('salesforce') };
  const base = (target: System, what = ''): Pick<Write, 'target' | 'ref' | 'readId' | 'leases' | 'permit' | 'key'> => {
    const write = { target, ref: unitRef(unit), readId: unit.readId };
    const verdict = standing(unit, exception);
    return {
      ...write,
      key: `${unitKey(unit)}>${target}${what}`,
      leases: [...unit.held],
      permit: permitFor(write, verdict, exception),
    };
  };
  const writes: Write[] = [];
  if (creates === 'hubspot' && unit.salesforceId) {
    const values = { ...properties, [keys.hubspot]: unit.salesforceId };
    writes.push({ ...base('hubspot'), type: unit.object.hubspot.type, id: undefined, values, before: {} });
  } else if (unit.hubspotId && Object.keys(properties).length > 0) {
    const { previous } = plan;
    const values = properties;
    writes.push({
      ...base('hubspot'),
      type: unit.object.hubspot.type,
      id: unit.hubspotId,
      values,
      before: previous.hubspot,
    });
  }
  for (const [key, parentId] of entries.filter(([name]) => isAssociation(name))) {
    const way = unit.parentTypes.get(key);
    const before = unit.related.get(key)?.hubspot ?? '';
    if (!way || !unit.hubspotId) continue;
    const ends = parentId === '';
    writes.push({
      ...base('hubspot', `/${key}`),
      type: unit.object.hubspot.type,
      id: unit.hubspotId,
      association: { to: { type: way.type, id: ends ? before : parentId }, type: way.association, ends },
      values: { [key]: parentId },
      before: { [key]: before },
    });
  }
  if (creates === 'salesforce' && unit.hubspotId) {
    const values = plan.salesforce;
    writes.push({ ...base('salesforce'), type, id: undefined, values, before: {}, keyValue: unit.hubspotId });
  } else if (unit.salesforce && Object.keys(fields).length > 0 && !deferSalesforce) {
    writes.push({
      ...base('salesforce'),
      type,
      id: unit.salesforce.id,
      values: fields,
      before: plan.previous.salesforce,
      ...(pass.alone ? { ifUnmodifiedSince: unit.salesforce.modifiedAt } : {}),
    });
  }
  return writes;
}

/** Without a HubSpot record there is nothing to judge: an object without a segment is open, any other has no verdict. */
function standing({ hubspot, object, verdict }: Unit, exception?: GateException): Verdict | undefined {
  if (hubspot || exception === 'identity' || segmentIds(object).length > 0) return verdict;
  return { kind: 'open', basis: 'noSegment' };
}
