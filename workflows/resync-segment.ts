import { continueAsNew } from '@temporalio/workflow';
import { runPages } from './pages.ts';
import type { ResyncInput, RunResult } from './run-messages.ts';

/** Syncs every member of a segment, once. */
export async function resyncSegment(input: ResyncInput): Promise<RunResult> {
  const begin = { kind: 'resync', draft: null, segmentId: input.segmentId ?? null } as const;
  const end = await runPages({ input, lane: 'bulk', begin });
  if ('state' in end) return await continueAsNew<typeof resyncSegment>({ ...input, state: end.state });
  return end;
}
