import { z } from 'zod';
import type { Account } from '../account.ts';
import { associatedJson, associating, newAssociations } from '../associating.ts';
import { type Context, type Endpoint, queryList, queryNumber, readBody } from '../endpoint.ts';
import type { StoredRecord } from '../record.ts';
import { recordJson, shownAfterWrite } from '../record-json.ts';
import type { Records } from '../records.ts';
import { recordNotFound, validationError } from '../refusal.ts';
import { checkWrite } from './writing.ts';

/** Values of a write, as far as JSON goes; what HubSpot takes of them is decided property by property. */
export const propertyValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Our choice: the facts speak of a smaller page with history, and 50 is what callers report. */
export const mostWithHistory = 50;

const createBody = z.object({ properties: propertyValues, associations: newAssociations.default([]) });
const updateBody = z.object({ properties: propertyValues });
const mergeBody = z.object({ primaryObjectId: z.string(), objectIdToMerge: z.string() });
const eraseBody = z.object({ objectId: z.string(), idProperty: z.string().optional() });
const reading = ['properties', 'propertiesWithHistory', 'associations', 'archived'];

/** `/crm/v3/objects/{type}`: one record at a time, and the list of all. */
export function objectEndpoints(account: Account): Endpoint[] {
  const recordsOf = (c: Context) => account.recordsOf(c.req.param('type') ?? '');

  /** The record of the path, by id or `idProperty`; archived ones where the caller asks for those alone. */
  function recordOf(c: Context, records: Records): StoredRecord {
    const id = c.req.param('id') ?? '';
    const idProperty = c.req.query('idProperty');
    const found =
      c.req.query('archived') === 'true' ? archivedById(records, id, idProperty) : records.locate(id, idProperty);
    if (!found) throw recordNotFound(id);
    return found;
  }

  function list(c: Context): Response {
    const records = recordsOf(c);
    const history = queryList(c, 'propertiesWithHistory');
    const limit = queryNumber(c, 'limit', 10, history.length > 0 ? mostWithHistory : 100);
    const isArchived = c.req.query('archived') === 'true';
    const page: StoredRecord[] = [];
    for (const record of records.after(c.req.query('after'))) {
      if ((record.archivedAt !== undefined) === isArchived) page.push(record);
      if (page.length > limit) break;
    }
    const shown = { properties: shownProperties(records, queryList(c, 'properties')), history };
    const related = queryList(c, 'associations');
    const last = page[limit - 1];
    const link = `${new URL(c.req.url).origin}${c.req.path}?limit=${limit}&after=${last?.id}`;
    return c.json({
      results: page
        .slice(0, limit)
        .map((record) => ({ ...recordJson(account, record, shown), ...associatedJson(account, record, related) })),
      ...(page.length > limit && { paging: { next: { after: last?.id, link } } }),
    });
  }

  function read(c: Context): Response {
    const records = recordsOf(c);
    const properties = shownProperties(records, queryList(c, 'properties'));
    const history = queryList(c, 'propertiesWithHistory');
    const record = recordOf(c, records);
    const related = associatedJson(account, record, queryList(c, 'associations'));
    return c.json({ ...recordJson(account, record, { properties, history }), ...related });
  }

  async function create(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { properties, associations } = await readBody(c, createBody);
    const associate = associating(account, records.type.typeId, associations);
    const record = records.apply(checkWrite(account, c, records, properties), account.apiSource);
    associate(record);
    account.traffic.wrote('create', records.type.name, record.id, Object.keys(properties));
    return c.json(recordJson(account, record, { properties: shownAfterWrite(record, Object.keys(properties)) }), 201);
  }

  async function update(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { properties } = await readBody(c, updateBody);
    const record = records.apply(checkWrite(account, c, records, properties, recordOf(c, records)), account.apiSource);
    account.traffic.wrote('update', records.type.name, record.id, Object.keys(properties));
    return c.json(recordJson(account, record, { properties: shownAfterWrite(record, Object.keys(properties)) }));
  }

  /** Our choice, for lack of documentation: a record that is not there is archived with the same 204. */
  function archive(c: Context): Response {
    const records = recordsOf(c);
    const id = c.req.param('id') ?? '';
    const there = records.live(id);
    if (there) account.guards.mustBeUnlocked(there);
    const record = records.archive(id, account.apiSource);
    if (record) account.traffic.wrote('archive', records.type.name, record.id, ['*']);
    return c.body(null, 204);
  }

  async function merge(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { primaryObjectId, objectIdToMerge } = await readBody(c, mergeBody);
    const [winner, other] = [primaryObjectId, objectIdToMerge].map((id) => {
      const record = records.live(id);
      if (!record) throw recordNotFound(id);
      return record;
    }) as [StoredRecord, StoredRecord];
    // Our choice, the text.
    if (winner === other) throw validationError('A record can not be merged with itself.');
    for (const record of [winner, other]) account.guards.mustBeUnlocked(record);
    account.merge(records, winner, other, account.apiSource);
    account.traffic.wrote('update', records.type.name, winner.id, ['*']);
    return c.json(recordJson(account, winner, { properties: records.type.shownByDefault }));
  }

  /** Our choice: somebody who is not there is answered 404. */
  async function erase(c: Context): Promise<Response> {
    const records = account.recordsOf('contacts');
    const { objectId, idProperty } = await readBody(c, eraseBody);
    const record = records.locate(objectId, idProperty) ?? archivedRecord(records, objectId, idProperty);
    if (!record) throw recordNotFound(objectId);
    records.erase(record, account.apiSource);
    account.traffic.wrote('archive', records.type.name, record.id, ['*']);
    return c.body(null, 204);
  }

  const path = '/crm/v3/objects/:type';
  return [
    { method: 'POST', path: '/crm/v3/objects/contacts/gdpr-delete', answer: erase },
    { method: 'POST', path: `${path}/merge`, answer: merge },
    { method: 'GET', path, query: [...reading, 'limit', 'after'], answer: list },
    { method: 'POST', path, answer: create },
    { method: 'GET', path: `${path}/:id`, query: [...reading, 'idProperty'], answer: read },
    { method: 'PATCH', path: `${path}/:id`, query: ['idProperty'], answer: update },
    { method: 'DELETE', path: `${path}/:id`, answer: archive },
  ];
}

/** The properties that an answer shows: those asked for, or the usual ones. */
export function shownProperties(records: Records, asked: readonly string[]): readonly string[] {
  return asked.length > 0 ? asked : records.type.shownByDefault;
}

function archivedById(records: Records, id: string, idProperty: string | undefined): StoredRecord | undefined {
  if (idProperty !== undefined && idProperty !== 'hs_object_id') {
    throw validationError('Archived records can only be read by their id.');
  }
  const record = records.find(id);
  return record?.archivedAt === undefined ? undefined : record;
}

/** Erasing reaches archived contacts too, by their id. */
const archivedRecord = (records: Records, id: string, idProperty: string | undefined): StoredRecord | undefined =>
  idProperty === undefined ? records.find(id) : undefined;
