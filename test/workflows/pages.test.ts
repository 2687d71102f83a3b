import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { members, RunStage, someIds } from './run-stage.ts';
import { setStage } from './set-stage.ts';
import { currentDetails } from './stage.ts';

const stage = setStage();

describe('a run', () => {
  test('syncs all ids in pages of 400, however they were read', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(250), 'a');
    await run.reads(someIds(250, 251));
    const [first, second] = await run.twoPages();
    expect([...first.ids, ...second.ids]).toEqual(someIds(500));
    expect(first.ids).toHaveLength(400);
    first.ends();
    second.ends('unchanged');
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 400, 'segment 42/unchanged': 100 });
    expect(await run.handle.result()).toMatchObject({
      counts: [{ phase: 'segment 42', counts: { synced: 400, unchanged: 100 } }],
    });
  });

  test('reads on from where the last page of ids ended', async () => {
    const run = new RunStage(stage);
    await run.begins();
    const first = await run.calls.next('readIds');
    expect(first.input).toEqual({ object: 'contacts', source: { kind: 'members', segmentId: '42' }, cursor: null });
    first.answer({ ids: [], next: 'behind' });
    const second = await run.calls.next('readIds');
    expect(second.input.cursor).toBe('behind');
    second.answer({ ids: [], next: null });
    await run.endsAs('done');
    await run.handle.result();
  });

  test('tells each page the mode of its phase, its lane, its waiter and what the run has come to', async () => {
    const run = new RunStage(stage);
    await run.begins([{ ...members('42'), mode: 'identity' }]);
    await run.reads(someIds(401));
    const [first, second] = await run.twoPages();
    first.ends();
    expect(second.call.input).toMatchObject({
      object: 'contacts',
      system: 'hubspot',
      ids: ['401'],
      mode: 'identity',
      lane: 'bulk',
      waiter: run.workflowId,
      isLastTry: false,
    });
    expect(second.call.input.runId.startsWith(`${run.workflowId}/`)).toBe(true);
    second.ends();
    await run.endsAs('done');
    await run.handle.result();
  });

  test('has two pages under way at once, and no more', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(1_200));
    const [first, second] = await run.twoPages();
    expect(await run.asked('syncPage')).toBe(2);
    second.ends();
    const third = await run.nextPage();
    expect(third.ids).toEqual(someIds(400, 801));
    first.ends();
    third.ends();
    await run.endsAs('done');
    await run.handle.result();
  });

  test('begins a phase when all pages of the one before have ended', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42', 800), members('43', 1)]);
    await run.reads(someIds(800));
    const [first, second] = await run.twoPages();
    second.ends();
    expect(await run.status()).toMatchObject({ phase: 'segment 42', total: 800 });
    expect(await run.asked('readIds')).toBe(1);
    first.ends();
    await run.reads(['1']);
    const third = await run.nextPage();
    expect(await run.status()).toMatchObject({ phase: 'segment 43', done: 0, total: 1 });
    third.ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 800, 'segment 43/synced': 1 });
    await run.handle.result();
  });

  test('that brings its ids along reads none', async () => {
    const run = new RunStage(stage).as('catchUp', { system: 'salesforce', ids: ['a', 'b'] });
    await run.start();
    const begin = await run.calls.next('beginRun');
    expect(begin.input).toMatchObject({ kind: 'catchUp', given: { system: 'salesforce', count: 2 } });
    const source = { kind: 'given', system: 'salesforce' } as const;
    begin.answer({ phases: [{ name: 'changes', mode: 'full', source, total: 2 }] });
    const page = await run.nextPage();
    expect(page.call.input).toMatchObject({ system: 'salesforce', ids: ['a', 'b'], lane: 'live' });
    page.ends();
    await run.endsAs('done');
    await run.handle.result();
  });

  test('that is refused fails with the reason, before any page', async () => {
    const run = new RunStage(stage);
    await run.start();
    (await run.calls.next('beginRun')).fail('Refused', 'Segment 42 does not exist.');
    await run.endsAs('failed');
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(run.calls.count).toBe(2);
  });

  test('shows how far it is, on request and on its page', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42', 800)]);
    await run.reads(someIds(800));
    const [first, second] = await run.twoPages();
    first.answers({ counts: { synced: 390, 'failed:propertyValues': 10 } });
    while ((await run.status()).done < 400);
    const counts = { synced: 390, 'failed:propertyValues': 10 };
    expect(await run.status()).toEqual({
      state: 'running',
      pausedBecause: null,
      phase: 'segment 42',
      done: 400,
      total: 800,
      counts: [{ phase: 'segment 42', counts }],
    });
    expect(await currentDetails(run.handle)).toBe(
      [
        '**resync of contacts, test**: running',
        'In "segment 42": 400 of 800 (50 %)',
        ['| outcome | segment 42 |', '| --- | ---: |', '| failed:propertyValues | 10 |', '| synced | 390 |'].join('\n'),
        '\u00a0',
      ].join('\n\n'),
    );
    second.ends();
    await run.endsAs('done');
    await run.handle.result();
    expect(await run.status()).toMatchObject({ state: 'ended' });
  });
});

describe('a pause', () => {
  test('takes hold after the pages under way, and ends with resume', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(1_200));
    const [first, second] = await run.twoPages();
    await run.pause('HubSpot is slow today');
    expect(await run.status()).toMatchObject({ state: 'paused', pausedBecause: 'HubSpot is slow today' });
    expect(await currentDetails(run.handle)).toContain('paused (HubSpot is slow today)');
    first.ends();
    second.ends();
    while ((await run.status()).done < 800);
    expect(await run.asked('syncPage')).toBe(2);
    await run.resume();
    expect(await run.status()).toMatchObject({ state: 'running', pausedBecause: null });
    (await run.nextPage()).ends();
    await run.endsAs('done');
    await run.handle.result();
  });

  test('without contents is one without a reason', async () => {
    const run = new RunStage(stage);
    await run.begins();
    const ids = await run.calls.next('readIds');
    await run.handle.signal('pause');
    expect(await run.status()).toMatchObject({ state: 'paused', pausedBecause: 'no reason given' });
    await run.handle.signal('resume');
    ids.answer({ ids: [], next: null });
    await run.endsAs('done');
    await run.handle.result();
  });

  test('keeps records that wait from being asked again', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(['1']);
    (await run.nextPage()).leavesUndecided(['1']);
    await run.untilState('waiting');
    await run.pause('lunch');
    await run.segmentReevaluated();
    expect(await run.asked('syncPage')).toBe(1);
    await run.resume();
    (await run.nextPage()).ends();
    await run.endsAs('done');
    await run.handle.result();
  });
});

describe('cancelled, a run', () => {
  test('lets the pages under way come to their end and counts them, and starts no other', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(1_200));
    const [first, second] = await run.twoPages();
    await run.handle.cancel();
    first.ends();
    second.ends('unchanged');
    expect(await run.endsAs('cancelled')).toEqual({ 'segment 42/synced': 400, 'segment 42/unchanged': 400 });
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await run.asked('syncPage')).toBe(2);
  });

  test('counts the records that wait', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(3));
    (await run.nextPage()).leavesUndecided(['1', '2']);
    await run.untilState('waiting');
    await run.pause('lunch');
    await run.segmentReevaluated();
    expect(await run.asked('syncPage')).toBe(1);
    await run.handle.cancel();
    expect(await run.endsAs('cancelled')).toEqual({ 'segment 42/synced': 1, 'segment 42/waiting': 2 });
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
  });

  test('while it is paused ends at once', async () => {
    const run = new RunStage(stage);
    await run.begins();
    const ids = await run.calls.next('readIds');
    await run.pause('lunch');
    ids.answer({ ids: ['1'], next: null });
    await run.handle.cancel();
    await run.endsAs('cancelled');
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
  });
});

describe('a page that fails', () => {
  test('while ids are read ends the run as failed, with what else was under way', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(400), 'behind');
    const [page, ids] = [await run.nextPage(), await run.calls.nextOf('readIds')];
    page.call.fail('unexpected');
    ids.answer({ ids: someIds(400, 401), next: null });
    await run.endsAs('failed');
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
  });

  test('lets the other page under way come to its end', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(1_200));
    const [first, second] = await run.twoPages();
    first.call.fail('unexpected');
    second.ends();
    expect(await run.endsAs('failed')).toEqual({ 'segment 42/synced': 400 });
    await expect(run.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await run.asked('syncPage')).toBe(2);
  });
});

describe('a history that has grown long', () => {
  test('is continued in a new one that goes on where this one stood, without beginning again', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42', 1_201)]);
    await run.reads(someIds(1_200), 'behind');
    const [first, second] = await run.twoPages();
    const { runId } = first.call.input;
    await run.fillHistory();
    first.ends();
    second.leavesUndecided(['500']);

    const third = await run.nextPage();
    expect(third.ids).toEqual(someIds(400, 801));
    expect(third.call.input).toMatchObject({ runId, countsBefore: { 'segment 42/synced': 799 } });
    expect(await run.status()).toMatchObject({ done: 800, total: 1_201 });
    const ids = await run.calls.nextOf('readIds');
    expect(ids.input.cursor).toBe('behind');
    ids.answer({ ids: ['1201'], next: null });
    third.ends();
    (await run.nextPage()).ends();
    await run.segmentReevaluated();
    const again = await run.nextPage();
    expect(again.ids).toEqual(['500']);
    again.ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 1_201 });
    await run.handle.result();
  });

  test('is not continued before a pause that comes while its last page ends is over', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(801));
    const [first, second] = await run.twoPages();
    const { runId } = await run.handle.describe();
    await run.fillHistory();
    first.ends();
    while ((await run.status()).done < 400);
    await run.pause('lunch');
    second.ends();
    while ((await run.status()).done < 800);
    expect(await run.status()).toMatchObject({ state: 'paused', pausedBecause: 'lunch' });
    expect((await run.handle.describe()).runId).toBe(runId);
    await run.resume();
    (await run.nextPage()).ends();
    expect((await run.handle.describe()).runId).not.toBe(runId);
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 801 });
    await run.handle.result();
  });

  test('is continued while records wait, too', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(['1']);
    (await run.nextPage()).leavesUndecided(['1']);
    await run.untilState('waiting');
    const before = (await run.handle.describe()).runId;
    await run.fillHistory();
    await run.segmentReevaluated();
    (await run.nextPage()).leavesUndecided(['1']);
    while ((await run.handle.describe()).runId === before);
    await run.segmentReevaluated();
    (await run.nextPage()).ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 1 });
    await run.handle.result();
  });

  test('asks again for news of a segment that came while its last page was under way', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(1_200));
    const [first, second] = await run.twoPages();
    const before = (await run.handle.describe()).runId;
    await run.fillHistory();
    await run.segmentReevaluated();
    first.leavesUndecided(['7']);
    second.ends();
    (await run.nextPage()).ends();
    expect((await run.handle.describe()).runId).not.toBe(before);

    const again = await run.nextPage();
    expect(again.ids).toEqual(['7']);
    again.ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 1_200 });
    await run.handle.result();
  });
});
