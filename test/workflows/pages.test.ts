import { beforeEach, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { defaultTiming } from '../../workflows/messages.ts';
import type { PageResult } from '../../workflows/run-messages.ts';
import type { Calls } from './calls.ts';
import { anHourMs } from './record-stage.ts';
import { setStage } from './set-stage.ts';
import { untilStatus } from './stage.ts';

const stage = setStage();
const nothing: PageResult = { counts: {}, undecided: [], wait: null, again: [] };
const undecided: PageResult = {
  ...nothing,
  undecided: ['1'],
  wait: { segmentIds: ['42'], endsInMs: anHourMs, lookAgainInMs: null },
};

let handle: WorkflowHandle;
let calls: Calls;
beforeEach(async () => {
  const workflowId = `${stage.installation}/resync/${crypto.randomUUID()}`;
  stage.watch(workflowId);
  calls = stage.calls(workflowId);
  calls.answerAlways((call) => call.answer(), 'noteRun');
  handle = await stage.client.workflow.start('resyncSegment', {
    workflowId,
    taskQueue: `${stage.installation}/live`,
    args: [{ object: 'contacts', name: 'test', timing: defaultTiming, segmentId: '42' }],
  });
  const phase = { name: 'members', mode: 'full', source: { kind: 'members', segmentId: '42' } } as const;
  (await calls.next('beginRun')).answer({ phases: [phase], total: 2 });
});

/** The run notes how it ended. */
async function endsAs(state: string): Promise<void> {
  const end = await calls.next('endRun');
  expect(end.input.state).toBe(state);
  end.answer();
}

describe('pages', () => {
  test('are synced until all ids have been read', async () => {
    (await calls.next('readIds')).answer({ ids: ['1'], next: '2' });
    (await calls.nextOf('syncPage')).answer({ ...nothing, counts: { synced: 1 } });
    (await calls.nextOf('readIds')).answer({ ids: ['2'], next: null });
    (await calls.nextOf('syncPage')).answer({ ...nothing, counts: { unchanged: 1 } });
    await endsAs('done');
    expect(await handle.result()).toMatchObject({
      counts: [{ phase: 'members', counts: { synced: 1, unchanged: 1 } }],
    });
  });

  test('that run when the run is cancelled come to their end and are counted', async () => {
    (await calls.next('readIds')).answer({ ids: ['1'], next: '2' });
    const [page, ids] = await Promise.all([calls.nextOf('syncPage'), calls.nextOf('readIds')]);
    await handle.cancel();
    ids.answer({ ids: ['2'], next: null });
    page.answer({ ...nothing, counts: { synced: 1 } });
    const end = await calls.next('endRun');
    expect(end.input).toMatchObject({ state: 'cancelled', counts: { 'members/synced': 1 } });
    end.answer();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  });

  test('that fail while ids are read end the run as failed', async () => {
    (await calls.next('readIds')).answer({ ids: ['1'], next: '2' });
    const [page, ids] = await Promise.all([calls.nextOf('syncPage'), calls.nextOf('readIds')]);
    page.fail('unexpected');
    ids.answer({ ids: [], next: null });
    await endsAs('failed');
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  });
});

describe('records that wait for their segment', () => {
  test('are asked for again after news that came while they were asked for', async () => {
    (await calls.next('readIds')).answer({ ids: ['1'], next: null });
    (await calls.next('syncPage')).answer(undecided);
    const again = await calls.next('syncPage');
    await handle.signal('segmentReevaluated', { segmentId: '42', checkedAt: '2026-03-01T12:00:00Z' });
    again.answer(undecided);
    (await calls.next('syncPage')).answer(nothing);
    await endsAs('done');
    await handle.result();
  });

  test('are asked for again after news that comes while they wait', async () => {
    (await calls.next('readIds')).answer({ ids: ['1'], next: null });
    (await calls.next('syncPage')).answer(undecided);
    (await calls.next('syncPage')).answer(undecided);
    await untilStatus(handle, 'waiting');
    await handle.signal('segmentReevaluated', { segmentId: '42', checkedAt: '2026-03-01T12:00:00Z' });
    (await calls.next('syncPage')).answer(nothing);
    await endsAs('done');
    await handle.result();
  });
});
