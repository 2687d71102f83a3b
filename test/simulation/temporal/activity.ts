import { currentAttempt } from '../scheduler.ts';

/** What activities import from the SDK, on simulated Temporal. */
export { ApplicationFailure } from '@temporalio/common';

export const Context = {
  current: () => {
    const attempt = currentAttempt();
    if (!attempt) throw new Error('No activity runs here.');
    return { info: attempt.info, heartbeat: () => {} };
  },
};
