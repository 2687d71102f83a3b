import { describe, expect, test } from '@jest/globals';
import type { RecordRef } from '../../core/record-ref.ts';
import { anHourMs, notReevaluated, RecordStage, synced, unchanged } from './record-stage.ts';
import { setStage } from './set-stage.ts';

const stage = setStage();

describe('syncNow', () => {
  test('starts the workflow, gathers nothing, and answers with the outcome', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    const request = await record.syncNow('1');
    (await record.nextPass()).ends(synced);
    expect(await request.result()).toEqual({ outcome: synced });
    expect(await record.handle.result()).toEqual(synced);
    expect(record.calls.count).toBe(1);
  });

  test('ends the gathering window', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.changed('a');
    await record.untilState('gathering');
    const request = await record.syncNow('1');
    (await record.nextPass()).ends(synced);
    expect(await request.result()).toEqual({ outcome: synced });
    await record.handle.result();
    expect(record.calls.count).toBe(1);
  });

  test('is not answered by a pass that began before it was accepted', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.syncNow('0');
    const running = await record.nextPass();
    const request = await record.syncNow('1');
    running.ends(unchanged);
    (await record.nextPass()).ends(synced);
    expect(await request.result()).toEqual({ outcome: synced });
    await record.handle.result();
    expect(record.calls.count).toBe(2);
  });

  test('makes a record that waits look again, and says that it still waits', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.segmentReevaluated();
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    const request = await record.syncNow('1');
    (await record.nextPass()).waits();
    expect(await request.result()).toEqual({ outcome: notReevaluated });
    await record.segmentReevaluated();
    (await record.nextPass()).ends(synced);
    await record.handle.result();
  });

  test('does not wait for the next try of a failed record', async () => {
    const record = new RecordStage(stage, { retryMs: [anHourMs] });
    await record.changed('a');
    (await record.nextPass()).ends({ kind: 'failed', category: 'locked' });
    await record.untilState('retrying');
    const request = await record.syncNow('1');
    (await record.nextPass()).ends(synced);
    expect(await request.result()).toEqual({ outcome: synced });
    await record.handle.result();
  });

  test('answers with the category of a failure', async () => {
    const record = new RecordStage(stage);
    const request = await record.syncNow('1');
    (await record.nextPass()).call.fail('permissions');
    expect(await request.result()).toEqual({ outcome: { kind: 'failed', category: 'permissions' } });
    await record.handle.result();
  });

  test('says that another one works on the record', async () => {
    const record = new RecordStage(stage);
    const request = await record.syncNow('1');
    (await record.nextPass()).isBusy();
    expect(await request.result()).toEqual({ busy: true });
    await record.handle.result();
  });

  test('names the record under which it lives by now', async () => {
    const home: RecordRef = { system: 'hubspot', object: 'contacts', id: '77' };
    const record = new RecordStage(stage);
    const request = await record.syncNow('1');
    (await record.nextPass()).moves(home);
    expect(await request.result()).toEqual({ movedTo: home });
    (await record.calls.next('handOver')).answer();
    await record.handle.result();
  });

  test('is one request when it is repeated under its id', async () => {
    const record = new RecordStage(stage);
    const request = await record.syncNow('1');
    const pass = await record.nextPass();
    const repeated = await record.syncNow('1');
    pass.ends(synced);
    expect(await Promise.all([request.result(), repeated.result()])).toEqual([
      { outcome: synced },
      { outcome: synced },
    ]);
    await record.handle.result();
    expect(record.calls.count).toBe(1);
  });

  test('answers several requests with one pass where that began after them all', async () => {
    const record = new RecordStage(stage);
    await record.syncNow('0');
    const running = await record.nextPass();
    const requests = await Promise.all(['1', '2', '3'].map((id) => record.syncNow(id)));
    running.ends(unchanged);
    (await record.nextPass()).ends(synced);
    const answers = await Promise.all(requests.map((request) => request.result()));
    expect(answers).toEqual([{ outcome: synced }, { outcome: synced }, { outcome: synced }]);
    await record.handle.result();
    expect(record.calls.count).toBe(2);
  });

  test('is answered even when it arrives while the workflow ends', async () => {
    // As with changes: the later the request, the likelier it finds the workflow gone; each round moves towards that edge.
    let roundTrips = 2;
    for (let round = 0; round < 15; round += 1) {
      const record = new RecordStage(stage);
      const first = await record.changed('a');
      const pass = await record.nextPass();
      record.calls.answerAlways((call) => call.answer([record.result(synced)]));
      pass.ends(unchanged);
      for (let i = 0; i < roundTrips; i += 1) await stage.client.workflowService.getSystemInfo({});
      const request = await record.syncNow('1');
      expect(await request.result()).toEqual({ outcome: synced }); // what every pass but the first comes to
      await record.handle.result();
      roundTrips += request.workflowRunId === first.signaledRunId ? 1 : -1;
    }
  });
});
