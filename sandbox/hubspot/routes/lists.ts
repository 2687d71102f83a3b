import { z } from 'zod';
import type { Account } from '../account.ts';
import { type Context, type Endpoint, queryList, readBody } from '../endpoint.ts';
import type { List } from '../list.ts';
import { iso } from '../record.ts';
import { Refusal, validationError } from '../refusal.ts';

const processingType = z.enum(['DYNAMIC', 'MANUAL', 'SNAPSHOT']);
const createBody = z.object({
  name: z.string(),
  objectTypeId: z.string(),
  processingType,
  filterBranch: z.unknown().optional(),
});
const filtersBody = z.object({ filterBranch: z.unknown() });
const searchBody = z.object({
  query: z.string().optional(),
  listIds: z.array(z.string()).optional(),
  processingTypes: z.array(processingType).optional(),
  objectTypeId: z.string().optional(),
  additionalProperties: z.array(z.string()).default([]),
  offset: z.int().min(0).default(0),
  count: z.int().min(0).default(20),
});
const mostPerSearch = 500;

/** `/crm/v3/lists`: definitions of lists (segments). Members are in `memberships.ts`. */
export function listEndpoints(account: Account): Endpoint[] {
  const { lists } = account;
  const listOf = (c: Context) => lists.get(c.req.param('listId') ?? '');
  const withFilters = (c: Context) => c.req.query('includeFilters') === 'true';

  async function create(c: Context): Promise<Response> {
    return c.json({ list: lists.create(await readBody(c, createBody)).json(false) });
  }

  function readMany(c: Context): Response {
    const found = queryList(c, 'listIds').flatMap((listId) => lists.find(listId) ?? []);
    return c.json({ lists: found.map((list) => list.json(withFilters(c))) });
  }

  function readByName(c: Context): Response {
    const [type, name] = [c.req.param('objectTypeId') ?? '', c.req.param('listName') ?? ''];
    const list = lists.byName(type, name);
    if (list) return c.json({ list: list.json(withFilters(c)) });
    throw new Refusal(404, { message: `List does not exist with name ${name}.`, category: 'OBJECT_NOT_FOUND' });
  }

  async function search(c: Context): Promise<Response> {
    const { query = '', listIds, processingTypes, objectTypeId, offset, count } = await readBody(c, searchBody);
    if (count > mostPerSearch) throw validationError(`count must be at most ${mostPerSearch}.`);
    const found = lists
      .all()
      .filter(
        (list) =>
          list.isPublic &&
          list.name.toLowerCase().includes(query.toLowerCase()) &&
          (listIds?.includes(list.listId) ?? true) &&
          (processingTypes?.includes(list.processingType) ?? true) &&
          (objectTypeId ?? list.objectTypeId) === list.objectTypeId,
      );
    const page = found.slice(offset, offset + count);
    return c.json({
      lists: page.map(searchJson),
      total: found.length,
      offset: offset + page.length,
      hasMore: offset + page.length < found.length,
    });
  }

  async function updateFilters(c: Context): Promise<Response> {
    const { listId } = listOf(c);
    const { filterBranch } = await readBody(c, filtersBody);
    return c.json({ updatedList: lists.updateFilters(listId, filterBranch).json(false) });
  }

  function rename(c: Context): Response {
    const list = lists.rename(c.req.param('listId') ?? '', c.req.query('listName') ?? '');
    return c.json({ updatedList: list.json(withFilters(c)) });
  }

  function restore(c: Context): Response {
    lists.restore(c.req.param('listId') ?? '');
    return c.body(null, 204);
  }

  function remove(c: Context): Response {
    lists.delete(c.req.param('listId') ?? '');
    return c.body(null, 204);
  }

  const path = '/crm/v3/lists';
  return [
    { method: 'POST', path, answer: create },
    { method: 'GET', path, query: ['listIds', 'includeFilters'], answer: readMany },
    { method: 'POST', path: `${path}/search`, answer: search },
    {
      method: 'GET',
      path: `${path}/object-type-id/:objectTypeId/name/:listName`,
      query: ['includeFilters'],
      answer: readByName,
    },
    {
      method: 'GET',
      path: `${path}/:listId`,
      query: ['includeFilters'],
      answer: (c) => c.json({ list: listOf(c).json(withFilters(c)) }),
    },
    {
      method: 'PUT',
      path: `${path}/:listId/update-list-filters`,
      query: ['enrollObjectsInWorkflows'],
      answer: updateFilters,
    },
    {
      method: 'PUT',
      path: `${path}/:listId/update-list-name`,
      query: ['listName', 'includeFilters'],
      answer: rename,
    },
    { method: 'PUT', path: `${path}/:listId/restore`, answer: restore },
    { method: 'DELETE', path: `${path}/:listId`, answer: remove },
  ];
}

function searchJson(list: List): Record<string, unknown> {
  const joins = list.byJoin();
  const last = joins.at(-1);
  return {
    ...list.summary(),
    additionalProperties: {
      hs_list_size: String(list.size),
      ...(last && { hs_last_record_added_at: iso(last.lastAddedAt) }),
    },
  };
}
