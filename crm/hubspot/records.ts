import type { OwnerEntry } from '../../core/owners.ts';
import { vendorError } from '../answer.ts';
import { distinct, readPieces } from '../rows.ts';
import type { HubSpotReader, HubSpotRecord } from '../types.ts';
import { accountAnswer, batchAnswer, ownersAnswer, type RecordAnswer, recordAnswer } from './answers.ts';
import type { Send } from './connection.ts';
import { paths } from './paths.ts';
import { refusalOf } from './refusals.ts';

/** HubSpot's largest batch. */
export const batchSize = 100;

/** The stamp of the last change: contacts have another name for it than all other types. */
export const modifiedAt = ({ properties, updatedAt }: RecordAnswer): string =>
  new Date(properties.lastmodifieddate ?? properties.hs_lastmodifieddate ?? updatedAt).toISOString();

/** Semicolon lists of ids and emails. */
const listed = (record: RecordAnswer, property: string | undefined): string[] =>
  (property && record.properties[property]?.split(';')) || [];

export function recordReads(
  send: Send,
): Pick<HubSpotReader, 'account' | 'now' | 'readRecords' | 'archived' | 'readByUnique' | 'history' | 'owners'> {
  /**
   * Reads in batches and answers by what was asked for. `alsoBy` names the property that lists what else a record
   * answers to: ids of records merged into it, further emails.
   */
  const read = async (
    { type, idProperty, alsoBy, archived }: { type: string; idProperty?: string; alsoBy?: string; archived?: true },
    asked: readonly string[],
    properties: readonly string[],
  ) => {
    const wanted = distinct([...properties, ...[alsoBy, idProperty].filter((name) => name !== undefined)]);
    const batches = await readPieces(asked, batchSize, async (piece) => {
      const body = { properties: wanted, inputs: piece.map((id) => ({ id })), ...(idProperty && { idProperty }) };
      const query = archived ? [['archived', 'true'] as const] : [];
      const batch = await send({ method: 'POST', path: paths.batchRead(type), query, body }, batchAnswer);
      // Records that don't exist make it a 207 with an error that names them: they are absent, all else is a failure.
      const failed = batch.data.errors?.map((error) => refusalOf(error)).find((r) => r.category !== 'missingRecord');
      if (failed) throw vendorError(batch.call, failed.code, failed);
      return batch;
    });
    const records = new Map<string, HubSpotRecord>();
    const keys = new Set(asked.map((key) => key.toLowerCase()));
    const keep = (key: string | null | undefined, record: HubSpotRecord) => {
      const lowerCase = key?.toLowerCase() ?? '';
      if (keys.has(lowerCase) && !records.has(lowerCase)) records.set(lowerCase, record);
    };
    const answers = batches.flatMap(({ data }) => data.results);
    for (const answer of answers)
      keep(idProperty ? answer.properties[idProperty] : answer.id, shown(answer, properties));
    for (const answer of answers) for (const key of listed(answer, alsoBy)) keep(key, shown(answer, properties));
    // The earliest of several clocks: nothing may be thought to have settled for longer than it has.
    const now = batches.map(({ now }) => now).sort()[0] ?? (await account()).now;
    return { records, now };
  };

  const account = () => send({ method: 'GET', path: paths.account }, accountAnswer);

  return {
    account: async () => (await account()).data,

    now: async () => (await account()).now,

    readRecords: (type, ids, properties) => read({ type, alsoBy: 'hs_merged_object_ids' }, distinct(ids), properties),

    archived: async (type, ids) => {
      const { records } = await read({ type, archived: true }, distinct(ids), []);
      return new Set(records.keys());
    },

    readByUnique: (type, property, values, properties) =>
      read(
        { type, idProperty: property, ...(property === 'email' && { alsoBy: 'hs_additional_emails' }) },
        distinct(values),
        properties,
      ),

    owners: async () => {
      const found: OwnerEntry[] = [];
      for (let after: string | undefined; ; ) {
        const query = [['limit', '100'] as const, ...(after ? [['after', after] as const] : [])];
        const { data } = await send({ method: 'GET', path: paths.owners, query }, ownersAnswer);
        found.push(
          ...data.results.map(({ id, email, firstName, lastName }) => ({
            id,
            email: email ?? undefined,
            name: [firstName, lastName].filter(Boolean).join(' '),
          })),
        );
        after = data.paging?.next?.after;
        if (after === undefined) return found;
      }
    },

    history: async (type, id, properties) => {
      const query = [['propertiesWithHistory', properties.join(',')]] as const;
      const { data } = await send({ method: 'GET', path: paths.record(type, id), query }, recordAnswer);
      return new Map(
        properties.map((property) => [
          property,
          (data.propertiesWithHistory?.[property] ?? [])
            .map(({ value, timestamp, sourceType, sourceId }) => ({
              value: value ?? null,
              at: timestamp,
              sourceType: sourceType ?? '',
              sourceId: sourceId ?? undefined,
            }))
            .sort((a, b) => b.at.localeCompare(a.at)),
        ]),
      );
    },
  };
}

/** A property that was asked for and is not in the answer does not exist; it is absent, which is not the same as empty. */
function shown(answer: RecordAnswer, asked: readonly string[]): HubSpotRecord {
  const properties = Object.fromEntries(
    asked.flatMap((name) => (name in answer.properties ? [[name, answer.properties[name] ?? null]] : [])),
  );
  return { id: answer.id, properties, createdAt: answer.createdAt, modifiedAt: modifiedAt(answer) };
}
