import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { type Faults, faultRulesSchema } from './faults.ts';
import { SteeredClock } from './steered-clock.ts';
import type { Traffic } from './traffic.ts';

/** A control was asked for something that it can't do; answered as `{ message, problems? }`. */
export class ControlRefused extends HTTPException {
  readonly problems: readonly { path: string; message: string }[] | undefined;

  constructor(status: ContentfulStatusCode, message: string, problems?: readonly { path: string; message: string }[]) {
    super(status, { message });
    this.problems = problems;
  }
}

/** A control's JSON body. Throws `ControlRefused` (400) that names every problem with its path. */
export async function controlBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ControlRefused(400, `${c.req.method} ${c.req.path}: the body is not JSON.`);
  }
  return checked(c, schema, body, 'the body');
}

/** A control's query parameters, each once. Throws as `controlBody`. */
export function controlQuery<T extends z.ZodType>(c: Context, schema: T): z.output<T> {
  return checked(c, schema, c.req.query(), 'the query');
}

function checked<T extends z.ZodType>(c: Context, schema: T, value: unknown, where: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.') || '(all)', message }));
  const listed = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new ControlRefused(400, `${c.req.method} ${c.req.path}: ${where} is not as expected. ${listed}`, problems);
}

/**
 * The controls under `/_sandbox` that every sandbox has (traffic and faults), and those that `add` brings. Mount with
 * `app.route('/_sandbox', …)`.
 */
export function createControls(
  parts: { traffic: Traffic; faults: Faults; clock: Clock },
  add: (controls: Hono) => void,
): Hono {
  const { traffic, faults, clock } = parts;
  const controls = new Hono();
  controls.get('/traffic', (c) => c.json(traffic.report()));
  controls.delete('/traffic', (c) => {
    traffic.clear();
    return c.body(null, 204);
  });
  controls.get('/faults', (c) => c.json({ rules: faults.remaining() }));
  controls.put('/faults', async (c) => {
    const rules = await controlBody(c, faultRulesSchema);
    try {
      faults.set(rules);
    } catch (error) {
      throw new ControlRefused(400, error instanceof Error ? error.message : String(error));
    }
    return c.json({ rules: faults.remaining() });
  });
  addClock(controls, clock);
  add(controls);
  controls.all('*', (c) => {
    throw new ControlRefused(404, `${c.req.method} ${c.req.path} is no control of this sandbox.`);
  });
  controls.onError((error, c) => {
    if (error instanceof ControlRefused) {
      return c.json({ message: error.message, ...(error.problems && { problems: error.problems }) }, error.status);
    }
    return c.json({ message: `The control failed: ${error.message}` }, 500);
  });
  return controls;
}

const pace = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('real') }),
  z.strictObject({ mode: z.literal('scaled'), rate: z.number().gt(0).max(100_000) }),
  z.strictObject({ mode: z.literal('manual') }),
]);
const clockBody = z.strictObject({
  pace: pace.optional(),
  now: z.iso
    .datetime()
    .transform((text) => Date.parse(text))
    .optional(),
  skewMs: z.int().optional(),
});

/** The clock, where it is the sandbox's own. */
function addClock(controls: Hono, clock: Clock): void {
  const steered = (): SteeredClock => {
    if (clock instanceof SteeredClock) return clock;
    throw new ControlRefused(409, 'This sandbox was given its clock; whoever made it moves it.');
  };
  controls.get('/clock', (c) => c.json(steered().state));
  controls.put('/clock', async (c) => {
    steered().set(await controlBody(c, clockBody));
    return c.json(steered().state);
  });
  controls.post('/clock/advance', async (c) => {
    const { ms } = await controlBody(c, z.strictObject({ ms: z.int().min(0) }));
    steered().advance(ms);
    return c.json(steered().state);
  });
}

/** The whole state, out and in. Throws as `controlBody` where it is of another version or can't be read. */
export function addState<T>(controls: Hono, sandbox: { dump(): T; load(state: T): void }): void {
  const state = z.looseObject({ version: z.literal(1) });
  controls.get('/state', (c) => c.json(sandbox.dump() as object));
  controls.put('/state', async (c) => {
    const body = await controlBody(c, state);
    const before = structuredClone(sandbox.dump());
    try {
      sandbox.load(body as unknown as T);
    } catch (error) {
      sandbox.load(before); // all of it or nothing
      throw new ControlRefused(400, `This state can't be loaded: ${error instanceof Error ? error.message : ''}`);
    }
    return c.body(null, 204);
  });
}
