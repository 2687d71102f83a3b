import type { SegmentView } from '../../core/gate.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import type { SegmentInfo } from '../../crm/types.ts';
import { askedLists, askedSegments, type Pass } from './context.ts';

/** The segments of an object as they are now, with the lists that their filters name. */
export interface Definitions {
  readonly lists: readonly string[];
  readonly infos: ReadonlyMap<string, SegmentInfo>;
  /** By id, as the gate sees them. */
  readonly views: ReadonlyMap<string, SegmentView>;
  /** Filters of lists whose members are certain, by id. */
  readonly filters: ReadonlyMap<string, unknown>;
  /** One of them is another than when the properties to read were chosen. */
  readonly moved: boolean;
}

/** Sees to it that something is known of each segment: it only tells which properties to read. */
export async function knowDefinitions(pass: Pass, object: ObjectSettings): Promise<void> {
  const { definitions, hubspot } = pass.engine;
  const segments = askedSegments(pass, object);
  if (segments.every((id) => definitions.has(id))) return;
  for (const [id, info] of await hubspot.reader.segments(segments)) definitions.set(id, info);
}

/** Reads them anew. */
export async function readDefinitions(pass: Pass, object: ObjectSettings): Promise<Definitions> {
  const { definitions: cached, hubspot, ledger } = pass.engine;
  const lists = askedLists(pass, object);
  const infos = lists.length > 0 ? await hubspot.reader.segments(lists) : new Map<string, SegmentInfo>();
  const segments = askedSegments(pass, object);
  const trusted = await ledger.segments.trusted(segments);
  const before = new Map(lists.map((id) => [id, cached.get(id)?.version]));
  for (const [id, info] of infos) cached.set(id, info);
  return {
    lists,
    infos,
    views: new Map(segments.map((id) => [id, viewOf(infos.get(id), before.get(id), object, trusted)])),
    // A list that is still being processed says nothing certain of its members.
    filters: new Map(
      [...infos.values()].flatMap(({ id, filterBranch, processingStatus, processingType }) =>
        processingStatus === 'COMPLETE' && processingType === 'DYNAMIC' ? [[id, filterBranch] as const] : [],
      ),
    ),
    moved: [...infos].some(([id, { version }]) => before.get(id) !== version),
  };
}

/** A segment counts as processing when its definition moved since the properties to read were chosen. */
function viewOf(
  after: SegmentInfo | undefined,
  versionBefore: string | undefined,
  object: ObjectSettings,
  trusted: ReadonlyMap<string, string>,
): SegmentView {
  if (!after) return { readable: false, reason: 'segmentMissing' };
  if (after.processingType !== 'DYNAMIC') return { readable: false, reason: 'segmentStatic' };
  if (after.objectTypeId !== object.hubspot.typeId) return { readable: false, reason: 'segmentUnreadable' };
  const { id, version, filterBranch } = after;
  const complete = after.processingStatus === 'COMPLETE' && versionBefore === version;
  return { readable: true, version, complete, filterBranch, trusted: trusted.get(id) === version };
}
