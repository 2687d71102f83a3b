import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const answer = z.object({
  id: z.number().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
});
const evaluated = z.object({ result: z.object({ value: z.unknown().optional() }) });
const captured = z.object({ data: z.string() });

type Result = Readonly<Record<string, unknown>>;

/** One page of a browser, by the little of the DevTools protocol that pictures need. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Result>>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id = 0, result = {}, error } = answer.parse(JSON.parse(String(data)));
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(result);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser has ended.'));
    });
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new DevTools(socket);
  }

  /** https://chromedevtools.github.io/devtools-protocol/ */
  async call(method: string, params: Result = {}): Promise<Result> {
    this.#calls += 1;
    const call = Promise.withResolvers<Result>();
    this.#waiting.set(this.#calls, call);
    this.#socket.send(JSON.stringify({ id: this.#calls, method, params }));
    return await call.promise;
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    return evaluated.parse(await this.call('Runtime.evaluate', params)).result.value;
  }

  /** Waits until the page shows all of these texts and its text does not change any more. */
  async untilShown(texts: readonly string[], withinMs = 30_000): Promise<void> {
    const giveUpAt = performance.now() + withinMs;
    let before = '';
    for (;;) {
      const text = String(await this.evaluate("document.body?.innerText ?? ''"));
      const missing = texts.filter((one) => !text.includes(one));
      if (missing.length === 0 && text === before) return;
      if (performance.now() > giveUpAt) throw new Error(`The page does not show ${missing.join(', ')}:\n${text}`);
      before = text;
      await delay(500);
    }
  }

  /** A PNG of what the page shows. */
  async screenshot(): Promise<Buffer> {
    return Buffer.from(captured.parse(await this.call('Page.captureScreenshot', { format: 'png' })).data, 'base64');
  }
}
