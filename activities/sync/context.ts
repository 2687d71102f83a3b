import { marksOf } from '../../core/marks.ts';
import { nativeIdProperties } from '../../core/native-ids.ts';
import { ownerProperty } from '../../core/plan/owner.ts';
import { filterLists, filterProperties } from '../../core/segment-filter.ts';
import { type FieldLimits, kinds, limits } from '../../core/settings/kinds.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import type { Kind } from '../../core/values.ts';
import type { WriteResult } from '../../ledger/writes.ts';
import type { SyncMode } from '../../workflows/run-messages.ts';
import type { Attempt, Engine } from '../engine.ts';
import type { Running } from '../running.ts';

/** What one pass of `syncRecords` works with: the engine, the attempt and the settings that ran when it began. */
export interface Pass {
  readonly engine: Engine;
  readonly attempt: Attempt;
  readonly running: Running;
  readonly mode: SyncMode;
  readonly waiter: string | undefined;
  readonly runId: string | undefined;
  /** Busy records are asked for again by the one who asks now: their holder need not run them. */
  readonly asksAgain: boolean;
  /** One live record, in a workflow of its own: its writes can be watched closer than those of a batch. */
  readonly alone: boolean;
  /** Results of writes that the ledger does not hold yet. */
  readonly results: WriteResult[];
  /** HubSpot's clock at the last read, milliseconds. */
  hubspotNowMs: number;
  /** Counts reads: part of every permit, so that a permit is good for the values it was issued for. */
  reads: number;
}

export const segmentIds = ({ segments }: ObjectSettings): string[] => [...segments.include, ...segments.exclude];

/** The segments that a pass asks: identity needs none. */
export const askedSegments = (pass: Pass, object: ObjectSettings): string[] =>
  pass.mode === 'identity' ? [] : segmentIds(object);

/** The segments that a pass asks, with the lists that their filters name, as far as those are known. */
export function askedLists(pass: Pass, object: ObjectSettings): string[] {
  const ids = new Set(askedSegments(pass, object));
  // What is added on the way is visited too.
  for (const id of ids) for (const other of filterLists(pass.engine.definitions.get(id)?.filterBranch)) ids.add(other);
  return [...ids];
}

/** Properties with ids that HubSpot's own integration has left, where the settings adopt them and HubSpot has them. */
export const nativeProperties = ({ running }: Pass, object: ObjectSettings): string[] =>
  running.settings.keys.native === 'adopt'
    ? nativeIdProperties(object).filter((name) => running.catalog.hubspot[object.hubspot.type]?.[name])
    : [];

/** HubSpot properties that a pass reads: the mapped ones, those that match or pick a type, the key, the filters'. */
export function hubspotProperties(pass: Pass, object: ObjectSettings): string[] {
  const filters = unique([...segmentIds(object), ...askedLists(pass, object)]).flatMap((id) => {
    const definition = pass.engine.definitions.get(id);
    return definition ? filterProperties(definition.filterBranch).names : [];
  });
  const { hubspot: mark } = marksOf(object);
  return unique([
    ...object.fields.map(({ hubspot }) => hubspot),
    ...object.match.map(({ hubspot }) => hubspot),
    ...object.salesforce.create.flatMap(({ when }) => Object.keys(when ?? {})),
    pass.running.settings.keys.hubspot,
    ...nativeProperties(pass, object),
    ...(mark === undefined ? [] : [mark]),
    ...filters,
  ]);
}

/** Salesforce fields that a pass reads of one type. */
export function salesforceFields(pass: Pass, object: ObjectSettings, type: string): string[] {
  const { salesforce: mark } = marksOf(object);
  return unique([
    ...object.fields.flatMap(({ salesforce }) => salesforce[type] ?? []),
    ...object.match.map(({ salesforce }) => salesforce),
    ...(object.associations ?? []).flatMap(({ salesforce }) => salesforce[type] ?? []),
    pass.running.settings.keys.salesforce,
    ...(mark === undefined ? [] : [mark]),
  ]);
}

export function kindsOf(pass: Pass, object: ObjectSettings, type: string): Record<string, Kind> {
  const mapped = kinds(pass.running.settings, pass.running.catalog, object.name, type);
  return object.owner ? { ...mapped, [ownerProperty]: 'picklist' } : mapped;
}

export const limitsOf = (pass: Pass, object: ObjectSettings, type: string): FieldLimits =>
  limits(pass.running.settings, pass.running.catalog, object.name, type);

export const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];
