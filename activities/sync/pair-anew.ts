import { typesOfId } from '../../core/salesforce-types.ts';
import type { Pass } from './context.ts';
import { leaseRecords } from './leases.ts';
import { finish, isOpen, type Unit } from './unit.ts';

/**
 * Takes up the pairs that somebody asked for by hand: from here on the unit is of the wanted Salesforce record, without a
 * base, and the pair that it had is to be replaced. Nobody takes a record that belongs to another pair.
 */
export async function takePairings(pass: Pass, units: readonly Unit[]): Promise<void> {
  if (pass.mode === 'identity') return;
  for (const [object, members] of Map.groupBy(units.filter(isOpen), (unit) => unit.object)) {
    const { ledger } = pass.engine;
    const asked = await ledger.pairings.of(
      object.name,
      members.flatMap(({ hubspotId }) => hubspotId ?? []),
    );
    if (asked.size === 0) continue;
    const owners = await ledger.pairs.byIds(object.name, 'salesforce', [...asked.values()]);
    for (const unit of members) {
      const wanted = asked.get(unit.hubspotId ?? '');
      if (wanted === undefined) continue;
      unit.pairing = { object: object.name, hubspotId: unit.hubspotId ?? '', salesforceId: wanted };
      if (unit.pair?.salesforceId === wanted) continue;
      if (owners.has(wanted)) finish(unit, { kind: 'skipped', reason: 'duplicate' });
      else takeOver(units, unit, wanted);
    }
  }
  await leaseRecords(pass, units);
}

function takeOver(units: readonly Unit[], unit: Unit, wanted: string): void {
  unit.replaces = unit.pair;
  unit.pair = undefined;
  unit.salesforceId = wanted;
  unit.salesforceType = typesOfId(wanted, unit.object.salesforce.types)[0];
  // The wanted record may be asked for in the same batch.
  const twin = units.find(
    (other) => other !== unit && isOpen(other) && !other.hubspotId && other.salesforceId === wanted,
  );
  if (!twin) return;
  unit.asked.push(...twin.asked.splice(0));
  twin.end = { kind: 'busy' };
}

/** Once both sides are read: where one of the two is not there, or the wanted one was converted, the pair stays as it was. */
export function refusePairings(units: readonly Unit[]): void {
  for (const unit of units.filter((each) => isOpen(each) && each.pairing && !each.pair)) {
    if (unit.hubspot && unit.salesforce && !unit.salesforce.isConverted) continue;
    finish(
      unit,
      unit.salesforce?.isConverted
        ? { kind: 'skipped', reason: 'converted' }
        : { kind: 'failed', category: 'missingRecord' },
    );
    unit.pair = unit.replaces;
    unit.replaces = undefined;
    unit.salesforceId = unit.pair?.salesforceId;
    unit.salesforce = undefined;
  }
}
