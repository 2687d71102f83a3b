import { describe, expect, test } from '@jest/globals';
import { anHourMs, RecordStage, synced, unchanged } from './record-stage.ts';
import { setStage } from './set-stage.ts';
import { timersOf } from './stage.ts';

const stage = setStage();

describe('recordSync', () => {
  test('syncs a changed record in one pass and ends with its outcome', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    expect(pass.call.input).toEqual({ refs: [record.ref], lane: 'live' });
    pass.ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(await record.status()).toMatchObject({ state: 'ended', passes: 1, lastOutcome: synced });
  });

  test('gathers changes for a window, so that two cost one pass', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.changed('a');
    await record.untilState('gathering');
    await record.changed('b');
    expect(await record.status()).toMatchObject({ state: 'gathering', passes: 0 });
    await record.syncNow('end the window');
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(1);
    expect(await timersOf(record.handle)).toEqual([anHourMs]); // a window that went on with each change would have two
  });

  test('looks again after a change that came during the pass', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.changed('b');
    pass.ends(synced);
    (await record.nextPass()).ends(unchanged);
    expect(await record.handle.result()).toEqual(unchanged);
    expect(record.calls.count).toBe(2);
  });

  test('looks once more, however many changes came during the pass', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    for (const id of ['b', 'c', 'd']) await record.changed(id);
    pass.ends(synced);
    (await record.nextPass()).ends(unchanged);
    expect(await record.handle.result()).toEqual(unchanged);
    expect(record.calls.count).toBe(2);
  });

  test('drops a change that it has had', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.changed('a');
    pass.ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(1);
  });

  test('takes a change that was sent without its contents for one more', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.handle.signal('recordChanged');
    pass.ends(synced);
    (await record.nextPass()).ends(unchanged);
    expect(await record.handle.result()).toEqual(unchanged);
  });

  test('takes a change that it has had in an earlier run, which has ended', async () => {
    const record = new RecordStage(stage);
    const first = await record.changed('a');
    (await record.nextPass()).ends(synced);
    await record.handle.result();
    const second = await record.changed('a');
    (await record.nextPass()).ends(unchanged);
    expect(await record.handle.result()).toEqual(unchanged);
    expect(second.signaledRunId).not.toBe(first.signaledRunId);
  });

  test('loses no change that arrives while it ends', async () => {
    // The later the change, the likelier it finds the workflow gone and starts it anew; each round moves towards that edge.
    let roundTrips = 2;
    for (let round = 0; round < 20; round += 1) {
      const record = new RecordStage(stage);
      const first = await record.changed('a');
      const pass = await record.nextPass();
      record.calls.answerAlways((call) => call.answer([record.result(unchanged)]));
      pass.ends(synced);
      for (let i = 0; i < roundTrips; i += 1) await stage.client.workflowService.getSystemInfo({});
      const second = await record.changed('b');
      expect(await record.handle.result()).toEqual(unchanged); // what every pass but the first comes to
      roundTrips += first.signaledRunId === second.signaledRunId ? 1 : -1;
    }
  });
});
