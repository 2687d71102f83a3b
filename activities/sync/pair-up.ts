import { nativeIds } from '../../core/native-ids.ts';
import { chooseCandidate } from '../../core/pairing.ts';
import { refKey } from '../../core/record-ref.ts';
import { typesOfId } from '../../core/salesforce-types.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import type { HubSpotRecord, SalesforceRecord } from '../../crm/types.ts';
import { hubspotProperties, nativeProperties, type Pass, salesforceFields, unique } from './context.ts';
import { leaseMatches, leaseRecords } from './leases.ts';
import { matchKey, readAndJudge } from './read.ts';
import { finish, isOpen, type Unit, unitRefs } from './unit.ts';

/**
 * Finds the counterpart of units that have no pair: by the id that one side carries of the other, then by the first
 * match fields. The match value is leased before the search, so that what was not found can't be created by another
 * worker meanwhile. Units that gained a record are leased and read again as a whole.
 */
export async function pairUp(pass: Pass, units: readonly Unit[]): Promise<void> {
  // A converted lead is nobody's counterpart: it is told apart when its turn comes.
  const single = units.filter(
    (unit) =>
      isOpen(unit) &&
      !unit.pair &&
      !unit.pairing &&
      (unit.hubspot || (unit.salesforce && !unit.salesforce.isConverted)),
  );
  if (single.length === 0) return;
  const keys = new Map<Unit, string>();
  for (const unit of single) {
    const value = matchValue(unit);
    if (value) keys.set(unit, matchKey(pass, unit.object.name, value));
  }
  await leaseMatches(pass, keys);

  const open = single.filter(isOpen);
  for (const [, members] of Map.groupBy(open, ({ object }) => object.name)) {
    await findSalesforce(
      pass,
      members.filter(({ hubspot, salesforceId }) => hubspot && !salesforceId),
    );
    await findHubSpot(
      pass,
      members.filter(({ salesforce, hubspotId }) => salesforce && !hubspotId),
    );
  }
  mergeTwins(units);
  const grown = open.filter((unit) => isOpen(unit) && unit.hubspotId && unit.salesforceId);
  await leaseRecords(pass, grown);
  // An identity rests on nothing that an edit in between could change.
  if (pass.mode !== 'identity') await readAndJudge(pass, grown.filter(isOpen));
}

/** Both sides of a couple may be asked for in one batch: they are one unit. */
function mergeTwins(units: readonly Unit[]): void {
  const first = new Map<string, Unit>();
  for (const unit of units.filter(isOpen)) {
    const keys = unitRefs(unit).map(refKey);
    const twin = keys.map((key) => first.get(key)).find((found) => found !== undefined);
    if (twin) {
      twin.asked.push(...unit.asked.splice(0));
      unit.end = { kind: 'busy' };
    } else for (const key of keys) first.set(key, unit);
  }
}

/** A record that turned out to exist may belong to another pair: pairs are sticky. */
export async function keepToOwnPairs(pass: Pass, units: readonly Unit[]): Promise<void> {
  for (const [name, members] of Map.groupBy(
    units.filter(({ pair, pairing }) => !pair && !pairing),
    ({ object }) => object.name,
  )) {
    const ids = members.flatMap(({ hubspotId }) => hubspotId ?? []);
    const pairs = await pass.engine.ledger.pairs.byIds(name, 'hubspot', ids);
    for (const unit of members) {
      const pair = pairs.get(unit.hubspotId ?? '');
      if (pair && pair.salesforceId !== unit.salesforceId) finish(unit, { kind: 'skipped', reason: 'duplicate' });
    }
  }
}

/** The value that people are found by, in the form in which both systems compare it; undefined where there is none. */
export function matchValue({ object, hubspot, salesforce }: Unit): string | undefined {
  const [match] = object.match;
  if (!match) return undefined;
  return comparable(hubspot ? hubspot.properties[match.hubspot] : salesforce?.fields[match.salesforce]);
}

const comparable = (raw: unknown): string | undefined =>
  typeof raw === 'string' && raw.trim() !== '' ? raw.trim().toLowerCase() : undefined;

async function findSalesforce(pass: Pass, units: readonly Unit[]): Promise<void> {
  const [first] = units;
  if (!first) return;
  const { object } = first;
  const { reader } = pass.engine.salesforce;
  const { keys } = pass.running.settings;
  const [match] = object.match;
  const hubspotIds = units.map(({ hubspotId }) => hubspotId ?? '');
  const values = unique(units.flatMap((unit) => matchValue(unit) ?? []));
  const adopts = nativeProperties(pass, object).length > 0;
  const leftBehind = (unit: Unit): string[] => (adopts ? nativeIds(object, unit.hubspot?.properties) : []);
  const carriedIds = units.flatMap((unit) => [unit.hubspot?.properties[keys.hubspot] ?? [], leftBehind(unit)].flat());
  const found: SalesforceRecord[] = [];
  for (const type of object.salesforce.types) {
    const fields = salesforceFields(pass, object, type);
    const carriedHere = carriedIds.filter((id) => typesOfId(id, [type]).length > 0);
    if (carriedHere.length > 0) found.push(...(await reader.readRecords(type, carriedHere, fields)).values());
    found.push(...(await reader.findBy(type, keys.salesforce, hubspotIds, fields)));
    if (match && values.length > 0) found.push(...(await reader.findBy(type, match.salesforce, values, fields)));
  }
  const candidates = [...new Map(found.map((record) => [record.id, record])).values()].filter((r) => !r.isConverted);
  const pairs = await pass.engine.ledger.pairs.byIds(
    object.name,
    'salesforce',
    candidates.map(({ id }) => id),
  );
  const taken = new Set<string>();
  for (const unit of units) {
    const carried = unit.hubspot?.properties[keys.hubspot];
    const value = matchValue(unit);
    const mine = candidates.filter(
      ({ id, fields }) =>
        !taken.has(id) &&
        (id === carried ||
          leftBehind(unit).includes(id) ||
          fields[keys.salesforce] === unit.hubspotId ||
          (value !== undefined && match && comparable(fields[match.salesforce]) === value)),
    );
    const ours = mine.filter(({ id, fields }) => id === carried || fields[keys.salesforce] === unit.hubspotId);
    const byId = ours.length > 0 ? ours : mine.filter(({ id }) => leftBehind(unit).includes(id));
    const chosen = chooseCandidate(
      (byId.length > 0 ? byId : mine).map(({ id, type, createdAt }) => {
        const pairedWith = pairs.get(id)?.hubspotId;
        return { id, type, createdAt, ...(pairedWith === undefined ? {} : { pairedWith }) };
      }),
      { types: object.salesforce.types, ...(unit.hubspotId === undefined ? {} : { hubspotId: unit.hubspotId }) },
    );
    if (chosen) {
      taken.add(chosen.id);
      unit.salesforceId = chosen.id;
    }
  }
}

async function findHubSpot(pass: Pass, units: readonly Unit[]): Promise<void> {
  const [first] = units;
  if (!first) return;
  const { object } = first;
  const { reader } = pass.engine.hubspot;
  const { keys } = pass.running.settings;
  const [match] = object.match;
  const properties = hubspotProperties(pass, object);
  const salesforceIds = units.map(({ salesforceId }) => salesforceId ?? '');
  const values = unique(units.flatMap((unit) => matchValue(unit) ?? []));
  const byKey = await reader.readByUnique(object.hubspot.type, keys.hubspot, salesforceIds, properties);
  const byMatch =
    match && values.length > 0
      ? await reader.readByUnique(object.hubspot.type, match.hubspot, values, properties)
      : undefined;
  const native = await byNativeId(pass, object, salesforceIds, properties);
  const found = [...byKey.records.values(), ...native.values(), ...(byMatch?.records.values() ?? [])];
  const pairs = await pass.engine.ledger.pairs.byIds(object.name, 'hubspot', unique(found.map(({ id }) => id)));
  const best = await bestMatches(pass, object, values);
  const chosenFor = new Map<string, Unit>();
  for (const unit of units) {
    const carried = byKey.records.get((unit.salesforceId ?? '').toLowerCase()) ?? native.get(unit.salesforceId ?? '');
    const record = carried ?? byMatch?.records.get(matchValue(unit) ?? '');
    const value = matchValue(unit);
    const isBest = value === undefined || best.get(value) === unit.salesforceId;
    if (!record && !isBest) finish(unit, { kind: 'skipped', reason: 'duplicate' });
    if (!record) continue;
    const pairedWith = pairs.get(record.id)?.salesforceId;
    if (pairedWith !== undefined && pairedWith !== unit.salesforceId)
      finish(unit, { kind: 'skipped', reason: 'duplicate' });
    else if (carried || isBest) claim(unit, record, chosenFor);
    else finish(unit, { kind: 'skipped', reason: 'duplicate' });
  }
}

/** By Salesforce id, the HubSpot records that carry it from the days of HubSpot's own integration. */
async function byNativeId(
  pass: Pass,
  object: ObjectSettings,
  salesforceIds: readonly string[],
  properties: readonly string[],
): Promise<Map<string, HubSpotRecord>> {
  const found = new Map<string, HubSpotRecord>();
  const names = nativeProperties(pass, object);
  if (names.length === 0) return found;
  const { reader } = pass.engine.hubspot;
  // Some carry the shorter form.
  const values = salesforceIds.flatMap((id) => [id, id.slice(0, 15)]);
  const ids = unique(
    (await Promise.all(names.map((name) => reader.idsWith(object.hubspot.type, name, values)))).flat(),
  );
  const { records } = await reader.readRecords(object.hubspot.type, ids, properties);
  for (const record of records.values()) for (const id of nativeIds(object, record.properties)) found.set(id, record);
  return found;
}

/** Two records of one batch may match the same HubSpot record: the first keeps it, the other is a duplicate. */
function claim(unit: Unit, hubspot: HubSpotRecord, chosenFor: Map<string, Unit>): void {
  if (chosenFor.has(hubspot.id)) return finish(unit, { kind: 'skipped', reason: 'duplicate' });
  chosenFor.set(hubspot.id, unit);
  unit.hubspotId = hubspot.id;
  unit.hubspot = hubspot;
}

/** By match value: the one Salesforce record, among all that carry it, that may be paired. */
async function bestMatches(
  pass: Pass,
  object: ObjectSettings,
  values: readonly string[],
): Promise<Map<string, string | undefined>> {
  const [match] = object.match;
  if (!match || values.length === 0) return new Map();
  const rivals: SalesforceRecord[] = [];
  for (const type of object.salesforce.types) {
    rivals.push(...(await pass.engine.salesforce.reader.findBy(type, match.salesforce, values, [match.salesforce])));
  }
  const pairs = await pass.engine.ledger.pairs.byIds(
    object.name,
    'salesforce',
    rivals.map(({ id }) => id),
  );
  const free = rivals.filter(({ isConverted, id }) => !isConverted && !pairs.has(id));
  const byValue = Map.groupBy(free, ({ fields }) => comparable(fields[match.salesforce]) ?? '');
  return new Map(
    values.map((value) => [value, chooseCandidate(byValue.get(value) ?? [], { types: object.salesforce.types })?.id]),
  );
}
