import type { Token } from './token.ts';

/** How long a token that was refused from the start keeps us from asking for the next one. */
const cooldownMs = 60_000;

/**
 * Holds the access token of one connection. However many calls ask at once, one token is requested. A token that never
 * worked is not replaced for a minute: the next one would fare no better, and a lasting refusal would turn into an
 * endless row of logins.
 */
export class Session {
  readonly #request: () => Promise<Token>;
  readonly #nowMs: () => number;
  #held: { readonly token: Token; readonly sinceMs: number; worked: boolean } | undefined;
  #pending: Promise<Token> | undefined;

  /** `nowMs` is any clock that runs steadily. */
  constructor(request: () => Promise<Token>, nowMs = () => performance.now()) {
    this.#request = request;
    this.#nowMs = nowMs;
  }

  /** The token at hand; the first time, a new one. Rejects where none is granted. */
  async token(): Promise<Token> {
    return this.#held?.token ?? (await this.#renewed());
  }

  /** The token to use after `rejected` was answered 401; undefined where another one is of no use. */
  async renew(rejected: Token): Promise<Token | undefined> {
    if (this.#held && this.#held.token !== rejected) return this.#held.token;
    if (this.#held && !this.#held.worked && this.#nowMs() - this.#held.sinceMs < cooldownMs) return undefined;
    return await this.#renewed();
  }

  /** Notes that a token was accepted. */
  accepted(token: Token): void {
    if (this.#held?.token === token) this.#held.worked = true;
  }

  async #renewed(): Promise<Token> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = undefined;
    });
    return await this.#pending;
  }

  async #ask(): Promise<Token> {
    const token = await this.#request();
    this.#held = { token, sinceMs: this.#nowMs(), worked: false };
    return token;
  }
}
