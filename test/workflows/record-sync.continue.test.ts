import { expect, test } from '@jest/globals';
import { searchAttributes } from '../../workflows/messages.ts';
import { RecordStage, synced, unchanged } from './record-stage.ts';
import { setStage } from './set-stage.ts';
import { bigNote, currentDetails } from './stage.ts';

const stage = setStage();

const manyIds = ['b', 'c', 'd', 'e', 'f'];

async function fillHistory(record: RecordStage, ids: readonly string[] = manyIds): Promise<void> {
  for (const id of ids) {
    await record.changed(id, bigNote);
    await record.status(); // answers when the change has been taken in: until then it does not count
  }
}
const repeats = manyIds.map(() => 'a');

const latestRun = async (record: RecordStage): Promise<string> => (await record.handle.describe()).runId;

test('a run with a full history goes on in a new one, with the changes that it has not looked at', async () => {
  const record = new RecordStage(stage);
  const { signaledRunId } = await record.changed('a');
  const pass = await record.nextPass();
  await fillHistory(record);
  pass.ends(synced, { salesforceId: '003000000000001AAA' });

  const second = await record.nextPass();
  expect(await latestRun(record)).not.toBe(signaledRunId);
  for (const id of ['a', ...manyIds]) await record.changed(id); // all had, by the run before or for this one
  second.ends(unchanged);
  expect(await record.handle.result()).toEqual(unchanged);
  expect(record.calls.count).toBe(2);
});

test('a new run keeps what operators see of the record', async () => {
  const record = new RecordStage(stage);
  const { signaledRunId } = await record.changed('a');
  const pass = await record.nextPass();
  await fillHistory(record);
  pass.ends(synced);
  const second = await record.nextPass();
  const { runId, typedSearchAttributes, priority } = await record.handle.describe();
  expect(runId).not.toBe(signaledRunId);
  expect(await currentDetails(record.handle)).toContain(`contacts/hubspot/${record.ref.id}`);
  expect(typedSearchAttributes.get(searchAttributes.object)).toBe('contacts');
  expect(typedSearchAttributes.get(searchAttributes.outcome)).toBe('synced');
  expect(typedSearchAttributes.get(searchAttributes.hubspotId)).toBe(record.ref.id);
  expect(priority?.priorityKey).toBe(2);
  second.ends(unchanged);
  await record.handle.result();
});

test('a request is answered before the run goes on in a new one', async () => {
  const record = new RecordStage(stage);
  const { signaledRunId } = await record.changed('a');
  const pass = await record.nextPass();
  await fillHistory(record);
  const request = await record.syncNow('1');
  pass.ends(unchanged);
  const second = await record.nextPass();
  expect(await latestRun(record)).toBe(signaledRunId);
  await record.changed('g');
  second.ends(synced);
  expect(await request.result()).toEqual({ outcome: synced });
  (await record.nextPass()).ends(unchanged);
  expect(await record.handle.result()).toEqual(unchanged);
});

test('a run with a full history and nothing left to do ends', async () => {
  const record = new RecordStage(stage);
  const { signaledRunId } = await record.changed('a');
  const pass = await record.nextPass();
  await fillHistory(record, repeats);
  pass.ends(synced);
  expect(await record.handle.result()).toEqual(synced);
  expect(await latestRun(record)).toBe(signaledRunId);
  expect(record.calls.count).toBe(1);
});

test('a record that still waits goes on waiting in the new run', async () => {
  const record = new RecordStage(stage);
  await record.changed('a');
  (await record.nextPass()).waits();
  await record.untilState('waiting');
  await fillHistory(record, repeats);
  await record.segmentReevaluated();
  (await record.nextPass()).waits();
  await record.untilState('waiting');
  await record.segmentReevaluated();
  (await record.nextPass()).ends(synced);
  expect(await record.handle.result()).toEqual(synced);
});
