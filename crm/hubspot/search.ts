import { distinct, readPieces } from '../rows.ts';
import type { HubSpotReader } from '../types.ts';
import { type RecordAnswer, searchAnswer } from './answers.ts';
import type { Send } from './connection.ts';
import { paths } from './paths.ts';
import { modifiedAt } from './records.ts';

/** HubSpot's most values of one IN; texts in it must be in small letters. */
const mostValues = 100;
/** HubSpot's largest page of a search. */
const pageSize = 200;

type Filter =
  | { propertyName: string; operator: 'GT' | 'GTE' | 'EQ'; value: string }
  | { propertyName: string; operator: 'IN'; values: readonly string[] };

const modifiedProperty = (type: string): string =>
  type === 'contacts' || type === '0-1' ? 'lastmodifieddate' : 'hs_lastmodifieddate';

export function searchReads(send: Send): Pick<HubSpotReader, 'changedSince' | 'count' | 'idsWith'> {
  const search = async (type: string, groups: readonly (readonly Filter[])[], sortBy: string, limit: number) => {
    const body = {
      filterGroups: groups.map((filters) => ({ filters })),
      sorts: [{ propertyName: sortBy, direction: 'ASCENDING' }],
      properties: [modifiedProperty(type)],
      limit,
    };
    const { data } = await send({ method: 'POST', path: paths.search(type), body }, searchAnswer);
    return { total: data.total, results: data.results, more: Boolean(data.paging?.next) };
  };

  return {
    /**
     * Each page is a search of its own, so the 10,000 results that one search may page through don't matter. HubSpot
     * sorts by one property only: within one stamp the order is unknown, and a page that ends there may lack any record
     * of it. So the last stamp of a full page is left for the next page; where it fills a page alone, its records are
     * read in the order of ids.
     */
    changedSince: async (type, since, afterId) => {
      const property = modifiedProperty(type);
      const filter = (operator: 'GT' | 'GTE' | 'EQ', at: string): Filter => ({
        propertyName: property,
        operator,
        value: String(Date.parse(at)),
      });
      const beyond = (id: string): Filter => ({ propertyName: 'hs_object_id', operator: 'GT', value: id });
      const inside = (at: string, id: string | undefined): Filter[] => [filter('EQ', at), ...(id ? [beyond(id)] : [])];
      const start = afterId ? [[filter('GT', since)], inside(since, afterId)] : [[filter('GTE', since)]];

      const page = await search(type, start, property, pageSize);
      const last = page.results.at(-1);
      if (!page.more || !last) return { rows: rowsOf(page.results), more: page.more };
      const lastStamp = modifiedAt(last);
      const whole = page.results.filter((record) => modifiedAt(record) !== lastStamp);
      if (whole.length > 0) return { rows: rowsOf(whole), more: true };
      const sameStamp = lastStamp === new Date(since).toISOString() ? afterId : undefined;
      const { results } = await search(type, [inside(lastStamp, sameStamp)], 'hs_object_id', pageSize);
      return { rows: rowsOf(results), more: true };
    },

    idsWith: async (type, property, values) => {
      const pages = await readPieces(
        distinct(values.map((value) => value.toLowerCase())),
        mostValues,
        async (piece) => {
          const filter: Filter = { propertyName: property, operator: 'IN', values: piece };
          return (await search(type, [[filter]], 'hs_object_id', pageSize)).results.map(({ id }) => id);
        },
      );
      return pages.flat();
    },

    count: async (type) => (await search(type, [], 'hs_object_id', 1)).total,
  };
}

const byId = (a: string, b: string): number => a.length - b.length || a.localeCompare(b);

function rowsOf(results: readonly RecordAnswer[]) {
  return results
    .map((record) => ({ id: record.id, modifiedAt: modifiedAt(record), createdAt: record.createdAt }))
    .sort((a, b) => a.modifiedAt.localeCompare(b.modifiedAt) || byId(a.id, b.id));
}
