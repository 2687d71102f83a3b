import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { pauseSignal, resumeSignal } from '../workflows/messages.ts';
import type { TandemApi } from './api.ts';

/** What is paused or resumed: one workflow, the watches and runs of one object, or everything. */
export type PauseTarget = { readonly workflowId: string } | { readonly object: string } | 'everything';

/** Signals all that the target stands for, and answers with the ids of those that were there. */
export async function signalPause(
  temporal: Client,
  api: Pick<TandemApi, 'workflows'>,
  target: PauseTarget,
  kind: 'pause' | 'resume',
  reason: string,
): Promise<string[]> {
  const signal = async (workflowId: string): Promise<void> =>
    await temporal.workflow.getHandle(workflowId).signal(kind === 'pause' ? pauseSignal : resumeSignal, { reason });
  if (target !== 'everything' && 'workflowId' in target) {
    await signal(target.workflowId);
    return [target.workflowId];
  }
  const reached: string[] = [];
  for (const { workflowId } of await api.workflows(target === 'everything' ? undefined : target.object)) {
    try {
      await signal(workflowId);
      reached.push(workflowId);
    } catch (error) {
      // One that has ended meanwhile needs no pause.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return reached;
}
