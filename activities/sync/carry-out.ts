import { permission } from '../../core/decide.ts';
import { type GateException, permitFor } from '../../core/gate.ts';
import type { Plan } from '../../core/plan.ts';
import { makePlan } from '../../core/plan.ts';
import { otherSystem, type System } from '../../core/record-ref.ts';
import { filterProperties } from '../../core/segment-filter.ts';
import type { Direction } from '../../core/settings/settings.ts';
import type { RowResult } from '../../crm/types.ts';
import { send, type Write } from '../send.ts';
import { kindsOf, type Pass, segmentIds } from './context.ts';
import { keepOverwritten } from './overwritten.ts';
import { matchValue } from './pair-up.ts';
import { finish, isOpen, type Unit, unitKey, unitRef } from './unit.ts';

/** What a unit is about to do in this look. */
interface Step {
  readonly unit: Unit;
  readonly plan: Plan;
  readonly type: string;
  readonly creates: System | undefined;
  readonly exception: GateException | undefined;
  /** The plan changes what the segment's filter reads: Salesforce waits for the next verdict. */
  readonly deferSalesforce: boolean;
  readonly writes: Write[];
}

/**
 * One look at the open units: decides, plans, writes to HubSpot, then to Salesforce. Units whose turn is over are
 * ended; the ones that come back have to be read again (Salesforce waits for the next verdict, a record was edited
 * under our hands, a record to be created was there already).
 */
export async function carryOut(pass: Pass, units: readonly Unit[]): Promise<Unit[]> {
  const steps = units.filter(isOpen).flatMap((unit) => stepFor(pass, unit) ?? []);
  const results = new Map<string, RowResult>();
  for (const target of ['hubspot', 'salesforce'] as const) {
    const writes = steps.flatMap((step) => step.writes.filter((write) => write.target === target));
    const context = {
      engine: pass.engine,
      attempt: pass.attempt,
      settingsVersion: pass.running.version,
      keyField: pass.running.settings.keys.salesforce,
      results: pass.results,
    };
    for (const [key, result] of await send(context, writes)) results.set(key, result);
  }
  await keepOverwritten(pass, steps, results);
  return steps.filter((step) => conclude(step, results)).map(({ unit }) => unit);
}

function stepFor(pass: Pass, unit: Unit): Step | undefined {
  const { object } = unit;
  const decided = permission({
    object,
    paired: unit.pair !== undefined,
    hubspot: unit.hubspot?.properties,
    salesforce: unit.salesforce && {
      createdSinceEnabled: Date.parse(unit.salesforce.createdAt) >= enabledAtMs(pass, object.name),
      isConverted: unit.salesforce.isConverted ?? false,
    },
    hasMatchValue: object.match.length === 0 || matchValue(unit) !== undefined,
    verdict: unit.hubspot || segmentIds(object).length > 0 ? unit.verdict : { kind: 'open', basis: 'noSegment' },
  });
  if (decided.kind === 'stop') {
    finish(unit, decided.outcome);
    return undefined;
  }
  const type = unit.salesforce?.type ?? decided.createType ?? '';
  unit.salesforceType = type;
  const plan = planFor(pass, unit, type, decided.direction);
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

/** Nothing that is older than this is a change. */
const enabledAtMs = ({ running }: Pass, object: string): number =>
  Date.parse(running.enabledAt[object]?.salesforce ?? new Date(8.64e15).toISOString());

function planFor(pass: Pass, unit: Unit, type: string, direction: Direction): Plan {
  return makePlan({
    object: { ...unit.object, direction },
    salesforceType: type,
    kinds: kindsOf(pass, unit.object, type),
    base: unit.pair?.base,
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
  const base = (target: System): Pick<Write, 'target' | 'ref' | 'readId' | 'leases' | 'permit' | 'key'> => {
    const write = { target, ref: unitRef(unit), readId: unit.readId };
    const verdict =
      unit.hubspot || segmentIds(unit.object).length > 0
        ? unit.verdict
        : ({ kind: 'open', basis: 'noSegment' } as const);
    return {
      ...write,
      key: `${unitKey(unit)}>${target}`,
      leases: [...unit.held],
      permit: permitFor(write, verdict, exception),
    };
  };
  const writes: Write[] = [];
  if (creates === 'hubspot' && unit.salesforceId) {
    const values = { ...plan.hubspot, [keys.hubspot]: unit.salesforceId };
    writes.push({ ...base('hubspot'), type: unit.object.hubspot.type, id: undefined, values, before: {} });
  } else if (unit.hubspotId && Object.keys(plan.hubspot).length > 0) {
    const { hubspot: values, previous } = plan;
    writes.push({
      ...base('hubspot'),
      type: unit.object.hubspot.type,
      id: unit.hubspotId,
      values,
      before: previous.hubspot,
    });
  }
  if (creates === 'salesforce' && unit.hubspotId) {
    const values = plan.salesforce;
    writes.push({ ...base('salesforce'), type, id: undefined, values, before: {}, keyValue: unit.hubspotId });
  } else if (unit.salesforce && Object.keys(plan.salesforce).length > 0 && !deferSalesforce) {
    writes.push({
      ...base('salesforce'),
      type,
      id: unit.salesforce.id,
      values: plan.salesforce,
      before: plan.previous.salesforce,
      ...(pass.lane === 'live' ? { ifUnmodifiedSince: unit.salesforce.modifiedAt } : {}),
    });
  }
  return writes;
}

/** Ends the unit, or says that it must be looked at again. */
function conclude(step: Step, results: ReadonlyMap<string, RowResult>): boolean {
  const { unit, plan } = step;
  const outcomes = step.writes.map((write) => ({ write, result: results.get(write.key) }));
  const refused = outcomes.find(({ result }) => !result?.ok);
  if (outcomes.some(({ result }) => result?.ok)) unit.wrote = true;
  for (const { write, result } of outcomes) {
    if (result?.ok && write.id === undefined) {
      if (write.target === 'hubspot') unit.hubspotId = result.id;
      else unit.salesforceId = result.id;
    }
  }
  const writtenTo = (system: System): boolean =>
    outcomes.some(({ write, result }) => write.target === system && result?.ok);
  unit.conflicts.push(...plan.conflicts.filter(({ kept }) => writtenTo(otherSystem(kept))));
  const complete = !refused && !step.deferSalesforce;
  const moved = complete ? plan.base : partialBase(step, writtenTo);
  if (moved) unit.base = { ...unit.base, ...moved };

  if (refused) {
    const { result } = refused;
    const category = result && !result.ok ? result.category : 'unexpected';
    if (category === 'changedMeanwhile') return true;
    if (result && !result.ok && result.existingId && refused.write.id === undefined && !unit.hubspotId) {
      unit.hubspotId = result.existingId; // somebody made it meanwhile: pair with it
      return true;
    }
    finish(unit, { kind: 'failed', category });
    return false;
  }
  if (step.deferSalesforce) return true;
  const [bad] = plan.badValues;
  if (bad) finish(unit, { kind: 'failed', category: 'propertyValues' });
  else finish(unit, { kind: unit.wrote ? 'synced' : 'unchanged' });
  return false;
}

/**
 * The base after a plan that was carried out in part: it moves for the fields that both sides now agree on. A first
 * sync keeps no base until it is whole, or the fields that are left would count as newly mapped.
 */
function partialBase(step: Step, writtenTo: (system: System) => boolean): Plan['base'] | undefined {
  const { unit, plan, type } = step;
  if (!unit.pair?.base) return undefined;
  const moved = Object.entries(plan.base).filter(([property]) => {
    const field = unit.object.fields.find(({ hubspot }) => hubspot === property)?.salesforce[type] ?? '';
    if (property in plan.hubspot) return writtenTo('hubspot');
    return field in plan.salesforce ? writtenTo('salesforce') : true;
  });
  return Object.fromEntries(moved);
}
