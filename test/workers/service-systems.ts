import type { SegmentInfo } from '../../crm/types.ts';
import type { HttpServiceDeps } from '../../workers/http-service.ts';

const segmentInfo = (segment: Partial<SegmentInfo> & Pick<SegmentInfo, 'id'>): SegmentInfo => ({
  name: `Segment ${segment.id}`,
  objectTypeId: '0-1',
  processingType: 'DYNAMIC',
  processingStatus: 'COMPLETE',
  version: '1/',
  filterBranch: {},
  ...segment,
});

/** Both systems as the HTTP service sees them: these segments, and no records. */
export function systemsWith(
  segments: readonly Parameters<typeof segmentInfo>[0][] = [],
): Pick<HttpServiceDeps, 'hubspot' | 'salesforce'> {
  const all = segments.map(segmentInfo);
  return {
    hubspot: {
      listSegments: async (typeId) => all.filter(({ objectTypeId }) => objectTypeId === typeId),
      members: async () => ({ ids: [] }),
      readByUnique: async () => ({ records: new Map(), now: new Date(0).toISOString() }),
      count: async () => 0,
      properties: async () => new Map(),
      account: async () => ({ portalId: '1', timeZone: 'UTC', uiDomain: 'app.hubspot.com' }),
      createSegment: async (objectTypeId, name, filterBranch) =>
        segmentInfo({ id: '90', objectTypeId, name, filterBranch }),
      segments: async (ids) => new Map(all.filter(({ id }) => ids.includes(id)).map((info) => [info.id, info])),
    },
    salesforce: {
      count: async () => 0,
      whereProblem: async () => undefined,
      ids: async () => [],
      readRecords: async () => new Map(),
    },
  };
}
