import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { failureCategories, failureClass } from '../../core/failures.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import { anHourMs, RecordStage, synced } from './record-stage.ts';
import { setStage } from './set-stage.ts';
import { timersOf } from './stage.ts';

const stage = setStage();
const locked: Outcome = { kind: 'failed', category: 'locked' };

describe('a failure that passes by itself', () => {
  test('is tried again, with the waits that the timing names', async () => {
    const record = new RecordStage(stage, { gatherMs: 1, retryMs: [20, 30] });
    await record.changed('a');
    (await record.nextPass()).ends(locked);
    (await record.nextPass()).ends({ kind: 'failed', category: 'changedMeanwhile' });
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
    expect(await timersOf(record.handle)).toEqual([1, 20, 30]);
  });

  test('stays failed when the last wait is over', async () => {
    const record = new RecordStage(stage, { retryMs: [1, 1] });
    await record.changed('a');
    for (let pass = 1; pass <= 3; pass += 1) (await record.nextPass()).ends(locked);
    expect(await record.handle.result()).toEqual(locked);
    expect(record.calls.count).toBe(3);
  });

  test('has all its waits again after a pass that did not fail', async () => {
    const record = new RecordStage(stage, { retryMs: [1] });
    await record.changed('a');
    (await record.nextPass()).ends(locked);
    (await record.nextPass()).waits();
    await record.segmentReevaluated();
    (await record.nextPass()).ends(locked);
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });

  test('is not waited for when a change comes', async () => {
    const record = new RecordStage(stage, { retryMs: [anHourMs] });
    await record.changed('a');
    (await record.nextPass()).ends(locked);
    await record.untilState('retrying');
    await record.changed('b');
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });
});

describe('a failure that does not pass by itself', () => {
  const lasting = failureCategories.filter((category) => failureClass(category) !== 'retrySoon');

  test.each(lasting)('%s ends the workflow, which has done its work', async (category) => {
    const record = new RecordStage(stage, { retryMs: [1] });
    await record.changed('a');
    (await record.nextPass()).ends({ kind: 'failed', category });
    expect(await record.handle.result()).toEqual({ kind: 'failed', category });
    expect(record.calls.count).toBe(1);
  });

  test('leaves room for a change that came during the pass', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.changed('b');
    pass.ends({ kind: 'failed', category: 'propertyValues' });
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });
});

describe('an activity that fails for good', () => {
  test('is an outcome with its category, not a failed workflow', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).call.fail('credentials');
    expect(await record.handle.result()).toEqual({ kind: 'failed', category: 'credentials' });
    expect((await record.handle.describe()).status.name).toBe('COMPLETED');
  });

  test('is tried again where its category passes by itself', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).call.fail('rateLimit');
    (await record.nextPass()).ends(synced);
    expect(await record.handle.result()).toEqual(synced);
  });

  test.each(['PermitRefused', 'Error'])('with the type %s, which is no category, is unexpected', async (type) => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).call.fail(type);
    expect(await record.handle.result()).toEqual({ kind: 'failed', category: 'unexpected' });
  });
});

test('a record that another one works on ends without an outcome: the holder runs it again', async () => {
  const record = new RecordStage(stage);
  await record.changed('a');
  (await record.nextPass()).isBusy();
  expect(await record.handle.result()).toBeNull();
  expect(record.calls.count).toBe(1);
});

test('a change that came while another one worked on the record is looked at', async () => {
  const record = new RecordStage(stage);
  await record.changed('a');
  const pass = await record.nextPass();
  await record.changed('b');
  pass.isBusy();
  (await record.nextPass()).ends(synced);
  expect(await record.handle.result()).toEqual(synced);
});

describe('a record that lives under another id', () => {
  const home: RecordRef = { system: 'hubspot', object: 'contacts', id: '77' };

  test('is handed over to its workflow, with what came during the pass', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.changed('b');
    pass.moves(home);
    const handOver = await record.calls.next('handOver');
    expect(handOver.input.changes.map(({ ref }) => ref)).toEqual([home]);
    handOver.answer();
    await record.handle.result();
    expect(record.calls.count).toBe(2);
  });

  test('hands over once more, as a change of its own, what comes during the hand-over', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).moves(home);
    const first = await record.calls.next('handOver');
    await record.changed('b');
    first.answer();
    (await record.nextPass()).moves(home);
    const second = await record.calls.next('handOver');
    second.answer();
    await record.handle.result();
    const [a] = first.input.changes;
    const [b] = second.input.changes;
    expect(b?.ref).toEqual(home);
    expect(b?.id).not.toBe(a?.id); // or it would be dropped as a repeat
  });
});

describe('a cancelled record', () => {
  test('ends while it waits', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).waits();
    await record.untilState('waiting');
    await record.handle.cancel();
    await expect(record.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect((await record.handle.describe()).status.name).toBe('CANCELLED');
  });

  test('ends while it gathers, without a pass', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs });
    await record.changed('a');
    await record.untilState('gathering');
    await record.handle.cancel();
    await expect(record.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(record.calls.count).toBe(0);
  });

  test('lets a pass that runs come to its end, and begins no other', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    const pass = await record.nextPass();
    await record.handle.cancel();
    await record.changed('b');
    pass.ends(synced);
    await expect(record.handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(await record.status()).toMatchObject({ passes: 1, lastOutcome: synced });
  });
});
