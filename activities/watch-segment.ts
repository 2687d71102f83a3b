import type { RecordRef } from '../core/record-ref.ts';
import type { Wait } from '../ledger/waits.ts';
import type { Round, SegmentTrust } from '../workflows/messages.ts';
import type { Engine } from './engine.ts';
import { type HandOver, segmentReevaluated } from './hand-over.ts';
import { type Running, runningSettings } from './running.ts';

/** What a watch has seen of its segment. */
interface Watched {
  /** The version whose members are the baseline: they did not join. */
  readonly version: string;
  /** The cursor that led to the last page of joins, and what stood on it. */
  readonly after: string | null;
  readonly seen: readonly string[];
}

export interface Look {
  readonly segmentId: string;
  /** Rest between looks while records wait, milliseconds. */
  readonly lookMs: number;
  /** What an operator declared since the last look. */
  readonly trust?: SegmentTrust;
}

/** At rest a watch only looks for joins. */
const restMs = 10_000;

/** A look asks HubSpot once for a hundred waiting records; it takes five such calls a second at most, and leaves the rest to others. */
const restPerWaitMs = 2;

/** Clocks differ, and a workflow's own timer goes first. */
const graceMs = 60_000;

/**
 * One look at a segment: hands on the records that joined, and tells the waiting records that can be decided now to look
 * again. A segment that is being evaluated, or can't be read, is looked at again later; its waits stay.
 */
export async function watchSegment(engine: Engine, to: HandOver, { segmentId, lookMs, trust }: Look): Promise<Round> {
  const running = await runningSettings(engine.ledger);
  const object = running && objectOf(running, segmentId);
  if (!object) return { found: 0, restMs: null, says: 'no object uses this segment' };
  const info = (await engine.hubspot.reader.segments([segmentId])).get(segmentId);
  const waiting = await engine.ledger.waits.count(segmentId);
  const pause = Math.max(lookMs, waiting > 0 ? waiting * restPerWaitMs : restMs);
  if (!info || info.processingType !== 'DYNAMIC') {
    return {
      found: 0,
      restMs: restMs * 3,
      says: `the segment is ${info ? 'no longer active' : 'gone'}; ${waiting} wait`,
    };
  }
  const { version } = info;
  const declared = trust ? await carryOut(engine, segmentId, version, trust) : '';
  if (info.processingStatus !== 'COMPLETE') {
    return {
      found: 0,
      restMs: lookMs,
      says: `HubSpot is evaluating the segment (${info.processingStatus}); ${waiting} wait${declared}`,
    };
  }
  const joined = await handOnJoins(engine, object, segmentId, version);
  const signalled = waiting > 0 ? await signalDecidable(engine, to, segmentId, version) : 0;
  return {
    found: joined + signalled,
    restMs: pause,
    says: `${joined} joined; ${waiting} wait, ${signalled} of them can be decided${declared}`,
  };
}

/** Notes a declaration, unless it is about another version than the one that is there. Says what came of it. */
async function carryOut(engine: Engine, segmentId: string, version: string, trust: SegmentTrust): Promise<string> {
  if (trust.trusted === false) {
    await engine.ledger.segments.trust(segmentId, null);
    return '; judged by its filter again';
  }
  if (trust.version !== undefined && trust.version !== version) {
    return `; version ${trust.version} was to be trusted, but it is version ${version} by now`;
  }
  await engine.ledger.segments.trust(segmentId, version);
  return `; version ${version} is judged by HubSpot's answer alone`;
}

const objectOf = ({ settings }: Running, segmentId: string) =>
  Object.values(settings.objects).find(({ segments }) =>
    [...segments.include, ...segments.exclude].includes(segmentId),
  );

/** The first complete look at a version takes all members as the baseline; after that, whoever is new has joined. */
async function handOnJoins(
  engine: Engine,
  object: { readonly name: string },
  segmentId: string,
  version: string,
): Promise<number> {
  const watched = (await engine.ledger.segments.get(segmentId))?.state as Watched | undefined;
  const known = watched?.version === version ? watched : undefined;
  const seen = new Set(known?.seen);
  let after = known?.after ?? undefined;
  let last = after;
  let page: readonly { recordId: string; joinedAt: string }[] = [];
  let joined = 0;
  for (;;) {
    const { rows, next } = await engine.hubspot.reader.joins(segmentId, after);
    page = rows;
    if (known) {
      const fresh = rows.filter((row) => !seen.has(joinMark(row)));
      joined += fresh.length;
      await engine.handOver(
        fresh.map(({ recordId, joinedAt }) => ({
          ref: { system: 'hubspot', object: object.name, id: recordId },
          id: `joined/${segmentId}/${recordId}@${joinedAt}`,
          at: joinedAt,
        })),
      );
    }
    last = after;
    if (next === undefined) break;
    after = next;
  }
  const state: Watched = { version, after: last ?? null, seen: page.map(joinMark) };
  if (JSON.stringify(state) !== JSON.stringify(watched))
    await engine.ledger.segments.put(segmentId, object.name, state);
  return joined;
}

const joinMark = ({ recordId, joinedAt }: { recordId: string; joinedAt: string }): string => `${recordId}@${joinedAt}`;

/** A segment as it is now. */
interface Segment {
  readonly id: string;
  readonly version: string;
  readonly trusted: boolean;
}

/** Pages through the waits; a record can be decided when HubSpot now says what the filter says, or things have moved. */
async function signalDecidable(engine: Engine, to: HandOver, id: string, version: string): Promise<number> {
  const trusted = (await engine.ledger.segments.trusted([id])).get(id) === version;
  const segment: Segment = { id, version, trusted };
  let signalled = 0;
  let after: RecordRef | undefined;
  for (;;) {
    const waits = await engine.ledger.waits.bySegment(segment.id, after, 100);
    const last = waits.at(-1);
    if (!last) return signalled;
    after = last.ref;
    const [first] = waits as [Wait];
    const typeId = (await runningSettings(engine.ledger))?.settings.objects[first.ref.object]?.hubspot.typeId ?? '';
    const members = await engine.hubspot.reader.memberships(
      typeId,
      waits.map(({ ref }) => ref.id),
    );
    const nowMs = engine.now();
    const decidable = waits.filter((wait) =>
      canBeDecided(wait, members.get(wait.ref.id)?.has(segment.id) ?? false, segment, nowMs),
    );
    signalled += decidable.length;
    await segmentReevaluated(to, segment.id, decidable, new Date(nowMs).toISOString());
  }
}

function canBeDecided(wait: Wait, member: boolean, segment: Segment, nowMs: number): boolean {
  if (wait.segmentVersion !== segment.version) return true;
  if (wait.reason === 'segmentNotReevaluated') return segment.trusted || wait.expected === member;
  if (wait.reason !== 'segmentSettling') return true; // it waited for a readable segment, and this one is
  // Settling ends with time alone, and the record's workflow has a timer for that: here only for one that is gone.
  return wait.lookAgainAt !== null && nowMs > Date.parse(wait.lookAgainAt) + graceMs;
}
