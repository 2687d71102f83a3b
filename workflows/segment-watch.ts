import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes, isAlive } from './activity-options.ts';
import type { SegmentWatchInput } from './messages.ts';
import { runRounds } from './pacer.ts';

/**
 * Watches one chosen segment as long as it is chosen: hands on the records that join it, and looks at the records that
 * wait for it, so that those that can be decided look again. Where it stands is kept in the ledger.
 */
export async function segmentWatch(input: SegmentWatchInput): Promise<void> {
  const { watchSegment } = proxyActivities<Activities>({
    ...finishes,
    ...isAlive,
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  });
  const ended = await runRounds(
    `Segment ${input.segmentId}`,
    async () => await watchSegment({ segmentId: input.segmentId, lookMs: input.timing.lookMs }),
    () => workflowInfo().continueAsNewSuggested,
  );
  if (!ended) await continueAsNew<typeof segmentWatch>(input);
}
