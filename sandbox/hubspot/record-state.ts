import { history, iso, modifiedAt, type Source, type StoredRecord, valueOf } from './record.ts';

/** Everything that HubSpot knows of a record, for the eyes of a test. */
export interface RecordState {
  readonly id: string;
  readonly type: string;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Properties that have a value. */
  readonly properties: Readonly<Record<string, string>>;
  /** All versions of the properties that were ever set, newest first; `''` is a clearing. */
  readonly history: Readonly<Record<string, readonly RecordVersion[]>>;
}

export interface RecordVersion extends Source {
  readonly value: string;
  readonly timestamp: string;
}

export function recordState(record: StoredRecord): RecordState {
  const names = [...record.versions.keys()].sort();
  const shown = [...names, record.type.createdProperty, 'hs_object_id', 'hs_object_source', 'hs_object_source_id'];
  return {
    id: record.id,
    type: record.type.name,
    archived: record.archivedAt !== undefined,
    createdAt: iso(record.createdAt),
    updatedAt: modifiedAt(record),
    properties: Object.fromEntries(
      shown.flatMap((name) => {
        const value = valueOf(record, name);
        return value === null ? [] : [[name, value] as const];
      }),
    ),
    history: Object.fromEntries(
      names.map((name) => [
        name,
        history(record, name).map(({ value, at, source }) => ({ value, timestamp: iso(at), ...source })),
      ]),
    ),
  };
}
