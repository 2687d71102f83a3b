import { refKey } from '../../core/record-ref.ts';
import type { LeaseKey, Mark } from '../../ledger/leases.ts';
import type { Attempt, Engine } from '../engine.ts';
import type { Pass } from './context.ts';
import { askedRef, isOpen, type Unit, unitRefs } from './unit.ts';

/** A lease outlives the attempt by the longest request, so that nothing is under way when another may begin. */
const ttlMs = ({ engine, attempt }: Pass): number =>
  Math.max(0, attempt.endsAtMs - engine.now()) + engine.requestTimeoutMs;

/**
 * Takes the leases that the units need for their records, in one statement, and ends as busy the units that don't get
 * all of theirs. Whoever holds a lease that was refused has been told to run the record again, unless the one who asks
 * comes back by itself.
 */
export async function leaseRecords(pass: Pass, units: readonly Unit[]): Promise<void> {
  await lease(
    pass,
    units.filter(isOpen).map((unit) => ({
      unit,
      keys: unitRefs(unit).map((ref) => ({ key: refKey(ref), ...onBehalfOf(pass, unit) })),
    })),
  );
}

/** Who is run again: the record that was asked for. The one that is wanted need not lead back to its unit. */
const onBehalfOf = ({ asksAgain }: Pass, unit: Unit): Pick<LeaseKey, 'ref'> =>
  asksAgain ? {} : { ref: askedRef(unit) };

/** The same for match keys: nobody else may create these people while we look for them. */
export async function leaseMatches(pass: Pass, matches: ReadonlyMap<Unit, string>): Promise<void> {
  await lease(
    pass,
    [...matches].map(([unit, key]) => ({ unit, keys: [{ key, ...onBehalfOf(pass, unit) }] })),
  );
}

interface Wanted {
  readonly unit: Unit;
  readonly keys: readonly LeaseKey[];
}

async function lease(pass: Pass, wanted: readonly Wanted[]): Promise<void> {
  const missing = wanted
    .map(({ unit, keys }) => ({ unit, keys: keys.filter(({ key }) => !unit.held.has(key)) }))
    .filter(({ keys }) => keys.length > 0);
  if (missing.length === 0) return;
  const { ledger } = pass.engine;
  const keys = new Map(missing.flatMap((entry) => entry.keys.map((key) => [key.key, key] as const)));
  const { taken } = await ledger.leases.take(pass.attempt, [...keys.values()], ttlMs(pass));
  const mine = new Set(taken);
  for (const { unit, keys: wantedKeys } of missing) {
    for (const { key } of wantedKeys) if (mine.has(key)) unit.held.add(key);
    if (wantedKeys.some(({ key }) => !mine.has(key))) unit.end = { kind: 'busy' };
  }
}

/**
 * Gives all leases back. Records that somebody else wanted meanwhile are handed to their workflows first, so that a
 * crash in between repeats the hand-over and never drops it.
 */
export async function releaseLeases(engine: Engine, attempt: Attempt): Promise<void> {
  await passOn(engine, await engine.ledger.leases.release(attempt));
}

/** What holders left marked and never came back for. Answers the number of leases passed on. */
export async function sweepLeases(engine: Engine): Promise<number> {
  const marks = await engine.ledger.leases.expiredMarked(200);
  await passOn(engine, marks);
  await engine.ledger.leases.prune();
  return marks.length;
}

async function passOn(engine: Engine, marks: readonly Mark[]): Promise<void> {
  let left = marks;
  while (left.length > 0) {
    const [{ owner, attempt, again }] = left as [Mark];
    const id = `again/${owner}/${attempt}/${again}`;
    await engine.handOver(left.flatMap(({ refs }) => refs.map((ref) => ({ ref, id }))));
    left = await engine.ledger.leases.clear(left);
  }
}
