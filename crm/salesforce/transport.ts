import { PassThrough } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { type Answer, unanswered } from '../answer.ts';
import type { Call } from '../calls.ts';

/**
 * Carries one call in the place of jsforce's own transport, which retries behind our back, follows redirects as GET,
 * waits half an hour, and never settles where an answer breaks off in its body. Here the whole answer is read under one
 * time limit, no redirect is followed, and status, headers and the reason of a failure stay within reach.
 */
export class OneCall extends Transport {
  readonly call: Call;
  readonly #timeoutMs: number;
  answer: Answer | undefined;
  /** Why there is none; jsforce may wrap it on its way. */
  error: unknown;

  constructor(call: Call, timeoutMs: number) {
    super();
    this.call = call;
    this.#timeoutMs = timeoutMs;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => {
      // jsforce wants a stream beside the promise; nobody reads it.
      const stream = new PassThrough();
      stream.on('error', () => {});
      const promise = this.#send(request).catch((error: unknown) => {
        this.error = error;
        throw error;
      });
      return { stream, promise };
    });
  }

  async #send({ url, method, headers, body }: HttpRequest): Promise<HttpResponse> {
    this.answer = await this.#exchange(url, {
      method,
      ...(headers && { headers }),
      ...(body && { body: body as string }),
    });
    const { status, headers: received, text } = this.answer;
    return { statusCode: status, headers: { ...received }, body: text };
  }

  async #exchange(url: string, init: RequestInit): Promise<Answer> {
    try {
      const signal = AbortSignal.timeout(this.#timeoutMs);
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    } catch (error) {
      throw unanswered(this.call, error);
    }
  }
}
