import { continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes, isAlive } from './activity-options.ts';
import { type SegmentTrust, type SegmentWatchInput, trustSegmentSignal } from './messages.ts';
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
  const { segmentId, timing } = input;
  let declared = input.trust;
  // Whoever sends a signal by hand may leave its contents out.
  setHandler(trustSegmentSignal, (trust?: SegmentTrust) => void (declared = trust ?? {}), {
    description: "Judge this version of the segment by HubSpot's answer alone, from the next round on.",
  });
  const round = async () => {
    const trust = declared;
    const result = await watchSegment({ segmentId, lookMs: timing.lookMs, ...(trust && { trust }) });
    if (declared === trust) declared = undefined; // else somebody declared something else meanwhile
    return result;
  };
  const ended = await runRounds(`Segment ${segmentId}`, round, () => workflowInfo().continueAsNewSuggested);
  if (!ended) await continueAsNew<typeof segmentWatch>({ segmentId, timing, ...(declared && { trust: declared }) });
}
