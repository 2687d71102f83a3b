import { z } from 'zod';
import { toId18 } from '../ids.ts';
import type { ObjectType } from '../objects/index.ts';
import { badId, Refusal } from '../refusal.ts';
import type { Row } from '../store.ts';
import { type Call, type Endpoint, type Org, ok, tableOf, writable } from './endpoint.ts';
import { fieldsNamed, keyedRows, recordOf } from './rows.ts';

type Saved = { readonly id: string; readonly created?: boolean };
type Item = Saved & { readonly success: true; readonly errors: readonly [] };
type Failed = { readonly success: false; readonly errors: readonly ReturnType<Refusal['item']>[] };

const mostRows = 200;
const mostRead = 2000;
const mostChunks = 10;

const recordSchema = z.looseObject({ attributes: z.looseObject({ type: z.string() }) });
const writeSchema = z.looseObject({ allOrNone: z.boolean().default(false), records: z.array(recordSchema) });
const readSchema = z.looseObject({ ids: z.array(z.string()), fields: z.array(z.string()).min(1) });
type RecordInput = z.output<typeof recordSchema>;

/** Up to 200 records in one call, each with its own answer, in the order of the request. */
export function collectionEndpoints(org: Org): Endpoint[] {
  const objectOf = (record: RecordInput): ObjectType => {
    const table = org.store.table(record.attributes.type);
    if (!table) throw new Refusal(400, 'INVALID_TYPE', `sObject type '${record.attributes.type}' is not supported.`);
    return writable(table.object);
  };
  const read = (call: Call, { ids, fields }: z.output<typeof readSchema>) => {
    const table = tableOf(org, call.params.type);
    if (ids.length > mostRead) throw tooMany(mostRead);
    const asked = fieldsNamed(table.object, fields);
    return ok(
      ids.map((id) => {
        const row = table.get(toId18(id) ?? '');
        return row?.values && row.values.IsDeleted !== true ? recordOf(row, call.basePath, asked) : null;
      }),
    );
  };

  return [
    {
      method: 'POST',
      path: '/composite/sobjects',
      handle: (call) =>
        each(call, parsed(writeSchema, call.body), (record) => {
          const object = objectOf(record);
          const { attributes: _, ...input } = record;
          if (idIn(input) !== undefined) {
            throw new Refusal(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
          }
          return { id: org.records.create(call.unit, object, input, call.actor) };
        }),
    },
    {
      method: 'PATCH',
      path: '/composite/sobjects',
      handle: (call) =>
        each(call, parsed(writeSchema, call.body), (record) => {
          const object = objectOf(record);
          const row = rowToChange(org, object, idIn(record));
          org.records.update(call.unit, row, withoutId(record), call.actor);
          return { id: row.id };
        }),
    },
    {
      method: 'PATCH',
      path: '/composite/sobjects/:type/:field',
      handle: (call) => {
        const table = tableOf(org, call.params.type);
        const object = writable(table.object);
        const { field } = keyedRows(table, call.params.field ?? '', '');
        const body = parsed(writeSchema, call.body);
        const keyIn = (record: RecordInput): string => {
          const [, value] =
            Object.entries(record).find(([name]) => name.toLowerCase() === field.name.toLowerCase()) ?? [];
          return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
        };
        const fold = (key: string) => (field.caseSensitive ? key : key.toLowerCase());
        const keys = body.records.map((record) => fold(keyIn(record)));
        return each(call, body, (record) => {
          if (record.attributes.type.toLowerCase() !== object.name.toLowerCase()) {
            throw new Refusal(400, 'INVALID_TYPE', `The records of this call are of type ${object.name}.`);
          }
          if (idIn(record) !== undefined) {
            throw new Refusal(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an upsert by external id', [
              'Id',
            ]);
          }
          const key = keyIn(record);
          if (key === '') {
            throw new Refusal(400, 'MISSING_ARGUMENT', `${field.name} not specified`, [field.name]);
          }
          if (keys.filter((other) => other === fold(key)).length > 1) {
            throw new Refusal(400, 'DUPLICATE_EXTERNAL_ID', `Duplicate external id specified: ${key}`, [field.name]);
          }
          const rows = table.byKey(field, key) ?? [];
          if (rows.length > 1) {
            const ids = rows.map(({ id }) => id).join(', ');
            const text = `${field.label}: more than one record found for external id field: [${ids}]`;
            throw new Refusal(400, 'DUPLICATE_EXTERNAL_ID', text, [field.name]);
          }
          if (!rows[0])
            return { id: org.records.create(call.unit, object, withoutId(record), call.actor), created: true };
          org.records.update(call.unit, rows[0], withoutId(record), call.actor);
          return { id: rows[0].id, created: false };
        });
      },
    },
    {
      method: 'DELETE',
      path: '/composite/sobjects',
      parameters: ['ids', 'allOrNone'],
      handle: (call) => {
        const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
        if (ids.length === 0) throw new Refusal(400, 'MISSING_ARGUMENT', 'The ids parameter is required.');
        const records = ids.map((id) => ({ id, attributes: { type: '' } }));
        return each(call, { allOrNone: call.query.get('allOrNone') === 'true', records }, ({ id }) => {
          const object = org.store.tableOfId(String(id))?.object;
          if (!object) throw badId('Id', String(id));
          const row = rowToChange(org, writable(object), String(id));
          org.records.remove(call.unit, row, call.actor);
          return { id: row.id };
        });
      },
    },
    { method: 'POST', path: '/composite/sobjects/:type', handle: (call) => read(call, parsed(readSchema, call.body)) },
    {
      method: 'GET',
      path: '/composite/sobjects/:type',
      parameters: ['ids', 'fields'],
      handle: (call) => {
        const list = (name: string) => (call.query.get(name) ?? '').split(',').filter((part) => part !== '');
        return read(call, parsed(readSchema, { ids: list('ids'), fields: list('fields') }));
      },
    },
  ];
}

function each(call: Call, body: z.output<typeof writeSchema>, save: (record: RecordInput) => Saved) {
  if (body.records.length > mostRows) throw tooMany(mostRows);
  const chunks = body.records.filter(({ attributes }, i) => attributes.type !== body.records[i - 1]?.attributes.type);
  if (chunks.length > mostChunks) {
    throw new Refusal(400, 'INVALID_INPUT', `The records form more than ${mostChunks} chunks of one type.`);
  }
  const mark = call.unit.mark();
  const items = body.records.map((record): Item | Failed => {
    try {
      return { ...save(record), success: true, errors: [] };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { success: false, errors: [error.item()] };
    }
  });
  if (!body.allOrNone || items.every(({ success }) => success)) return ok(items);
  call.unit.rollBack(mark);
  return ok(items.map((item) => (item.success ? { success: false, errors: [rolledBack.item()] } : item)));
}

const rolledBack = new Refusal(
  400,
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
  [],
);

const tooMany = (most: number): Refusal =>
  new Refusal(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${most} records into this call`);

function rowToChange(org: Org, object: ObjectType, id: string | undefined): Row {
  if (id === undefined) throw new Refusal(400, 'MISSING_ARGUMENT', 'Id not specified in an update call', []);
  const id18 = toId18(id);
  if (id18 === undefined || !id18.startsWith(object.keyPrefix)) throw badId(`${object.name} ID`, id);
  const row = org.store.table(object.name)?.get(id18);
  // A record that never was gets the code of a dangling reference; a deleted one is refused by the write itself.
  if (!row?.values) throw new Refusal(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
  return row;
}

function idIn(record: object): string | undefined {
  const [, id] = Object.entries(record).find(([name]) => name.toLowerCase() === 'id') ?? [];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

const withoutId = (record: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name.toLowerCase() !== 'id'));

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refusal(400, 'JSON_PARSER_ERROR', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'malformed'}`);
}
