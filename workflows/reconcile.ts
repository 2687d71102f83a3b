import { continueAsNew } from '@temporalio/workflow';
import { runPages } from './pages.ts';
import type { RunInput, RunResult } from './run-messages.ts';

/**
 * Compares every pair that was ever in step, and repairs what an unseen notice left behind, also for records without a
 * pair. What was never in step and was not edited since is counted and left alone: a resync or an import would sync it.
 */
export async function reconcile(input: RunInput): Promise<RunResult> {
  const end = await runPages({ input, lane: 'bulk', begin: { kind: 'reconcile', draft: null, segmentId: null } });
  if ('state' in end) return await continueAsNew<typeof reconcile>({ ...input, state: end.state });
  return end;
}
