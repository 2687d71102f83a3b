import { messageOf } from './caught.ts';

/** A part of the local stack that runs. */
export interface RunningPart {
  /** What it answers on, by the name that people read. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Environment variables that lead the parts after it to this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves with the reason when it ends without having been stopped. */
  readonly failed?: Promise<Error>;
  stop(): Promise<void>;
}

/** Parts that were started one after the other, and are stopped in the reverse order. */
export class Parts {
  readonly #running: { readonly name: string; readonly part: RunningPart }[] = [];
  readonly #say: (line: string) => void;
  readonly #stopped = Promise.withResolvers<void>();
  #stopping: Promise<void> | undefined;

  /** Resolves when everything has been stopped. */
  readonly stopped: Promise<void> = this.#stopped.promise;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Starts a part and says where it answers. Where it fails, all before it are stopped and its error is thrown. */
  async start<T extends RunningPart>(name: string, start: () => Promise<T>): Promise<T> {
    try {
      const part = await start();
      this.#running.push({ name, part });
      for (const [what, address] of Object.entries(part.addresses)) this.#say(`${what.padEnd(20)} ${address}`);
      return part;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops what runs, the last part first. A part that fails to stop does not keep the others; it is said. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const { name, part } of this.#running.toReversed()) {
      try {
        await part.stop();
      } catch (error) {
        this.#say(`${name} did not stop: ${messageOf(error)}`);
      }
    }
    this.#stopped.resolve();
  }
}
