import type { WorkflowHandle } from '@temporalio/client';
import { systems } from '../../core/record-ref.ts';
import { pollChangesId, segmentWatchId } from '../../workflows/ids.ts';
import { defaultTiming, trustSegmentSignal } from '../../workflows/messages.ts';
import { anHourMs, RecordStage, synced, unchanged } from '../workflows/record-stage.ts';
import { type RoundsKind, RoundsStage } from '../workflows/rounds-stage.ts';
import type { Stage } from '../workflows/stage.ts';
import { runStories } from './run-stories.ts';
import { ended, type Story } from './story.ts';

const watch: RoundsKind = {
  type: 'segmentWatch',
  activity: 'watchSegment',
  workflowId: (installation) => segmentWatchId(installation, '42'),
  args: [{ segmentId: '42', timing: defaultTiming }],
};
const poll = (system: (typeof systems)[number]): RoundsKind => ({
  type: 'pollChanges',
  activity: 'pollSystem',
  workflowId: (installation) => pollChangesId(installation, system),
  args: [{ system }],
});

/** The paths through each workflow, by the name of their history. */
export const stories: Readonly<Record<string, Story>> = {
  'record-sync.plain': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).ends(synced, { salesforceId: '003000000000001AAA' });
    return await ended(record.handle);
  },

  'record-sync.change-during-pass': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.changed('b');
    pass.ends(synced);
    (await record.nextPass()).ends(unchanged);
    return await ended(record.handle);
  },

  'record-sync.reevaluated': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    await record.segmentReevaluated();
    (await record.nextPass()).ends(synced);
    return await ended(record.handle);
  },

  'record-sync.change-while-waiting': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    await record.changed('b');
    (await record.nextPass()).ends({ kind: 'skipped', reason: 'notInSegment' });
    return await ended(record.handle);
  },

  'record-sync.deadline': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits({ endsInMs: 1 });
    (await record.nextPass()).waits({ endsInMs: null });
    return await ended(record.handle);
  },

  'record-sync.settling': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits({ lookAgainInMs: 1 });
    (await record.nextPass()).ends(synced);
    return await ended(record.handle);
  },

  'record-sync.retry': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).ends({ kind: 'failed', category: 'locked' });
    (await record.nextPass()).ends(synced);
    return await ended(record.handle);
  },

  'record-sync.activity-failed': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).call.fail('credentials');
    return await ended(record.handle);
  },

  'record-sync.busy': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).isBusy();
    return await ended(record.handle);
  },

  'record-sync.moved': async (stage) => {
    const record = new RecordStage(stage);
    const home = { system: 'hubspot', object: 'contacts', id: '77' } as const;
    await record.changed('a');
    (await record.nextPass()).moves(home);
    const handOver = await record.calls.next('handOver');
    await record.changed('b');
    handOver.answer();
    (await record.nextPass()).moves(home);
    (await record.calls.next('handOver')).answer();
    return await ended(record.handle);
  },

  'record-sync.sync-now': async (stage) => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.syncNow('1');
    const first = await record.nextPass();
    await record.syncNow('2');
    first.waits();
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    await record.syncNow('3');
    (await record.nextPass()).ends(synced);
    return await ended(record.handle);
  },

  'record-sync.cancelled': async (stage) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    await record.handle.cancel();
    return await ended(record.handle);
  },

  'segment-watch.rounds': (stage) => playRounds(stage, watch),
  'segment-watch.paused': async (stage) => {
    const rounds = new RoundsStage(stage, watch);
    await rounds.lookNow();
    const first = await rounds.nextRound();
    await rounds.pause('maintenance');
    first.ends();
    await rounds.untilState('paused');
    await rounds.resume();
    (await rounds.nextRound()).ends();
    await rounds.untilState('resting');
    await rounds.pause('maintenance');
    await rounds.untilState('paused');
    await rounds.resume();
    (await rounds.nextRound()).ends({ restMs: null });
    return await ended(rounds.handle);
  },

  'segment-watch.trusted': async (stage) => {
    const rounds = new RoundsStage(stage, watch);
    await rounds.lookNow();
    const first = await rounds.nextRound();
    await rounds.handle.signal(trustSegmentSignal, { version: '7', trusted: true });
    await rounds.lookNow();
    first.ends();
    (await rounds.nextRound()).ends({ restMs: null });
    return await ended(rounds.handle);
  },

  'poll-changes.hubspot': (stage) => playRounds(stage, poll('hubspot')),
  'poll-changes.salesforce': (stage) => playRounds(stage, poll('salesforce')),

  'apply-settings.applied': async (stage) => {
    const { handle, calls } = await apply(stage);
    (await calls.next('activateSettings')).answer({ applied: true, version: 3 });
    (await calls.next('arrangeWorkflows')).answer();
    return await ended(handle);
  },

  'apply-settings.refused': async (stage) => {
    const { handle, calls } = await apply(stage);
    const problem = { path: 'objects.contacts.segments.include', found: '43, static', expected: 'an active segment' };
    (await calls.next('activateSettings')).answer({ applied: false, problems: [problem] });
    return await ended(handle);
  },

  ...runStories,
};

/** A rest that ends by itself, one that is ended, none at all, and the end, put off once. */
async function playRounds(stage: Stage, kind: RoundsKind): Promise<WorkflowHandle> {
  const rounds = new RoundsStage(stage, kind);
  await rounds.lookNow();
  (await rounds.nextRound()).ends({ restMs: 1 });
  (await rounds.nextRound()).ends({ found: 3 });
  await rounds.untilState('resting');
  await rounds.lookNow();
  (await rounds.nextRound()).ends({ restMs: 0 });
  const last = await rounds.nextRound();
  await rounds.lookNow();
  last.ends({ restMs: null });
  (await rounds.nextRound()).ends({ restMs: null });
  return await ended(rounds.handle);
}

async function apply(stage: Stage) {
  const workflowId = `${stage.installation}/settings/${crypto.randomUUID()}`;
  stage.watch(workflowId);
  const handle = await stage.client.workflow.start('applySettings', {
    workflowId,
    taskQueue: `${stage.installation}/live`,
    args: [{ draft: 5, replaces: 2 }],
  });
  return { handle, calls: stage.calls(workflowId) };
}
