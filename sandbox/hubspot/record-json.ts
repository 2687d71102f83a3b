import type { Account } from './account.ts';
import { history, iso, modifiedAt, type StoredRecord, type Version, valueOf } from './record.ts';

interface Shown {
  /** Names asked for; unknown ones are left out, empty ones are null. */
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  /** As the search index knew the record at this instant. */
  readonly asOf?: number;
  readonly traceId?: string | undefined;
}

/** A record as the objects API shows it: every value is a text or null. */
export function recordJson(account: Account, record: StoredRecord, shown: Shown): Record<string, unknown> {
  const { type } = record;
  const known = account.recordsOf(type.name).properties;
  const always = [type.createdProperty, 'hs_object_id', type.modifiedProperty];
  const names = [...new Set([...always, ...shown.properties])].filter((name) => known.get(name)).sort();
  const past = (shown.history ?? []).filter((name) => known.get(name));
  return {
    id: record.id,
    properties: Object.fromEntries(names.map((name) => [name, valueOf(record, name, shown.asOf)])),
    ...(past.length > 0 && {
      propertiesWithHistory: Object.fromEntries(past.map((name) => [name, history(record, name).map(versionJson)])),
    }),
    createdAt: iso(record.createdAt),
    updatedAt: modifiedAt(record, shown.asOf),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt !== undefined && { archivedAt: iso(record.archivedAt) }),
    url: `https://app.hubspot.com/contacts/${account.portalId}/record/${type.typeId}/${record.id}`,
    ...(shown.traceId !== undefined && { objectWriteTraceId: shown.traceId }),
  };
}

function versionJson({ value, at, source }: Version): Record<string, unknown> {
  return { value, timestamp: iso(at), ...source };
}

/** What the answer to a write shows: what was written, and what HubSpot adds of its own. */
export function shownAfterWrite(record: StoredRecord, written: Iterable<string>): string[] {
  const added = record.type.shownAfterWrite.filter((name) => valueOf(record, name) !== null);
  return [...written, ...added];
}
