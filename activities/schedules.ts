import { type ScheduleHandle, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import type { OverlapPolicy, ScheduleSettings } from '../core/settings/settings.ts';
import { scheduleId } from '../workflows/ids.ts';
import type { ResyncInput, RunInput } from '../workflows/run-messages.ts';
import { runStart } from '../workflows/start.ts';
import { type HandOver, isGone } from './hand-over.ts';

const policies: Record<OverlapPolicy, ScheduleOverlapPolicy> = {
  skip: ScheduleOverlapPolicy.SKIP,
  bufferOne: ScheduleOverlapPolicy.BUFFER_ONE,
  bufferAll: ScheduleOverlapPolicy.BUFFER_ALL,
  cancelOther: ScheduleOverlapPolicy.CANCEL_OTHER,
  terminateOther: ScheduleOverlapPolicy.TERMINATE_OTHER,
  allowAll: ScheduleOverlapPolicy.ALLOW_ALL,
};

/** A run missed while nothing ran is made up within this time, and not a year later. */
const catchupWindow = '1 hour';

/** The cursor that holds the ids of the Schedules that there are; Temporal's own list may lag behind. */
const arrangedCursor = 'schedules';

/**
 * Makes Temporal's Schedules those of the settings: creates what is new, changes what differs, removes what is gone. A
 * pause that an operator set stays.
 */
export async function arrangeSchedules(to: HandOver, wanted: readonly ScheduleSettings[]): Promise<void> {
  const { schedule: schedules } = to.client;
  const { cursors } = to.ledger;
  const ids = wanted.map(({ name }) => scheduleId(to.installation, name));
  const there = new Set(await cursors.get<string[]>(arrangedCursor));
  for await (const { scheduleId: id } of schedules.list()) {
    if (id.startsWith(scheduleId(to.installation, ''))) there.add(id);
  }
  await cursors.put(arrangedCursor, [...new Set([...there, ...ids])]); // before they are made: none is ever forgotten
  for (const id of there) if (!ids.includes(id)) await remove(schedules.getHandle(id));
  for (const settings of wanted) {
    const options = optionsOf(to, settings);
    const handle = schedules.getHandle(options.scheduleId);
    try {
      await handle.update(({ state }) => ({ ...options, state }));
    } catch (error) {
      if (!isGone(error) && !isUnknownSchedule(error)) throw error;
      await schedules.create(options);
    }
  }
  await cursors.put(arrangedCursor, ids);
}

async function remove(handle: ScheduleHandle): Promise<void> {
  try {
    await handle.delete();
  } catch (error) {
    if (!isGone(error) && !isUnknownSchedule(error)) throw error;
  }
}

const isUnknownSchedule = (error: unknown): boolean => error instanceof Error && error.name === 'ScheduleNotFoundError';

function optionsOf(to: HandOver, { name, run, cron, timezone, overlap }: ScheduleSettings): ScheduleOptions {
  const { object } = run;
  const start = runStart(to, run.kind, object, name);
  const input: RunInput & Pick<ResyncInput, 'segmentId'> = {
    object,
    name,
    timing: to.timing,
    ...(run.kind === 'resync' && run.segmentId !== undefined ? { segmentId: run.segmentId } : {}),
  };
  return {
    scheduleId: scheduleId(to.installation, name),
    spec: { cronExpressions: [cron], timezone },
    policies: { overlap: policies[overlap], catchupWindow },
    action: {
      type: 'startWorkflow',
      workflowType: run.kind === 'resync' ? 'resyncSegment' : 'reconcile',
      args: [input],
      workflowId: start.workflowId,
      taskQueue: start.taskQueue,
      staticSummary: start.staticSummary,
      typedSearchAttributes: start.typedSearchAttributes,
    },
  };
}
