import { z } from 'zod';
import { systemTimers, type Timers } from './clock.ts';
import { randomFrom } from './random.ts';

const kind = z.enum(['hangBeforeHeaders', 'applyThenHang', 'hangMidBody', 'cut', 'applyThenCut', 'cutMidBody']);

/**
 * What goes wrong with a call. `hangBeforeHeaders` and `cut` leave the call undone; `applyThenHang` and `applyThenCut`
 * do it and never answer; `hangMidBody` and `cutMidBody` do it and stop, or close the connection, after half the body;
 * `{ status, body }` answers in the vendor's place (a body of text is sent as HTML), with `applied` after the call was
 * done; `{ delayMs }` does it later, `{ latencyMs }` answers later; `{ preset }` is one of the vendor's own refusals.
 */
export const faultSchema = z.union([
  kind,
  z.strictObject({
    status: z.int().min(400).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    applied: z.boolean().optional(),
  }),
  z.strictObject({ delayMs: z.int().min(0).max(3_600_000) }),
  z.strictObject({ latencyMs: z.int().min(0).max(3_600_000) }),
  z.strictObject({ preset: z.string(), applied: z.boolean().optional() }),
]);

/** An answer that a vendor gives instead of the one that was asked for. */
export interface PresetAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/**
 * The first rule that matches a call and still has `times` left takes it; no `match` matches every call, `times: null`
 * is for ever. With a `probability` a rule takes that share of its calls, the same ones for the same `seed`.
 */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({ method: z.string().toUpperCase().optional(), pathPrefix: z.string().startsWith('/').optional() })
    .default({}),
  times: z.int().min(1).nullable().default(1),
  probability: z.number().gt(0).max(1).default(1),
  seed: z.int().default(1),
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
  readonly #presets: Readonly<Record<string, PresetAnswer>>;
  #rules: (ParsedRule & { readonly draw: () => number })[] = [];

  constructor(timers: Timers = systemTimers, presets: Readonly<Record<string, PresetAnswer>> = {}) {
    this.#timers = timers;
    this.#presets = presets;
  }

  /** Replaces all rules. Throws where one is malformed. */
  set(rules: readonly FaultRule[]): void {
    const parsed = faultRulesSchema.parse(rules);
    for (const { fault } of parsed) {
      if (typeof fault !== 'object' || !('preset' in fault) || this.#presets[fault.preset]) continue;
      const known = Object.keys(this.#presets).join(', ');
      throw new Error(`There is no preset '${fault.preset}': ${known} are known.`);
    }
    this.#rules = parsed.map((rule) => ({ ...rule, draw: randomFrom(rule.seed) }));
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules that still wait for a call, with the times that are left. */
  remaining(): readonly ParsedRule[] {
    return this.#rules.map((rule) => {
      const { draw: _, ...told } = rule;
      return told;
    });
  }

  /** Answers a call, or does to it what the first matching rule says. */
  async around(request: Request, answer: () => Response | Promise<Response>): Promise<Response> {
    const fault = this.#take(request);
    if (fault === undefined) return answer();
    if (typeof fault === 'object') {
      if ('delayMs' in fault) {
        await this.#pause(fault.delayMs);
        return answer();
      }
      if ('latencyMs' in fault) {
        const response = await answer();
        await this.#pause(fault.latencyMs);
        return response;
      }
      if (fault.applied) await answer();
      const { status, body, headers } =
        'preset' in fault ? ((this.#presets[fault.preset] ?? fault) as PresetAnswer) : fault;
      return replaced(status, body, headers);
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
        return halfOf(await answer(), () => new Promise(() => {}));
      case 'cutMidBody':
        return cutBehind(
          await halfOf(await answer(), async (body) => {
            // The host waits this long for more before it sends what it has.
            await new Promise((resolve) => setTimeout(resolve, 20));
            body.error(new ConnectionCut());
          }),
        );
    }
    return fault satisfies never;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#timers.after(ms, resolve));
  }

  #take(request: Request): ParsedRule['fault'] | undefined {
    const path = new URL(request.url).pathname;
    const rule = this.#rules.find(
      ({ match, probability, draw }) =>
        (match.method ?? request.method) === request.method &&
        path.startsWith(match.pathPrefix ?? '/') &&
        (probability === 1 || draw() < probability),
    );
    if (!rule) return undefined;
    if (rule.times !== null) rule.times -= 1;
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

/** Status, headers and the first half of the body, and then what `then` does. */
const cutAnswers = new WeakSet<Response>();
function cutBehind(response: Response): Response {
  cutAnswers.add(response);
  return response;
}

/** Whether the connection is to be closed behind what this answer's body gives. */
export const endsInCut = (response: Response): boolean => cutAnswers.has(response);

async function halfOf(
  response: Response,
  then: (body: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>,
): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.slice(0, Math.ceil(bytes.length / 2))),
    pull: then,
  });
  const headers = new Headers(response.headers);
  headers.set('content-length', String(bytes.length));
  return new Response(body, { status: response.status, headers });
}
