import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes, isAlive } from './activity-options.ts';
import type { PollChangesInput } from './messages.ts';
import { runRounds } from './pacer.ts';

/**
 * Asks one system, for all objects, what has changed since the cursors, and hands it on. A cursor moves only after the
 * hand-over, so a crash repeats a page and loses none.
 */
export async function pollChanges(input: PollChangesInput): Promise<void> {
  const activities = proxyActivities<Activities>({
    ...finishes,
    ...isAlive,
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  });
  const ended = await runRounds(
    `Changes in ${input.system === 'hubspot' ? 'HubSpot' : 'Salesforce'}`,
    async () => await activities.pollSystem({ system: input.system }),
    () => workflowInfo().continueAsNewSuggested,
  );
  if (!ended) await continueAsNew<typeof pollChanges>(input);
}
