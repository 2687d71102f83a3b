import type { SegmentChange } from '../client/answers.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import type { HubSpotReader } from '../crm/types.ts';

export type PreviewReader = Pick<HubSpotReader, 'segments' | 'members' | 'count'>;

/** Reading more members than this, 250 in a call, takes minutes and a share of the day's calls. */
const mostMembers = 50_000;

/** Members of some segments; undefined where they can't all be told. */
type Members = ReadonlySet<string> | undefined;

/**
 * How the choice of included segments changes who may sync, by HubSpot's memberships as they stand. An excluded segment
 * keeps its members out before and after.
 */
export async function previewChoice(
  reader: PreviewReader,
  { hubspot: { type }, segments }: ObjectSettings,
  include: readonly string[],
): Promise<SegmentChange> {
  const read = await readMembers(reader, [...segments.include, ...include, ...segments.exclude]);
  const union = (ids: readonly string[]): Members => {
    const sets = ids.map((id) => read.get(id));
    return sets.some((set) => !set) ? undefined : new Set(sets.flatMap((set) => [...(set ?? [])]));
  };
  const all = await reader.count(type);
  const excluded = union(segments.exclude);
  const before = choice(segments.include, union(segments.include));
  const after = choice(include, union(include));
  if (!excluded || !before || !after) {
    return { all, before: null, after: null, added: null, removed: null, unknown: all };
  }
  const counted = (from: Choice, without?: Choice): number => {
    if (without === 'all') return 0;
    const isOut = (id: string): boolean => excluded.has(id) || (without?.has(id) ?? false);
    if (from !== 'all') return [...from].filter((id) => !isOut(id)).length;
    return Math.max(0, all - (without ? new Set([...without, ...excluded]).size : excluded.size));
  };
  return {
    all,
    before: counted(before),
    after: counted(after),
    added: counted(after, before),
    removed: counted(before, after),
    unknown: 0,
  };
}

/** Who may sync: where no segment is included, everybody. */
type Choice = 'all' | ReadonlySet<string>;

const choice = (ids: readonly string[], members: Members): Choice | undefined => (ids.length === 0 ? 'all' : members);

/** By segment; one that is still being evaluated, is gone or is too large is absent. */
async function readMembers(reader: PreviewReader, ids: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
  const known = await reader.segments(ids);
  const read = new Map<string, ReadonlySet<string>>();
  for (const { id, processingStatus, size = 0 } of known.values()) {
    if (processingStatus !== 'COMPLETE' || size > mostMembers) continue;
    const members = new Set<string>();
    let after: string | undefined;
    do {
      const page = await reader.members(id, after);
      for (const member of page.ids) members.add(member);
      after = page.next;
    } while (after !== undefined);
    read.set(id, members);
  }
  return read;
}
