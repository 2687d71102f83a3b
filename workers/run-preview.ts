import type { PreviewRequest, RunPreview } from '../client/answers.ts';
import { isSegmentId } from '../core/settings/catalog.ts';
import { findSegment } from '../core/settings/check-segments.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import type { HubSpotReader, SalesforceReader } from '../crm/types.ts';
import type { Ledger, SettingsVersion } from '../ledger/index.ts';
import { type ForecastReaders, forecastImport } from './import-forecast.ts';
import { knownObject, Refusal, settingsThatRun } from './refusal.ts';

export interface PreviewDeps {
  readonly ledger: Ledger;
  readonly hubspot: Pick<HubSpotReader, 'listSegments'> & ForecastReaders['hubspot'];
  readonly salesforce: Pick<SalesforceReader, 'count' | 'whereProblem'> & ForecastReaders['salesforce'];
}

/** Longer ones don't fit into the address of a query. */
const longestCondition = 4_000;

/**
 * What a run would look at, and how many records that are. Refuses what can't run, with the reason; stores the condition
 * of an import as a draft and starts nothing.
 */
export async function previewRun(deps: PreviewDeps, request: PreviewRequest): Promise<RunPreview> {
  const running = await settingsThatRun(deps.ledger);
  const object = knownObject(running.settings, request.object);
  switch (request.kind) {
    case 'import':
      return await previewImport(deps, running, object, request);
    case 'resync':
      return await previewResync(deps, object, request.segment);
  }
}

async function previewImport(
  deps: PreviewDeps,
  running: SettingsVersion,
  object: ObjectSettings,
  { where, forecast }: { readonly where?: string; readonly forecast?: boolean },
): Promise<RunPreview> {
  const { ledger, salesforce } = deps;
  const { types } = object.salesforce;
  if (where !== undefined) await refuseBadCondition(salesforce, types, where);
  const counts: RunPreview['counts'] = [];
  for (const type of types) {
    const records = await salesforce.count(type, where);
    counts.push({ what: type, records });
    if (!forecast) continue;
    const { lookedAt, blank, unknown } = await forecastImport(deps, running, object, type, where);
    const among = lookedAt < records ? ` (of the first ${lookedAt})` : '';
    if (blank > 0) counts.push({ what: `${type}: would stay blank, outside the segment${among}`, records: blank });
    if (unknown > 0) counts.push({ what: `${type}: only HubSpot can tell${among}`, records: unknown });
  }
  const draft = where === undefined ? null : await ledger.settings.saveDraft(where);
  return { draft, segmentId: null, counts };
}

async function refuseBadCondition(
  salesforce: PreviewDeps['salesforce'],
  types: readonly string[],
  where: string,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new Refusal(400, 'BadCondition', why);
  };
  // An empty one is more likely a variable that was not set than the wish for all records. PostgreSQL keeps no NUL.
  if (where.trim() === '' || where.includes('\0')) refuse('The condition is empty: leave it out to take all records.');
  if (where.length > longestCondition) refuse(`A condition has at most ${longestCondition} characters.`);
  const said: string[] = [];
  for (const type of types) {
    const words = await salesforce.whereProblem(type, where);
    if (words !== undefined) said.push(`Salesforce does not take the condition for ${type}: ${words}`);
  }
  if (said.length > 0) refuse(said.join('\n'));
}

async function previewResync(
  { hubspot }: PreviewDeps,
  object: ObjectSettings,
  segment: string | undefined,
): Promise<RunPreview> {
  const segmentId = segment === undefined ? null : await segmentIdOf(hubspot, object, segment);
  const ids = segmentId === null ? object.segments.include : [segmentId];
  if (ids.length === 0) throw new Refusal(400, 'BadSegment', `${object.name} includes no segment: name one.`);
  const found = await hubspot.segments(ids);
  const counts = ids.map((id) => {
    const info = found.get(id);
    if (!info) {
      throw new Refusal(
        400,
        'BadSegment',
        `Segment ${id} does not exist in HubSpot, or can't be read with this token.`,
      );
    }
    const { name, processingStatus, size } = info;
    if (processingStatus !== 'COMPLETE') {
      const why = `HubSpot is still evaluating segment ${id} "${name}" (${processingStatus}): try again when it is done.`;
      throw new Refusal(409, 'SegmentNotReady', why);
    }
    return { what: `members of segment ${id} "${name}"`, records: size ?? null };
  });
  return { draft: null, segmentId, counts };
}

/** The id of an active segment of the object's type, by id or exact name. Refuses anything else. */
export async function segmentIdOf(
  hubspot: Pick<HubSpotReader, 'segments' | 'listSegments'>,
  { hubspot: { type, typeId } }: ObjectSettings,
  segment: string,
): Promise<string> {
  const known = isSegmentId(segment)
    ? [...(await hubspot.segments([segment])).values()]
    : await hubspot.listSegments(typeId);
  const answer = findSegment(segment, typeId, type, known);
  if (typeof answer === 'string') return answer;
  throw new Refusal(400, 'BadSegment', `The segment is ${answer.found}; expected ${answer.expected}.`);
}
