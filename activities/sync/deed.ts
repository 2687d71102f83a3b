import { permitFor } from '../../core/gate.ts';
import { emptyPlan } from '../../core/plan.ts';
import type { System } from '../../core/record-ref.ts';
import type { Write } from '../send.ts';
import type { Step } from './step.ts';
import { type Unit, unitKey, unitRef } from './unit.ts';

/** A write to one side of a unit that no field asks for: a delete that crosses, or what the exit policy says. */
export function deedOn(unit: Unit, target: System, deed: Pick<Write, 'values' | 'before' | 'isRemoval'>): Write {
  const { object, salesforce } = unit;
  const write = { target, ref: unitRef(unit), readId: unit.readId };
  return {
    ...write,
    key: `${unitKey(unit)}>${target}`,
    leases: [...unit.held],
    permit: permitFor(write, unit.verdict, 'exitPolicy'),
    type: target === 'hubspot' ? object.hubspot.type : (salesforce?.type ?? ''),
    id: target === 'hubspot' ? unit.hubspotId : salesforce?.id,
    ...deed,
  };
}

/** The step of such writes alone. */
export const stepOfDeeds = (unit: Unit, writes: Write[], exception?: Step['exception']): Step => ({
  unit,
  plan: emptyPlan(),
  type: unit.salesforceType ?? '',
  creates: undefined,
  exception,
  deferSalesforce: false,
  writes,
});
