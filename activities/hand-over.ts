import { createHash } from 'node:crypto';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import pMap from 'p-map';
import { parseRefKey, type RecordRef, refKey } from '../core/record-ref.ts';
import type { Ledger, Wait } from '../ledger/index.ts';
import { recordSyncId, segmentWatchId } from '../workflows/ids.ts';
import {
  type Change,
  lookNowSignal,
  recordChangedSignal,
  segmentReevaluatedSignal,
  type Timing,
} from '../workflows/messages.ts';
import type { CatchUpInput } from '../workflows/run-messages.ts';
import { recordSyncStart, runStart } from '../workflows/start.ts';

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

/** From so many on, changes of one object and system are caught up with in pages: a workflow each would cost more. */
const many = 25;
/** Ids of one `catchUp`; its input stays small. */
export const mostIds = 2_000;

/**
 * Tells the workflows of these records that they may have changed; starts those that don't run. Many at once go to
 * `catchUp` in pages.
 */
export async function handOver(to: HandOver, changes: readonly ChangedRecord[]): Promise<void> {
  for (const [, group] of Map.groupBy(changes, ({ ref }) => `${ref.object}/${ref.system}`)) {
    await (group.length < many ? signalEach(to, group) : catchUp(to, group));
  }
}

async function catchUp(to: HandOver, changes: readonly ChangedRecord[]): Promise<void> {
  for (let at = 0; at < changes.length; at += mostIds) {
    const part = changes.slice(at, at + mostIds);
    const [{ ref }] = part as [ChangedRecord];
    const ids = [...new Set(part.map(({ ref: { id } }) => id))];
    // The same changes, handed over again after a crash, have the same name.
    const name = createHash('sha256')
      .update(JSON.stringify(part.map(({ ref: { id }, id: notice }) => [id, notice])))
      .digest('hex')
      .slice(0, 16);
    const args: [CatchUpInput] = [{ object: ref.object, name, timing: to.timing, system: ref.system, ids }];
    await to.client.workflow.start('catchUp', {
      ...runStart(to, 'catchUp', ref.object, name),
      args,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }
}

async function signalEach(to: HandOver, changes: readonly ChangedRecord[]): Promise<void> {
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

/** How a wait names a run that waits for many records; its other waiters are records, by their workflows. */
export const waiterKey = (workflowId: string): string => `@${workflowId}`;
const isRun = (waiter: string): boolean => waiter.startsWith(waiterKey(''));

/**
 * Tells whoever waits for these records that their segment can be asked again: a run once, a record's own workflow each.
 * The latter are started where they have ended. Records whose runs are all gone are handed over like any change.
 */
export async function segmentReevaluated(
  to: HandOver,
  segmentId: string,
  waits: readonly Pick<Wait, 'ref' | 'waiters'>[],
  checkedAt: string,
): Promise<void> {
  const waiters = [...new Set(waits.flatMap((wait) => wait.waiters))];
  const gone = new Set<string>();
  for (const run of waiters.filter(isRun)) {
    if (!(await signalIfThere(to, run.slice(1), segmentId, checkedAt))) gone.add(run);
  }
  const left = waits.filter((wait) => wait.waiters.every((waiter) => gone.has(waiter)));
  // One name for all looks: a look that comes before the last one's hand-over is done adds nothing.
  const id = `reevaluated/${segmentId}`;
  await handOver(
    to,
    left.map(({ ref }) => ({ ref, id })),
  );
  await pMap(
    waiters.filter((waiter) => !isRun(waiter)).map(parseRefKey),
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

/** Somebody who waited for a segment to decide about a record. */
export interface WaitOver {
  readonly segmentId: string;
  /** As the ledger names it: a run, or the record of a workflow. */
  readonly waiter: string;
}

/** Tells those who still run that what they waited for has been decided by somebody else: they look again. */
export async function waitsOver(to: HandOver, waits: readonly WaitOver[], checkedAt: string): Promise<void> {
  const told = new Map(waits.map((wait) => [wait.waiter, wait]));
  await pMap(
    told.values(),
    async ({ waiter, segmentId }) => {
      const workflowId = isRun(waiter) ? waiter.slice(1) : recordSyncId(to.installation, parseRefKey(waiter));
      await signalIfThere(to, workflowId, segmentId, checkedAt);
    },
    { concurrency },
  );
}

/** Answers whether it was there. */
async function signalIfThere(to: HandOver, workflowId: string, segmentId: string, checkedAt: string): Promise<boolean> {
  try {
    await to.client.workflow.getHandle(workflowId).signal(segmentReevaluatedSignal, { segmentId, checkedAt });
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
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
