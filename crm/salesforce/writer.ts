import { z } from 'zod';
import { vendorError } from '../answer.ts';
import type { Call } from '../calls.ts';
import { pieces, refused, writePieces } from '../rows.ts';
import type { RowResult, SalesforceWriter } from '../types.ts';
import { rowsAnswer } from './answers.ts';
import type { SalesforceConnection } from './connection.ts';
import { refusalOf } from './refusals.ts';
import { name } from './soql.ts';

/** Salesforce's largest collection. */
const batchSize = 200;

/** Conditional writes go one by one; this many at a time. */
const atOnce = 4;

/**
 * An update must not hand a lead to another owner, nor a create that names one. What is created without goes through
 * the org's assignment rules, and its
 * duplicate rules hold for all that we write: both are Salesforce's own defaults.
 */
const noAssignment = { 'Sforce-Auto-Assign': 'FALSE' };

interface Row {
  readonly key: string;
  readonly id?: string;
  readonly names: readonly string[];
  readonly record: Readonly<Record<string, unknown>>;
  readonly ifUnmodifiedSince?: string;
}

export function salesforceWriter({ send }: SalesforceConnection): SalesforceWriter {
  const collection = async (type: string, path: string, headers: Record<string, string>, rows: readonly Row[]) => {
    const records = rows.map(({ id, record }) => ({
      attributes: { type },
      ...record,
      ...(id !== undefined && { id }),
    }));
    const body = { allOrNone: false, records };
    const { call, data } = await send(
      { method: 'PATCH', path, route: `${path} ${type}`, headers, body, writes: true, about: 'type' },
      rowsAnswer,
    );
    return settle(call, rows, data);
  };

  /** One record, only if nobody has changed it since: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_conditional_requests.htm */
  const conditional = async (type: string, row: Row): Promise<RowResult[]> => {
    const { key, id = '', record, ifUnmodifiedSince = '' } = row;
    const condition = { 'If-Unmodified-Since': new Date(ifUnmodifiedSince).toUTCString() };
    await send(
      {
        method: 'PATCH',
        path: `/sobjects/${name(type)}/${encodeURIComponent(id)}`,
        route: `/sobjects/${type}/{id}`,
        headers: { ...noAssignment, ...condition },
        body: record,
        writes: true,
      },
      z.unknown(),
    );
    return [{ key, ok: true, id, created: false }];
  };

  return {
    create: async (type, keyField, rows) => {
      const path = `/composite/sobjects/${name(type)}/${name(keyField)}`;
      const keyed = rows.map(({ key, keyValue, fields }): Row => {
        if (keyValue === '') throw new Error(`Salesforce: a ${type} can't be created without a value for ${keyField}.`);
        return { key, names: Object.keys(fields), record: { ...fields, [keyField]: keyValue } };
      });
      const { owned = [], free = [] } = Object.groupBy(keyed, ({ names }) =>
        names.includes('OwnerId') ? 'owned' : 'free',
      );
      return await writePieces([...pieces(owned, batchSize), ...pieces(free, batchSize)], (piece) =>
        collection(type, path, piece[0]?.names.includes('OwnerId') ? noAssignment : {}, piece),
      );
    },

    remove: (type, rows) => {
      const named = rows.map((row): Row => ({ ...row, names: [], record: {} }));
      return writePieces(pieces(named, batchSize), async (piece) => {
        const ids = piece.map(({ id = '' }) => encodeURIComponent(id)).join(',');
        const { call, data } = await send(
          {
            method: 'DELETE',
            path: `/composite/sobjects?ids=${ids}&allOrNone=false`,
            route: `/composite/sobjects ${type}`,
            writes: true,
          },
          rowsAnswer,
        );
        return settle(call, piece, data);
      });
    },

    update: (type, rows) => {
      const all = rows.map(({ fields, ...row }): Row => ({ ...row, names: Object.keys(fields), record: fields }));
      const { alone = [], together = [] } = Object.groupBy(all, ({ ifUnmodifiedSince }) =>
        ifUnmodifiedSince === undefined ? 'together' : 'alone',
      );
      return writePieces(
        [...pieces(together, batchSize), ...pieces(alone, 1)],
        (piece) =>
          piece[0]?.ifUnmodifiedSince === undefined
            ? collection(type, '/composite/sobjects', noAssignment, piece)
            : conditional(type, piece[0]),
        // Collections side by side would lock each other's parents.
        together.length > 0 ? 1 : atOnce,
      );
    },
  };
}

/** Results come in the order of the request. Another number of them tells nothing of any row. */
function settle(call: Call, rows: readonly Row[], results: z.infer<typeof rowsAnswer>): RowResult[] {
  if (results.length !== rows.length) throw vendorError(call, 'BAD_ANSWER', { mayHaveArrived: true });
  return rows.map(({ key }, i): RowResult => {
    const { id, success, created, errors } = results[i] ?? { success: false };
    if (success && id) return { key, ok: true, id, ...(created !== undefined && created !== null && { created }) };
    return refused(key, refusalOf(errors?.[0] ?? {}));
  });
}
