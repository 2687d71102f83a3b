import type { ObjectType } from './types/index.ts';

/** Who set a value. */
export interface Source {
  readonly sourceType: string;
  readonly sourceId: string;
  readonly sourceLabel?: string;
  readonly updatedByUserId?: number;
}

/** One value that a property has or had; `''` is a value that was cleared. */
export interface Version {
  readonly value: string;
  readonly at: number;
  readonly source: Source;
  readonly previous: Version | undefined;
}

/** A record with the newest version of every property that was ever set. */
export interface StoredRecord {
  readonly id: string;
  readonly type: ObjectType;
  readonly createdAt: number;
  readonly source: Source;
  readonly versions: Map<string, Version>;
  archivedAt: number | undefined;
}

/** The newest version of a property, what HubSpot works out itself included; undefined where it never had one. */
export function latest(record: StoredRecord, property: string, at = Number.POSITIVE_INFINITY): Version | undefined {
  let version = record.versions.get(property);
  while (version && version.at > at) version = version.previous;
  if (version) return version;
  const value = workedOut(record, property, at);
  return value === null ? undefined : { value, at: record.createdAt, source: record.source, previous: undefined };
}

/** The value of a property, now or as it was at an instant; null where it has none. */
export function valueOf(record: StoredRecord, property: string, at?: number): string | null {
  return latest(record, property, at)?.value || null;
}

/** Every version of a property, newest first. */
export function history(record: StoredRecord, property: string): Version[] {
  const versions: Version[] = [];
  for (let version = latest(record, property); version; version = version.previous) versions.push(version);
  return versions;
}

/** When the record was last written, in ISO form. */
export function modifiedAt(record: StoredRecord, at?: number): string {
  return valueOf(record, record.type.modifiedProperty, at) ?? iso(record.createdAt);
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function workedOut(record: StoredRecord, property: string, at: number): string | null {
  switch (property) {
    case 'hs_object_id':
      return record.id;
    case 'hs_object_source':
      return record.source.sourceType;
    case 'hs_object_source_id':
      return record.source.sourceId;
    case 'hs_object_source_label':
      return record.source.sourceLabel ?? record.source.sourceType;
    case record.type.createdProperty:
      return iso(record.createdAt);
    default:
      return record.type.derived[property]?.((name) => valueOf(record, name, at)) ?? null;
  }
}
