import type { System } from '../core/record-ref.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import { VendorError } from '../crm/types.ts';
import type { Round } from '../workflows/messages.ts';
import type { Engine } from './engine.ts';
import { type Running, runningSettings } from './running.ts';

/** Where the poll of one type stands. */
interface Cursor {
  /** Every change with an older stamp has been handed over; the vendor's clock, ISO. */
  readonly since: string;
  /** `id@stamp` of what has been handed over since: pages overlap, and repeats are dropped. */
  readonly seen: readonly string[];
  /** Where to read on, where the vendor stopped a round that had read some pages. */
  readonly at?: Place;
}

/** Behind the record with this stamp and id; without an id, at the stamp. */
interface Place {
  readonly from: string;
  readonly afterId?: string;
}

interface Changed {
  readonly id: string;
  readonly modifiedAt: string;
}

/**
 * How far each poll goes back behind the newest stamp that it saw. HubSpot's search shows a change some seconds late;
 * Salesforce shows a row when its transaction commits, with a stamp from before, and says how far it is complete.
 */
const overlapMs: Record<System, number> = { hubspot: 60_000, salesforce: 120_000 };

/**
 * How long one stamp lasts. Salesforce's are whole seconds: a record may be edited once more under the stamp that a poll
 * has seen, so until that second is over each round hands it on anew.
 */
const resolutionMs: Record<System, number> = { hubspot: 0, salesforce: 1_000 };

/**
 * Finds what has changed in one system since the cursors, for every object, and hands it on. A cursor moves only after
 * its changes have been handed over: a crash in between repeats them. Nothing from before an object was enabled counts.
 */
export async function pollSystem(engine: Engine, system: System): Promise<Round> {
  const running = await runningSettings(engine.ledger);
  if (!running) return { found: 0, restMs: null, says: 'no settings are applied' };
  let found = 0;
  for (const object of Object.values(running.settings.objects)) {
    const types = system === 'hubspot' ? [object.hubspot.type] : object.salesforce.types;
    for (const type of types) found += await pollType(engine, running, system, object, type);
  }
  const { polling } = running.settings;
  return {
    found,
    restMs: system === 'hubspot' ? polling.hubspotMs : polling.salesforceMs,
    says: `${found} changes handed on`,
  };
}

async function pollType(
  engine: Engine,
  running: Running,
  system: System,
  object: ObjectSettings,
  type: string,
): Promise<number> {
  const enabledAt = running.enabledAt[object.name]?.[system];
  if (!enabledAt) return 0;
  const { cursors } = engine.ledger;
  const name = `poll/${system}/${object.name}/${type}`;
  const stored = await cursors.get<Cursor>(name);
  const cursor: Cursor = stored && stored.since >= enabledAt ? stored : { since: enabledAt, seen: stored?.seen ?? [] };
  const seen = new Set(cursor.seen);
  const clockMs = await clockBefore(engine, system);
  const isOver = (stamp: string): boolean => Date.parse(stamp) + resolutionMs[system] <= clockMs;
  const { changed, cut } = await readChanges(engine, system, type, cursor.at ?? { from: cursor.since });
  const fresh = changed.filter((row) => !seen.has(mark(row)));
  await engine.handOver(
    fresh.map(({ id, modifiedAt }) => ({
      ref: { system, object: object.name, id },
      id: `${system}/${id}@${modifiedAt}${isOver(modifiedAt) ? '' : `/${clockMs}`}`,
      at: modifiedAt,
    })),
  );
  const marks = [...new Set([...cursor.seen, ...changed.filter((row) => isOver(row.modifiedAt)).map(mark)])];
  const stamps = [...marks.map(stampOf), ...changed.map(({ modifiedAt }) => modifiedAt)];
  const newest = stamps.reduce((max, stamp) => (stamp > max ? stamp : max), cursor.since);
  const behind = (time: string): string =>
    new Date(Math.max(Date.parse(time) - overlapMs[system], Date.parse(enabledAt))).toISOString();
  const markedSince = (start: string): string[] => marks.filter((text) => stampOf(text) >= start);
  if (cut) {
    await cursors.put(name, { since: cursor.since, seen: markedSince(behind(newest)), at: cut.at });
    throw cut.error;
  }
  const complete = system === 'salesforce' ? await engine.salesforce.reader.coveredUntil(type) : newest;
  const since = behind(complete < newest ? complete : newest);
  await cursors.put(name, { since, seen: markedSince(since) });
  return fresh.length;
}

/** The system's clock before the next read; HubSpot's does not matter. */
async function clockBefore(engine: Engine, system: System): Promise<number> {
  if (system === 'hubspot') return Number.POSITIVE_INFINITY;
  const { reader } = engine.salesforce;
  return reader.clockMs() ?? Date.parse(await reader.now());
}

const mark = ({ id, modifiedAt }: Changed): string => `${id}@${modifiedAt}`;

const stampOf = (text: string): string => text.slice(text.indexOf('@') + 1);

/**
 * All pages, by the stamp and within one stamp by id. Where the vendor stops us after some of them, what they hold comes
 * first: a burst with more pages than we may read at once would otherwise be read from its beginning without end.
 */
async function readChanges(
  engine: Engine,
  system: System,
  type: string,
  start: Place,
): Promise<{ changed: Changed[]; cut?: { readonly at: Place; readonly error: VendorError } }> {
  const reader = system === 'hubspot' ? engine.hubspot.reader : engine.salesforce.reader;
  const changed: Changed[] = [];
  let at = start;
  for (;;) {
    try {
      const { rows, more } = await reader.changedSince(type, at.from, at.afterId);
      changed.push(...rows);
      const last = rows.at(-1);
      if (!more || !last) return { changed };
      at = { from: last.modifiedAt, afterId: last.id };
    } catch (error) {
      if (changed.length === 0 || !(error instanceof VendorError)) throw error;
      return { changed, cut: { at, error } };
    }
  }
}
