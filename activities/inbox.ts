import type { Notice } from '../core/webhook-events.ts';
import type { Engine } from './engine.ts';

type Parts = Pick<Engine, 'ledger' | 'handOver'>;

/** Whoever stored a notice hands it over at once; one that is older was left behind. */
const leftBehindMs = 30_000;
const mostAtOnce = 1_000;
const keptDays = 3;

/** Hands notices over, and notes it after: a crash in between repeats and never drops. */
export async function handOverNotices({ ledger, handOver }: Parts, notices: readonly Notice[]): Promise<void> {
  await handOver(notices.map(({ key, ref, occurredAt }) => ({ ref, id: `webhook/${key}`, at: occurredAt })));
  await ledger.inbox.handed(notices.map(({ key }) => key));
}

/** Hands over what was left behind, and forgets what is done. Answers how many there were. */
export async function sweepInbox(parts: Parts): Promise<number> {
  const left = await parts.ledger.inbox.pending(leftBehindMs, mostAtOnce);
  if (left.length > 0) await handOverNotices(parts, left);
  await parts.ledger.inbox.prune(keptDays);
  return left.length;
}
