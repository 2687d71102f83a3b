import type { z } from 'zod';
import { categoryOf, type FailureCategory } from '../core/failures.ts';
import type { System } from '../core/record-ref.ts';
import type { Call } from './calls.ts';
import { VendorError } from './types.ts';

/** A whole answer of a vendor, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status <= 299;

/** The code of an answer that carries none of the vendor's own. */
export const statusCode = (status: number): string => `HTTP_${status}`;

/** Vendors' codes are words; anything else in such a place may be a value and is dropped. */
export const isCode = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][\w.]{1,79}$/.test(value);

/** Field and scope names; as `isCode`. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][\w.-]{0,99}$/.test(value);

/** What a vendor says of a row or a call that it refuses; ids and names only. */
export interface Refusal {
  readonly category: FailureCategory;
  readonly code: string;
  readonly names: readonly string[];
  readonly existingId?: string | undefined;
}

/** A failure for a code, in the category that the table of failures gives it. */
export function vendorError(
  call: Call,
  code: string,
  more: Partial<Omit<ConstructorParameters<typeof VendorError>[0], 'system' | 'route' | 'code'>> = {},
): VendorError {
  const { system, route } = call;
  return new VendorError({ category: categoryOf(system, code), ...more, system, route, code });
}

/** Codes of sockets that never opened: nothing can have arrived. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A request without an answer: the time was up, or the connection was not there or broke. */
export function unanswered(call: Call, error: unknown): VendorError {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError')
    return vendorError(call, 'TIMEOUT', { mayHaveArrived: call.writes });
  const opened = !neverConnected.has(String(cause?.code));
  return vendorError(call, 'NETWORK', { mayHaveArrived: call.writes && opened });
}

/** The category of a code; where the table does not know the code, that of the status. */
export function categoryFor(system: System, code: string, status: number | undefined): FailureCategory {
  const category = categoryOf(system, code);
  return category === 'unexpected' && status !== undefined ? categoryOf(system, statusCode(status)) : category;
}

/** The body of a refusal as JSON, undefined where it is none. */
export function parsed({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON of an answer, undefined where it is empty. A body that is none (a proxy's page, half an answer) is `NOT_JSON`. */
export function json(call: Call, answer: Answer): unknown {
  if (answer.text === '') return undefined;
  try {
    return JSON.parse(answer.text);
  } catch {
    throw vendorError(call, 'NOT_JSON', { mayHaveArrived: call.writes });
  }
}

/** The answer in the form that we rely on; another one is `BAD_ANSWER`. Keys that we don't use may be anything. */
export function checked<T>(call: Call, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw vendorError(call, 'BAD_ANSWER', { mayHaveArrived: call.writes });
  return result.data;
}

/** Milliseconds that the vendor asks us to wait, from `Retry-After` in seconds. */
export function retryAfter(headers: Answer['headers']): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1000) : undefined;
}

/** The vendor's own clock, from the answer's `Date`, as ISO. */
export function dateOf(call: Call, headers: Answer['headers']): string {
  const at = new Date(headers.date ?? '');
  if (Number.isNaN(at.getTime())) throw vendorError(call, 'BAD_ANSWER', { mayHaveArrived: call.writes });
  return at.toISOString();
}
