import type { Settings } from './settings.ts';

/** What a HubSpot property is, as far as settings depend on it. */
export interface CatalogProperty {
  readonly type: string;
  readonly fieldType: string;
  readonly readOnly: boolean;
  readonly calculated: boolean;
  readonly unique: boolean;
  /** Internal values of the options; empty where the type has none. */
  readonly options: readonly string[];
}

/** What a Salesforce field is, as far as settings depend on it. */
export interface CatalogField {
  readonly type: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly calculated: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly picklist: readonly string[];
  /** Most characters of a text, digits of a number in all and behind the point; versions from before have none. */
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** Whether values outside `picklist` are refused. */
  readonly restricted: boolean;
}

export interface CatalogSegment {
  readonly id: string;
  readonly name: string;
  readonly objectTypeId: string;
  /** `DYNAMIC` is an active segment; anything else a static one. */
  readonly processingType: string;
}

/**
 * What both systems say about the types in the settings. Plain data: it is stored beside the version that it was
 * checked for. A type without an entry does not exist there, or cannot be seen with our credentials.
 */
export interface Catalog {
  /** Properties by HubSpot type (`contacts`), then by name. */
  readonly hubspot: Readonly<Record<string, Readonly<Record<string, CatalogProperty>>>>;
  /** Fields by Salesforce type, then by API name. */
  readonly salesforce: Readonly<Record<string, Readonly<Record<string, CatalogField>>>>;
  /** Every segment of the types that choose one, and every segment that the settings name by id, whatever its type. */
  readonly segments: readonly CatalogSegment[];
  /** The HubSpot account's, IANA name; versions from before have none and mean UTC. */
  readonly timeZone?: string;
}

/** What a catalog must hold to check these settings. */
export interface CatalogNeeds {
  readonly hubspot: readonly string[];
  readonly salesforce: readonly string[];
  /** Type ids whose segments must all be known, since the settings name segments of theirs. */
  readonly segmentTypeIds: readonly string[];
  /** Segments named by id, to be read whatever their type is. */
  readonly segmentIds: readonly string[];
}

/** A segment in the settings is an id where it has digits only, else an exact name. */
export const isSegmentId = (segment: string): boolean => /^[0-9]+$/.test(segment);

export function catalogNeeds(settings: Settings): CatalogNeeds {
  const objects = Object.values(settings.objects);
  const scheduled = (settings.schedules ?? []).map(({ run }) => run).filter((run) => run.kind === 'resync');
  const named = ({ name, segments }: (typeof objects)[number]) => [
    ...segments.include,
    ...segments.exclude,
    ...scheduled.flatMap(({ object, segmentId }) => (object === name && segmentId !== undefined ? [segmentId] : [])),
  ];
  const unique = (items: readonly string[]) => [...new Set(items)].filter((item) => item !== '');
  return {
    hubspot: unique(objects.map(({ hubspot }) => hubspot.type)),
    salesforce: unique(objects.flatMap(({ salesforce }) => salesforce.types)),
    segmentTypeIds: unique(objects.filter((object) => named(object).length > 0).map(({ hubspot }) => hubspot.typeId)),
    segmentIds: unique(objects.flatMap(named).filter(isSegmentId)),
  };
}
