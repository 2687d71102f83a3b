import { Hono, type Context as HonoContext } from 'hono';
import { z } from 'zod';
import type { Account } from './account.ts';
import { Refusal, unauthorized, validationError } from './refusal.ts';
import { missingScopes, scopesOf } from './scopes.ts';

interface Env {
  Variables: { correlationId: string; noteUnmodelled: (what: string) => void };
}

/** One call, as the answering function of an endpoint sees it. */
export type Context = HonoContext<Env>;

/** One call that HubSpot has: the query parameters that the sandbox models, and what it answers. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In Hono's form, with the v3 path. */
  readonly path: string;
  readonly query?: readonly string[];
  readonly limit?: 'search' | 'associations' | 'other';
  readonly answer: (c: Context) => Response | Promise<Response>;
}

const json = 'application/json;charset=utf-8';

/** Puts endpoints behind HubSpot's front door: credentials, limits, headers, error envelope, unknown paths. */
export function createApi(account: Account, endpoints: readonly Endpoint[]): Hono<Env> {
  const app = new Hono<Env>({ getPath });
  let calls = 0;
  app.use(async (c, next) => {
    calls += 1;
    c.set('correlationId', `00000000-0000-4000-8000-${calls.toString(16).padStart(12, '0')}`);
    await next();
    c.res.headers.set('date', new Date(account.clock.now()).toUTCString());
    c.res.headers.set('x-hubspot-correlation-id', c.get('correlationId'));
    if (c.res.body) c.res.headers.set('content-type', json);
  });
  for (const endpoint of endpoints) register(app, account, endpoint);
  app.notFound((c) => {
    account.traffic.unmodelled.push(`${c.req.method} ${c.req.path}`);
    // Our choice: what HubSpot answers on an unknown path is not documented.
    return refusalAnswer(c, new Refusal(404, { message: 'resource not found' }));
  });
  app.onError((error, c) => {
    if (error instanceof Refusal) return refusalAnswer(c, error);
    return c.json({ status: 'error', message: `internal error: ${error.message}` }, 500);
  });
  return app;
}

/** How reports and documentation name a call: `GET /crm/v3/objects/{type}`. */
export const callName = ({ method, path }: Pick<Endpoint, 'method' | 'path'>): string =>
  `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;

function register(app: Hono<Env>, account: Account, endpoint: Endpoint): void {
  const { method, path, query = [], limit = 'other', answer } = endpoint;
  const route = callName(endpoint);
  app.on(method, path, async (c) => {
    account.traffic.called(route);
    c.set('noteUnmodelled', (what: string) => account.traffic.unmodelled.push(`${route} ${what}`));
    if (c.req.header('authorization') !== `Bearer ${account.accessToken}`) throw unauthorized;
    account.limits.count(limit, account.clock.now());
    mustBeGranted(account, method, c.req.path);
    for (const name of Object.keys(c.req.query())) if (!query.includes(name)) noteUnmodelled(c, `?${name}`);
    const response = await answer(c);
    if (limit === 'other') {
      for (const [name, value] of Object.entries(account.limits.headers())) response.headers.set(name, value);
    }
    return response;
  });
}

function mustBeGranted(account: Account, method: string, path: string): void {
  const { scopes } = account;
  if (!scopes) return;
  const needed = scopesOf(method, getPathOf(path), (segment) => account.find(segment)?.type.name ?? segment);
  const missing = needed.find((alternatives) => !alternatives.some((scope) => scopes.has(scope)));
  if (missing) throw missingScopes(missing);
}

/** Says in the traffic report that a caller asked for something that has no effect here. */
export function noteUnmodelled(c: Context, what: string): void {
  c.get('noteUnmodelled')(what);
}

/**
 * `/crm/v3/…` for every form of a path: doubled and closing slashes, and the dated ones, where the version stands
 * behind the name: `/crm/objects/2026-03/contacts`.
 */
function getPath(request: Request): string {
  return getPathOf(new URL(request.url).pathname);
}

function getPathOf(pathname: string): string {
  const path = pathname.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return path
    .replace(/^\/crm\/associations\/\d{4}-\d{2}(?=\/)/, '/crm/v4/associations')
    .replace(/^\/crm\/objects\/\d{4}-\d{2}(?=\/[^/]+\/[^/]+\/associations\/)/, '/crm/v4/objects')
    .replace(/^\/crm\/(objects|lists|properties|owners|pipelines)\/\d{4}-\d{2}(?=\/|$)/, '/crm/v3/$1');
}

function refusalAnswer(c: Context, { status, body }: Refusal): Response {
  return c.json({ status: 'error', ...body, correlationId: c.get('correlationId') }, status);
}

/** A list parameter, repeated or with commas or both. */
export function queryList(c: Context, name: string): string[] {
  return (c.req.queries(name) ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}

/** A whole-number parameter between bounds, or its default. */
export function queryNumber(c: Context, name: string, fallback: number, max: number): number {
  const text = c.req.query(name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  // Our choice: the maximum is documented, the answer past it is not.
  throw validationError(`Invalid ${name} ${text}: it must be a whole number from 1 to ${max}.`);
}

/**
 * The JSON body in the form that the schema asks for. Throws the 400 of bad JSON, of a wrong type or of a missing field,
 * and notes keys that the schema does not name.
 */
export async function readBody<T extends z.ZodObject>(c: Context, schema: T): Promise<z.output<T>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badJson(text);
  }
  const result = z.looseObject(schema.shape).safeParse(body);
  if (!result.success) throw badShape(text, result.error, body);
  for (const key of Object.keys(result.data)) if (!(key in schema.shape)) noteUnmodelled(c, `body.${key}`);
  return result.data as z.output<T>;
}

/** A JSON body that is a list. Throws as `readBody`. */
export async function readList<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>[]> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badJson(text);
  }
  const result = z.array(schema).safeParse(body);
  if (!result.success) throw badShape(text, result.error, body);
  return result.data;
}

export function badJson(text: string): Refusal {
  const lines = text.split('\n');
  const at = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
  return new Refusal(400, { message: `Invalid input JSON on ${at}: Cannot parse the body.` });
}

function badShape(text: string, error: z.ZodError, body: unknown): Refusal {
  const issue = error.issues[0];
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === 'invalid_type' && valueAt(body, path) === undefined) {
    return validationError(`Some required fields were not set: [${path.at(-1) ?? 'body'}]`);
  }
  const column = Math.max(0, text.indexOf(`"${path.at(-1) ?? ''}"`)) + 1;
  return new Refusal(400, {
    message: `Invalid input JSON on line 1, column ${column}: Cannot deserialize value at \`${path.join('.')}\`: ${issue?.message ?? ''}`,
  });
}

function valueAt(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], body);
}
