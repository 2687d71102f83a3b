import { describe, expect, test } from '@jest/globals';
import { anHourMs } from './record-stage.ts';
import { members, RunStage, someIds } from './run-stage.ts';
import { setStage } from './set-stage.ts';
import { currentDetails, timersOf } from './stage.ts';

const stage = setStage();

describe('records that wait for their segment', () => {
  test('wait together at the end of their phase, and are asked again alone', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42'), members('43')]);
    await run.reads(someIds(500));
    (await run.nextPage()).leavesUndecided(['7', '9']);
    (await run.nextPage()).leavesUndecided(['450']);
    await run.untilState('waiting');
    expect(await run.status()).toMatchObject({ phase: 'segment 42', done: 500 });
    expect(await currentDetails(run.handle)).toContain('3 wait for segment 42');
    expect(await run.asked('readIds')).toBe(1);

    await run.segmentReevaluated();
    const again = await run.nextPage();
    expect([...again.ids].sort()).toEqual(['450', '7', '9']);
    again.ends('skipped:notInSegment');
    await run.reads([]);
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 497, 'segment 42/skipped:notInSegment': 3 });
    await run.handle.result();
  });

  test('are asked again at the earliest of their times, without any news', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(someIds(800));
    const [first, second] = await run.twoPages();
    first.leavesUndecided(['1'], anHourMs);
    second.leavesUndecided(['401'], 1_000);
    (await run.nextPage()).ends('waiting:segmentNotReevaluated');
    expect(await run.endsAs('done')).toEqual({
      'segment 42/synced': 798,
      'segment 42/waiting:segmentNotReevaluated': 2,
    });
    await run.handle.result();
  });

  test('are asked again after news that came while they were asked for', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(['1']);
    const first = await run.nextPage();
    await run.segmentReevaluated();
    first.leavesUndecided(['1']);
    const second = await run.nextPage();
    await run.segmentReevaluated();
    second.leavesUndecided(['1']);
    (await run.nextPage()).ends();
    await run.endsAs('done');
    await run.handle.result();
  });

  test('are not asked again all the time while their segment changes all the time', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42')], { lookMs: 7 });
    await run.reads(someIds(800));
    const [first, second] = await run.twoPages();
    first.leavesUndecided(someIds(400));
    second.leavesUndecided(someIds(400, 401));
    await run.segmentReevaluated();
    (await run.nextPage()).ends();
    (await run.nextPage()).ends();
    await run.endsAs('done');
    await run.handle.result();
    expect((await timersOf(run.handle))[0]).toBe(2 * 7);
  });
});

describe('records that were busy, or refused for a reason that passes', () => {
  test('are tried again alone, after a while', async () => {
    const run = new RunStage(stage);
    await run.begins([members('42')], { retryMs: [3, 5, 9] });
    await run.reads(someIds(5));
    (await run.nextPage()).answers({ counts: { synced: 3 }, again: ['2', '4'] });
    const second = await run.nextPage();
    expect(second.ids).toEqual(['2', '4']);
    second.answers({ counts: { synced: 1 }, again: ['4'] });
    const third = await run.nextPage();
    expect(third.ids).toEqual(['4']);
    expect(third.call.input.isLastTry).toBe(false);
    third.ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 5 });
    await run.handle.result();
    expect(await timersOf(run.handle)).toEqual([3, 5]);
  });

  test('are tried three times, and then count as what they are', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(['1']);
    (await run.nextPage()).answers({ again: ['1'] });
    (await run.nextPage()).answers({ again: ['1'] });
    (await run.nextPage()).answers({ again: ['1'] });
    const last = await run.nextPage();
    expect(last.call.input.isLastTry).toBe(true);
    last.ends('failed:locked');
    expect(await run.endsAs('done')).toEqual({ 'segment 42/failed:locked': 1 });
    await run.handle.result();
  });

  test('among those that waited for their segment are tried again too', async () => {
    const run = new RunStage(stage);
    await run.begins();
    await run.reads(['1', '2']);
    (await run.nextPage()).leavesUndecided(['1', '2']);
    await run.segmentReevaluated();
    (await run.nextPage()).answers({ counts: { synced: 1 }, again: ['2'] });
    const again = await run.nextPage();
    expect(again.ids).toEqual(['2']);
    again.leavesUndecided(['2']);
    await run.segmentReevaluated();
    (await run.nextPage()).ends();
    expect(await run.endsAs('done')).toEqual({ 'segment 42/synced': 2 });
    await run.handle.result();
  });
});
