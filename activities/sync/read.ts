import { createHmac } from 'node:crypto';
import type { SegmentView } from '../../core/gate.ts';
import { refKey } from '../../core/record-ref.ts';
import { typesOfId } from '../../core/salesforce-types.ts';
import { filterProperties } from '../../core/segment-filter.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import type { SalesforceRecord, SegmentInfo } from '../../crm/types.ts';
import { readAssociated } from './associated.ts';
import { askedSegments, hubspotProperties, type Pass, salesforceFields, unique } from './context.ts';
import { knowDefinitions, readDefinitions } from './definitions.ts';
import { type Unit, unitRef } from './unit.ts';

/**
 * Reads both sides of the units anew and judges them. The order matters: memberships, then the records, then the
 * segments' definitions, so that an answer about membership is never younger than the values it is held against, and a
 * definition that moved meanwhile shows.
 */
export async function readAndJudge(pass: Pass, units: readonly Unit[]): Promise<void> {
  if (units.length === 0) return;
  pass.reads += 1;
  const { owner, attempt } = pass.attempt;
  for (const unit of units) unit.readId = `${owner}/${attempt}/${pass.reads}`;
  for (const [object, members] of Map.groupBy(units, ({ object }) => object)) {
    await readHubSpot(pass, object, members);
    await readSalesforce(pass, object, members);
  }
}

async function readHubSpot(pass: Pass, object: ObjectSettings, units: readonly Unit[], again = false): Promise<void> {
  const { reader } = pass.engine.hubspot;
  const known = units.filter(({ hubspotId }) => hubspotId !== undefined);
  const ids = unique(known.map(({ hubspotId }) => hubspotId ?? ''));
  if (ids.length === 0) return;
  await knowDefinitions(pass, object);
  const segments = askedSegments(pass, object);
  const memberships = segments.length > 0 ? await reader.memberships(object.hubspot.typeId, ids) : undefined;
  const { records, now } = await reader.readRecords(object.hubspot.type, ids, hubspotProperties(pass, object));
  pass.hubspotNowMs = Date.parse(now);
  const associated = await readAssociated(pass, object, ids);
  const { lists, infos, views, filters, moved } = await readDefinitions(pass, object);
  if (moved && !again) return await readHubSpot(pass, object, units, true); // other properties may be needed

  const latest = await pass.engine.ledger.decisions.latest(known.map(unitRef));
  const unlinked = await unlinkedOf(pass, object, known);
  for (const unit of known) {
    unit.hubspot = records.get(unit.hubspotId ?? '');
    unit.verdict = undefined;
    if (!unit.hubspot || pass.mode === 'identity') continue;
    const memberOf = memberships?.get(unit.hubspot.id) ?? memberships?.get(unit.hubspotId ?? '');
    const isTold = !memberships || memberOf !== undefined;
    const { properties } = unit.hubspot;
    unit.lastDecided = latest.get(refKey(unitRef(unit)))?.lastDecided;
    unit.wasUnlinked = unlinked.has(refKey(unitRef(unit)));
    unit.evidence = evidenceOf(pass.engine.ledger.identity.hmacKey, lists, infos, properties);
    unit.verdict = pass.engine.judge({
      record: {
        properties,
        modifiedAtMs: Math.max(Date.parse(unit.hubspot.modifiedAt), associated.changedAtMs(unit.hubspot.id)),
        memberOf: memberOf ?? new Set(),
        associated: associated.of(unit.hubspot.id),
      },
      include: object.segments.include,
      exclude: object.segments.exclude,
      segments: isTold ? views : new Map(segments.map((id) => [id, untold] as const)),
      gate: object.gate,
      nowMs: pass.hubspotNowMs,
      unreliable: calculatedProperties(pass, object),
      zone: pass.running.catalog.timeZone,
      lists: filters,
      evidenceUnchanged: unit.lastDecided?.evidenceHash === unit.evidence,
    });
  }
}

/** Records without a pair whose last one was ended when they left; only objects that unlink have any. */
async function unlinkedOf(pass: Pass, { gate }: ObjectSettings, units: readonly Unit[]): Promise<ReadonlySet<string>> {
  const single = units.filter(({ pair, replaces }) => !pair && !replaces);
  if (gate.exit !== 'unlink' || single.length === 0) return new Set();
  const fates = await pass.engine.ledger.tombstones.ofRefs(single.map(unitRef));
  return new Set([...fates].flatMap(([key, { fate }]) => (fate === 'unlinked' ? [key] : [])));
}

/** HubSpot answered for other records and said nothing of this one. */
const untold: SegmentView = { readable: false, reason: 'segmentUnreadable' };

function calculatedProperties(pass: Pass, object: ObjectSettings): ReadonlySet<string> {
  const properties = Object.entries(pass.running.catalog.hubspot[object.hubspot.type] ?? {});
  return new Set(properties.filter(([, { calculated }]) => calculated).map(([name]) => name));
}

/** Keyed, so that the ledger tells nothing of the values. */
function evidenceOf(
  key: Uint8Array,
  segments: readonly string[],
  definitions: ReadonlyMap<string, SegmentInfo>,
  properties: Readonly<Record<string, string | null>>,
): string {
  const names = unique(segments.flatMap((id) => filterProperties(definitions.get(id)?.filterBranch).names)).sort();
  const versions = segments.map((id) => [id, definitions.get(id)?.version ?? null]);
  const values = names.map((name) => [name, properties[name] ?? null]);
  return createHmac('sha256', key)
    .update(JSON.stringify([versions, values]))
    .digest('base64url');
}

async function readSalesforce(pass: Pass, object: ObjectSettings, units: readonly Unit[]): Promise<void> {
  const found = new Map<string, SalesforceRecord>();
  const byType = new Map<string, string[]>();
  for (const { salesforceId, pair } of units) {
    if (!salesforceId) continue;
    const types =
      pair?.salesforceId === salesforceId ? [pair.salesforceType] : typesOfId(salesforceId, object.salesforce.types);
    for (const type of types) byType.set(type, [...(byType.get(type) ?? []), salesforceId]);
  }
  for (const [type, ids] of byType) {
    const fields = salesforceFields(pass, object, type);
    for (const [id, record] of await pass.engine.salesforce.reader.readRecords(type, unique(ids), fields))
      found.set(id, record);
  }
  for (const unit of units) unit.salesforce = unit.salesforceId ? found.get(unit.salesforceId) : undefined;
  await askConditions(pass, object, units);
}

/** Asked of Salesforce for the very records that were read, after the read. */
async function askConditions(pass: Pass, object: ObjectSettings, units: readonly Unit[]): Promise<void> {
  for (const [type, where] of Object.entries(object.salesforce.where ?? {})) {
    const asked = units.filter(({ salesforce }) => salesforce?.type === type);
    const ids = asked.map(({ salesforce }) => salesforce?.id ?? '');
    const meeting = ids.length > 0 ? await pass.engine.salesforce.reader.meeting(type, ids, where) : new Set<string>();
    for (const unit of asked) unit.meetsCondition = meeting.has(unit.salesforce?.id ?? '');
  }
}

/** Names a match value without showing it: the lease that keeps two workers from creating the same person. */
export function matchKey(pass: Pass, object: string, value: string): string {
  const hash = createHmac('sha256', pass.engine.ledger.identity.hmacKey).update(value).digest('base64url');
  return `match/${object}/${hash}`;
}
