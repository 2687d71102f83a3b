import { z } from 'zod';
import { categoryOf } from '../../core/failures.ts';
import {
  type Answer,
  categoryFor,
  isCode,
  isName,
  parsed,
  type Refusal,
  retryAfter,
  statusCode,
  vendorError,
} from '../answer.ts';
import type { Call } from '../calls.ts';
import type { VendorError } from '../types.ts';

const loose = z.unknown().optional();

/** HubSpot asks to treat every field of an error as optional; none is taken for what it should be. */
export const faultSchema = z.object({
  category: loose,
  subCategory: loose,
  message: loose,
  errorType: loose,
  policyName: loose,
  context: loose,
  errors: z
    .array(z.object({ code: loose, subCategory: loose, context: loose }))
    .optional()
    .catch(undefined),
});
export type Fault = z.infer<typeof faultSchema>;

/** The texts that an error's `context` lists under a key. */
export function contextOf(fault: { context?: unknown }, key: string): string[] {
  const listed = (fault.context as Record<string, unknown> | null | undefined)?.[key];
  return Array.isArray(listed) ? listed.map(String) : [];
}

/** The most telling code of an error that the table of failures knows, else the first that it has. */
function codeOf(fault: Fault): string | undefined {
  const message = typeof fault.message === 'string' ? fault.message : '';
  const codes = [
    fault.policyName,
    ...(fault.errors ?? []).flatMap(({ code, subCategory }) => [code, subCategory]),
    // "Property values were not valid: [{…,"error":"INVALID_EMAIL",…}]": the only place of the code in batch answers.
    ...Array.from(message.matchAll(/"error":"([A-Z_]+)"/g), ([, code]) => code),
    fault.subCategory,
    fault.category,
    fault.errorType,
  ].filter(isCode);
  return codes.find((code) => categoryOf('hubspot', code) !== 'unexpected') ?? codes[0];
}

function namesOf(fault: Fault): string[] {
  const message = typeof fault.message === 'string' ? fault.message : '';
  const listed = (fault.errors ?? []).flatMap((error) => [
    ...contextOf(error, 'propertyName'),
    ...contextOf(error, 'requiredGranularScopes'),
  ]);
  const inMessage = Array.from(message.matchAll(/"error":"[A-Z_]+","name":"([^"]+)"/g), ([, name]) => name);
  return [...new Set([...listed, ...inMessage])].filter(isName);
}

/** What an error says, in codes, names and ids alone. */
export function refusalOf(fault: Fault, status?: number): Refusal {
  const code = codeOf(fault) ?? (status === undefined ? 'BAD_ANSWER' : statusCode(status));
  const existing = typeof fault.message === 'string' ? /Existing ID: (\d+)/.exec(fault.message)?.[1] : undefined;
  return { code, category: categoryFor('hubspot', code, status), names: namesOf(fault), existingId: existing };
}

/** Statuses that speak of the content: another row may pass. */
const rowFaults = new Set([400, 404, 409]);

/** How long to wait where HubSpot does not say it. https://developers.hubspot.com/docs/api-reference/error-handling */
const waits: Readonly<Record<string, number>> = {
  TEN_SECONDLY_ROLLING: 10_000,
  SECONDLY: 1_000,
  // Until midnight in the account's time zone, which the answer does not tell.
  DAILY: 3_600_000,
  HTTP_423: 2_000,
  HTTP_429: 10_000,
};

/** The error of an answer whose status is no success. */
export function refusal(call: Call, answer: Answer): VendorError {
  const { status, headers } = answer;
  const { code, category, names, existingId } = refusalOf(faultSchema.catch({}).parse(parsed(answer)), status);
  const retryAfterMs = retryAfter(headers) ?? waits[code] ?? waits[statusCode(status)];
  return vendorError(call, code, {
    category,
    names,
    existingId,
    retryAfterMs,
    rowFault: rowFaults.has(status),
    mayHaveArrived: call.writes && status >= 500,
  });
}
