import type { WorkflowHandle } from '@temporalio/client';
import type { Phase } from '../../workflows/run-messages.ts';
import { members, RunStage, someIds } from '../workflows/run-stage.ts';
import { type Stage, timersOf } from '../workflows/stage.ts';
import { ended, type Story } from './story.ts';

/** A workflow that works through many records. */
interface Kind {
  readonly type: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly phases: readonly [Phase, ...Phase[]];
}

const phase = (name: string, source: Phase['source'], mode: Phase['mode'] = 'full'): Phase => ({
  name,
  mode,
  source,
  total: null,
});
const contacts = { kind: 'salesforce', type: 'Contact', draft: 5 } as const;
const given = { kind: 'given', system: 'salesforce' } as const;

const kinds: Readonly<Record<string, Kind>> = {
  'import-records': {
    type: 'importRecords',
    input: { draft: 5 },
    phases: [phase('identity, Contact', contacts, 'identity'), phase('full fields, Contact', contacts)],
  },
  'resync-segment': { type: 'resyncSegment', input: { segmentId: '42' }, phases: [members('42'), members('43')] },
  'catch-up': { type: 'catchUp', input: { system: 'salesforce' }, phases: [phase('changes', given)] },
  reconcile: {
    type: 'reconcile',
    input: {},
    phases: [phase('pairs', { kind: 'pairs' }), phase('never in step', { kind: 'neverInStep' })],
  },
};

/** The paths through the loop that they share. */
const paths: Readonly<Record<string, (stage: Stage, kind: Kind) => Promise<WorkflowHandle>>> = {
  plain: async (stage, kind) => {
    const ids = someIds(401);
    const run = await begins(stage, kind, ids, kind.phases);
    for (const { source } of kind.phases) {
      if (source.kind === 'neverInStep') {
        const counts = { 'leftAlone:contacts': 3, 'leftAlone:Contact': 4 };
        (await run.calls.next('readIds')).answer({ ids: [], next: null, counts });
        continue;
      }
      await reads(run, kind, ids);
      for (const page of await run.twoPages()) page.ends();
    }
    return await endsAs(run, 'done');
  },

  paused: async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(801));
    const pages = await run.twoPages();
    await run.pause('maintenance');
    for (const page of pages) page.ends();
    while ((await run.status()).done < 800);
    await run.resume();
    (await run.nextPage()).leavesUndecided(['801']);
    await run.untilState('waiting');
    await run.pause('maintenance');
    await run.segmentReevaluated();
    await run.resume();
    (await run.nextPage()).ends();
    return await endsAs(run, 'done');
  },

  undecided: async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(3));
    (await run.nextPage()).leavesUndecided(['1', '2']);
    while ((await timersOf(run.handle)).length < 2); // now it waits for news, or for the end of the wait
    await run.segmentReevaluated();
    (await run.nextPage()).leavesUndecided(['2'], 1);
    (await run.nextPage()).ends('waiting:segmentNotReevaluated');
    return await endsAs(run, 'done');
  },

  retry: async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(3));
    (await run.nextPage()).answers({ counts: { synced: 1 }, again: ['2', '3'] });
    (await run.nextPage()).answers({ counts: { synced: 1 }, again: ['3'] });
    (await run.nextPage()).ends();
    return await endsAs(run, 'done');
  },

  cancelled: async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(801));
    const pages = await run.twoPages();
    await run.handle.cancel();
    for (const page of pages) page.ends();
    return await endsAs(run, 'cancelled');
  },

  'cancelled-while-waiting': async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(3));
    (await run.nextPage()).leavesUndecided(['1', '2']);
    while ((await timersOf(run.handle)).length < 2);
    await run.handle.cancel();
    return await endsAs(run, 'cancelled');
  },

  /** Kept is the second run, with the state that the first one left. */
  continued: async (stage, kind) => {
    const run = await beginsToRead(stage, kind, someIds(801), 'behind');
    const [first, second] = await run.twoPages();
    await run.fillHistory();
    first.answers({ counts: { synced: 399 }, again: ['3'] });
    second.leavesUndecided(['500']);
    await reads(run, kind, ['802']);
    (await run.nextPage()).ends();
    (await run.nextPage()).ends();
    while ((await timersOf(run.handle)).length < 3);
    await run.segmentReevaluated();
    (await run.nextPage()).ends();
    return await endsAs(run, 'done');
  },
};

/** The paths through each of these workflows, by the name of their history. */
export const runStories: Readonly<Record<string, Story>> = Object.fromEntries(
  Object.entries(kinds).flatMap(([name, kind]) =>
    Object.entries(paths).map(([path, play]): [string, Story] => [`${name}.${path}`, (stage) => play(stage, kind)]),
  ),
);

/** Those that know their ids from the start bring them along, the others read them. */
const bringsIds = ({ phases }: Kind): boolean => phases[0].source.kind === 'given';

async function begins(stage: Stage, kind: Kind, ids: readonly string[], phases: readonly Phase[]): Promise<RunStage> {
  const run = new RunStage(stage).as(kind.type, bringsIds(kind) ? { ...kind.input, ids } : kind.input);
  await run.begins(phases);
  return run;
}

/** Begins one phase, with all fields, and knows its ids. */
async function beginsToRead(
  stage: Stage,
  kind: Kind,
  ids: readonly string[],
  next: string | null = null,
): Promise<RunStage> {
  const run = await begins(stage, kind, ids, [kind.phases.find(({ mode }) => mode === 'full') ?? kind.phases[0]]);
  await reads(run, kind, ids, next);
  return run;
}

async function reads(run: RunStage, kind: Kind, ids: readonly string[], next: string | null = null): Promise<void> {
  if (!bringsIds(kind)) await run.reads(ids, next);
}

async function endsAs(run: RunStage, state: 'done' | 'cancelled'): Promise<WorkflowHandle> {
  await run.endsAs(state);
  return await ended(run.handle);
}
