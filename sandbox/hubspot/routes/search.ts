import { z } from 'zod';
import type { Account } from '../account.ts';
import { type Context, type Endpoint, readBody } from '../endpoint.ts';
import type { StoredRecord } from '../record.ts';
import { recordJson } from '../record-json.ts';
import { validationError } from '../refusal.ts';
import { checkQuery, search, searchOperators } from '../search.ts';
import { shownProperties } from './objects.ts';

const mostCharacters = 3000;
const mostPerPage = 200;
const window = 10_000;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const filter = z.object({
  propertyName: z.string(),
  operator: z.enum(searchOperators),
  value: text.optional(),
  values: z.array(text).optional(),
  highValue: text.optional(),
});
const body = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filter) })).default([]),
  filters: z.array(filter).optional(),
  sorts: z
    .array(
      z.union([
        z.string(),
        z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).optional() }),
      ]),
    )
    .default([]),
  query: z.string().optional(),
  properties: z.array(z.string()).default([]),
  limit: z.int().default(10),
  after: z.union([z.string(), z.number()]).transform(Number).optional(),
});

/** `POST /crm/v3/objects/{type}/search`, over an index that lags behind the records. */
export function searchEndpoints(account: Account): Endpoint[] {
  /** By a type's name in one or many. */
  function associated(record: StoredRecord, name: string): readonly string[] {
    const type = account.types.find((candidate) => [candidate.name, candidate.singular.toLowerCase()].includes(name));
    if (!type)
      throw validationError(`There was a problem with the request. Property "associations.${name}" does not exist`);
    const from = { typeId: record.type.typeId, id: record.id };
    return account.associations.of(from, type.typeId).map(({ to }) => to.id);
  }

  async function answer(c: Context): Promise<Response> {
    const records = account.recordsOf(c.req.param('type') ?? '');
    // Our choice, the bodies of these refusals: only the limits are documented.
    const characters = (await c.req.text()).length;
    if (characters > mostCharacters) {
      throw validationError(`The request body has ${characters} characters; at most ${mostCharacters} are allowed.`);
    }
    const { filterGroups, filters, sorts, query, properties, limit, after = 0 } = await readBody(c, body);
    if (limit < 1 || limit > mostPerPage) throw validationError(`limit must be from 1 to ${mostPerPage}.`);
    if (!Number.isInteger(after) || after < 0) throw validationError('after must be a number that paging.next gave.');
    if (after >= window) throw validationError(`A search shows at most ${window} results; page after ${after}.`);

    const asked = {
      groups: [...filterGroups.map((group) => group.filters), ...(filters ? [filters] : [])],
      sort: sortOf(sorts[0]),
      text: query === '' ? undefined : query,
    };
    checkQuery(asked, records);
    const asOf = account.clock.now() - account.searchLagMs;
    const found = search(asked, records, asOf, associated);
    const end = Math.min(after + limit, window);
    const shown = { properties: shownProperties(records, properties), asOf };
    return c.json({
      total: found.length,
      results: found.slice(after, end).map((record) => recordJson(account, record, shown)),
      ...(found.length > end && { paging: { next: { after: String(end) } } }),
    });
  }

  return [{ method: 'POST', path: '/crm/v3/objects/:type/search', limit: 'search', answer }];
}

function sortOf(sort: z.output<typeof body>['sorts'][number] | undefined) {
  if (sort === undefined) return undefined;
  if (typeof sort !== 'string') return { property: sort.propertyName, descending: sort.direction === 'DESCENDING' };
  return sort.startsWith('-') ? { property: sort.slice(1), descending: true } : { property: sort, descending: false };
}
