import { z } from 'zod';
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
const match = z.object({ matchRecords: z.array(z.object({ record: z.object({ Id: z.string() }) })) });
const duplicates = z
  .object({ matchResults: z.array(match) })
  .optional()
  .catch(undefined);

/** An error of Salesforce: direct answers say `errorCode`, rows of collections `statusCode`, token answers `error`. */
export const faultSchema = z.object({
  errorCode: loose,
  statusCode: loose,
  error: loose,
  message: loose,
  fields: loose,
  // Misspelt by Salesforce in the versions that were seen; newer ones may spell it right.
  duplicateResut: duplicates,
  duplicateResult: duplicates,
});
export type Fault = z.infer<typeof faultSchema>;

/** Some codes mean two things, and the text alone tells which. */
function refined(code: string, message: string): string {
  if (code === 'REQUEST_LIMIT_EXCEEDED' && message.startsWith('ConcurrentRequests')) return `${code}_CONCURRENT`;
  // A trigger that met a locked row: the row itself is fine.
  if (code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' && message.includes('UNABLE_TO_LOCK_ROW'))
    return 'UNABLE_TO_LOCK_ROW';
  if (code === 'NOT_FOUND' && message.startsWith('Provided external ID field')) return 'NO_SUCH_EXTERNAL_ID';
  return code;
}

/** What an error says, in codes, names and ids alone. */
export function refusalOf(fault: Fault, status?: number): Refusal {
  const message = typeof fault.message === 'string' ? fault.message : '';
  const code = [fault.statusCode, fault.errorCode, fault.error].find(isCode);
  const known = refined(code ?? (status === undefined ? 'BAD_ANSWER' : statusCode(status)), message);
  const column = code === 'INVALID_FIELD' ? /No such column '(\w+)'/.exec(message)?.[1] : undefined;
  const names = [...(Array.isArray(fault.fields) ? fault.fields : []), column].filter(isName);
  return {
    code: known,
    category: categoryFor('salesforce', known, status),
    names,
    existingId: existingOf(fault, message),
  };
}

function existingOf(fault: Fault, message: string): string | undefined {
  const results = (fault.duplicateResut ?? fault.duplicateResult)?.matchResults ?? [];
  const ids = results.flatMap(({ matchRecords }) => matchRecords.map(({ record }) => record.Id));
  const [only, ...others] = ids;
  return others.length > 0 ? undefined : (only ?? /record with id: (\w{15,18})/.exec(message)?.[1]);
}

/** How long to wait where Salesforce does not say it, which is always. */
const waits: Readonly<Record<string, number>> = {
  // The allowance is of the last 24 hours: it comes back little by little.
  REQUEST_LIMIT_EXCEEDED: 3_600_000,
  REQUEST_LIMIT_EXCEEDED_CONCURRENT: 10_000,
};

/** The error of an answer whose status is no success. `about` says what a 404 of the path speaks of. */
export function refusal(call: Call, answer: Answer, about: 'type' | 'record' = 'record'): VendorError {
  const { status, headers } = answer;
  const fault = faultOf(answer);
  const { code, category, names, existingId } = refusalOf(fault, status);
  if (status === 404 && about === 'type') {
    return vendorError(call, code === 'NO_SUCH_EXTERNAL_ID' ? code : 'NO_SUCH_TYPE');
  }
  return vendorError(call, code, {
    category,
    names,
    existingId,
    retryAfterMs: retryAfter(headers) ?? waits[code],
    rowFault: isRowFault(status, code),
    mayHaveArrived: call.writes && status >= 500,
  });
}

/** What a refused answer says to people, in Salesforce's words: it may quote whatever was asked. */
export function wordsOf(answer: Answer): string | undefined {
  const { message } = faultOf(answer);
  return typeof message === 'string' && message.trim() !== '' ? message.trim() : undefined;
}

function faultOf(answer: Answer): Fault {
  const body = parsed(answer);
  return faultSchema.catch({} as Fault).parse(Array.isArray(body) ? body[0] : body);
}

/** Statuses that speak of the content: another row may pass. A 403 does so only where it is about one record. */
const isRowFault = (status: number, code: string): boolean =>
  [300, 400, 404, 409, 412].includes(status) || (status === 403 && code.startsWith('INSUFFICIENT_ACCESS'));
