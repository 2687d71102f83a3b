import { type CatalogSegment, isSegmentId } from './catalog.ts';
import type { Problem } from './problem.ts';
import type { ObjectSettings, ScheduleSettings, Settings } from './settings.ts';
import { didYouMean } from './suggest.ts';

/**
 * Turns the segments of an object into ids. Refuses what is missing, static, of another type or not clear; such a one
 * stays as it was written.
 */
export function resolveSegments(
  { name, hubspot, segments }: ObjectSettings,
  known: readonly CatalogSegment[],
): { resolved: ObjectSettings['segments']; problems: Problem[] } {
  const problems: Problem[] = [];
  const chosen = new Map<string, string>();
  const resolvePart = (part: 'include' | 'exclude') =>
    segments[part].map((segment, i) => {
      const path = `objects.${name}.segments.${part}[${i}]`;
      const answer = findSegment(segment, hubspot.typeId, hubspot.type, known);
      if (typeof answer === 'string') {
        const earlier = chosen.get(answer);
        if (earlier !== undefined && earlier !== segment) {
          problems.push({ path, found: segment, expected: `each segment once; ${earlier} is the same one` });
        }
        chosen.set(answer, segment);
        return answer;
      }
      problems.push({ path, ...answer });
      return segment;
    });
  return { resolved: { include: resolvePart('include'), exclude: resolvePart('exclude') }, problems };
}

/** The same for the segment that a schedule names. */
export function resolveScheduledSegment(
  schedule: ScheduleSettings,
  objects: Settings['objects'],
  known: readonly CatalogSegment[],
): { resolved: ScheduleSettings; problems: Problem[] } {
  const { name, run } = schedule;
  const hubspot = Object.hasOwn(objects, run.object) ? objects[run.object]?.hubspot : undefined;
  const asIs = { resolved: schedule, problems: [] };
  if (run.kind !== 'resync' || run.segmentId === undefined || !hubspot?.typeId) return asIs;
  const answer = findSegment(run.segmentId, hubspot.typeId, hubspot.type, known);
  if (typeof answer === 'string')
    return { resolved: { ...schedule, run: { ...run, segmentId: answer } }, problems: [] };
  return { ...asIs, problems: [{ path: `schedules[${name}].resync.segment`, ...answer }] };
}

type Refusal = Pick<Problem, 'found' | 'expected'>;

/** The id of a segment that is named by id or exact name, or why it can't be chosen. */
export function findSegment(
  segment: string,
  typeId: string,
  type: string,
  known: readonly CatalogSegment[],
): string | Refusal {
  const wanted = `an active segment of ${type}`;
  const matches = isSegmentId(segment)
    ? known.filter(({ id }) => id === segment)
    : known.filter(({ name }) => name.toLowerCase() === segment.toLowerCase());
  const own = matches.filter(({ objectTypeId }) => objectTypeId === typeId);
  const [only] = own;
  if (own.length > 1) {
    return {
      found: `"${segment}", the name of segments ${own.map(({ id }) => id).join(', ')}`,
      expected: 'the id of one of them',
    };
  }
  if (only && only.processingType !== 'DYNAMIC') {
    return {
      found: `${label(only)}, which is static (${only.processingType})`,
      expected: `${wanted}: a static one does not follow the records' data`,
    };
  }
  if (only) return only.id;
  const [foreign] = matches;
  if (foreign)
    return { found: `${label(foreign)}, which is of type ${foreign.objectTypeId}`, expected: `${wanted} (${typeId})` };
  const ours = known.filter(({ objectTypeId }) => objectTypeId === typeId);
  const hint = isSegmentId(segment)
    ? ''
    : didYouMean(
        segment,
        ours.map(({ name }) => name),
      );
  return { found: `${segment}, which HubSpot does not have`, expected: `the id or exact name of ${wanted}${hint}` };
}

const label = ({ id, name }: CatalogSegment): string => `${id} "${name}"`;
