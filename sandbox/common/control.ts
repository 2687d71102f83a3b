import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { type Faults, faultRulesSchema } from './faults.ts';
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
export function createControls(parts: { traffic: Traffic; faults: Faults }, add: (controls: Hono) => void): Hono {
  const { traffic, faults } = parts;
  const controls = new Hono();
  controls.get('/traffic', (c) => c.json(traffic.report()));
  controls.delete('/traffic', (c) => {
    traffic.clear();
    return c.body(null, 204);
  });
  controls.get('/faults', (c) => c.json({ rules: faults.remaining() }));
  controls.put('/faults', async (c) => {
    faults.set(await controlBody(c, faultRulesSchema));
    return c.json({ rules: faults.remaining() });
  });
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
