import { z } from 'zod';
import { isSuccess, vendorError } from '../answer.ts';
import { distinct, readPieces } from '../rows.ts';
import type { SalesforceReader, SalesforceRecord } from '../types.ts';
import {
  changesAnswer,
  countAnswer,
  coveredAnswer,
  describeAnswer,
  fatesAnswer,
  idsAnswer,
  ownersAnswer,
  type RecordRow,
  recordsAnswer,
} from './answers.ts';
import type { SalesforceConnection } from './connection.ts';
import { refusal, wordsOf } from './refusals.ts';
import { all, inLists, instant, name, text } from './soql.ts';

/** Salesforce's largest page of a query. */
const pageSize = 2_000;

/** Window of `/updated`, which cuts both ends to whole minutes. */
const minuteMs = 60_000;

export function salesforceReader(connection: SalesforceConnection): SalesforceReader {
  const { send } = connection;

  const query = <T>(type: string, soql: string, schema: z.ZodType<T>) =>
    send({ method: 'GET', path: `/query?q=${encodeURIComponent(soql)}`, route: `/query ${type}` }, schema);

  /** All pages of a query; Salesforce may cut them shorter than asked. */
  const queryAll = async <Row>(
    type: string,
    soql: string,
    schema: z.ZodType<{ records: Row[]; done: boolean; nextRecordsUrl?: string | undefined }>,
  ): Promise<Row[]> => {
    let page = await query(type, soql, schema);
    const rows = [...page.data.records];
    while (!page.data.done) {
      const path = page.data.nextRecordsUrl ?? '';
      // Below our own instance only: the token goes along.
      if (!/^\/services\/data\/v[\d.]+\/query\/[\w-]+$/.test(path)) throw vendorError(page.call, 'BAD_ANSWER');
      page = await send({ method: 'GET', path, route: `/query/{page} ${type}` }, schema);
      rows.push(...page.data.records);
    }
    return rows;
  };

  const now = async () =>
    (await send({ method: 'GET', path: '/services/data', route: '/services/data' }, z.unknown())).now;

  /** Records for which `field` is one of the values, in as few queries as the length of an address allows. */
  const recordsIn = async (type: string, field: string, values: readonly string[], fields: readonly string[]) => {
    const always = [
      'Id',
      'CreatedDate',
      'LastModifiedDate',
      ...(type === 'Lead' ? ['IsConverted', 'ConvertedContactId'] : []),
    ];
    const asked = new Map([...always, ...fields].map((field) => [field.toLowerCase(), name(field)]));
    const soql = (list: string) =>
      `SELECT ${[...asked.values()].join(',')} FROM ${name(type)} WHERE ${name(field)} IN (${list}) ORDER BY CreatedDate, Id`;
    const rows = await readPieces(inLists(values, soql('')), 1, ([list = '']) =>
      queryAll(type, soql(list), recordsAnswer),
    );
    return rows.flat().map((row) => recordOf(type, row, fields));
  };

  return {
    account: async () => {
      const { orgId, userId, instanceUrl } = await connection.token();
      return { orgId, userId, instanceUrl };
    },

    readRecords: async (type, ids, fields) =>
      new Map((await recordsIn(type, 'Id', distinct(ids), fields)).map((record) => [record.id, record])),

    findBy: (type, field, values, fields) => recordsIn(type, field, distinct(values), fields),

    changedSince: async (type, since, afterId) => {
      const at = instant(since);
      const start = afterId
        ? `SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${text(afterId)})`
        : `SystemModstamp >= ${at}`;
      const soql = `SELECT Id,SystemModstamp,CreatedDate FROM ${name(type)}${all(start)} ORDER BY SystemModstamp, Id LIMIT ${pageSize}`;
      // With the recycle bin: what was deleted or merged away has changed too.
      const path = `/queryAll?q=${encodeURIComponent(soql)}`;
      const { data } = await send({ method: 'GET', path, route: `/queryAll ${type}` }, changesAnswer);
      const rows = data.records.map(({ Id, SystemModstamp, CreatedDate }) => ({
        id: Id,
        modifiedAt: SystemModstamp,
        createdAt: CreatedDate,
      }));
      // A page that was cut short needs no locator: the next call goes on from its last row.
      return { rows, more: !data.done || rows.length === pageSize };
    },

    coveredUntil: async (type) => {
      const nowMs = connection.clockMs() ?? Date.parse(await now());
      const end = Math.floor(nowMs / minuteMs) * minuteMs;
      const window = [end - 2 * minuteMs, end].map((at) => encodeURIComponent(new Date(at).toISOString()));
      const path = `/sobjects/${name(type)}/updated/?start=${window[0]}&end=${window[1]}`;
      const { data } = await send(
        { method: 'GET', path, route: `/sobjects/${type}/updated`, about: 'type' },
        coveredAnswer,
      );
      return data.latestDateCovered;
    },

    ids: (type, where, afterId, limit) => {
      const after = afterId === undefined ? undefined : `Id > ${text(afterId)}`;
      const soql = `SELECT Id FROM ${name(type)}${all(where, after)} ORDER BY Id LIMIT ${limit}`;
      return queryAll(type, soql, idsAnswer).then((rows) => rows.map(({ Id }) => Id));
    },

    count: async (type, where) =>
      (await query(type, `SELECT COUNT() FROM ${name(type)}${all(where)}`, countAnswer)).data.totalSize,

    fates: async (type, ids, hasMaster) => {
      const fields = `Id,IsDeleted${hasMaster ? ',MasterRecordId' : ''}`;
      const soql = (list: string) => `SELECT ${fields} FROM ${name(type)} WHERE Id IN (${list}) ORDER BY Id`;
      const rows = await readPieces(inLists(distinct(ids), soql('')), 1, async ([list = '']) => {
        const path = `/queryAll?q=${encodeURIComponent(soql(list))}`;
        return (await send({ method: 'GET', path, route: `/queryAll ${type}` }, fatesAnswer)).data.records;
      });
      return new Map(
        rows
          .flat()
          .map(({ Id, IsDeleted, MasterRecordId }) => [
            Id,
            { isDeleted: IsDeleted, mergedInto: MasterRecordId ?? undefined },
          ]),
      );
    },

    meeting: async (type, ids, where) => {
      const soql = (list: string) => `SELECT Id FROM ${name(type)}${all(`Id IN (${list})`, where)} ORDER BY Id`;
      const rows = await readPieces(inLists(distinct(ids), soql('')), 1, ([list = '']) =>
        queryAll(type, soql(list), idsAnswer),
      );
      return new Set(rows.flat().map(({ Id }) => Id));
    },

    whereProblem: async (type, where) => {
      const soql = `SELECT Id FROM ${name(type)}${all(where)} LIMIT 1`;
      const path = `/query?q=${encodeURIComponent(soql)}`;
      const { call, answer } = await connection.ask({ method: 'GET', path, route: `/query ${type}` });
      if (isSuccess(answer)) return undefined;
      const error = refusal(call, answer);
      if (!error.rowFault) throw error;
      return wordsOf(answer) ?? error.code;
    },

    owners: async () => {
      const users = await queryAll(
        'User',
        'SELECT Id,Email,Name FROM User WHERE IsActive = true ORDER BY Id',
        ownersAnswer,
      );
      const queues = await queryAll(
        'Group',
        "SELECT Id,Email,Name FROM Group WHERE Type = 'Queue' ORDER BY Id",
        ownersAnswer,
      );
      return [...users, ...queues].map(({ Id, Email, Name }) => ({
        id: Id,
        email: Email ?? undefined,
        name: Name ?? '',
      }));
    },

    now,
    clockMs: connection.clockMs,

    fields: async (type) => {
      const path = `/sobjects/${name(type)}/describe`;
      const { data } = await send({ method: 'GET', path, route: path, about: 'type' }, describeAnswer);
      return new Map(
        data.fields.map((field) => [
          field.name,
          {
            name: field.name,
            type: field.type,
            createable: field.createable,
            updateable: field.updateable,
            calculated: field.calculated,
            unique: field.unique,
            externalId: field.externalId,
            length: field.length,
            precision: field.precision,
            scale: field.scale,
            requiredOnCreate: field.createable && !field.nillable && !field.defaultedOnCreate,
            picklist: (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value),
            restricted: field.restrictedPicklist,
          },
        ]),
      );
    },

    usage: () => connection.usage(),
  };
}

/** Salesforce answers with its own spelling of the names; the record has them as they were asked for. */
function recordOf(type: string, row: RecordRow, asked: readonly string[]): SalesforceRecord {
  return {
    id: row.Id,
    type,
    fields: Object.fromEntries(asked.map((field) => [field, valueAt(row, field.split('.'))])),
    createdAt: row.CreatedDate,
    modifiedAt: row.LastModifiedDate,
    ...(row.IsConverted !== undefined && { isConverted: row.IsConverted }),
    ...(row.ConvertedContactId && { convertedTo: row.ConvertedContactId }),
  };
}

/** The value at a path of names (`Owner.Email`); a parent that is not there makes it null. */
function valueAt(row: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return row;
  if (typeof row !== 'object' || row === null) return null;
  const entry = Object.entries(row).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return valueAt(entry?.[1] ?? null, rest);
}
