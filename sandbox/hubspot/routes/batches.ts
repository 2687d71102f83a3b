import { z } from 'zod';
import type { Account } from '../account.ts';
import { associating, newAssociations } from '../associating.ts';
import { type Context, type Endpoint, readBody } from '../endpoint.ts';
import { iso, type StoredRecord } from '../record.ts';
import { recordJson, shownAfterWrite } from '../record-json.ts';
import type { CheckedWrite, Claims, RawValues, Records } from '../records.ts';
import { type ErrorBody, Refusal, validationError } from '../refusal.ts';
import { mostWithHistory, propertyValues, shownProperties } from './objects.ts';
import { checkWrite } from './writing.ts';

const mostInputs = 100;

const readInputs = z.object({
  idProperty: z.string().nullable().optional(),
  inputs: z.array(z.object({ id: z.string() })),
  properties: z.array(z.string()).default([]),
  propertiesWithHistory: z.array(z.string()).default([]),
});
const createInputs = z.object({
  inputs: z.array(
    z.object({
      properties: propertyValues,
      associations: newAssociations.default([]),
      objectWriteTraceId: z.string().optional(),
    }),
  ),
});
const updateInputs = z.object({
  inputs: z.array(
    z.object({
      id: z.string(),
      idProperty: z.string().optional(),
      properties: propertyValues,
      objectWriteTraceId: z.string().optional(),
    }),
  ),
});
const archiveInputs = z.object({ inputs: z.array(z.object({ id: z.string() })) });

/** One row of a batch write. `check` throws what is wrong with it; `undefined` is a record that is not there. */
interface Row {
  readonly id?: string;
  readonly traceId: string | undefined;
  readonly properties: RawValues;
  readonly check: (claims: Claims) => (CheckedWrite & { readonly after?: (record: StoredRecord) => void }) | undefined;
}

interface Written {
  readonly record: StoredRecord;
  readonly row: Row;
  readonly isNew: boolean;
}

/** `/crm/v3/objects/{type}/batch/…`. Results come in an order of HubSpot's own, not in that of the inputs. */
export function batchEndpoints(account: Account): Endpoint[] {
  const recordsOf = (c: Context) => account.recordsOf(c.req.param('type') ?? '');

  async function read(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const body = await readBody(c, readInputs);
    const ids = body.inputs.map(({ id }) => id);
    mustFit(ids, body.propertiesWithHistory.length > 0 ? mostWithHistory : mostInputs);
    if (body.idProperty) records.mustBeUnique(body.idProperty);
    const isArchived = c.req.query('archived') === 'true';
    const find = (id: string) =>
      isArchived ? archived(records.find(id)) : records.locate(id, body.idProperty ?? undefined);

    const found = new Map<string, StoredRecord>();
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      const record = find(id);
      if (record) found.set(record.id, record);
      else missing.push(id);
    }
    const shown = { properties: shownProperties(records, body.properties), history: body.propertiesWithHistory };
    const results = shuffled([...found.values()]).map((record) => recordJson(account, record, shown));
    return answerBatch(c, 200, results, missing.length > 0 ? [notThere(records, missing)] : []);
  }

  async function create(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { inputs } = await readBody(c, createInputs);
    mustFit(inputs);
    const rows = inputs.map(({ properties, associations, objectWriteTraceId }): Row => {
      return {
        traceId: objectWriteTraceId,
        properties,
        check: (claims) => {
          const associate = associating(account, records.type.typeId, associations);
          return { ...checkWrite(account, c, records, properties, undefined, claims), after: associate };
        },
      };
    });
    return answerWrites(c, records, rows, 201, ({ record, row }) => shownRecord(record, row));
  }

  async function update(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { inputs } = await readBody(c, updateInputs);
    mustFit(inputs);
    const rows = inputs.map(({ id, idProperty, properties, objectWriteTraceId }): Row => {
      if (idProperty !== undefined) mustTakeWritesBy(records, idProperty, [records.type.naturalKey, 'hs_object_id']);
      return {
        id,
        traceId: objectWriteTraceId,
        properties,
        check: (claims) => {
          const record = records.locate(id, idProperty);
          return record && checkWrite(account, c, records, properties, record, claims);
        },
      };
    });
    mustBeDistinct(rows);
    // An absorbed id is neither written nor told of.
    const told = rows.filter(({ id = '' }) => !records.isAbsorbed(id));
    return answerWrites(c, records, told, 200, ({ record, row }) => shownRecord(record, row));
  }

  async function upsert(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { inputs } = await readBody(c, updateInputs);
    mustFit(inputs);
    const rows = inputs.map(({ id, idProperty, properties, objectWriteTraceId }): Row => {
      mustTakeWritesBy(records, idProperty ?? 'hs_object_id', ['hs_object_id']);
      const key = idProperty ?? '';
      return {
        id: id.toLowerCase(),
        traceId: objectWriteTraceId,
        properties: { [key]: id, ...properties },
        check: (claims) => {
          const record = records.byUnique(key, id);
          if (!record) return checkWrite(account, c, records, { [key]: id, ...properties }, undefined, claims);
          const cleared = key === 'email' && account.upsertByEmailClears ? records.blanks(record, key) : {};
          return checkWrite(account, c, records, { ...cleared, ...properties }, record, claims);
        },
      };
    });
    mustBeDistinct(rows);
    return answerWrites(c, records, rows, 200, ({ record, row, isNew }) => ({
      ...shownRecord(record, row),
      new: isNew,
    }));
  }

  async function archive(c: Context): Promise<Response> {
    const records = recordsOf(c);
    const { inputs } = await readBody(c, archiveInputs);
    mustFit(inputs);
    for (const { id } of inputs) {
      const there = records.live(id);
      if (there) account.guards.mustBeUnlocked(there);
    }
    for (const { id } of inputs) {
      const record = records.archive(id, account.apiSource);
      if (record) account.traffic.wrote('archive', records.type.name, record.id, ['*']);
    }
    return c.body(null, 204);
  }

  function shownRecord(record: StoredRecord, row: Row): Record<string, unknown> {
    const properties = shownAfterWrite(record, Object.keys(row.properties));
    return recordJson(account, record, { properties, traceId: row.traceId });
  }

  function answerWrites(
    c: Context,
    records: Records,
    rows: readonly Row[],
    status: 200 | 201,
    show: (written: Written) => Record<string, unknown>,
  ): Response {
    const { written, missing, errors } = isDecidedByRow(rows)
      ? writeRowByRow(account, records, rows)
      : writeAllOrNone(account, records, rows);
    const byRecord = new Map(written.map((entry) => [entry.record, entry]));
    const results = shuffled([...byRecord.keys()]).flatMap((record) => {
      const entry = byRecord.get(record);
      return entry ? [show(entry)] : [];
    });
    const ids = missing.map(({ id }) => id ?? '');
    const traceIds = missing.flatMap(({ traceId }) => traceId ?? []);
    return answerBatch(c, status, results, [...(ids.length > 0 ? [notThere(records, ids, traceIds)] : []), ...errors]);
  }

  function answerBatch(
    c: Context,
    status: 200 | 201,
    results: readonly unknown[],
    errors: readonly ErrorBody[],
  ): Response {
    const at = iso(account.clock.now());
    const answer = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
    if (errors.length === 0) return c.json(answer, status);
    const rows = errors.map((error) => ({ status: 'error', ...error }));
    return c.json({ ...answer, numErrors: rows.length, errors: rows }, 207);
  }

  const path = '/crm/v3/objects/:type/batch';
  return [
    { method: 'POST', path: `${path}/read`, query: ['archived'], answer: read },
    { method: 'POST', path: `${path}/create`, answer: create },
    { method: 'POST', path: `${path}/update`, answer: update },
    { method: 'POST', path: `${path}/upsert`, answer: upsert },
    { method: 'POST', path: `${path}/archive`, answer: archive },
  ];
}

interface Outcome {
  readonly written: Written[];
  readonly missing: Row[];
  readonly errors: ErrorBody[];
}

/** Rows are decided one by one where each bears a trace id of its own. */
function isDecidedByRow(rows: readonly Row[]): boolean {
  const traceIds = new Set(rows.flatMap(({ traceId }) => traceId ?? []));
  return traceIds.size === rows.length;
}

function writeRowByRow(account: Account, records: Records, rows: readonly Row[]): Outcome {
  const outcome: Outcome = { written: [], missing: [], errors: [] };
  for (const row of rows) {
    try {
      const write = row.check(new Set());
      if (write) outcome.written.push(apply(account, records, row, write));
      else outcome.missing.push(row);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { message, category, errors } = error.body;
      const context = { ...error.body.context, objectWriteTraceId: [row.traceId ?? ''] };
      outcome.errors.push({ category: category ?? 'VALIDATION_ERROR', message, context, ...(errors && { errors }) });
    }
  }
  return outcome;
}

/** The first bad row refuses the whole call; rows that are not there are told apart and do not. */
function writeAllOrNone(account: Account, records: Records, rows: readonly Row[]): Outcome {
  const claims: Claims = new Set();
  const checked = rows.map((row) => ({ row, write: row.check(claims) }));
  return {
    written: checked.flatMap(({ row, write }) => (write ? [apply(account, records, row, write)] : [])),
    missing: checked.flatMap(({ row, write }) => (write ? [] : [row])),
    errors: [],
  };
}

function apply(account: Account, records: Records, row: Row, write: NonNullable<ReturnType<Row['check']>>): Written {
  const record = records.apply(write, account.apiSource);
  write.after?.(record);
  const isNew = write.record === undefined;
  account.traffic.wrote(isNew ? 'create' : 'update', records.type.name, record.id, Object.keys(row.properties));
  return { record, row, isNew };
}

function mustFit(inputs: readonly unknown[], most = mostInputs): void {
  if (inputs.length <= most) return;
  // Our choice: the limit is documented, the text is not.
  throw validationError(`The maximum number of inputs supported in a batch request for property reads is ${most}.`);
}

function mustBeDistinct(rows: readonly Row[]): void {
  const seen = new Set<string>();
  const repeated = new Set(rows.flatMap(({ id = '' }) => (seen.size === seen.add(id).size ? [id] : [])));
  if (repeated.size === 0) return;
  const ids = [...repeated];
  throw validationError(`Duplicate IDs found in batch input: [${ids.join(', ')}]. IDs must be unique`, {
    context: { ids },
  });
}

function mustTakeWritesBy(records: Records, idProperty: string, refused: readonly (string | undefined)[]): void {
  if (!refused.includes(idProperty) && records.properties.uniqueNames().includes(idProperty)) return;
  throw validationError(`Unable to perform update/upsert by non-unique ${records.type.typeId} property`);
}

function notThere(records: Records, ids: readonly string[], traceIds: readonly string[] = []): ErrorBody {
  return {
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${records.type.singular} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids, ...(traceIds.length > 0 && { objectWriteTraceId: traceIds }) },
  };
}

function archived(record: StoredRecord | undefined): StoredRecord | undefined {
  return record?.archivedAt === undefined ? undefined : record;
}

/** An order that is always the same for the same records and not the one in which they came. */
function shuffled(records: readonly StoredRecord[]): StoredRecord[] {
  const scatter = ({ id }: StoredRecord) => Number((BigInt(id) * 2_654_435_761n) % 4_294_967_296n);
  return records
    .map((record) => ({ record, place: scatter(record) }))
    .sort((a, b) => a.place - b.place)
    .map(({ record }) => record);
}
