import type { System } from '../core/record-ref.ts';
import type { ObjectSettings } from '../core/settings/settings.ts';
import type { Round } from '../workflows/messages.ts';
import type { Engine } from './engine.ts';
import { type Running, runningSettings } from './running.ts';

/** Where the poll of one type stands. */
interface Cursor {
  /** Every change with an older stamp has been handed over; the vendor's clock, ISO. */
  readonly since: string;
  /** `id@stamp` of what has been handed over since: pages overlap, and repeats are dropped. */
  readonly seen: readonly string[];
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
  const cursor = stored && stored.since > enabledAt ? stored : { since: enabledAt, seen: [] };
  const seen = new Set(stored?.seen);
  const changed = await readChanges(engine, system, type, cursor.since);
  const fresh = changed.filter((row) => !seen.has(mark(row)));
  await engine.handOver(
    fresh.map(({ id, modifiedAt }) => ({
      ref: { system, object: object.name, id },
      id: `${system}/${id}@${modifiedAt}`,
      at: modifiedAt,
    })),
  );
  const newest = changed.reduce((max, { modifiedAt }) => (modifiedAt > max ? modifiedAt : max), cursor.since);
  const complete = system === 'salesforce' ? await engine.salesforce.reader.coveredUntil(type) : newest;
  const low = Math.min(Date.parse(newest), Date.parse(complete)) - overlapMs[system];
  const since = new Date(Math.max(low, Date.parse(enabledAt))).toISOString();
  await cursors.put(name, { since, seen: changed.filter(({ modifiedAt }) => modifiedAt >= since).map(mark) });
  return fresh.length;
}

const mark = ({ id, modifiedAt }: Changed): string => `${id}@${modifiedAt}`;

/** All pages, by the stamp and within one stamp by id. */
async function readChanges(engine: Engine, system: System, type: string, since: string): Promise<Changed[]> {
  const reader = system === 'hubspot' ? engine.hubspot.reader : engine.salesforce.reader;
  const found: Changed[] = [];
  let from = since;
  let afterId: string | undefined;
  for (;;) {
    const { rows, more } = await reader.changedSince(type, from, afterId);
    found.push(...rows);
    const last = rows.at(-1);
    if (!more || !last) return found;
    from = last.modifiedAt;
    afterId = last.id;
  }
}
