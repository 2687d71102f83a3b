import { z } from 'zod';
import { pieces, refused, writePieces } from '../rows.ts';
import type { AssociationRow, HubSpotWriter, RowResult } from '../types.ts';
import { associatedAnswer, type BatchAnswer, batchAnswer, type RecordAnswer } from './answers.ts';
import type { Send } from './connection.ts';
import { paths } from './paths.ts';
import { batchSize, modifiedAt } from './records.ts';
import { contextOf, refusalOf } from './refusals.ts';

interface Row {
  readonly key: string;
  readonly names: readonly string[];
  readonly id?: string;
  readonly properties: Readonly<Record<string, string>>;
}

export function hubspotWriter(send: Send): HubSpotWriter {
  const write = (path: string, rows: readonly Omit<Row, 'names'>[]) => {
    const named = rows.map((row): Row => ({ ...row, names: Object.keys(row.properties) }));
    return writePieces(pieces(named, batchSize), async (piece) => {
      // With a trace id on every input HubSpot decides row by row (207) instead of refusing the batch for one bad row.
      const inputs = piece.map(({ key, id, properties }) => ({ id, properties, objectWriteTraceId: key }));
      const { data } = await send({ method: 'POST', path, body: { inputs }, writes: true }, batchAnswer);
      return settle(piece, data);
    });
  };
  const relate = (path: (from: string, to: string) => string, type: string, rows: readonly AssociationRow[]) => {
    const to = rows[0]?.to.type ?? '';
    const named = rows.map((row) => ({ ...row, names: [] }));
    return writePieces(pieces(named, batchSize), async (piece) => {
      const inputs = piece.map(({ id, to: other, association: { category, typeId } }) => ({
        from: { id },
        to: { id: other.id },
        types: [{ associationCategory: category, associationTypeId: typeId }],
      }));
      const { data } = await send(
        { method: 'POST', path: path(type, to), body: { inputs }, writes: true },
        associatedAnswer,
      );
      const faults = (data?.errors ?? []).map((fault) => ({
        refusal: refusalOf(fault),
        about: new Set([
          ...contextOf(fault, 'fromObjectId'),
          ...contextOf(fault, 'toObjectId'),
          ...contextOf(fault, 'ids'),
        ]),
      }));
      return piece.map(({ key, id, to: other }): RowResult => {
        const fault = faults.find(({ about }) => about.has(id) || about.has(other.id));
        return fault ? refused(key, fault.refusal) : { key, ok: true, id };
      });
    });
  };
  return {
    create: (type, rows) => write(paths.batchCreate(type), rows),
    update: (type, rows) => write(paths.batchUpdate(type), rows),
    associate: (type, rows) => relate(paths.associationsCreate, type, rows),
    dissociate: (type, rows) => relate(paths.associationsEnd, type, rows),
    archive: (type, rows) => {
      const named = rows.map((row) => ({ ...row, names: [] }));
      return writePieces(pieces(named, batchSize), async (piece) => {
        const inputs = piece.map(({ id }) => ({ id }));
        await send({ method: 'POST', path: paths.batchArchive(type), body: { inputs }, writes: true }, z.unknown());
        return piece.map(({ key, id }): RowResult => ({ key, ok: true, id }));
      });
    },
  };
}

/** Tells what became of each row. HubSpot answers in any order, and may leave rows out without a word. */
function settle(rows: readonly Row[], { results, errors }: BatchAnswer): RowResult[] {
  const written = new Map<string, RecordAnswer>();
  for (const record of results) {
    const key = record.objectWriteTraceId ?? rowOf(rows, record)?.key;
    if (key !== undefined) written.set(key, record);
  }
  const faults = (errors ?? []).map((fault) => ({
    refusal: refusalOf(fault),
    about: new Set([...contextOf(fault, 'objectWriteTraceId'), ...contextOf(fault, 'ids')]),
  }));
  return rows.map(({ key, id }): RowResult => {
    const record = written.get(key);
    if (record) return { key, ok: true, id: record.id, modifiedAt: modifiedAt(record), created: id === undefined };
    const fault = faults.find(({ about }) => about.has(key) || (id !== undefined && about.has(id)));
    if (fault) return refused(key, fault.refusal);
    return { key, ok: false, category: 'missingRecord', code: 'MISSING_IN_ANSWER', mayHaveArrived: true };
  });
}

/** The row of a result without trace id: by its id, else by a value that no other row of the batch has. */
function rowOf(rows: readonly Row[], { id, properties }: RecordAnswer): Row | undefined {
  const byId = rows.find((row) => row.id === id);
  if (byId) return byId;
  for (const [name, value] of Object.entries(properties)) {
    if (value === null) continue;
    const same = rows.filter(
      (row) => row.id === undefined && row.properties[name]?.toLowerCase() === value.toLowerCase(),
    );
    if (same.length === 1) return same[0];
  }
  return undefined;
}
