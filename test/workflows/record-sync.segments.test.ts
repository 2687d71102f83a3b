import { describe, expect, test } from '@jest/globals';
import { anHourMs, notReevaluated, RecordStage, synced } from './record-stage.ts';
import { setStage } from './set-stage.ts';

const stage = setStage();

async function waitingRecord(wait: Parameters<Awaited<ReturnType<RecordStage['nextPass']>>['waits']>[0] = {}) {
  const record = new RecordStage(stage);
  await record.changed('a');
  (await record.nextPass()).waits(wait);
  return record;
}

describe('a record that waits for its segment', () => {
  test('looks again when the segment has been re-evaluated, and ends', async () => {
    const record = await waitingRecord();
    await record.untilState('waiting');
    await record.segmentReevaluated();
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(2);
  });

  test('waits on where the next look is undecided too', async () => {
    const record = await waitingRecord();
    await record.untilState('waiting');
    await record.segmentReevaluated();
    (await record.nextPass()).waits();
    expect(await record.untilState('waiting')).toMatchObject({ passes: 2 });
    await record.segmentReevaluated();
    (await record.nextPass()).ends({ kind: 'skipped', reason: 'notInSegment' });
    expect(await record.handle.result()).toEqual({ kind: 'skipped', reason: 'notInSegment' });
  });

  test('looks again at once where the news came during the pass', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.segmentReevaluated();
    const pass = await record.nextPass();
    await record.segmentReevaluated();
    pass.waits();
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });

  test('looks once more past the deadline, and ends as that look says', async () => {
    const record = await waitingRecord({ endsInMs: 1 });
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(2);
  });

  test('ends while it waits where the look past the deadline finds no end: the ledger keeps the wait', async () => {
    const record = await waitingRecord({ endsInMs: 1 });
    (await record.nextPass()).waits({ endsInMs: null });
    expect(await record.handle.result()).toEqual(notReevaluated);
    expect(record.calls.count).toBe(2);
  });

  test('ends at once where the wait has no end', async () => {
    const record = await waitingRecord({ endsInMs: null, lookAgainInMs: 1 });
    expect(await record.handle.result()).toEqual(notReevaluated);
    expect(record.calls.count).toBe(1);
  });

  test('looks again before the deadline when a look can bring news', async () => {
    const record = await waitingRecord({ lookAgainInMs: 1 });
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });

  test('looks again after a new change', async () => {
    const record = await waitingRecord();
    await record.untilState('waiting');
    await record.changed('b');
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });

  test('does not look again after a change that it has had', async () => {
    const record = await waitingRecord();
    await record.untilState('waiting');
    await record.changed('a');
    expect(await record.status()).toMatchObject({ state: 'waiting', passes: 1 });
    await record.segmentReevaluated();
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(2);
  });
});

test("a segment's news starts the workflow of a record that waits only in the ledger, and is no reason to gather", async () => {
  const record = new RecordStage(stage, { gatherMs: anHourMs });
  await record.segmentReevaluated();
  (await record.nextPass()).ends(synced);
  expect(await record.handle.result()).toEqual(synced);
  expect(record.calls.count).toBe(1);
});
