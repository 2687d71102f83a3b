import { hasLeft } from '../../core/decide.ts';
import { permitFor } from '../../core/gate.ts';
import { emptyPlan } from '../../core/plan.ts';
import type { Write } from '../send.ts';
import type { Pass } from './context.ts';
import { hasUnseenEdit } from './fates.ts';
import type { Step } from './step.ts';
import { finish, type Unit, unitKey, unitRef } from './unit.ts';

/**
 * What becomes of a pair in the pass that finds that its record has left the segment, by the object's exit policy; undefined
 * where nothing does. `unlink` takes our id from the HubSpot record and ends the pair; `archive` moves the Salesforce record
 * to the recycle bin, unless it holds an edit that HubSpot has not seen.
 */
export function exitStep(pass: Pass, unit: Unit): Step | undefined {
  const { object, pair, hubspot, salesforce, verdict, lastDecided } = unit;
  const policy = object.gate.exit;
  if (!pair || !hubspot || !hasLeft({ verdict, before: lastDecided })) return undefined;
  if (policy === 'unlink') {
    unit.isLeaving = true;
    unit.unlinks = true;
    unit.tombstones.push({ ref: unitRef(unit), fate: 'unlinked', intoId: undefined });
    const { hubspot: key } = pass.running.settings.keys;
    const held = hubspot.properties[key] ?? '';
    const write: Write = { ...exitWrite(unit, 'hubspot'), values: { [key]: '' }, before: { [key]: held } };
    return step(unit, held === '' ? [] : [write]);
  }
  if (policy !== 'archive' || !salesforce) return undefined;
  if (hasUnseenEdit(pass, unit, 'salesforce')) {
    finish(unit, { kind: 'skipped', reason: 'deleteConflict' });
    return undefined;
  }
  unit.isLeaving = true;
  const ref = { system: 'salesforce', object: object.name, id: salesforce.id } as const;
  unit.tombstones.push({ ref, fate: 'deleted', intoId: undefined });
  return step(unit, [
    { ...exitWrite(unit, 'salesforce'), isRemoval: true, values: {}, before: { ...salesforce.fields } },
  ]);
}

function exitWrite(unit: Unit, target: 'hubspot' | 'salesforce'): Omit<Write, 'values' | 'before'> {
  const { object, salesforce } = unit;
  const write = { target, ref: unitRef(unit), readId: unit.readId };
  return {
    ...write,
    key: `${unitKey(unit)}>${target}/exit`,
    leases: [...unit.held],
    permit: permitFor(write, unit.verdict, 'exitPolicy'),
    type: target === 'hubspot' ? object.hubspot.type : (salesforce?.type ?? ''),
    id: target === 'hubspot' ? unit.hubspotId : salesforce?.id,
  };
}

const step = (unit: Unit, writes: Write[]): Step => ({
  unit,
  plan: emptyPlan(),
  type: unit.salesforceType ?? '',
  creates: undefined,
  exception: 'exitPolicy',
  deferSalesforce: false,
  writes,
});
