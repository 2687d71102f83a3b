import { z } from 'zod';
import type { Account } from '../account.ts';
import { badJson, type Context, type Endpoint, queryNumber, readBody } from '../endpoint.ts';
import { compareIds, firstWhere } from '../ids.ts';
import type { List, Membership } from '../list.ts';
import { iso } from '../record.ts';
import { validationError } from '../refusal.ts';

const mostPerPage = 250;
/** Our choice: no maximum is documented; callers use 100. */
const mostInputs = 100;

const batchBody = z.object({ inputs: z.array(z.object({ objectTypeId: z.string(), recordId: z.string() })) });

const bothBody = z.object({
  recordIdsToAdd: z.array(z.string()).default([]),
  recordIdsToRemove: z.array(z.string()).default([]),
});

/** How the members of a list are ordered, and what names a place in that order. */
interface Order {
  readonly members: readonly Membership[];
  readonly key: (membership: Membership) => string;
}

/** Who is in which list, as of the last evaluation. */
export function membershipEndpoints(account: Account): Endpoint[] {
  const { lists } = account;
  const listOf = (c: Context) => lists.get(c.req.param('listId') ?? '');

  function page(c: Context, order: Order): Response {
    const limit = queryNumber(c, 'limit', 100, mostPerPage);
    const after = cursor(c.req.query('after'));
    const before = after === undefined ? cursor(c.req.query('before')) : undefined;
    const { members, key } = order;
    const start = after === undefined ? 0 : firstWhere(members, (member) => compareIds(key(member), after) > 0);
    const end =
      before === undefined ? members.length : firstWhere(members, (member) => compareIds(key(member), before) >= 0);
    const shown =
      before === undefined
        ? members.slice(start, start + limit)
        : members.slice(Math.max(0, end - limit), end).reverse();

    const [first, last] = [shown[0], shown.at(-1)];
    const [low, high] = before === undefined ? [first, last] : [last, first];
    const hasNext = high !== undefined && high !== members.at(-1);
    const hasPrevious = low !== undefined && low !== members[0];
    const url = `${new URL(c.req.url).origin}${c.req.path}?limit=${limit}`;
    const next = hasNext ? encode(key(high)) : '';
    const previous = hasPrevious ? encode(key(low)) : '';
    return c.json({
      results: shown.map(({ recordId, lastAddedAt }) => ({ recordId, membershipTimestamp: iso(lastAddedAt) })),
      total: members.length,
      ...((hasNext || hasPrevious) && {
        paging: {
          ...(hasNext && { next: { after: next, link: `${url}&after=${encodeURIComponent(next)}` } }),
          ...(hasPrevious && { prev: { before: previous, link: `${url}&before=${encodeURIComponent(previous)}` } }),
        },
      }),
    });
  }

  function listsOf(typeId: string, recordId: string): Record<string, unknown>[] {
    return lists.all().flatMap((list) => {
      const membership = list.objectTypeId === typeId ? list.membership(recordId) : undefined;
      if (!membership) return [];
      return {
        listId: list.listId,
        listVersion: list.listVersion,
        firstAddedTimestamp: iso(membership.firstAddedAt),
        lastAddedTimestamp: iso(membership.lastAddedAt),
        isPublicList: list.isPublic,
      };
    });
  }

  function ofRecord(c: Context): Response {
    const { type } = account.recordsOf(c.req.param('objectTypeId') ?? '');
    const results = listsOf(type.typeId, c.req.param('recordId') ?? '');
    return c.json({ results, total: results.length });
  }

  /** A record that is not there, and one in no list, are in no list alike; our choice. */
  async function ofRecords(c: Context): Promise<Response> {
    const { inputs } = await readBody(c, batchBody);
    if (inputs.length > mostInputs) throw validationError(`A batch takes at most ${mostInputs} inputs.`);
    const at = iso(account.clock.now());
    const results = inputs.map(({ objectTypeId, recordId }) => {
      const { typeId } = account.recordsOf(objectTypeId).type;
      return { objectTypeId: typeId, recordId, recordListMemberships: listsOf(typeId, recordId) };
    });
    return c.json({ status: 'COMPLETE', results: results.reverse(), startedAt: at, completedAt: at });
  }

  /** A list whose members people choose. Our choice: the rule is documented, the answer is not. */
  function staticListOf(c: Context): List {
    const list = listOf(c);
    if (list.processingType !== 'DYNAMIC') return list;
    throw validationError(`Members of list ${list.listId} can not be edited: its processingType is DYNAMIC.`);
  }

  /** Members are ignored where they are added, and others where they are removed. */
  function edit(c: Context, list: List, adds: readonly string[], removes: readonly string[]): Response {
    const records = account.recordsOf(list.objectTypeId);
    const settle = (ids: readonly string[], isMember: boolean): string[] =>
      ids.filter((id) => list.settle(id, isMember, account.clock.now()));
    return c.json({
      recordsIdsAdded: settle(
        adds.filter((id) => records.live(id)),
        true,
      ),
      recordIdsRemoved: settle(removes, false),
      recordIdsMissing: adds.filter((id) => !records.live(id)),
    });
  }

  async function addAndRemove(c: Context): Promise<Response> {
    const list = staticListOf(c);
    const { recordIdsToAdd, recordIdsToRemove } = await readBody(c, bothBody);
    return edit(c, list, recordIdsToAdd, recordIdsToRemove);
  }

  function addFrom(c: Context): Response {
    const list = staticListOf(c);
    const source = account.lists.get(c.req.param('sourceId') ?? '');
    if (source.objectTypeId !== list.objectTypeId) {
      throw validationError(`List ${source.listId} holds records of type ${source.objectTypeId}.`); // our choice
    }
    mustBeSmall(source);
    for (const { recordId } of source.byRecord()) list.settle(recordId, true, account.clock.now());
    return c.body(null, 204);
  }

  function removeAll(c: Context): Response {
    const list = staticListOf(c);
    mustBeSmall(list);
    for (const { recordId } of list.byRecord()) list.settle(recordId, false, account.clock.now());
    return c.body(null, 204);
  }

  const path = '/crm/v3/lists';
  const paging = ['after', 'before', 'limit'];
  return [
    {
      method: 'GET',
      path: `${path}/:listId/memberships`,
      query: paging,
      answer: (c) => page(c, { members: listOf(c).byRecord(), key: ({ recordId }) => recordId }),
    },
    {
      method: 'GET',
      path: `${path}/:listId/memberships/join-order`,
      query: paging,
      answer: (c) => page(c, { members: listOf(c).byJoin(), key: ({ sequence }) => String(sequence) }),
    },
    {
      method: 'PUT',
      path: `${path}/:listId/memberships/add`,
      answer: async (c) => edit(c, staticListOf(c), parseIds(await c.req.text()), []),
    },
    {
      method: 'PUT',
      path: `${path}/:listId/memberships/remove`,
      answer: async (c) => edit(c, staticListOf(c), [], parseIds(await c.req.text())),
    },
    { method: 'PUT', path: `${path}/:listId/memberships/add-and-remove`, answer: addAndRemove },
    { method: 'PUT', path: `${path}/:listId/memberships/add-from/:sourceId`, answer: addFrom },
    { method: 'DELETE', path: `${path}/:listId/memberships`, answer: removeAll },
    { method: 'GET', path: `${path}/records/:objectTypeId/:recordId/memberships`, answer: ofRecord },
    { method: 'POST', path: `${path}/records/memberships/batch/read`, answer: ofRecords },
  ];
}

const mostAtOnce = 100_000;

/** Our choice, the text. */
function mustBeSmall(list: List): void {
  if (list.size > mostAtOnce) throw validationError(`List ${list.listId} has more than ${mostAtOnce} members.`);
}

function parseIds(text: string): string[] {
  try {
    return z.array(z.union([z.string(), z.int()]).transform(String)).parse(JSON.parse(text));
  } catch {
    throw badJson(text);
  }
}

function encode(key: string): string {
  return Buffer.from(key).toString('base64');
}

/** The place that a cursor names. Throws where it is none that a page gave; our choice. */
function cursor(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  const key = Buffer.from(text, 'base64').toString();
  if (/^\d+$/.test(key)) return key;
  throw validationError(`Invalid paging cursor ${text}.`);
}
