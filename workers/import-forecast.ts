import type { SegmentView } from '../core/gate.ts';
import { propertiesIn } from '../core/plan/association.ts';
import { makePlan } from '../core/plan.ts';
import { filterLists, filterProperties } from '../core/segment-filter.ts';
import { kinds, limits } from '../core/settings/kinds.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import { wouldBelong, wouldBeValues } from '../core/would-be.ts';
import type { HubSpotReader, SalesforceReader, SalesforceRecord, SegmentInfo } from '../crm/types.ts';
import type { SettingsVersion } from '../ledger/index.ts';

export interface ForecastReaders {
  readonly hubspot: Pick<HubSpotReader, 'segments' | 'readByUnique'>;
  readonly salesforce: Pick<SalesforceReader, 'ids' | 'readRecords'>;
}

/** So many records of each type are looked at: they take some fifteen calls. */
export const forecastRecords = 1_000;

/** What an import of these records would come to by the segments' filters, as far as they tell. */
export interface Forecast {
  readonly lookedAt: number;
  /** Outside their segment: they would hold what they are found by, and nothing else. */
  readonly blank: number;
  /** Only HubSpot can tell. */
  readonly unknown: number;
}

/** Looks at the first records of a type. An object without a segment leaves nobody blank. */
export async function forecastImport(
  readers: ForecastReaders,
  { settings, catalog }: SettingsVersion,
  object: ObjectSettings,
  type: string,
  where: string | undefined,
): Promise<Forecast> {
  const [match] = object.match;
  const chosen = [...object.segments.include, ...object.segments.exclude];
  if (chosen.length === 0 || !match) return { lookedAt: 0, blank: 0, unknown: 0 };
  const infos = await definitionsOf(readers, chosen);
  const branches = [...infos.values()].map(({ filterBranch }) => filterBranch);
  const ids = await readers.salesforce.ids(type, where, undefined, forecastRecords);
  const fields = object.fields.flatMap(({ salesforce }) => salesforce[type] ?? []);
  const records = await readers.salesforce.readRecords(type, ids, [...new Set([...fields, match.salesforce])]);
  const properties = [...new Set(branches.flatMap((branch) => filterProperties(branch).names))];
  const mapped = object.fields.map(({ hubspot }) => hubspot);
  const wanted = [...records.values()].flatMap((record) => {
    const value = record.fields[match.salesforce];
    return typeof value === 'string' && value.trim() !== '' ? [{ record, value: value.trim().toLowerCase() }] : [];
  });
  const known = await readers.hubspot.readByUnique(
    object.hubspot.type,
    match.hubspot,
    wanted.map(({ value }) => value),
    [...new Set([...properties, ...mapped, match.hubspot])],
  );
  const verdicts = wanted.map(({ record, value }) => {
    const held = known.records.get(value);
    return wouldBelong({
      values: wouldBeValues(
        branches,
        catalog.hubspot[object.hubspot.type] ?? {},
        held?.properties,
        held ? {} : { [match.hubspot]: value, ...filled(record) },
      ),
      ...object.segments,
      segments: new Map([...infos].map(([id, info]) => [id, viewOf(info)])),
      nowMs: Date.now(),
      zone: catalog.timeZone,
      lists: new Map([...infos].map(([id, { filterBranch }]) => [id, filterBranch])),
    });
  });
  return {
    lookedAt: records.size,
    blank: verdicts.filter((verdict) => verdict === 'false').length,
    unknown: verdicts.filter((verdict) => verdict === 'unknown').length,
  };

  /** What the import would fill a new record with before it is judged. */
  function filled(salesforce: SalesforceRecord): Record<string, string> {
    if (object.gate.importEvaluation !== 'projected') return {};
    const plan = makePlan({
      object,
      narrowedTo: 'toHubSpot',
      salesforceType: type,
      kinds: kinds(settings, catalog, object.name, type),
      limits: limits(settings, catalog, object.name, type),
      base: undefined,
      hubspot: undefined,
      salesforce: salesforce.fields,
      newer: 'salesforce',
    });
    return propertiesIn(plan.hubspot);
  }
}

/** The segments with the lists that their filters name. */
async function definitionsOf(
  { hubspot }: ForecastReaders,
  chosen: readonly string[],
): Promise<Map<string, SegmentInfo>> {
  const infos = await hubspot.segments(chosen);
  const named = [...infos.values()].flatMap(({ filterBranch }) => filterLists(filterBranch));
  const others = named.filter((id) => !infos.has(id));
  return others.length > 0 ? new Map([...infos, ...(await hubspot.segments(others))]) : infos;
}

const viewOf = ({ version, filterBranch, processingType }: SegmentInfo): SegmentView =>
  processingType === 'DYNAMIC'
    ? { readable: true, version, complete: true, filterBranch, trusted: false }
    : { readable: false, reason: 'segmentStatic' };
