import { continueAsNew } from '@temporalio/workflow';
import { runPages } from './pages.ts';
import type { CatchUpInput, RunResult } from './run-messages.ts';

/** Syncs many records that changed at once, in pages, beside the live ones. */
export async function catchUp(input: CatchUpInput): Promise<RunResult> {
  const { system, ids } = input;
  const begin = { kind: 'catchUp', draft: null, segmentId: null, given: { system, count: ids.length } } as const;
  const end = await runPages({ input, lane: 'live', begin, ids });
  if ('state' in end) return await continueAsNew<typeof catchUp>({ ...input, state: end.state });
  return end;
}
