import { writesBack } from '../../core/decide.ts';
import { associationKey } from '../../core/plan/association.ts';
import { baseAfter } from '../../core/plan.ts';
import { otherSystem, type System, systems } from '../../core/record-ref.ts';
import type { RowResult } from '../../crm/types.ts';
import { send } from '../send.ts';
import type { Pass } from './context.ts';
import { keepOverwritten } from './overwritten.ts';
import { type Step, stepFor } from './step.ts';
import { finish, isOpen, knownBase, type Unit } from './unit.ts';

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
      runId: pass.runId,
      keyField: pass.running.settings.keys.salesforce,
      results: pass.results,
    };
    for (const [key, result] of await send(context, writes)) results.set(key, result);
  }
  await keepOverwritten(pass, steps, results);
  return steps.filter((step) => conclude(pass, step, results)).map(({ unit }) => unit);
}

/** Ends the unit, or says that it must be looked at again. */
function conclude(pass: Pass, step: Step, results: ReadonlyMap<string, RowResult>): boolean {
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
  const writtenTo = (system: System): boolean => {
    const there = outcomes.filter(({ write }) => write.target === system);
    return there.length > 0 && there.every(({ result }) => result?.ok);
  };
  unit.conflicts.push(...plan.conflicts.filter(({ kept }) => writtenTo(otherSystem(kept))));
  // An identity is no agreement about fields: the first sync is still to come.
  if (pass.mode !== 'identity') {
    const confirmed = new Set(systems.filter(writtenTo));
    unit.base = { ...unit.base, ...baseAfter(plan, knownBase(unit), confirmed) };
  }

  if (refused) {
    const { result } = refused;
    const category = result && !result.ok ? result.category : 'unexpected';
    if (category === 'changedMeanwhile') return true;
    if (result && !result.ok && leavesOut(step, refused.write.target, result.names)) return true;
    if (result && !result.ok && result.existingId && refused.write.id === undefined && !unit.hubspotId) {
      unit.hubspotId = result.existingId; // somebody made it meanwhile: pair with it
      return true;
    }
    finish(unit, { kind: 'failed', category });
    return false;
  }
  if (step.deferSalesforce) return true;
  if (step.exception === 'autoCreate' && step.creates === 'hubspot' && writesBack(unit.object)) {
    unit.createdHere = true; // what HubSpot filled in by itself may go back
    return true;
  }
  if (step.creates === 'hubspot' && toAssociate(unit)) return true; // now that there is something to associate
  if (unit.fate) {
    finish(unit, { kind: 'synced' });
    return false;
  }
  if (step.exception === 'exitPolicy') {
    finish(unit, { kind: 'skipped', reason: 'notInSegment' });
    return false;
  }
  const [bad] = plan.badValues;
  if (bad) finish(unit, { kind: 'failed', category: 'propertyValues' });
  else finish(unit, { kind: unit.wrote ? 'synced' : 'unchanged' });
  return false;
}

/**
 * Where the vendor names the fields that it refuses, the others go on without them; answers whether any is left out that
 * was not before. What a record can't exist without fails the record.
 */
function leavesOut({ unit, plan, type }: Step, target: System, names: readonly string[] = []): boolean {
  if (unit.object.onBadValue === 'failRecord') return false;
  const named = new Set(names.map((name) => name.toLowerCase()));
  const fields = unit.object.fields.flatMap(({ hubspot, salesforce }) => {
    const name = target === 'hubspot' ? hubspot : (salesforce[type] ?? '');
    return named.has(name.toLowerCase()) && plan.written[target].includes(hubspot) ? [hubspot] : [];
  });
  const before = unit.refused.size;
  for (const field of fields) unit.refused.add(field);
  return unit.refused.size > before;
}

/** A record that was just created belongs to a parent that both sides know. */
const toAssociate = ({ object, salesforce, related }: Unit): boolean =>
  salesforce !== undefined &&
  (object.associations ?? []).some((association) => {
    const { salesforce: parent } = related.get(associationKey(association)) ?? {};
    return parent !== null && parent !== undefined;
  });
