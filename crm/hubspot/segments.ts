import { distinct, readPieces } from '../rows.ts';
import { type HubSpotReader, type SegmentInfo, VendorError } from '../types.ts';
import {
  type ListAnswer,
  listAnswer,
  listSearchAnswer,
  listsAnswer,
  membersAnswer,
  membershipsAnswer,
} from './answers.ts';
import type { Send } from './connection.ts';
import { paths, routeOf } from './paths.ts';
import { batchSize } from './records.ts';

/** HubSpot's largest page of members. */
const memberPage = 250;
/** HubSpot's largest page of a search for lists. */
const listPage = 500;

type SegmentReads = Pick<
  HubSpotReader,
  'memberships' | 'segments' | 'segmentByName' | 'listSegments' | 'createSegment' | 'joins' | 'members'
>;

export function segmentReads(send: Send): SegmentReads {
  const withFilters = ['includeFilters', 'true'] as const;

  const members = async (path: string, after: string | undefined) => {
    const query = [['limit', String(memberPage)] as const, ...(after ? [['after', after] as const] : [])];
    const { data } = await send({ method: 'GET', path, query }, membersAnswer);
    const next = data.paging?.next?.after;
    return { results: data.results, ...(next !== undefined && { next }) };
  };

  const byName = async (typeId: string, name: string): Promise<SegmentInfo | undefined> => {
    try {
      const path = paths.listByName(typeId, name);
      const { data } = await send({ method: 'GET', path, query: [withFilters] }, listAnswer);
      return data.list.deletedAt ? undefined : segmentOf(data.list);
    } catch (error) {
      if (error instanceof VendorError && error.category === 'missingRecord') return undefined;
      throw error;
    }
  };

  return {
    memberships: async (typeId, ids) => {
      const found = new Map<string, ReadonlySet<string>>();
      await readPieces(distinct(ids), batchSize, async (piece) => {
        const body = { inputs: piece.map((recordId) => ({ objectTypeId: typeId, recordId })) };
        const { data, status } = await send({ method: 'POST', path: paths.memberships, body }, membershipsAnswer);
        for (const { recordId, recordListMemberships } of data.results) {
          found.set(recordId, new Set(recordListMemberships.map(({ listId }) => listId)));
        }
        // A complete answer leaves out none but records in no segment; of a partial one (207) nothing can be said.
        if (status === 200) for (const id of piece) if (!found.has(id)) found.set(id, new Set());
      });
      return found;
    },

    segments: async (ids) => {
      const answers = await readPieces(distinct(ids), batchSize, async (piece) => {
        const query = [...piece.map((id) => ['listIds', id] as const), withFilters];
        return (await send({ method: 'GET', path: paths.lists, query }, listsAnswer)).data.lists;
      });
      const live = answers.flat().filter(({ deletedAt }) => !deletedAt);
      return new Map(live.map((list) => [list.listId, segmentOf(list)]));
    },

    segmentByName: byName,

    listSegments: async (typeId) => {
      const page = async (offset: number): Promise<ListAnswer[]> => {
        const body = { objectTypeId: typeId, offset, count: listPage, additionalProperties: ['hs_list_size'] };
        const { data } = await send({ method: 'POST', path: paths.listSearch, body }, listSearchAnswer);
        return data.hasMore && data.offset > offset ? [...data.lists, ...(await page(data.offset))] : data.lists;
      };
      const lists = await page(0);
      return lists.filter((list) => list.objectTypeId === typeId && !list.deletedAt).map(segmentOf);
    },

    createSegment: async (objectTypeId, name, filterBranch) => {
      const body = { name, objectTypeId, processingType: 'DYNAMIC', filterBranch };
      try {
        await send({ method: 'POST', path: paths.lists, body, writes: true }, listAnswer);
      } catch (error) {
        if (!(error instanceof VendorError && error.mayHaveArrived)) throw error;
      }
      // The answer to a creation leaves the filter out.
      const made = await byName(objectTypeId, name);
      if (made) return made;
      const route = `GET ${routeOf(paths.listByName(objectTypeId, name))}`;
      throw new VendorError({ system: 'hubspot', category: 'unexpected', code: 'MISSING_IN_ANSWER', route });
    },

    joins: async (segmentId, after) => {
      const { results, next } = await members(paths.joins(segmentId), after);
      const rows = results.map(({ recordId, membershipTimestamp }) => ({ recordId, joinedAt: membershipTimestamp }));
      return { rows, ...(next !== undefined && { next }) };
    },

    members: async (segmentId, after) => {
      const { results, next } = await members(paths.members(segmentId), after);
      return { ids: results.map(({ recordId }) => recordId), ...(next !== undefined && { next }) };
    },
  };
}

function sizeOf({ size, additionalProperties }: ListAnswer): { size?: number } {
  const told = additionalProperties?.hs_list_size;
  if (typeof size === 'number') return { size };
  return told && /^\d+$/.test(told) ? { size: Number(told) } : {};
}

const segmentOf = (list: ListAnswer): SegmentInfo => ({
  id: list.listId,
  name: list.name,
  objectTypeId: list.objectTypeId,
  processingType: list.processingType,
  processingStatus: list.processingStatus,
  version: [list.listVersion, list.filtersUpdatedAt ?? ''].join('/'),
  filterBranch: list.filterBranch,
  ...sizeOf(list),
});
