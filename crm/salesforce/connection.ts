import { Connection } from 'jsforce/lib/connection.js';
import type { z } from 'zod';
import { type Answer, checked, dateOf, isSuccess, json, vendorError } from '../answer.ts';
import { type Call, noteCall } from '../calls.ts';
import { safeUrl } from '../safe-url.ts';
import { refusal } from './refusals.ts';
import { Session } from './session.ts';
import { requestToken, type SalesforceAuth, type Token } from './token.ts';
import { OneCall } from './transport.ts';

/** The version of Salesforce's API that we speak; here and nowhere else. */
const apiVersion = '67.0';

export interface SalesforceAccess {
  readonly loginUrl: string;
  readonly auth: SalesforceAuth;
  readonly requestTimeoutMs: number;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version (`/query`), or whole from `/services/data/` on. */
  readonly path: string;
  /** The path for messages and counts, ids left out. */
  readonly route: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly writes?: boolean;
  /** A 404 of this path speaks of the type, not of a record. */
  readonly about?: 'type';
}

export interface Received<T> {
  readonly call: Call;
  readonly data: T;
  /** Salesforce's clock, ISO. */
  readonly now: string;
}

export interface SalesforceConnection {
  /** Sends one request and gives its answer in the form of the schema. Throws `VendorError`. */
  send<T>(request: Request, schema: z.ZodType<T>): Promise<Received<T>>;
  /** Sends one request and gives its answer as it is, a refusal too. Throws `VendorError` where none came. */
  ask(request: Request): Promise<{ readonly call: Call; readonly answer: Answer }>;
  token(): Promise<Token>;
  /** Salesforce's clock as the newest answer showed it, moved on by the time since; undefined before the first. */
  clockMs(): number | undefined;
  usage(): { used: number; limit: number } | undefined;
}

/**
 * One connection over jsforce: addresses, headers and the token are its part; transport, session and errors are ours.
 * Nothing is repeated, but for the one repeat with a new token after a 401, which says that nothing was done.
 */
export function connectSalesforce({ loginUrl, auth, requestTimeoutMs }: SalesforceAccess): SalesforceConnection {
  const login = safeUrl(loginUrl, 'SALESFORCE_LOGIN_URL');
  const session = new Session(() => requestToken(login, auth, requestTimeoutMs));
  const connection = new Connection({
    loginUrl: login,
    version: apiVersion,
    // Recorded as the origin of a change in change events.
    callOptions: { client: 'tandem/1' },
    // Its log shows bodies and tokens.
    logLevel: 'NONE',
  });
  let usage: { used: number; limit: number } | undefined;
  let aheadMs: number | undefined;

  /** Sends once. Throws where no answer came. */
  const exchange = async (call: Call, token: Token, { method, path, headers, body }: Request): Promise<Answer> => {
    const transport = new OneCall(call, requestTimeoutMs);
    await noteCall(call);
    // No await from here to the request: other calls share the connection.
    connection.instanceUrl = token.instanceUrl;
    connection.accessToken = token.accessToken;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const contentType = body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      await connection.request(
        { method, url: path, headers: { ...contentType, ...headers }, ...content },
        { transport },
      );
    } catch (error) {
      // jsforce throws for refusals too, with the body in its error; we read the answer itself.
      if (!transport.answer) throw transport.error ?? error;
    }
    const { answer } = transport;
    if (!answer) throw vendorError(call, 'NETWORK', { mayHaveArrived: call.writes });
    const [, used, limit] = /api-usage=(\d+)\/(\d+)/.exec(answer.headers['sforce-limit-info'] ?? '') ?? [];
    if (used && limit) usage = { used: Number(used), limit: Number(limit) };
    if (answer.status !== 401) session.accepted(token);
    return answer;
  };

  const ask: SalesforceConnection['ask'] = async (request) => {
    const { method, route, writes = false } = request;
    const call: Call = { system: 'salesforce', route: `${method} ${route}`, writes };
    const token = await session.token();
    const answer = await exchange(call, token, request);
    if (answer.status !== 401) return { call, answer };
    const renewed = await session.renew(token);
    return { call, answer: renewed ? await exchange(call, renewed, request) : answer };
  };

  return {
    ask,
    async send(request, schema) {
      const { call, answer } = await ask(request);
      if (!isSuccess(answer)) throw refusal(call, answer, request.about);
      const data = checked(call, schema, json(call, answer));
      const now = dateOf(call, answer.headers);
      aheadMs = Date.parse(now) - performance.now();
      return { call, data, now };
    },
    clockMs: () => (aheadMs === undefined ? undefined : performance.now() + aheadMs),
    token: () => session.token(),
    usage: () => usage,
  };
}
