import type { Counts } from '../../workflows/run-messages.ts';

/** Others work on the same records: one that is unchanged may have been synced a moment before the run came to it. */
export const settled = (outcome: string): string => (outcome === 'unchanged' ? 'synced' : outcome);

/** How many records came to what, those that others had brought into step before taken for synced. */
export function countSettled(counts: Counts = {}): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [outcome, n] of Object.entries(counts)) sums[settled(outcome)] = (sums[settled(outcome)] ?? 0) + n;
  return sums;
}
