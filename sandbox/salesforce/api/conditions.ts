import { createHash } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import { fromStamp, parseHttpDate } from '../stamps.ts';
import type { Row } from '../store.ts';
import { type Answer, lastModified } from './endpoint.ts';

/**
 * Compares a record's last change with the headers that make a call conditional, to the second. Answers 304 or 412
 * with no body, or undefined where the call may go on. A date that is none is refused on writes and passed over on
 * reads.
 */
export function unmet(headers: Headers, row: Row, isWrite: boolean): Answer | undefined {
  const byTag = hasTags(row) ? unmetTags(headers, etagOf(row), isWrite) : undefined;
  if (byTag) return byTag;
  const changedAt = lastModified(row);
  const changed = fromStamp(changedAt);
  const unmodified = dateIn(headers, 'If-Unmodified-Since', isWrite);
  if (unmodified !== undefined && changed > unmodified) return { status: 412 };
  const modified = dateIn(headers, 'If-Modified-Since', isWrite);
  if (modified !== undefined && changed <= modified) return { status: isWrite ? 412 : 304 };
  return undefined;
}

/** Only accounts have ETags. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm */
export const hasTags = ({ object }: Row): boolean => object.name === 'Account';

/** Our choice: a hash of all values, in the form that Salesforce's have. */
export const etagOf = ({ values }: Row): string =>
  `"${createHash('sha1').update(JSON.stringify(values)).digest('base64')}-gzip"`;

function unmetTags(headers: Headers, tag: string, isWrite: boolean): Answer | undefined {
  const lists = (name: string): boolean | undefined => {
    const text = headers.get(name);
    return text === null ? undefined : text.trim() === '*' || text.split(',').some((each) => each.trim() === tag);
  };
  if (lists('if-match') === false) return { status: 412 };
  if (lists('if-none-match') === true) return { status: isWrite ? 412 : 304 };
  return undefined;
}

function dateIn(headers: Headers, name: string, isWrite: boolean): number | undefined {
  const text = headers.get(name);
  if (text === null) return undefined;
  const ms = parseHttpDate(text);
  if (ms === undefined && isWrite) throw new Refusal(400, 'BAD_REQUEST', `Invalid value of header ${name}: ${text}`);
  return ms;
}
