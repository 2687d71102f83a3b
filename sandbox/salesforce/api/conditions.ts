import { Refusal } from '../refusal.ts';
import { fromStamp, parseHttpDate } from '../stamps.ts';
import type { Answer } from './endpoint.ts';

/**
 * Compares a record's last change with the headers that make a call conditional, to the second. Answers 304 or 412
 * with no body, or undefined where the call may go on. A date that is none is refused on writes and passed over on
 * reads.
 */
export function unmet(headers: Headers, changedAt: string, isWrite: boolean): Answer | undefined {
  const changed = fromStamp(changedAt);
  const unmodified = dateIn(headers, 'If-Unmodified-Since', isWrite);
  if (unmodified !== undefined && changed > unmodified) return { status: 412 };
  const modified = dateIn(headers, 'If-Modified-Since', isWrite);
  if (modified !== undefined && changed <= modified) return { status: isWrite ? 412 : 304 };
  return undefined;
}

function dateIn(headers: Headers, name: string, isWrite: boolean): number | undefined {
  const text = headers.get(name);
  if (text === null) return undefined;
  const ms = parseHttpDate(text);
  if (ms === undefined && isWrite) throw new Refusal(400, 'BAD_REQUEST', `Invalid value of header ${name}: ${text}`);
  return ms;
}
