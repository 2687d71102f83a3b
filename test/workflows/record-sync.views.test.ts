import { describe, expect, test } from '@jest/globals';
import { searchAttributes } from '../../workflows/messages.ts';
import { anHourMs, notReevaluated, RecordStage, synced } from './record-stage.ts';
import { setStage } from './set-stage.ts';
import { currentDetails } from './stage.ts';

const stage = setStage();

const notEvaluated = "segment 42, which HubSpot has not evaluated for the record's newest values yet";

describe('the status of a record', () => {
  test('tells each state, since when, what it waits for and what came before', async () => {
    const record = new RecordStage(stage, { gatherMs: anHourMs, retryMs: [anHourMs] });
    await record.changed('a');
    const isoTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const nothing = { since: isoTime, waitsFor: null, lastOutcome: null };
    expect(await record.untilState('gathering')).toEqual({ ...nothing, state: 'gathering', passes: 0 });

    await record.syncNow('1');
    const first = await record.nextPass();
    expect(await record.untilState('syncing')).toEqual({ ...nothing, state: 'syncing', passes: 1 });

    first.waits();
    expect(await record.untilState('waiting')).toEqual({
      state: 'waiting',
      since: isoTime,
      waitsFor: notEvaluated,
      lastOutcome: notReevaluated,
      passes: 1,
    });

    await record.segmentReevaluated();
    const failed = { kind: 'failed', category: 'locked' } as const;
    (await record.nextPass()).ends(failed);
    expect(await record.untilState('retrying')).toEqual({
      state: 'retrying',
      since: isoTime,
      waitsFor: expect.stringMatching(/^the next try\. /),
      lastOutcome: failed,
      passes: 2,
    });

    await record.syncNow('2');
    (await record.nextPass()).ends(synced);
    await record.handle.result();
    const end = { state: 'ended', since: isoTime, waitsFor: null, lastOutcome: synced, passes: 3 };
    expect(await record.status()).toEqual(end);
  });
});

describe('the page of a record in the Temporal UI', () => {
  test('has the object and the id as summary', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).ends(synced);
    await record.handle.result();
    expect(await (await record.handle.describe()).staticSummary()).toBe(`contacts: HubSpot ${record.ref.id}`);
  });

  test('has details that tell the state and nothing else', async () => {
    const record = new RecordStage(stage);
    const canary = 'ada@example.org';
    await record.changed(canary, canary);
    (await record.nextPass()).waits();
    const { since } = await record.untilState('waiting');
    expect((await currentDetails(record.handle)).split('\n')).toEqual([
      '| | |',
      '|---|---|',
      `| Record | \`contacts/hubspot/${record.ref.id}\` |`,
      `| State | **waiting** since ${since.slice(0, 19).replace('T', ' ')} UTC |`,
      `| Waits for | ${notEvaluated} |`,
      expect.stringMatching(/^\| Looks again by \| \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \|$/),
      '| Last outcome | waiting (segmentNotReevaluated) |',
      '| Looked at | once |',
    ]);
    await record.segmentReevaluated();
    (await record.nextPass()).call.fail('credentials', `${canary} was refused`);
    await record.handle.result();
    expect(await currentDetails(record.handle)).not.toContain(canary);
  });

  test('describes each message', async () => {
    const record = new RecordStage(stage);
    await record.changed('a');
    (await record.nextPass()).ends(synced);
    await record.handle.result();
    const metadata = await record.handle.query<{ definition: Record<string, { name: string; description: string }[]> }>(
      '__temporal_workflow_metadata',
    );
    const { signalDefinitions = [], updateDefinitions = [] } = metadata.definition;
    const described = [...signalDefinitions, ...updateDefinitions].filter(({ description }) => description);
    expect(described.map(({ name }) => name).sort()).toEqual(['recordChanged', 'segmentReevaluated', 'syncNow']);
  });
});

test('search attributes follow the latest outcome, and lose the reason with it', async () => {
  const record = new RecordStage(stage);
  const shown = async (): Promise<unknown[]> => {
    const { typedSearchAttributes } = await record.handle.describe();
    const { object, outcome, reason, segmentId, hubspotId, salesforceId } = searchAttributes;
    return [object, outcome, reason, segmentId, hubspotId, salesforceId].map((key) => typedSearchAttributes.get(key));
  };
  await record.changed('a');
  const first = await record.nextPass();
  expect(await shown()).toEqual(['contacts', undefined, undefined, undefined, record.ref.id, undefined]);
  first.waits();
  await record.untilState('waiting');
  expect(await shown()).toEqual(['contacts', 'waiting', 'segmentNotReevaluated', '42', record.ref.id, undefined]);
  await record.segmentReevaluated();
  (await record.nextPass()).ends(synced, { salesforceId: '003000000000001AAA' });
  await record.handle.result();
  const last = ['contacts', 'synced', undefined, undefined, record.ref.id, '003000000000001AAA'];
  expect(await shown()).toEqual(last);
});
