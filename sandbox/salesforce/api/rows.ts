import type { Field, Values } from '../fields.ts';
import { toId18 } from '../ids.ts';
import type { ObjectType } from '../objects/index.ts';
import { noSuchColumn, Refusal, recordDeleted, resourceMissing } from '../refusal.ts';
import { attributesOf } from '../soql/projection.ts';
import { fromStamp, toHttpDate } from '../stamps.ts';
import type { Row, Table } from '../store.ts';
import { etagOf, hasTags, unmet } from './conditions.ts';
import {
  type Answer,
  type Call,
  type Endpoint,
  lastModified,
  noContent,
  type Org,
  objectBody,
  tableOf,
  writable,
} from './endpoint.ts';

/** Single records, by id and by external id. */
export function rowEndpoints(org: Org): Endpoint[] {
  const byId = (call: Call) => rowById(tableOf(org, call.params.type), call.params.id ?? '');
  const byKey = (call: Call) => {
    const table = tableOf(org, call.params.type);
    return { table, ...keyedRows(table, call.params.field ?? '', call.params.value ?? '') };
  };
  const onlyOf = (call: Call): Row | Answer => {
    const { rows } = byKey(call);
    if (rows.length > 1) return choices(call, rows);
    if (!rows[0]) throw resourceMissing();
    return rows[0];
  };

  const read = (call: Call, row: Row): Answer => {
    const refused = unmet(call.headers, row, false);
    if (refused) return refused;
    const headers = {
      'Last-Modified': toHttpDate(fromStamp(lastModified(row))),
      ...(hasTags(row) && { ETag: etagOf(row) }),
    };
    return { status: 200, headers, body: recordOf(row, call.basePath, fieldsAsked(call, row.object)) };
  };
  const update = (call: Call, row: Row): Answer => {
    const refused = unmet(call.headers, row, true);
    if (refused) return refused;
    org.records.update(call.unit, row, withoutId(call.body), call.actor);
    return noContent;
  };
  const remove = (call: Call, row: Row): Answer => {
    writable(row.object);
    org.records.remove(call.unit, row, call.actor);
    return noContent;
  };

  return [
    {
      method: 'POST',
      path: '/sobjects/:type',
      handle: (call) => {
        const { object } = tableOf(org, call.params.type);
        return created(call, object, org.records.create(call.unit, writable(object), withoutId(call.body), call.actor));
      },
    },
    { method: 'GET', path: '/sobjects/:type/:id', parameters: ['fields'], handle: (call) => read(call, byId(call)) },
    {
      method: 'PATCH',
      path: '/sobjects/:type/:id',
      handle: (call) => {
        const row = byId(call);
        writable(row.object);
        return update(call, row);
      },
    },
    { method: 'DELETE', path: '/sobjects/:type/:id', handle: (call) => remove(call, byId(call)) },
    {
      method: 'GET',
      path: '/sobjects/:type/:field/:value',
      parameters: ['fields'],
      handle: (call) => {
        const row = onlyOf(call);
        return 'status' in row ? row : read(call, row);
      },
    },
    {
      method: 'DELETE',
      path: '/sobjects/:type/:field/:value',
      handle: (call) => {
        const row = onlyOf(call);
        return 'status' in row ? row : remove(call, row);
      },
    },
    {
      method: 'PATCH',
      path: '/sobjects/:type/:field/:value',
      parameters: ['updateOnly'],
      handle: (call) => {
        const { table, field, rows } = byKey(call);
        writable(table.object);
        const body = withoutId(call.body);
        if (Object.keys(body).some((name) => name.toLowerCase() === field.name.toLowerCase())) {
          throw new Refusal(
            400,
            'INVALID_FIELD',
            `The ${field.name} field should not be specified in the sobject data.`,
          );
        }
        if (rows.length > 1) return choices(call, rows);
        const row = rows[0];
        if (!row && call.query.get('updateOnly') === 'true') throw resourceMissing();
        if (!row) {
          const input = { ...body, [field.name]: call.params.value };
          const id = org.records.create(call.unit, table.object, input, call.actor);
          return created(call, table.object, id, call.version >= 46 ? { created: true } : {});
        }
        const answer = update(call, row);
        // Whether an update answers 200 with a body or 204 is documented both ways; 200 from version 46 on is our choice.
        if (answer.status !== 204 || call.version < 46) return answer;
        return { status: 200, body: { id: row.id, success: true, errors: [], created: false } };
      },
    },
  ];
}

function created(call: Call, object: ObjectType, id: string, more: object = {}): Answer {
  const headers = { Location: `${call.basePath}/sobjects/${object.name}/${id}` };
  return { status: 201, headers, body: { id, success: true, errors: [], ...more } };
}

const choices = (call: Call, rows: readonly Row[]): Answer => ({
  status: 300,
  body: rows.map(({ id, object }) => `${call.basePath}/sobjects/${object.name}/${id}`),
});

/** A live row. Throws `NOT_FOUND` or `ENTITY_IS_DELETED`. */
function rowById(table: Table, id: string): Row {
  const id18 = toId18(id);
  if (id18 === undefined) throw noSuchKey(id);
  const row = table.get(id18);
  if (!row?.values) throw resourceMissing();
  if (row.values.IsDeleted === true) throw recordDeleted();
  return row;
}

const noSuchKey = (name: string): Refusal =>
  new Refusal(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`);

/** Live rows by a field that may serve as a key. Throws `NOT_FOUND` where the field may not. */
export function keyedRows(table: Table, name: string, value: string): { field: Field; rows: readonly Row[] } {
  const field = table.object.field(name);
  if (!field || field.type === 'id' || !(field.externalId || field.idLookup)) throw noSuchKey(name);
  return { field, rows: table.byKey(field, value) ?? [] };
}

function withoutId(body: unknown): Record<string, unknown> {
  const input = objectBody(body);
  if (Object.keys(input).some((name) => name.toLowerCase() === 'id')) {
    throw new Refusal(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.');
  }
  return input;
}

function fieldsAsked(call: Call, object: ObjectType): readonly Field[] {
  const asked = call.query.get('fields');
  return asked === null ? object.fields() : fieldsNamed(object, asked.split(','));
}

/** Throws `INVALID_FIELD`. */
export function fieldsNamed(object: ObjectType, names: readonly string[]): Field[] {
  return names.map((name) => {
    const field = object.field(name.trim());
    if (!field) throw noSuchColumn(name.trim(), object.name);
    return field;
  });
}

/** A record with these fields, its id always among them. */
export function recordOf(row: Row, basePath: string, fields: readonly Field[]): Record<string, unknown> {
  const values = row.values as Values;
  const own = fields.map(({ name }) => [name, values[name] ?? null] as const);
  return { attributes: attributesOf(basePath, row.object.name, row.id), ...Object.fromEntries(own), Id: row.id };
}
