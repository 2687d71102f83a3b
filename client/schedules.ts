import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { scheduleId } from '../workflows/ids.ts';
import type { ScheduleInSettings } from './answers.ts';
import type { TandemApi } from './api.ts';
import { AlreadyRunning, NoSuchSchedule } from './errors.ts';

/** A schedule of the settings, with what Temporal says of it. */
export interface ScheduleView extends ScheduleInSettings {
  readonly scheduleId: string;
  /** False for a moment after settings were applied, or where somebody removed it in Temporal. */
  readonly exists: boolean;
  readonly pausedBecause: string | null;
  readonly nextAt: string | null;
  /** The newest run that it has started. */
  readonly last: { readonly at: string; readonly workflowId: string } | null;
  readonly running: boolean;
}

/** The schedules of the settings as they stand in Temporal. Their form is changed by the settings alone. */
export class Schedules {
  readonly #temporal: Client;
  readonly #api: Pick<TandemApi, 'schedules'>;
  readonly #installation: string;

  constructor(temporal: Client, api: Pick<TandemApi, 'schedules'>, installation: string) {
    this.#temporal = temporal;
    this.#api = api;
    this.#installation = installation;
  }

  async list(): Promise<ScheduleView[]> {
    return await Promise.all((await this.#api.schedules()).map((schedule) => this.#view(schedule)));
  }

  /**
   * Starts a run now, beside the clock. Throws `AlreadyRunning` where the last one is under way and the schedule says
   * `skip`, as Temporal would pass over it in silence.
   */
  async run(name: string): Promise<ScheduleView> {
    const schedule = await this.#named(name);
    if (schedule.running && schedule.overlap === 'skip') throw new AlreadyRunning(schedule.last?.workflowId ?? name);
    // Left out, the SDK allows all at once, whatever the schedule says.
    const { policies } = await this.#handle(name).describe();
    await this.#handle(name).trigger(policies.overlap);
    return schedule;
  }

  /** No more runs by the clock, until it is resumed; also over new settings. One under way goes on. */
  async pause(name: string, reason: string): Promise<ScheduleView> {
    await this.#named(name);
    await this.#handle(name).pause(reason);
    return await this.#named(name);
  }

  async resume(name: string, reason = 'resumed'): Promise<ScheduleView> {
    await this.#named(name);
    await this.#handle(name).unpause(reason);
    return await this.#named(name);
  }

  #handle(name: string) {
    return this.#temporal.schedule.getHandle(scheduleId(this.#installation, name));
  }

  async #named(name: string): Promise<ScheduleView> {
    const schedules = await this.#api.schedules();
    const found = schedules.find((schedule) => schedule.name === name);
    if (!found) {
      const known = schedules.map((schedule) => schedule.name).join(', ') || 'none';
      throw new NoSuchSchedule(`The settings that run have no schedule "${name}"; known: ${known}.`);
    }
    const view = await this.#view(found);
    if (view.exists) return view;
    throw new NoSuchSchedule(`Temporal has no Schedule ${view.scheduleId}: apply the settings again, which makes it.`);
  }

  async #view(schedule: ScheduleInSettings): Promise<ScheduleView> {
    const handle = this.#handle(schedule.name);
    const base = { ...schedule, scheduleId: handle.scheduleId };
    try {
      const { state, info } = await handle.describe();
      const last = info.recentActions.at(-1);
      return {
        ...base,
        exists: true,
        pausedBecause: state.paused ? (state.note ?? '') : null,
        nextAt: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
        last: last ? { at: last.takenAt.toISOString(), workflowId: last.action.workflow.workflowId } : null,
        running: info.runningActions.length > 0,
      };
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      return { ...base, exists: false, pausedBecause: null, nextAt: null, last: null, running: false };
    }
  }
}
