import { Client } from '@hubspot/api-client';
import type { z } from 'zod';
import { type Answer, checked, dateOf, json, unanswered } from '../answer.ts';
import { type Call, noteCall } from '../calls.ts';
import { limitFetch } from '../fetch-timeout.ts';
import { safeUrl } from '../safe-url.ts';
import { routeOf } from './paths.ts';
import { refusal } from './refusals.ts';

export interface HubSpotAccess {
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly requestTimeoutMs: number;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A name may stand several times. */
  readonly query?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  readonly writes?: boolean;
}

/** Sends one request and gives its answer in the form of the schema, with HubSpot's clock. Throws `VendorError`. */
export type Send = <T>(request: Request, schema: z.ZodType<T>) => Promise<Received<T>>;

export interface Received<T> {
  readonly call: Call;
  readonly status: number;
  readonly data: T;
  /** HubSpot's clock, ISO. */
  readonly now: string;
}

/**
 * One connection over HubSpot's client. Everything goes through `apiRequest`: the typed methods know only v3 and v4
 * paths, drop what their models don't know (parts of a segment's definition that we judge by), throw where a write is
 * answered with another success code than expected, and can't tell which of two connections set their retries. It
 * retries nothing; the client's own retries and limiter stay off.
 */
export function connectHubSpot({ baseUrl, accessToken, requestTimeoutMs }: HubSpotAccess): Send {
  const basePath = safeUrl(baseUrl, 'HUBSPOT_BASE_URL');
  limitFetch(basePath, requestTimeoutMs);
  const client = new Client({ accessToken, basePath, numberOfApiCallRetries: 0 });

  const exchange = async (call: Call, { method, path, query = [], body }: Request): Promise<Answer> => {
    const search = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    try {
      const response = await client.apiRequest({ method, path: search ? `${path}?${search}` : path, body });
      return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
    } catch (error) {
      throw unanswered(call, error);
    }
  };

  return async (request, schema) => {
    const { method, path, writes = false } = request;
    const call: Call = { system: 'hubspot', route: `${method} ${routeOf(path)}`, writes };
    await noteCall(call);
    const answer = await exchange(call, request);
    if (answer.status < 200 || answer.status > 299) throw refusal(call, answer);
    const data = checked(call, schema, json(call, answer));
    return { call, status: answer.status, data, now: dateOf(call, answer.headers) };
  };
}
