import type { WorkflowHandle } from '@temporalio/client';
import { lookNowSignal, pauseSignal, type Round, resumeSignal, type WatchStatus } from '../../workflows/messages.ts';
import type { ActivityCall } from './calls.ts';
import { anHourMs } from './record-stage.ts';
import { bigNote, type Stage, untilStatus } from './stage.ts';

/** A workflow that goes in rounds, and how to start it. */
export interface RoundsKind {
  readonly type: 'segmentWatch' | 'pollChanges';
  readonly activity: 'watchSegment' | 'pollSystem';
  readonly workflowId: (installation: string) => string;
  readonly args: readonly unknown[];
}

/** One workflow that goes in rounds: what it is told, and what its rounds come to. */
export class RoundsStage {
  readonly #stage: Stage;
  readonly #kind: RoundsKind;
  readonly #workflowId: string;

  constructor(stage: Stage, kind: RoundsKind) {
    this.#stage = stage;
    this.#kind = kind;
    this.#workflowId = kind.workflowId(`${stage.installation}/${crypto.randomUUID()}`);
    stage.watch(this.#workflowId);
  }

  /** The workflow, whichever run of it is the latest. */
  get handle(): WorkflowHandle {
    return this.#stage.client.workflow.getHandle(this.#workflowId);
  }

  get calls() {
    return this.#stage.calls(this.#workflowId);
  }

  /** Starts it, or tells the one that runs to look now. */
  async lookNow() {
    const { type, args } = this.#kind;
    return await this.#stage.client.workflow.signalWithStart(type, {
      workflowId: this.#workflowId,
      taskQueue: `${this.#stage.installation}/live`,
      args: [...args],
      signal: lookNowSignal,
      signalArgs: [],
    });
  }

  async pause(reason: string): Promise<void> {
    await this.handle.signal(pauseSignal, { reason });
  }

  async resume(): Promise<void> {
    await this.handle.signal(resumeSignal, { reason: 'done' });
  }

  /** Makes the history so large that the server suggests a new run. Leaves a look that is asked for. */
  async fillHistory(): Promise<void> {
    for (let i = 0; i < 5; i += 1) {
      await this.handle.signal('lookNow', bigNote);
      await this.status(); // answers when the signal has been taken in: until then it does not count
    }
  }

  /** The next round, as soon as it begins. */
  async nextRound(): Promise<RoundCall> {
    return new RoundCall(await this.calls.next(this.#kind.activity));
  }

  async status(): Promise<WatchStatus> {
    return await this.handle.query<WatchStatus>('status');
  }

  async untilState(state: WatchStatus['state']): Promise<WatchStatus> {
    return await untilStatus<WatchStatus>(this.handle, state);
  }

  /** Lets it end: it looks once more and finds that it is not needed any longer. */
  async end(): Promise<void> {
    this.calls.answerAlways((call) => call.answer(round({ restMs: null })));
    await this.resume();
    await this.lookNow();
    await this.handle.result();
  }
}

const round = (changes: Partial<Round>): Round => ({ found: 0, restMs: anHourMs, says: 'nothing new', ...changes });

/** One round: what the activity was asked, and what it shall come to. */
export class RoundCall {
  readonly call: ActivityCall<RoundsKind['activity']>;

  constructor(call: ActivityCall<RoundsKind['activity']>) {
    this.call = call;
  }

  /** Comes to an end; the rest lasts an hour unless told otherwise. */
  ends(changes: Partial<Round> = {}): void {
    this.call.answer(round(changes));
  }
}
