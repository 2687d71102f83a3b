import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';

type Name = keyof Activities;
type Input<N extends Name> = Parameters<Activities[N]>[0];
type Answer<N extends Name> = Awaited<ReturnType<Activities[N]>>;

/** One attempt of an activity that waits for the test to say what it comes to. */
export class ActivityCall<N extends Name = Name> {
  readonly name: N;
  readonly input: Input<N>;
  readonly end: Promise<unknown>;
  readonly #end = Promise.withResolvers<unknown>();
  isOver = false;

  constructor(name: N, input: unknown) {
    this.name = name;
    this.input = input as Input<N>;
    this.end = this.#end.promise;
  }

  answer(answer: Answer<N>): void {
    this.isOver = true;
    this.#end.resolve(answer);
  }

  /** Fails for good, with this failure type. */
  fail(type: string, message = 'refused'): void {
    this.isOver = true;
    this.#end.reject(ApplicationFailure.nonRetryable(message, type));
  }

  /** Leaves the call to the workflow's cancellation. */
  abandon(): void {
    this.isOver = true;
  }
}

/** The calls of one workflow's activities: they come in order, and a test takes them in order. */
export class Calls {
  readonly #of: string;
  readonly #arrived: ActivityCall[] = [];
  readonly #taken: ActivityCall[] = [];
  #waiting: PromiseWithResolvers<void> | undefined;
  /** Answers the calls that no test takes, as they come. */
  readonly #always: { readonly name: Name | undefined; answer(call: ActivityCall): void }[] = [];

  constructor(of: string) {
    this.#of = of;
  }

  /** How many calls have come. */
  get count(): number {
    return this.#arrived.length + this.#taken.length;
  }

  arrive(call: ActivityCall): void {
    const always = this.#always.find(({ name }) => name === undefined || name === call.name);
    if (always) {
      always.answer(call);
      this.#taken.push(call);
      return;
    }
    this.#arrived.push(call);
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** From here on no test takes calls, of this activity or at all: each is answered like this. */
  answerAlways(answer: (call: ActivityCall) => void, name?: Name): void {
    this.#always.push({ name, answer });
    for (const call of this.#arrived.splice(0)) this.arrive(call);
  }

  /** The next call, as soon as it comes; it must be of this activity. */
  async next<N extends Name>(name: N): Promise<ActivityCall<N>> {
    const call = await this.#take(() => true);
    if (call.name !== name) throw new Error(`Expected a call of ${name}, got one of ${call.name}.`);
    return call as ActivityCall<N>;
  }

  /** The next call of this activity, whatever else comes before it: for calls that run side by side. */
  async nextOf<N extends Name>(name: N): Promise<ActivityCall<N>> {
    return (await this.#take((call) => call.name === name)) as ActivityCall<N>;
  }

  async #take(fits: (call: ActivityCall) => boolean): Promise<ActivityCall> {
    for (;;) {
      const at = this.#arrived.findIndex(fits);
      const [call] = at < 0 ? [] : this.#arrived.splice(at, 1);
      if (call) {
        this.#taken.push(call);
        return call;
      }
      this.#waiting ??= Promise.withResolvers<void>();
      await this.#waiting.promise;
    }
  }

  /** Calls that no test has taken, or that wait for their answer. */
  left(): string[] {
    const open = this.#taken.filter(({ isOver }) => !isOver);
    return [...this.#arrived, ...open].map(({ name }) => `${name} of ${this.#of}`);
  }
}
