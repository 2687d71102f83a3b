import { isMarked, marksOf } from '../../core/marks.ts';
import { otherSystem, type System } from '../../core/record-ref.ts';
import type { Pass } from './context.ts';
import { deedOn, stepOfDeeds } from './deed.ts';
import { hasUnseenEdit } from './fates.ts';
import type { Step } from './step.ts';
import { finish, type Unit } from './unit.ts';

/**
 * What a delete on one side does to the other: by the object's policy, for members alone unless the exit policy says
 * otherwise, and never against an edit that the deleted side has not seen. Undefined where the unit's turn is over.
 */
export function deleteStep(pass: Pass, unit: Unit): Step | undefined {
  const { fate, object } = unit;
  if (!fate) return undefined;
  if (fate.kind === 'merged' || fate.kind === 'converted') {
    finish(unit, { kind: 'skipped', reason: fate.kind });
    return undefined;
  }
  const target = otherSystem(fate.side);
  const { hubspot, salesforce } = unit;
  if (fate.kind === 'gone') finish(unit, { kind: 'failed', category: 'missingRecord' });
  else if (target === 'hubspot' ? !hubspot : !salesforce) finish(unit, { kind: 'skipped', reason: 'deleted' });
  if (unit.end) return undefined;
  unit.tombstones.push({ ref: refOf(unit, fate.side), fate: 'deleted', intoId: undefined });

  const policies = object.deletes ?? { fromHubSpot: 'nothing', fromSalesforce: 'nothing' };
  const policy = fate.side === 'hubspot' ? policies.fromHubSpot : policies.fromSalesforce;
  const isOpen = fate.side === 'hubspot' ? unit.lastDecided?.verdict === 'open' : unit.verdict?.kind === 'open';
  if (policy === 'nothing') finish(unit, { kind: 'skipped', reason: 'deleted' });
  else if (fate.side === 'salesforce' && unit.verdict?.kind === 'undecided') {
    finish(unit, { kind: 'waiting', reason: unit.verdict.reason });
  } else if (!isOpen && object.gate.exit !== 'keepDeletes') finish(unit, { kind: 'skipped', reason: 'deleted' });
  else if (policy === 'mark' && isTicked(unit, target)) finish(unit, { kind: 'skipped', reason: 'deleted' });
  else if (policy !== 'mark' && hasUnseenEdit(pass, unit, target)) {
    finish(unit, { kind: 'skipped', reason: 'deleteConflict' });
  }
  if (unit.end) return undefined;

  const held = (target === 'hubspot' ? hubspot?.properties : salesforce?.fields) ?? {};
  const mark = marksOf(object)[target] ?? '';
  const marking = { values: ticked(target, mark, true), before: { [mark]: held[mark] ?? null } };
  const removal = { isRemoval: true, values: {}, before: held };
  return stepOfDeeds(unit, [deedOn(unit, target, policy === 'mark' ? marking : removal)]);
}

/** Whether a record says already that its counterpart was deleted. */
const isTicked = ({ object, hubspot, salesforce }: Unit, system: System): boolean =>
  isMarked((system === 'hubspot' ? hubspot?.properties : salesforce?.fields)?.[marksOf(object)[system] ?? '']);

const ticked = (system: System, mark: string, value: boolean): Record<string, unknown> => ({
  [mark]: system === 'hubspot' ? String(value) : value,
});

/** What takes the mark from a record whose counterpart is back. */
export function unmarking(unit: Unit, system: System): Record<string, unknown> {
  const mark = marksOf(unit.object)[system];
  return mark && unit.pair && isTicked(unit, system) ? ticked(system, mark, false) : {};
}

const refOf = (unit: Unit, system: 'hubspot' | 'salesforce') => ({
  system,
  object: unit.object.name,
  id: (system === 'hubspot' ? unit.hubspotId : unit.salesforceId) ?? '',
});
