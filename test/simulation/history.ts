import type { SimulatedLedger } from './ledger.ts';
import { type Finding, judge } from './oracle.ts';
import { People } from './people.ts';
import { failsOf, type Plan } from './plan.ts';
import { World } from './world.ts';

export interface History extends Finding {
  readonly plan: Plan;
  readonly trace: readonly string[];
  readonly killedAt: ReadonlySet<string>;
}

/** How long a history may take to come to rest after people and faults have stopped. */
const restMs = 2 * 3_600_000;

/** One history from its plan: people work while things fail, then all is quiet, then it is judged. */
export async function simulate(plan: Plan, database: SimulatedLedger): Promise<History> {
  const world = new World(plan, database);
  const stop = takeOverTime(world);
  try {
    const people = new People(world);
    people.settle();
    await world.setUp();
    const end = people.plan();
    await world.run(end, () => world.time.now() >= end);
    world.faulty = false;
    world.salesforce.rules.set([]);
    world.note('people and faults have stopped');
    // Past the overlap of a poll, the last retry of a row, the deadline of a wait, the lease of a dead holder, and what HubSpot
    // evaluates after our own last write.
    const quiet = world.time.now() + (failsOf(plan) ? 480_000 : 30_000) + 2 * plan.evaluationDelayMs;
    await world.run(quiet, () => world.time.now() >= quiet);
    const before = writesOf(world);
    const limit = world.time.now() + restMs;
    const isAtRest = (): boolean => !world.temporal.open().some((id) => /\/(record|catchUp|resync)\//.test(id));
    await world.run(limit, isAtRest);
    const still = world.time.now() + (failsOf(plan) ? 180_000 : 30_000);
    await world.run(still, () => world.time.now() >= still);
    const finding = await judge(world, people, database);
    const faults = [...finding.faults];
    if (!isAtRest()) faults.push(`never came to rest: ${world.temporal.open().join(', ')}`);
    if (writesOf(world) !== before) faults.push(`still writing at rest: ${writesOf(world) - before} writes`);
    return { ...finding, faults, plan, trace: world.trace, killedAt: world.counts.killedAt };
  } finally {
    stop();
    world.close();
  }
}

const writesOf = ({ hubspot, salesforce }: World): number =>
  hubspot.traffic.writes.length + salesforce.traffic.writes.length;

/**
 * Workflows and the engine read the process's clock. Heartbeats of attempts that were killed would beat on for ever, and
 * keep all of their history.
 */
function takeOverTime(world: World): () => void {
  const { now } = Date;
  const { setInterval } = globalThis;
  const beats: NodeJS.Timeout[] = [];
  Date.now = () => world.time.now();
  globalThis.setInterval = ((run: () => void, ms: number) => {
    const beat = setInterval(run, ms);
    beats.push(beat);
    return beat;
  }) as typeof setInterval;
  return () => {
    Date.now = now;
    globalThis.setInterval = setInterval;
    for (const beat of beats) clearInterval(beat);
  };
}
