import { expect, test } from '@jest/globals';
import { segmentWatchId } from '../../workflows/ids.ts';
import { defaultTiming, type SegmentWatchInput, trustSegmentSignal } from '../../workflows/messages.ts';
import { testRounds } from './rounds.ts';
import { type RoundsKind, RoundsStage } from './rounds-stage.ts';
import { setStage } from './set-stage.ts';
import { currentDetails } from './stage.ts';

const stage = setStage();
const input: SegmentWatchInput = { segmentId: '42', timing: { ...defaultTiming, lookMs: 7 } };
const watch: RoundsKind = {
  type: 'segmentWatch',
  activity: 'watchSegment',
  workflowId: (installation) => segmentWatchId(installation, '42'),
  args: [input],
};

testRounds(stage, watch);

test('asks about its segment, and says how often records that wait are looked at', async () => {
  const rounds = new RoundsStage(stage, watch);
  await rounds.lookNow();
  const first = await rounds.nextRound();
  expect(first.call.input).toEqual({ segmentId: '42', lookMs: 7 });
  first.ends({ restMs: null });
  await rounds.handle.result();
});

test('passes on what an operator declares, once, also over a new run of the workflow', async () => {
  const rounds = new RoundsStage(stage, watch);
  await rounds.lookNow();
  const first = await rounds.nextRound();
  expect(first.call.input).not.toHaveProperty('trust');
  await rounds.handle.signal(trustSegmentSignal, { version: '7', trusted: true });
  await rounds.fillHistory();
  first.ends({ restMs: null });

  const second = await rounds.nextRound();
  expect(second.call.input).toEqual({ segmentId: '42', lookMs: 7, trust: { version: '7', trusted: true } });
  await rounds.lookNow();
  second.ends();
  const third = await rounds.nextRound();
  expect(third.call.input).not.toHaveProperty('trust');
  await rounds.handle.signal('trustSegment'); // as a person may, by hand
  await rounds.lookNow();
  third.ends();
  const fourth = await rounds.nextRound();
  expect(fourth.call.input).toEqual({ segmentId: '42', lookMs: 7, trust: {} });
  fourth.ends({ restMs: null });
  await rounds.handle.result();
});

test('has a page that tells the segment, the state and the last round', async () => {
  const rounds = new RoundsStage(stage, watch);
  await rounds.lookNow();
  (await rounds.nextRound()).ends({ found: 3, says: '2 joined; 1 waits, 1 of them can be decided' });
  await rounds.untilState('resting');
  expect(await currentDetails(rounds.handle)).toBe(
    [
      '**Segment 42**: resting',
      'Last round: 2 joined; 1 waits, 1 of them can be decided',
      'Rounds in this run: 1, found: 3',
    ].join('\n\n'),
  );
  await rounds.end();
});
