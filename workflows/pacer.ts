import { condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import {
  lookNowSignal,
  pauseSignal,
  type Reason,
  type Round,
  resumeSignal,
  type WatchStatus,
  watchStatusQuery,
} from './messages.ts';

/**
 * The part that watches and polls share: rounds, rests between them, pause and resume, status and details. `title` is
 * the heading of the workflow's details. Returns true when the loop has ended, false when the run should continue as new.
 */
export async function runRounds(
  title: string,
  round: () => Promise<Round>,
  fullHistory: () => boolean,
): Promise<boolean> {
  let state: WatchStatus['state'] = 'looking';
  let since = Date.now();
  let pausedBecause: string | null = null;
  let lookNow = false;
  let rounds = 0;
  let found = 0;
  let says = 'no round yet';

  const show = (): void => {
    const rows = [
      `**${title}**: ${pausedBecause === null ? state : `paused (${pausedBecause})`}`,
      `Last round: ${says}`,
      `Rounds in this run: ${rounds}, found: ${found}`,
    ];
    setCurrentDetails(rows.join('\n\n'));
  };
  const pause = (reason: string | null): void => {
    pausedBecause = reason;
    show();
  };
  // Whoever sends a signal by hand may leave its contents out.
  setHandler(pauseSignal, (why?: Partial<Reason>) => pause(why?.reason ?? 'no reason given'), {
    description: 'Stop after the running round, with a reason.',
  });
  setHandler(resumeSignal, () => pause(null), { description: 'Go on.' });
  setHandler(lookNowSignal, () => void (lookNow = true), { description: "Don't rest: begin the next round now." });
  setHandler(watchStatusQuery, () => ({
    state,
    since: new Date(since).toISOString(),
    pausedBecause,
    rounds,
    found,
  }));

  const enter = (next: WatchStatus['state']): void => {
    if (state !== next) since = Date.now();
    state = next;
    show();
  };

  for (;;) {
    if (pausedBecause !== null) {
      enter('paused');
      await condition(() => pausedBecause === null);
    }
    enter('looking');
    lookNow = false;
    const result = await round();
    rounds += 1;
    found += result.found;
    says = result.says;
    if (result.restMs === null && !lookNow) {
      enter('ended');
      return true;
    }
    if (fullHistory() && pausedBecause === null) return false;
    enter('resting');
    if (result.restMs) await condition(() => lookNow || pausedBecause !== null, result.restMs);
  }
}
