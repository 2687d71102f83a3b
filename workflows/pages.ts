import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes } from './activity-options.ts';
import { pauseSignal, type Reason, type RecordWait, resumeSignal, segmentReevaluatedSignal } from './messages.ts';
import {
  type BeginRun,
  type Counts,
  type Phase,
  type RunInput,
  type RunResult,
  type RunState,
  type RunStatus,
  runStatusQuery,
  systemOf,
} from './run-messages.ts';

/** Both vendors' batches fit into it: four of HubSpot's, two of Salesforce's. */
const pageSize = 400;
/** Pages under way at once. */
const windowSize = 2;
/** More undecided records than these are left to the segment's watch. */
const mostUndecided = 2_000;
/** A record whose refusal passes by itself gets so many more tries. */
const retryRounds = 3;

export interface PagesPlan {
  readonly input: RunInput;
  readonly lane: 'live' | 'bulk';
  readonly begin: Omit<BeginRun, 'runId' | 'object' | 'name'>;
}

/**
 * The loop that imports, resyncs, catch-up and reconcile share: reads ids, syncs them in pages, a bounded number at
 * once, and counts what they came to. Pause stops it after the pages under way. Undecided records wait together, as one
 * waiter, and are asked again alone; what is still undecided at its deadline stays in the waits of the ledger.
 *
 * Returns the result, or the state to continue as new with.
 */
export async function runPages({ input, lane, begin }: PagesPlan): Promise<RunResult | { readonly state: RunState }> {
  const { object, name, timing } = input;
  const { workflowId, runId: thisRun } = workflowInfo();
  const brief = proxyActivities<Activities>({
    ...finishes,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1s', maximumInterval: '1m' },
  });
  const long = proxyActivities<Activities>({
    ...finishes,
    startToCloseTimeout: timing.syncMs * 5,
    retry: { initialInterval: '1s', maximumInterval: '1m' },
  });

  let phases: readonly Phase[] = [];
  let state: RunState = input.state ?? {
    runId: `${workflowId}/${thisRun}`,
    phase: 0,
    cursor: null,
    exhausted: false,
    ids: [],
    done: 0,
    total: null,
    counts: [],
    undecided: [],
    again: [],
  };
  let pausedBecause: string | null = null;
  let mode: RunStatus['state'] = 'starting';
  let reevaluations = 0;

  // Whoever sends a signal by hand may leave its contents out.
  setHandler(pauseSignal, (why?: Partial<Reason>) => void (pausedBecause = why?.reason ?? 'no reason given'), {
    description: 'Stop after the pages under way, with a reason.',
  });
  setHandler(resumeSignal, () => void (pausedBecause = null), { description: 'Go on.' });
  setHandler(segmentReevaluatedSignal, () => void (reevaluations += 1), {
    description: 'A segment has been evaluated again: ask again for the records that wait.',
  });
  setHandler(runStatusQuery, () => ({
    state: mode,
    pausedBecause,
    phase: phases[state.phase]?.name ?? '',
    done: state.done,
    total: state.total,
    counts: countsByPhase(),
  }));

  const countsByPhase = () => phases.map((phase, i) => ({ phase: phase.name, counts: state.counts[i] ?? {} }));
  const show = (next: RunStatus['state']): void => {
    mode = pausedBecause === null ? next : 'paused';
    setCurrentDetails(details(`${begin.kind} of ${object}, ${name}`, mode, pausedBecause, state, countsByPhase()));
  };
  const add = (counts: Counts): void => {
    const all = phases.map((_, i) => state.counts[i] ?? {});
    const here = { ...all[state.phase] };
    for (const [key, n] of Object.entries(counts)) here[key] = (here[key] ?? 0) + n;
    all[state.phase] = here;
    state = { ...state, counts: all };
  };

  try {
    const begun = await brief.beginRun({ ...begin, runId: state.runId, object, name });
    phases = begun.phases;
    state = { ...state, total: begun.total };
    show('running');
    for (; state.phase < phases.length; state = nextPhase(state)) {
      const phase = phases[state.phase];
      if (!phase) break;
      if (!(await allPages(phase))) return { state };
      await askAgain(phase);
    }
    show('ended');
    await brief.endRun({ runId: state.runId, state: 'done', counts: flat(countsByPhase()) });
    return { runId: state.runId, counts: countsByPhase() };
  } catch (error) {
    const end = isCancellation(error) ? 'cancelled' : 'failed';
    const counts = flat(countsByPhase());
    await CancellationScope.nonCancellable(() => brief.endRun({ runId: state.runId, state: end, counts }));
    throw error;
  }

  /** False where the history is full: everything under way has ended, and `state` says where to go on. */
  async function allPages(phase: Phase): Promise<boolean> {
    const under = new Set<Promise<void>>();
    let failed: { readonly error: unknown } | undefined;
    const begin = (ids: readonly string[]): void => {
      // Caught here: it may fail while nobody awaits it, and such a rejection would hold up the workflow for good.
      const page: Promise<void> = onePage(phase, ids)
        .catch((error: unknown) => void (failed ??= { error }))
        .finally(() => under.delete(page));
      under.add(page);
    };
    let isFull = false;
    try {
      for (;;) {
        if (failed) break;
        if (pausedBecause !== null) {
          show('paused');
          await condition(() => pausedBecause === null);
          show('running');
        }
        isFull = workflowInfo().continueAsNewSuggested;
        if (isFull) break;
        if (state.ids.length === 0 && !state.exhausted) {
          const { ids, next } = await brief.readIds({ object, source: phase.source, cursor: state.cursor });
          state = { ...state, ids, cursor: next, exhausted: next === null };
        }
        const ids = state.ids.slice(0, pageSize);
        if (ids.length === 0 && state.exhausted) break;
        state = { ...state, ids: state.ids.slice(pageSize) };
        if (ids.length === 0) continue;
        while (under.size >= windowSize) await Promise.race(under);
        begin(ids);
      }
    } finally {
      await Promise.all(under);
    }
    if (failed) throw failed.error;
    return !isFull;
  }

  async function onePage(phase: Phase, ids: readonly string[]): Promise<void> {
    const { counts, undecided, again } = await sync(phase, ids);
    add(counts);
    const room = mostUndecided - state.undecided.length;
    const left = undecided.length - Math.max(0, room);
    if (left > 0) add({ waiting: left });
    state = {
      ...state,
      done: state.done + ids.length,
      undecided: [...state.undecided, ...undecided.slice(0, Math.max(0, room))],
      again: [...state.again, ...again],
    };
    show('running');
    await brief.noteRun({ runId: state.runId, counts: flat(countsByPhase()) });
  }

  /** Records that could not be decided, or were refused for a reason that passes, are asked for again alone. */
  async function askAgain(phase: Phase): Promise<void> {
    for (let round = 0; state.again.length > 0; round += 1) {
      await condition(() => false, timing.retryMs[round] ?? 60_000);
      const { again } = state;
      state = { ...state, again: [] };
      const last = round + 1 >= retryRounds;
      const result = await inPages(phase, again);
      if (last) add({ 'failed:changedMeanwhile': result.again.length });
      state = { ...state, undecided: [...state.undecided, ...result.undecided], again: last ? [] : result.again };
    }
    let wait: RecordWait | null = null;
    let seen = reevaluations;
    while (state.undecided.length > 0) {
      show('waiting');
      if (wait) {
        const ms = Math.min(wait.endsInMs ?? Number.POSITIVE_INFINITY, wait.lookAgainInMs ?? Number.POSITIVE_INFINITY);
        if (!Number.isFinite(ms)) break;
        await condition(() => reevaluations > seen, Math.max(250, ms));
      }
      const { undecided } = state;
      state = { ...state, undecided: [] };
      seen = reevaluations; // before the await: news that comes while they are asked for may be news to them
      const result = await inPages(phase, undecided);
      wait = result.wait;
      state = { ...state, undecided: result.undecided };
      if (!wait) break;
    }
    // The ledger keeps them in the waits, where the segment's watch finds them.
    if (state.undecided.length > 0) add({ waiting: state.undecided.length });
    state = { ...state, undecided: [] };
  }

  async function inPages(phase: Phase, ids: readonly string[]) {
    const undecided: string[] = [];
    const again: string[] = [];
    let wait: RecordWait | null = null;
    for (let at = 0; at < ids.length; at += pageSize) {
      const page = await sync(phase, ids.slice(at, at + pageSize));
      add(page.counts);
      undecided.push(...page.undecided);
      again.push(...page.again);
      wait = soonest(wait, page.wait);
    }
    return { undecided, again, wait };
  }

  async function sync(phase: Phase, ids: readonly string[]) {
    const system = systemOf(phase.source);
    return await long.syncPage({ runId: state.runId, object, system, ids, mode: phase.mode, lane, waiter: workflowId });
  }
}

const nextPhase = (state: RunState): RunState => ({
  ...state,
  phase: state.phase + 1,
  cursor: null,
  exhausted: false,
  done: 0,
});

function soonest(a: RecordWait | null, b: RecordWait | null): RecordWait | null {
  if (!a || !b) return a ?? b;
  const earlier = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? (x ?? y) : Math.min(x, y);
  return {
    segmentIds: [...new Set([...a.segmentIds, ...b.segmentIds])],
    endsInMs: earlier(a.endsInMs, b.endsInMs),
    lookAgainInMs: earlier(a.lookAgainInMs, b.lookAgainInMs),
  };
}

/** One flat row of counts for the ledger: `full fields/synced`. */
const flat = (phases: readonly { readonly phase: string; readonly counts: Counts }[]): Counts =>
  Object.fromEntries(
    phases.flatMap(({ phase, counts }) => Object.entries(counts).map(([key, n]) => [`${phase}/${key}`, n])),
  );

function details(
  title: string,
  mode: RunStatus['state'],
  pausedBecause: string | null,
  { done, total }: RunState,
  phases: readonly { readonly phase: string; readonly counts: Counts }[],
): string {
  const share = total ? ` (${Math.min(100, Math.round((100 * done) / total))} %)` : '';
  return [
    `**${title}**: ${mode}${pausedBecause ? ` (${pausedBecause})` : ''}`,
    `In this phase: ${done}${total === null ? '' : ` of ${total}`}${share}`,
    '| phase | outcome | records |\n|---|---|---|',
    ...phases.flatMap(({ phase, counts }) => Object.entries(counts).map(([key, n]) => `| ${phase} | ${key} | ${n} |`)),
  ].join('\n');
}
