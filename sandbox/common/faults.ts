import { z } from 'zod';
import { systemTimers, type Timers } from './clock.ts';

const kind = z.enum(['hangBeforeHeaders', 'applyThenHang', 'hangMidBody', 'cut', 'applyThenCut']);

/**
 * What goes wrong with a call. `hangBeforeHeaders` and `cut` leave the call undone; `applyThenHang` and `applyThenCut`
 * do it and never answer; `hangMidBody` does it and stops after half the body; `{ status, body }` answers in the
 * vendor's place (a body of text is sent as HTML); `{ delayMs }` does it later.
 */
export const faultSchema = z.union([
  kind,
  z.strictObject({
    status: z.int().min(400).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ delayMs: z.int().min(0).max(3_600_000) }),
]);

/** The first rule that matches a call and still has `times` left takes it. No `match` matches every call. */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({ method: z.string().toUpperCase().optional(), pathPrefix: z.string().startsWith('/').optional() })
    .default({}),
  times: z.int().min(1).default(1),
  fault: faultSchema,
});

export const faultRulesSchema = z.array(faultRuleSchema);

export type FaultRule = z.input<typeof faultRuleSchema>;
type ParsedRule = z.output<typeof faultRuleSchema>;

/** The peer closed the connection: a door rejects with it, a host destroys the socket. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';

  constructor() {
    super('The sandbox cut the connection, as a fault rule asked.');
  }
}

/** Fault rules of one sandbox. Rules may be set at any time; a hung call ends when its client gives up. */
export class Faults {
  readonly #timers: Timers;
  #rules: ParsedRule[] = [];

  constructor(timers: Timers = systemTimers) {
    this.#timers = timers;
  }

  /** Replaces all rules. Throws where one is malformed. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = faultRulesSchema.parse(rules);
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules that still wait for a call, with the times that are left. */
  remaining(): readonly ParsedRule[] {
    return this.#rules.map((rule) => ({ ...rule }));
  }

  /** Answers a call, or does to it what the first matching rule says. */
  async around(request: Request, answer: () => Response | Promise<Response>): Promise<Response> {
    const fault = this.#take(request);
    if (fault === undefined) return answer();
    if (typeof fault === 'object') {
      if ('status' in fault) return replaced(fault.status, fault.body, fault.headers);
      await new Promise<void>((resolve) => this.#timers.after(fault.delayMs, resolve));
      return answer();
    }
    switch (fault) {
      case 'cut':
        throw new ConnectionCut();
      case 'applyThenCut':
        await answer();
        throw new ConnectionCut();
      case 'hangBeforeHeaders':
        return untilAbandoned(request.signal);
      case 'applyThenHang':
        await answer();
        return untilAbandoned(request.signal);
      case 'hangMidBody':
        return halfOf(await answer());
    }
    return fault satisfies never;
  }

  #take(request: Request): ParsedRule['fault'] | undefined {
    const path = new URL(request.url).pathname;
    const rule = this.#rules.find(
      ({ match }) => (match.method ?? request.method) === request.method && path.startsWith(match.pathPrefix ?? '/'),
    );
    if (!rule) return undefined;
    rule.times -= 1;
    if (rule.times === 0) this.#rules = this.#rules.filter((other) => other !== rule);
    return rule.fault;
  }
}

function replaced(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  if (typeof body === 'string') {
    return new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } });
  }
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
  });
}

/** Never answers; rejects once the client has gone, so that nothing is left behind. */
function untilAbandoned(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abandon = () => reject(new ConnectionCut());
    if (signal.aborted) abandon();
    else signal.addEventListener('abort', abandon, { once: true });
  });
}

/** Status, headers and the first half of the body, then silence. */
async function halfOf(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2))),
    pull: () => new Promise(() => {}),
  });
  const headers = new Headers(response.headers);
  headers.set('content-length', String(bytes.length));
  return new Response(body, { status: response.status, headers });
}
