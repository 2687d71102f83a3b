import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { type RoundsKind, RoundsStage } from './rounds-stage.ts';
import { currentDetails, type Stage, timersOf } from './stage.ts';

/** What holds of every workflow that goes in rounds. */
export function testRounds(stage: Stage, kind: RoundsKind): void {
  const started = async (): Promise<RoundsStage> => {
    const rounds = new RoundsStage(stage, kind);
    await rounds.lookNow();
    return rounds;
  };
  const resting = async (): Promise<RoundsStage> => {
    const rounds = await started();
    (await rounds.nextRound()).ends();
    await rounds.untilState('resting');
    return rounds;
  };

  describe('rounds', () => {
    test('follow each other after the rest that each one names', async () => {
      const rounds = await started();
      (await rounds.nextRound()).ends({ restMs: 20 });
      (await rounds.nextRound()).ends({ restMs: 30 });
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(await timersOf(rounds.handle)).toEqual([20, 30]);
    });

    test('follow each other at once where no rest is named', async () => {
      const rounds = await started();
      (await rounds.nextRound()).ends({ restMs: 0 });
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(await timersOf(rounds.handle)).toEqual([]);
    });

    test('are counted, with what they found', async () => {
      const rounds = await started();
      (await rounds.nextRound()).ends({ restMs: 0, found: 3 });
      (await rounds.nextRound()).ends({ restMs: null, found: 4 });
      await rounds.handle.result();
      expect(await rounds.status()).toMatchObject({ state: 'ended', rounds: 2, found: 7, pausedBecause: null });
    });
  });

  describe('lookNow', () => {
    test('ends the rest', async () => {
      const rounds = await resting();
      await rounds.lookNow();
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(rounds.calls.count).toBe(2);
    });

    test('that comes during a round is good for one more, without a rest', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.lookNow();
      first.ends();
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(rounds.calls.count).toBe(2);
    });

    test('that comes during the last round makes it not the last', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.lookNow();
      first.ends({ restMs: null });
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(rounds.calls.count).toBe(2);
    });

    test('is not lost when it comes while the workflow ends', async () => {
      let roundTrips = 2; // the later, the likelier it finds the workflow gone; each turn moves towards that edge
      for (let turn = 0; turn < 10; turn += 1) {
        const rounds = new RoundsStage(stage, kind);
        const first = await rounds.lookNow();
        const last = await rounds.nextRound();
        rounds.calls.answerAlways((call) => call.answer({ found: 1, restMs: null, says: 'one more' }));
        last.ends({ restMs: null });
        for (let i = 0; i < roundTrips; i += 1) await stage.client.workflowService.getSystemInfo({});
        const second = await rounds.lookNow();
        await rounds.handle.result();
        expect(rounds.calls.count).toBe(2);
        roundTrips += second.signaledRunId === first.signaledRunId ? 1 : -1;
      }
    });
  });

  describe('pause', () => {
    test('stops it in its rest, until resume', async () => {
      const rounds = await resting();
      await rounds.pause('maintenance');
      expect(await rounds.untilState('paused')).toMatchObject({ pausedBecause: 'maintenance', rounds: 1 });
      await rounds.resume();
      (await rounds.nextRound()).ends();
      expect(await rounds.untilState('resting')).toMatchObject({ pausedBecause: null, rounds: 2 });
      await rounds.end();
    });

    test('lets a round that runs come to its end, and no other begin', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.pause('maintenance');
      expect(await rounds.status()).toMatchObject({ state: 'looking', pausedBecause: 'maintenance' });
      first.ends({ restMs: 0 });
      expect(await rounds.untilState('paused')).toMatchObject({ rounds: 1 });
      expect(rounds.calls.count).toBe(1);
      await rounds.resume();
      (await rounds.nextRound()).ends();
      await rounds.end();
    });

    test('is not ended by lookNow; the look follows resume', async () => {
      const rounds = await resting();
      await rounds.pause('maintenance');
      await rounds.untilState('paused');
      await rounds.lookNow();
      expect(await rounds.status()).toMatchObject({ state: 'paused' });
      expect(rounds.calls.count).toBe(1);
      await rounds.resume();
      (await rounds.nextRound()).ends();
      await rounds.end();
    });

    test('shows the latest reason', async () => {
      const rounds = await resting();
      await rounds.pause('maintenance');
      await rounds.untilState('paused');
      expect(await currentDetails(rounds.handle)).toContain('paused (maintenance)');
      await rounds.pause('credentials');
      expect(await rounds.status()).toMatchObject({ state: 'paused', pausedBecause: 'credentials' });
      expect(await currentDetails(rounds.handle)).toContain('paused (credentials)');
      await rounds.end();
    });

    test('shows at once that it will stop, and from a hand that gave no reason', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.handle.signal('pause');
      expect(await rounds.status()).toMatchObject({ state: 'looking', pausedBecause: 'no reason given' });
      expect(await currentDetails(rounds.handle)).toContain('paused (no reason given)');
      first.ends();
      await rounds.end();
    });

    test('that is taken back during the round is none', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.pause('maintenance');
      await rounds.resume();
      first.ends();
      expect(await rounds.untilState('resting')).toMatchObject({ pausedBecause: null });
      await rounds.end();
    });
  });

  describe('a full history', () => {
    test('is left behind after a round: a new run goes on with the next', async () => {
      const rounds = new RoundsStage(stage, kind);
      const { signaledRunId } = await rounds.lookNow();
      const first = await rounds.nextRound();
      await rounds.fillHistory();
      first.ends();
      const second = await rounds.nextRound();
      expect((await rounds.handle.describe()).runId).not.toBe(signaledRunId);
      expect(second.call.input).toEqual(first.call.input);
      second.ends({ restMs: null });
      await rounds.handle.result();
    });

    test('does not end a pause', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.fillHistory();
      await rounds.pause('maintenance');
      first.ends();
      expect(await rounds.untilState('paused')).toMatchObject({ pausedBecause: 'maintenance' });
      await rounds.resume();
      (await rounds.nextRound()).ends({ restMs: null });
      await rounds.handle.result();
      expect(rounds.calls.count).toBe(2);
    });
  });

  describe('cancelled', () => {
    test('it ends in its rest', async () => {
      const rounds = await resting();
      await rounds.handle.cancel();
      await expect(rounds.handle.result()).rejects.toThrow(WorkflowFailedError);
    });

    test('it ends while it is paused', async () => {
      const rounds = await resting();
      await rounds.pause('maintenance');
      await rounds.untilState('paused');
      await rounds.handle.cancel();
      await expect(rounds.handle.result()).rejects.toThrow(WorkflowFailedError);
    });

    test('it lets a round that runs come to its end, and begins no other', async () => {
      const rounds = await started();
      const first = await rounds.nextRound();
      await rounds.handle.cancel();
      first.ends({ restMs: 0, found: 3 });
      await expect(rounds.handle.result()).rejects.toThrow(WorkflowFailedError);
      expect(await rounds.status()).toMatchObject({ rounds: 1, found: 3 });
      expect(rounds.calls.count).toBe(1);
    });
  });
}
