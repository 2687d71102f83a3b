/**
 * For every activity: a cancelled workflow ends after the activity that runs, whose result counts. The SDK documents this
 * as its default, but lets go of the activity at once where nothing is said (1.24).
 */
export const finishes = { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;

/** For activities that say that they live: where a worker is killed, the next attempt begins after this. */
export const isAlive = { heartbeatTimeout: '10 seconds' } as const;
