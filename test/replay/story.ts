import type { WorkflowHandle } from '@temporalio/client';
import type { Stage } from '../workflows/stage.ts';

/** Plays a workflow to its end; the history of the latest run is kept. */
export type Story = (stage: Stage) => Promise<WorkflowHandle>;

/** The workflow, when it has ended: a cancelled one has ended too. */
export async function ended(handle: WorkflowHandle): Promise<WorkflowHandle> {
  await Promise.allSettled([handle.result()]);
  return handle;
}
