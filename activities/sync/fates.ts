import { baseHalves } from '../../core/merge.ts';
import { type RecordRef, refKey, type System } from '../../core/record-ref.ts';
import { typesOfId } from '../../core/salesforce-types.ts';
import { fromHubSpot, fromSalesforce } from '../../core/values.ts';
import { kindsOf, type Pass, unique } from './context.ts';
import { leaseRecords } from './leases.ts';
import { readAndJudge } from './read.ts';
import { finish, isOpen, knownBase, type Unit, unitRef } from './unit.ts';

/** What became of a record that is no longer what its pair says. */
export interface Fate {
  readonly side: System;
  /** `gone`: nobody says why, it may only be hidden from us. */
  readonly kind: 'deleted' | 'merged' | 'converted' | 'gone';
  /** The record that stands for it now. */
  readonly intoId?: string | undefined;
}

/** A chain of merges is followed this far. */
const longestChain = 5;

/**
 * Learns what became of records that were merged, converted or deleted. Where another record stands for one and is free,
 * the pair moves to it, keeping its base, and both sides are read again; where that one has a pair of its own, or where
 * the record is deleted, the unit's fate says so. A merge is never taken for a delete.
 */
export async function learnFates(pass: Pass, units: readonly Unit[]): Promise<void> {
  if (pass.mode === 'identity') return;
  for (let step = 0; step < 2; step += 1) {
    const open = units.filter((unit) => isOpen(unit) && !unit.fate);
    const moved: Unit[] = [];
    for (const [, members] of Map.groupBy(open, ({ object }) => object.name)) {
      moved.push(...(await followHubSpot(pass, members)), ...(await followSalesforce(pass, members)));
    }
    if (moved.length === 0) return;
    await leaseRecords(pass, moved);
    await readAndJudge(pass, moved.filter(isOpen));
  }
}

/** HubSpot answers an id that was merged away with the record that it became. */
async function followHubSpot(pass: Pass, units: readonly Unit[]): Promise<Unit[]> {
  const absorbed = units.filter(({ hubspot, hubspotId }) => hubspot && hubspotId && hubspot.id !== hubspotId);
  for (const unit of absorbed) if (!unit.pair) finish(unit, { kind: 'skipped', reason: 'merged' });
  const paired = absorbed.filter(isOpen);
  const moved = await moveTo(pass, 'hubspot', paired, 'merged', (unit) => unit.hubspot?.id);

  const missing = units.filter(({ pair, hubspot, hubspotId, fate }) => pair && hubspotId && !hubspot && !fate);
  if (missing.length > 0) {
    const [first] = missing as [Unit];
    const ids = missing.map(({ hubspotId }) => hubspotId ?? '');
    const archived = await pass.engine.hubspot.reader.archived(first.object.hubspot.type, ids);
    const latest = await pass.engine.ledger.decisions.latest(missing.map(unitRef));
    for (const unit of missing) {
      unit.fate = { side: 'hubspot', kind: archived.has(unit.hubspotId ?? '') ? 'deleted' : 'gone' };
      unit.lastDecided = latest.get(refKey(unitRef(unit)))?.lastDecided;
    }
  }
  return moved;
}

async function followSalesforce(pass: Pass, units: readonly Unit[]): Promise<Unit[]> {
  const [first] = units;
  if (!first) return [];
  const { types } = first.object.salesforce;
  const converted = units.filter(
    ({ pair, salesforce }) => pair && salesforce?.isConverted && typesOfId(salesforce.convertedTo ?? '', types)[0],
  );
  const moved = await moveTo(pass, 'salesforce', converted, 'converted', ({ salesforce }) => salesforce?.convertedTo);

  const missing = units.filter(({ salesforceId, salesforce, fate }) => salesforceId && !salesforce && !fate);
  const fates = new Map<string, { readonly isDeleted: boolean; readonly mergedInto: string | undefined }>();
  const ask = async (ids: readonly string[]): Promise<void> => {
    for (const type of types) {
      const ofType = ids.filter((id) => typesOfId(id, types).includes(type));
      const hasMaster = pass.running.catalog.salesforce[type]?.['MasterRecordId'] !== undefined;
      if (ofType.length === 0) continue;
      for (const [id, fate] of await pass.engine.salesforce.reader.fates(type, unique(ofType), hasMaster))
        fates.set(id, fate);
    }
  };
  await ask(missing.map(({ salesforceId }) => salesforceId ?? ''));
  for (let link = 1; link < longestChain; link += 1) {
    const next = [...fates.values()].flatMap(({ mergedInto }) =>
      mergedInto && !fates.has(mergedInto) ? [mergedInto] : [],
    );
    if (next.length === 0) break;
    await ask(next);
  }
  const endOf = (id: string | undefined): string | undefined => {
    let at = fates.get(id ?? '')?.mergedInto;
    for (let link = 1; link < longestChain && at; link += 1) at = fates.get(at)?.mergedInto ?? at;
    return at;
  };
  for (const unit of missing) {
    const fate = fates.get(unit.salesforceId ?? '');
    const intoId = endOf(unit.salesforceId);
    if (intoId && unit.pair) continue;
    if (!unit.pair && !unit.hubspotId && fate?.isDeleted) {
      finish(unit, { kind: 'skipped', reason: intoId ? 'merged' : 'deleted' });
    } else if (unit.pair) unit.fate = { side: 'salesforce', kind: fate?.isDeleted ? 'deleted' : 'gone' };
  }
  const merged = missing.filter((unit) => unit.pair && endOf(unit.salesforceId));
  return [...moved, ...(await moveTo(pass, 'salesforce', merged, 'merged', ({ salesforceId }) => endOf(salesforceId)))];
}

/** Points units at the record that took the place of theirs; where that one has a pair already, it is their fate. */
async function moveTo(
  pass: Pass,
  side: System,
  units: readonly Unit[],
  kind: 'merged' | 'converted',
  target: (unit: Unit) => string | undefined,
): Promise<Unit[]> {
  if (units.length === 0) return [];
  const [{ object }] = units as [Unit];
  const ids = units.flatMap((unit) => target(unit) ?? []);
  const pairs = await pass.engine.ledger.pairs.byIds(object.name, side, ids);
  const taken = new Set<string>();
  return units.filter((unit) => {
    const intoId = target(unit) ?? '';
    const before: RecordRef = {
      system: side,
      object: object.name,
      id: (side === 'hubspot' ? unit.hubspotId : unit.salesforceId) ?? '',
    };
    unit.tombstones.push({ ref: before, fate: kind, intoId });
    if (pairs.has(intoId) || taken.has(intoId)) {
      unit.fate = { side, kind, intoId };
      return false;
    }
    taken.add(intoId);
    if (side === 'hubspot') unit.hubspotId = intoId;
    else {
      unit.salesforceId = intoId;
      unit.salesforceType = typesOfId(intoId, object.salesforce.types)[0];
    }
    return true;
  });
}

/** Whether the side that is still there holds an edit that the other one has never seen. */
export function hasUnseenEdit(pass: Pass, unit: Unit, side: System): boolean {
  const base = knownBase(unit);
  const type = unit.salesforceType ?? '';
  const kinds = kindsOf(pass, unit.object, type);
  return unit.object.fields.some(({ hubspot, salesforce, rule }) => {
    const kind = kinds[hubspot];
    const held = baseHalves(base?.[hubspot]);
    const name = salesforce[type];
    if (!kind || !held || !name || rule === 'none') return false;
    if (side === 'hubspot') return fromHubSpot(kind, unit.hubspot?.properties[hubspot]) !== held.hubspot;
    // Salesforce's words may stand for HubSpot's by a table: only what is not in step by any reading counts.
    const native = fromSalesforce(kind, unit.salesforce?.fields[name]);
    return native !== held.salesforce && !isTranslated(unit, hubspot, native, held.salesforce);
  });
}

function isTranslated(unit: Unit, property: string, native: unknown, held: string | null): boolean {
  const values = unit.object.fields.find(({ hubspot }) => hubspot === property)?.values ?? [];
  return values.some(([there, here]) => there === held && here === native);
}
