/** One call of an API client, as it was answered; status 0 where its connection was cut. */
export interface LoggedCall {
  readonly n: number;
  /** By the sandbox's clock, milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Path and query; bodies are not kept. */
  readonly path: string;
  readonly status: number;
}

const kept = 500;

/** The last calls, for whoever watches them go by. */
export class CallLog {
  readonly #calls: LoggedCall[] = [];
  #made = 0;

  /** Answers as `answer` does, and notes what that was. */
  async around(request: Request, now: () => number, answer: () => Promise<Response>): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const note = (status: number): void => {
      this.#made += 1;
      this.#calls.push({ n: this.#made, at: now(), method: request.method, path: pathname + search, status });
      if (this.#calls.length > kept) this.#calls.shift();
    };
    try {
      const response = await answer();
      note(response.status);
      return response;
    } catch (error) {
      note(0);
      throw error;
    }
  }

  /** Those after the one with this number, the oldest first. */
  after(n: number): readonly LoggedCall[] {
    return this.#calls.filter((call) => call.n > n);
  }
}
