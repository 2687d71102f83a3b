import { hasLeft } from '../../core/decide.ts';
import type { Pass } from './context.ts';
import { deedOn, stepOfDeeds } from './deed.ts';
import { hasUnseenEdit } from './fates.ts';
import type { Step } from './step.ts';
import { finish, type Unit, unitRef } from './unit.ts';

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
    unit.tombstones.push({ ref: unitRef(unit), fate: 'unlinked', intoId: undefined });
    const { hubspot: key } = pass.running.settings.keys;
    const held = hubspot.properties[key] ?? '';
    const cleared = deedOn(unit, 'hubspot', { values: { [key]: '' }, before: { [key]: held } });
    return stepOfDeeds(unit, held === '' ? [] : [cleared], 'exitPolicy');
  }
  if (policy !== 'archive' || !salesforce) return undefined;
  if (hasUnseenEdit(pass, unit, 'salesforce')) {
    finish(unit, { kind: 'skipped', reason: 'deleteConflict' });
    return undefined;
  }
  unit.isLeaving = true;
  const ref = { system: 'salesforce', object: object.name, id: salesforce.id } as const;
  unit.tombstones.push({ ref, fate: 'deleted', intoId: undefined });
  const removed = deedOn(unit, 'salesforce', { isRemoval: true, values: {}, before: { ...salesforce.fields } });
  return stepOfDeeds(unit, [removed], 'exitPolicy');
}
