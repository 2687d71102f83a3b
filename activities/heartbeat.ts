import { Context } from '@temporalio/activity';

const everyMs = 2_000;

/**
 * Tells Temporal, as long as the work goes on, that its worker lives; that of one that was killed is then tried again
 * soon. Not for work under leases: its next attempt must not begin while a write of this one may be under way.
 */
export async function alive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
