import type { Account } from '../account.ts';
import type { Context } from '../endpoint.ts';
import type { StoredRecord } from '../record.ts';
import type { CheckedWrite, Claims, RawValues, Records } from '../records.ts';

/** Paths from this version on enforce the account's own rules. */
const strictSince = '2026-09';

/** Checks what an API client wants to write, as the version of its path has it. Throws what HubSpot answers. */
export function checkWrite(
  account: Account,
  c: Context,
  records: Records,
  raw: RawValues,
  record?: StoredRecord,
  claims?: Claims,
): CheckedWrite {
  if (record) account.guards.mustBeUnlocked(record);
  const write = records.check(raw, record, claims);
  const version = /\/(\d{4}-\d{2})\//.exec(new URL(c.req.url).pathname)?.[1];
  if (version !== undefined && version >= strictSince) account.guards.mustBeComplete(records.type.name, write);
  return write;
}
