import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import pMap from 'p-map';
import { type RecordRef, refKey } from '../core/record-ref.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { segmentWatchId } from '../workflows/ids.ts';
import {
  type Change,
  lookNowSignal,
  recordChangedSignal,
  segmentReevaluatedSignal,
  type Timing,
} from '../workflows/messages.ts';
import { recordSyncStart } from '../workflows/start.ts';

/** A hundred signals at once would crowd out everything else that the server does. */
const concurrency = 20;

export interface HandOver {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly installation: string;
  readonly timing: Timing;
}

/** A change and the record that it was seen at. */
export interface ChangedRecord extends Change {
  readonly ref: RecordRef;
}

/** By `refKey`: the record that names the workflow of each ref. A pair has one workflow, named by its HubSpot id. */
export async function workflowRefs(ledger: Ledger, refs: readonly RecordRef[]): Promise<Map<string, RecordRef>> {
  const found = new Map<string, RecordRef>();
  for (const [, group] of Map.groupBy(refs, ({ object, system }) => `${object}/${system}`)) {
    const [{ object, system }] = group as [RecordRef];
    const pairs =
      system === 'salesforce'
        ? await ledger.pairs.byIds(
            object,
            'salesforce',
            group.map(({ id }) => id),
          )
        : undefined;
    for (const ref of group) {
      const pair = pairs?.get(ref.id);
      found.set(refKey(ref), pair ? { system: 'hubspot', object, id: pair.hubspotId } : ref);
    }
  }
  return found;
}

/** Tells the workflows of these records that they may have changed; starts those that don't run. */
export async function handOver(to: HandOver, changes: readonly ChangedRecord[]): Promise<void> {
  const named = await workflowRefs(
    to.ledger,
    changes.map(({ ref }) => ref),
  );
  await pMap(
    changes,
    async ({ ref, ...change }) => {
      await to.client.workflow.signalWithStart('recordSync', {
        ...recordSyncStart(to, named.get(refKey(ref)) ?? ref),
        signal: recordChangedSignal,
        signalArgs: [change],
      });
    },
    { concurrency },
  );
}

/** Tells the workflows of waiting records that their segment can be asked again; starts those that have ended. */
export async function segmentReevaluated(
  to: HandOver,
  segmentId: string,
  refs: readonly RecordRef[],
  checkedAt: string,
): Promise<void> {
  await pMap(
    refs,
    async (ref) => {
      await to.client.workflow.signalWithStart('recordSync', {
        ...recordSyncStart(to, ref),
        signal: segmentReevaluatedSignal,
        signalArgs: [{ segmentId, checkedAt }],
      });
    },
    { concurrency },
  );
}

/** Wakes the watches of these segments; a watch that doesn't run finds the waits when it starts. */
export async function recordsWait(to: HandOver, segmentIds: readonly string[]): Promise<void> {
  for (const segmentId of segmentIds) {
    try {
      await to.client.workflow.getHandle(segmentWatchId(to.installation, segmentId)).signal(lookNowSignal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

/** Whether a workflow is not there (any more). */
export const isGone = (error: unknown): boolean => error instanceof Error && error.name === 'WorkflowNotFoundError';

export const isRunning = (error: unknown): boolean => error instanceof WorkflowExecutionAlreadyStartedError;
