import { Hono } from 'hono';
import {
  type SegmentChange,
  type SegmentDetail,
  type SegmentView,
  segmentRequest,
  segmentsChosen,
} from '../client/answers.ts';
import { BadCondition, conditionOf, filterFor } from '../core/segment-condition.ts';
import { isSegmentId } from '../core/settings/catalog.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import { type HubSpotReader, type SegmentInfo, VendorError } from '../crm/types.ts';
import type { Ledger } from '../ledger/index.ts';
import { knownObject, Refusal, settingsThatRun } from './refusal.ts';
import { checkedBody, limitedTo } from './request-body.ts';
import { segmentIdOf } from './run-preview.ts';
import { type PreviewReader, previewChoice } from './segment-preview.ts';

export interface SegmentRoutesDeps {
  readonly ledger: Ledger;
  readonly hubspot: PreviewReader & Pick<HubSpotReader, 'listSegments' | 'createSegment' | 'properties' | 'account'>;
}

/** HubSpot's own filters may be long; this is several times its limits. */
const requestLimitBytes = 256 * 1024;

/** Segments of an object: to list, to look at, to create, and what choosing others would change. None changes settings. */
export function segmentRoutes({ ledger, hubspot }: SegmentRoutesDeps): Hono {
  const app = new Hono();
  const objectOf = async (name: string): Promise<ObjectSettings> =>
    knownObject((await settingsThatRun(ledger)).settings, name);
  const limit = limitedTo(requestLimitBytes, 'A request');

  app.get('/:object', async (c) => {
    const object = await objectOf(c.req.param('object'));
    const found = await hubspot.listSegments(object.hubspot.typeId);
    const trusted = await ledger.segments.trusted(found.map(({ id }) => id));
    return c.json({ segments: found.map((info) => viewOf(info, object, trusted)) });
  });

  app.post('/:object', limit, async (c) => {
    const object = await objectOf(c.req.param('object'));
    const request = await checkedBody(c, segmentRequest);
    const filter = 'where' in request ? await filterOf(hubspot, object, request.where) : request.filterBranch;
    try {
      const made = await hubspot.createSegment(object.hubspot.typeId, request.name, filter);
      return c.json(detailOf(made, object, new Map()), 201);
    } catch (error) {
      throw refusalOf(error, request.name) ?? error;
    }
  });

  app.post('/:object/choice', limit, async (c) => {
    const object = await objectOf(c.req.param('object'));
    const { include } = await checkedBody(c, segmentsChosen);
    const ids: string[] = [];
    for (const name of include) ids.push(await segmentIdOf(hubspot, object, name));
    return c.json((await previewChoice(hubspot, object, ids)) satisfies SegmentChange);
  });

  app.get('/:object/:segment', async (c) => {
    const object = await objectOf(c.req.param('object'));
    const id = c.req.param('segment');
    const info = isSegmentId(id) ? (await hubspot.segments([id])).get(id) : undefined;
    if (info?.objectTypeId === object.hubspot.typeId) {
      return c.json(detailOf(info, object, await ledger.segments.trusted([id])));
    }
    throw new Refusal(
      404,
      'NoSuchSegment',
      `HubSpot has no segment ${id} of ${object.name}: \`tandem segment list ${object.name}\` shows those that are.`,
    );
  });
  return app;
}

/** The version that is trusted, by segment. */
type Trusted = ReadonlyMap<string, string>;

function viewOf(info: SegmentInfo, { segments }: ObjectSettings, trusted: Trusted): SegmentView {
  const { id, name, processingType, processingStatus, size, version } = info;
  return {
    id,
    name,
    active: processingType === 'DYNAMIC',
    processingStatus,
    chosen: segments.include.includes(id) || segments.exclude.includes(id),
    size: size ?? null,
    version,
    trusted: trusted.get(id) === version,
  };
}

const detailOf = (info: SegmentInfo, object: ObjectSettings, trusted: Trusted): SegmentDetail => ({
  ...viewOf(info, object, trusted),
  condition: conditionOf(info.filterBranch) ?? null,
  filterBranch: info.filterBranch ?? null,
});

async function filterOf(
  hubspot: SegmentRoutesDeps['hubspot'],
  { hubspot: { type } }: ObjectSettings,
  where: string,
): Promise<unknown> {
  const properties = await hubspot.properties(type);
  const { timeZone } = await hubspot.account();
  try {
    return filterFor(where, { properties: Object.fromEntries(properties), zone: timeZone });
  } catch (error) {
    if (error instanceof BadCondition) throw new Refusal(400, 'BadCondition', error.message);
    throw error;
  }
}

/** Refusals of HubSpot that have another meaning for a segment than for a record. */
function refusalOf(error: unknown, name: string): Refusal | undefined {
  if (!(error instanceof VendorError)) return undefined;
  if (error.category === 'duplicates') {
    return new Refusal(409, 'NameTaken', `HubSpot has a segment named "${name}" already: choose another name.`);
  }
  if (error.category === 'propertyValues') {
    const named = error.names.length > 0 ? ` It names ${error.names.join(', ')}.` : '';
    return new Refusal(400, 'BadFilter', `HubSpot does not take this filter (${error.code}).${named}`);
  }
  if (error.category === 'permissions') {
    return new Refusal(
      403,
      'MissingScope',
      `HubSpot's token may not create segments: grant ${error.names.join(', ') || 'crm.lists.write'}.`,
    );
  }
  return undefined;
}
