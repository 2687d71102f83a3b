import type { WorkflowHandle } from '@temporalio/client';
import { pauseSignal, resumeSignal, segmentReevaluatedSignal, type Timing } from '../../workflows/messages.ts';
import type { PageResult, Phase, RunStatus } from '../../workflows/run-messages.ts';
import type { ActivityCall } from './calls.ts';
import { anHourMs } from './record-stage.ts';
import { bigNote, type Stage, untilStatus } from './stage.ts';

const nothing: PageResult = { counts: {}, undecided: [], wait: null, again: [] };

export const members = (segmentId: string, total: number | null = null): Phase => ({
  name: `segment ${segmentId}`,
  mode: 'full',
  source: { kind: 'members', segmentId },
  total,
});

/** Ids from 1 on, or from another number on. */
export const someIds = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => String(from + i));

/** One run, a resync unless told otherwise: what it is told, and what its activities come to. */
export class RunStage {
  readonly workflowId: string;
  readonly #stage: Stage;
  #type = 'resyncSegment';
  #input: Readonly<Record<string, unknown>> = { segmentId: '42' };

  constructor(stage: Stage) {
    this.#stage = stage;
    this.workflowId = `${stage.installation}/run/${crypto.randomUUID()}`;
    stage.watch(this.workflowId);
    this.calls.answerAlways((call) => call.answer(), 'noteRun');
  }

  get handle(): WorkflowHandle {
    return this.#stage.client.workflow.getHandle(this.workflowId);
  }

  get calls() {
    return this.#stage.calls(this.workflowId);
  }

  /** Makes it a workflow of another type, with the rest of its input. */
  as(type: string, input: Readonly<Record<string, unknown>>): this {
    this.#type = type;
    this.#input = input;
    return this;
  }

  async start(timing: Partial<Timing> = {}): Promise<void> {
    const short: Timing = { gatherMs: 1, syncMs: 30_000, lookMs: 1, retryMs: [1, 1, 1], ...timing };
    await this.#stage.client.workflow.start(this.#type, {
      workflowId: this.workflowId,
      taskQueue: `${this.#stage.installation}/live`,
      args: [{ object: 'contacts', name: 'test', timing: short, ...this.#input }],
    });
  }

  /** Starts it and lets it begin with these phases. */
  async begins(phases: readonly Phase[] = [members('42')], timing?: Partial<Timing>): Promise<void> {
    await this.start(timing);
    (await this.calls.next('beginRun')).answer({ phases });
  }

  /** Answers the next question for ids. */
  async reads(ids: readonly string[], next: string | null = null): Promise<void> {
    (await this.calls.nextOf('readIds')).answer({ ids, next });
  }

  /** The next page, as soon as it begins. */
  async nextPage(): Promise<PageCall> {
    return new PageCall(await this.calls.nextOf('syncPage'));
  }

  /** Two pages that run side by side, in the order of their ids: they arrive in any. */
  async twoPages(): Promise<[PageCall, PageCall]> {
    const [a, b] = [await this.nextPage(), await this.nextPage()];
    return Number(a.ids[0]) < Number(b.ids[0]) ? [a, b] : [b, a];
  }

  async pause(reason: string): Promise<void> {
    await this.handle.signal(pauseSignal, { reason });
  }

  async resume(): Promise<void> {
    await this.handle.signal(resumeSignal, { reason: 'done' });
  }

  async segmentReevaluated(): Promise<void> {
    await this.handle.signal(segmentReevaluatedSignal, { segmentId: '42', checkedAt: '2026-03-01T12:00:00Z' });
  }

  async status(): Promise<RunStatus> {
    return await this.handle.query<RunStatus>('status');
  }

  async untilState(state: RunStatus['state']): Promise<RunStatus> {
    return await untilStatus<RunStatus>(this.handle, state);
  }

  /** Makes the history so large that the server suggests a new run. */
  async fillHistory(): Promise<void> {
    for (let i = 0; i < 5; i += 1) {
      await this.handle.signal('resume', bigNote);
      await this.status(); // answers when the signal has been taken in: until then it does not count
    }
  }

  /** Activities of this name that the workflow has asked for in its latest run so far. */
  async asked(name: string): Promise<number> {
    await this.status(); // what it was told before has been taken in when it answers
    const { events } = await this.handle.fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === name)
      .length;
  }

  /** It notes how it ended. Answers with its counts. */
  async endsAs(state: string): Promise<Readonly<Record<string, number>>> {
    const end = await this.calls.next('endRun');
    if (end.input.state !== state) throw new Error(`Expected an end as ${state}, got one as ${end.input.state}.`);
    end.answer();
    return end.input.counts;
  }
}

/** One page: what the activity was asked, and what it shall come to. */
export class PageCall {
  readonly call: ActivityCall<'syncPage'>;

  constructor(call: ActivityCall<'syncPage'>) {
    this.call = call;
  }

  get ids(): readonly string[] {
    return this.call.input.ids;
  }

  /** All of its records come to this. */
  ends(outcome = 'synced'): void {
    this.answers({ counts: { [outcome]: this.ids.length } });
  }

  /** These wait for segment 42, for an hour unless told otherwise; the others are synced. */
  leavesUndecided(ids: readonly string[], inMs = anHourMs): void {
    const synced = this.ids.length - ids.length;
    this.answers({
      ...(synced > 0 ? { counts: { synced } } : {}),
      undecided: ids,
      wait: { segmentIds: ['42'], inMs },
    });
  }

  answers(result: Partial<PageResult>): void {
    this.call.answer({ ...nothing, ...result });
  }
}
