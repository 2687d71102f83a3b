import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes } from './activity-options.ts';
import { pauseSignal, type Reason, resumeSignal, segmentReevaluatedSignal } from './messages.ts';
import { countsByPhase, flatCounts, runDetails } from './run-details.ts';
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
/** More undecided records than these are left to the segment's watch: they go along when the run continues as new. */
const mostUndecided = 10_000;
/** A record that is busy, or was refused for a reason that passes by itself, gets so many more tries in a row. */
const mostTries = 3;

export interface PagesPlan {
  readonly input: RunInput;
  readonly lane: 'live' | 'bulk';
  readonly begin: Omit<BeginRun, 'runId' | 'object' | 'name'>;
  /** The ids of the only phase, where they need not be read. */
  readonly ids?: readonly string[];
}

/**
 * The loop that imports, resyncs, catch-up and reconcile share: reads ids, syncs them in pages, a bounded number at
 * once, and counts what they came to. At the end of each phase:
 *
 * - records that were busy or refused for a reason that passes are tried again, by themselves and not without end;
 * - undecided records wait together, as one waiter, and are asked again by themselves after news of their segment or at
 *   their deadline; what is still undecided then stays in the waits of the ledger.
 *
 * Pause and cancellation take hold after the pages under way. Returns the result, or the state to continue as new with.
 */
export async function runPages(plan: PagesPlan): Promise<RunResult | { readonly state: RunState }> {
  const { input, lane, begin } = plan;
  const { object, name, timing } = input;
  const { workflowId } = workflowInfo();
  const retry = { initialInterval: '1s', maximumInterval: '1m' } as const;
  const brief = proxyActivities<Activities>({ ...finishes, startToCloseTimeout: '1 minute', retry });
  const long = proxyActivities<Activities>({ ...finishes, startToCloseTimeout: timing.syncMs * 2, retry });

  let state: RunState = input.state ?? firstState(plan.ids);
  let pausedBecause: string | null = null;
  let mode: RunStatus['state'] = 'starting';
  let reevaluations = 0;
  let reevaluationsSeen = 0; // by the undecided records, before they were asked last

  const status = (): RunStatus => {
    const phase = state.phases[state.phase];
    return {
      state: pausedBecause === null ? mode : 'paused',
      pausedBecause,
      phase: phase?.name ?? '',
      done: state.done,
      total: phase?.total ?? null,
      counts: countsByPhase(state),
    };
  };
  const show = (next = mode): void => {
    mode = next;
    setCurrentDetails(runDetails(`${begin.kind} of ${object}, ${name}`, status(), state));
  };
  const pause = (reason: string | null): void => {
    pausedBecause = reason;
    show();
  };
  // Whoever sends a signal by hand may leave its contents out.
  setHandler(pauseSignal, (why?: Partial<Reason>) => pause(why?.reason ?? 'no reason given'), {
    description: 'Stop after the pages under way, with a reason.',
  });
  setHandler(resumeSignal, () => pause(null), { description: 'Go on.' });
  setHandler(segmentReevaluatedSignal, () => void (reevaluations += 1), {
    description: 'A segment has been evaluated again: ask again for the records that wait.',
  });
  setHandler(runStatusQuery, status);

  const goOn = () => condition(() => pausedBecause === null);
  const isFull = (): boolean => workflowInfo().continueAsNewSuggested;
  const counts = (): Counts => flatCounts(countsByPhase(state));
  const add = (more: Counts): void => {
    const here = { ...state.counts[state.phase] };
    for (const [key, n] of Object.entries(more)) if (n > 0) here[key] = (here[key] ?? 0) + n;
    state = { ...state, counts: state.phases.map((_, i) => (i === state.phase ? here : (state.counts[i] ?? {}))) };
  };

  try {
    if (!input.state) {
      const { phases } = await brief.beginRun({ ...begin, runId: state.runId, object, name });
      state = { ...state, phases };
    }
    for (; state.phase < state.phases.length; state = nextPhase(state)) {
      const phase = state.phases[state.phase];
      if (!phase) break;
      show('running');
      if (!(await allPages(phase)) || !(await askAgain(phase))) {
        await goOn(); // a pause does not reach the next run
        return { state: handedOn() };
      }
    }
    show('ended');
    await brief.endRun({ runId: state.runId, state: 'done', counts: counts() });
    return { runId: state.runId, counts: countsByPhase(state) };
  } catch (error) {
    const end = isCancellation(error) ? 'cancelled' : 'failed';
    add({ waiting: state.undecided.length, notTriedAgain: state.again.length });
    await CancellationScope.nonCancellable(() => brief.endRun({ runId: state.runId, state: end, counts: counts() }));
    throw error;
  }

  /** What the next run goes on with. Signals do not reach it: news that nobody has asked after make the wait end now. */
  function handedOn(): RunState {
    if (!state.wait || reevaluations === reevaluationsSeen) return state;
    return { ...state, wait: { ...state.wait, atMs: Date.now() } };
  }

  /** False where the history is full: everything under way has ended, and `state` says where to go on. */
  async function allPages(phase: Phase): Promise<boolean> {
    const under = new Set<Promise<void>>();
    let failed: { readonly error: unknown } | undefined;
    const startPage = (ids: readonly string[]): void => {
      // Caught here: it may fail while nobody awaits it, and such a rejection would hold up the workflow for good.
      const page: Promise<void> = onePage(phase, ids)
        .then(() => void (state = { ...state, done: state.done + ids.length }))
        .catch((error: unknown) => void (failed ??= { error }))
        .finally(() => {
          under.delete(page);
          show();
        });
      under.add(page);
    };
    let full = false;
    try {
      for (;;) {
        while (under.size >= windowSize) await Promise.race(under);
        await goOn();
        full = isFull();
        if (failed || full) break;
        if (state.ids.length < pageSize && !state.exhausted) {
          const read = await brief.readIds({ object, source: phase.source, cursor: state.cursor });
          const { ids, next } = read;
          if (read.counts) add(read.counts);
          state = { ...state, ids: [...state.ids, ...ids], cursor: next, exhausted: next === null };
          continue;
        }
        if (state.ids.length === 0) break;
        startPage(state.ids.slice(0, pageSize));
        state = { ...state, ids: state.ids.slice(pageSize) };
      }
    } finally {
      await Promise.all(under);
    }
    if (failed) throw failed.error;
    return !full;
  }

  /** False where the history is full, as above. */
  async function askAgain(phase: Phase): Promise<boolean> {
    let tries = 0;
    while (state.again.length + state.undecided.length > 0) {
      if (isFull()) return false;
      show('waiting');
      await brief.noteRun({ runId: state.runId, counts: counts() });
      if (state.again.length > 0) {
        await sleep(timing.retryMs[tries] ?? 60_000);
        await goOn();
        tries += 1;
        const { again } = state;
        state = { ...state, again: [] };
        await inPages(phase, again, tries >= mostTries);
        if (state.again.length === 0) tries = 0;
      } else {
        await newsOfSegments();
        await goOn();
        const { undecided } = state;
        state = { ...state, undecided: [], wait: null };
        await inPages(phase, undecided, false);
      }
    }
    return true;
  }

  /** Until the undecided records have something new to ask for, and not too soon: each time all of them are asked. */
  async function newsOfSegments(): Promise<void> {
    await sleep(timing.lookMs * Math.ceil(state.undecided.length / pageSize));
    const ms = (state.wait?.atMs ?? 0) - Date.now();
    if (ms > 0) await condition(() => reevaluations > reevaluationsSeen, ms);
  }

  async function inPages(phase: Phase, ids: readonly string[], isLastTry: boolean): Promise<void> {
    show('running');
    for (let at = 0; at < ids.length; at += pageSize) {
      if (at > 0) await goOn();
      await onePage(phase, ids.slice(at, at + pageSize), isLastTry);
    }
  }

  async function onePage({ source, mode: asked }: Phase, ids: readonly string[], isLastTry = false): Promise<void> {
    const seen = reevaluations;
    const { runId } = state;
    const request = { runId, object, system: systemOf(source), ids, mode: asked, lane, waiter: workflowId };
    const page = await long.syncPage({ ...request, isLastTry, countsBefore: counts() });
    if (page.undecided.length > 0 && state.undecided.length === 0) reevaluationsSeen = seen;
    const kept = page.undecided.slice(0, Math.max(0, mostUndecided - state.undecided.length));
    add({ ...page.counts, waiting: page.undecided.length - kept.length });
    state = {
      ...state,
      undecided: [...state.undecided, ...kept],
      wait: sooner(state.wait, page.wait),
      again: [...state.again, ...page.again],
    };
  }
}

/** When to ask again at the latest, by this workflow's clock. */
function sooner(
  known: RunState['wait'],
  page: { segmentIds: readonly string[]; inMs: number } | null,
): RunState['wait'] {
  if (!page) return known;
  const atMs = Date.now() + page.inMs;
  return {
    segmentIds: [...new Set([...(known?.segmentIds ?? []), ...page.segmentIds])],
    atMs: known ? Math.min(known.atMs, atMs) : atMs,
  };
}

function firstState(ids: readonly string[] | undefined): RunState {
  const { workflowId, runId } = workflowInfo();
  return {
    runId: `${workflowId}/${runId}`,
    phases: [],
    phase: 0,
    cursor: null,
    exhausted: ids !== undefined,
    ids: ids ?? [],
    done: 0,
    counts: [],
    undecided: [],
    wait: null,
    again: [],
  };
}

const nextPhase = (state: RunState): RunState => ({
  ...state,
  phase: state.phase + 1,
  cursor: null,
  exhausted: false,
  done: 0,
});
