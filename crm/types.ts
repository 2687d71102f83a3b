import type { FailureCategory } from '../core/failures.ts';
import type { OwnerEntry } from '../core/owners.ts';

/**
 * A vendor refused or did not answer. `message` is safe for histories and logs: category, code, route and names of
 * fields or scopes, never a field value, an email or a token, and there is no `cause`. `mayHaveArrived` is true where a
 * write may have been applied although it failed.
 */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly system: 'hubspot' | 'salesforce';
  readonly category: FailureCategory;
  /** The vendor's own code, or `HTTP_{status}`, `TIMEOUT`, `NETWORK`. */
  readonly code: string;
  /** Method and path of the call, ids left out. */
  readonly route: string;
  /** What the vendor asks us to wait, where it says so or is known for it. */
  readonly retryAfterMs: number | undefined;
  readonly mayHaveArrived: boolean;
  /** True where the content of the request was refused, so that other records may pass; false where the call was. */
  readonly rowFault: boolean;
  /** Names of the fields or scopes that the vendor's refusal names. */
  readonly names: readonly string[];
  /** The record that stands in the way of a create, where the vendor names it. */
  readonly existingId: string | undefined;
  /** Rows of the same write that were decided before this happened; all its other rows are open. */
  readonly settled: readonly RowResult[];

  constructor(detail: {
    system: 'hubspot' | 'salesforce';
    category: FailureCategory;
    code: string;
    route: string;
    retryAfterMs?: number | undefined;
    mayHaveArrived?: boolean;
    rowFault?: boolean;
    names?: readonly string[];
    existingId?: string | undefined;
    settled?: readonly RowResult[];
  }) {
    const about = [detail.code, ...(detail.names ?? [])].join(' ');
    super(`${detail.system} ${detail.route}: ${detail.category} (${about})`);
    this.system = detail.system;
    this.category = detail.category;
    this.code = detail.code;
    this.route = detail.route;
    this.retryAfterMs = detail.retryAfterMs;
    this.mayHaveArrived = detail.mayHaveArrived ?? false;
    this.rowFault = detail.rowFault ?? false;
    this.names = detail.names ?? [];
    this.existingId = detail.existingId;
    this.settled = detail.settled ?? [];
  }
}

/** What became of one row of a batch write; rows are told apart by `key`, chosen by the caller. */
export type RowResult =
  | {
      readonly key: string;
      readonly ok: true;
      readonly id: string;
      readonly modifiedAt?: string;
      readonly created?: boolean;
    }
  | {
      readonly key: string;
      readonly ok: false;
      readonly category: FailureCategory;
      readonly code: string;
      /** The record that stands in the way of a create, where the vendor names it. */
      readonly existingId?: string;
      /** Names (never values) of the fields that the vendor refused, where it names them. */
      readonly names?: readonly string[];
      /** The vendor left this row out of its answer: it may have been written all the same. */
      readonly mayHaveArrived?: boolean;
    };

/** A HubSpot record as read, with the properties asked for. Its `id` is not the requested one where that was absorbed. */
export interface HubSpotRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly createdAt: string;
  /** `lastmodifieddate` or `hs_lastmodifieddate`, ISO. */
  readonly modifiedAt: string;
}

export interface PropertyVersion {
  readonly value: string | null;
  readonly at: string;
  readonly sourceType: string;
  readonly sourceId: string | undefined;
}

/** A segment (HubSpot list) with its definition. */
export interface SegmentInfo {
  readonly id: string;
  readonly name: string;
  readonly objectTypeId: string;
  /** `DYNAMIC` is an active segment; `MANUAL` and `SNAPSHOT` are static ones. */
  readonly processingType: string;
  /** `COMPLETE`, `PROCESSING`, `PAUSED`; HubSpot may add others. */
  readonly processingStatus: string;
  /** Changes with the definition: list version and `filtersUpdatedAt`. */
  readonly version: string;
  readonly filterBranch: unknown;
  /** Number of members, where HubSpot tells it. */
  readonly size?: number;
}

export interface PropertyInfo {
  readonly name: string;
  /** HubSpot's type: `string`, `number`, `bool`, `enumeration`, `date`, `datetime`, `phone_number`. */
  readonly type: string;
  readonly fieldType: string;
  readonly readOnly: boolean;
  readonly calculated: boolean;
  readonly unique: boolean;
  readonly options: readonly string[];
}

export interface HubSpotReader {
  /** Portal id and time zone. */
  account(): Promise<{ portalId: string; timeZone: string; uiDomain: string }>;
  /** HubSpot's own clock, from the `Date` header, ISO. */
  now(): Promise<string>;
  /** Any number of ids (batches of 100 inside). Answers by requested id; missing ones are absent. `now`: HubSpot's clock, ISO. */
  readRecords(
    type: string,
    ids: readonly string[],
    properties: readonly string[],
  ): Promise<{ records: Map<string, HubSpotRecord>; now: string }>;
  /** Those of the ids whose records are archived: in the recycle bin, for 90 days. */
  archived(type: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Reads by a unique property (`email`, our key); answers by the value asked for, lower-cased. */
  readByUnique(
    type: string,
    property: string,
    values: readonly string[],
    properties: readonly string[],
  ): Promise<{ records: Map<string, HubSpotRecord>; now: string }>;
  /**
   * All segment ids of each record (public lists only), by record id. Records in none have an empty list; one that a
   * partial answer leaves out is absent: nothing is known of it.
   */
  memberships(typeId: string, ids: readonly string[]): Promise<Map<string, ReadonlySet<string>>>;
  /** Definitions by id, with filters; missing or deleted ones are absent. */
  segments(ids: readonly string[]): Promise<Map<string, SegmentInfo>>;
  /** By exact name (HubSpot ignores case), or undefined. */
  segmentByName(typeId: string, name: string): Promise<SegmentInfo | undefined>;
  /** Every segment of a type, for choosing one. */
  listSegments(typeId: string): Promise<SegmentInfo[]>;
  /**
   * Creates an active segment and answers it as HubSpot stored it. One whose answer was lost is found again by its name;
   * a name that is taken is refused as `duplicates`.
   */
  createSegment(typeId: string, name: string, filterBranch: unknown): Promise<SegmentInfo>;
  /** One page in the order of joining, from `after` on; `next` is absent on the last page. */
  joins(segmentId: string, after?: string): Promise<{ rows: { recordId: string; joinedAt: string }[]; next?: string }>;
  /** One page of members in the order of ids (250), from `after` on. */
  members(segmentId: string, after?: string): Promise<{ ids: string[]; next?: string }>;
  /**
   * One page of records changed at or after `since` (ISO), oldest change first, at most 200, by search. `afterId` goes
   * on inside one stamp.
   */
  changedSince(
    type: string,
    since: string,
    afterId?: string,
  ): Promise<{ rows: { id: string; modifiedAt: string; createdAt: string }[]; more: boolean }>;
  /** Ids of the live records whose property holds one of these values, as far as the search index knows by now. */
  idsWith(type: string, property: string, values: readonly string[]): Promise<string[]>;
  /** Number of records that search finds. */
  count(type: string): Promise<number>;
  /** Newest version first. */
  history(type: string, id: string, properties: readonly string[]): Promise<Map<string, PropertyVersion[]>>;
  /**
   * What each record belongs to of another type, with the labels (null: the association without one) and the types of the
   * associations; the rest is absent.
   */
  associated(from: string, to: string, ids: readonly string[]): Promise<Map<string, readonly AssociatedRecord[]>>;
  /** The ways in which records of two types may belong together. */
  associationTypes(from: string, to: string): Promise<readonly AssociationType[]>;
  /** Everybody who may own records and is not deactivated. */
  owners(): Promise<OwnerEntry[]>;
  properties(type: string): Promise<Map<string, PropertyInfo>>;
  /** Creates a unique text property; does nothing where it is there already as such. */
  createUniqueProperty(type: string, name: string, label: string): Promise<'created' | 'present'>;
}

/** A record that another one belongs to, and how. */
export interface AssociatedRecord {
  readonly id: string;
  readonly labels: readonly (string | null)[];
  readonly types: readonly { readonly typeId: number; readonly category: string }[];
}

/** One way in which a record may belong to another. */
export interface AssociationType {
  readonly category: string;
  readonly typeId: number;
  readonly label: string | null;
}

/** An association to be made or ended. */
export interface AssociationRow {
  readonly key: string;
  readonly id: string;
  readonly to: { readonly type: string; readonly id: string };
  readonly association: AssociationType;
}

/** The part of HubSpot that changes records; only `activities/send.ts` may hold one. */
export interface HubSpotWriter {
  /**
   * Rows end one by one, whatever the others do; a whole-batch refusal is bisected. At most 100 rows per call inside.
   * Rejects with `VendorError` where a call fails; its `settled` has the rows that were decided before.
   */
  create(
    type: string,
    rows: readonly { key: string; properties: Readonly<Record<string, string>> }[],
  ): Promise<RowResult[]>;
  update(
    type: string,
    rows: readonly { key: string; id: string; properties: Readonly<Record<string, string>> }[],
  ): Promise<RowResult[]>;
  /** Makes records belong to others, or ends that. All rows are of one pair of types. */
  associate(type: string, rows: readonly AssociationRow[]): Promise<RowResult[]>;
  dissociate(type: string, rows: readonly AssociationRow[]): Promise<RowResult[]>;
  /** Moves records to the recycle bin; one that is there already is done. */
  archive(type: string, rows: readonly { key: string; id: string }[]): Promise<RowResult[]>;
}

/** A Salesforce record as read; `fields` holds the fields asked for, by name. */
export interface SalesforceRecord {
  readonly id: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  /** `LastModifiedDate`, ISO: what `If-Unmodified-Since` compares with. */
  readonly modifiedAt: string;
  readonly isConverted?: boolean;
  /** The contact that a converted lead became. */
  readonly convertedTo?: string;
}

export interface FieldInfo {
  readonly name: string;
  readonly type: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly calculated: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly requiredOnCreate: boolean;
  readonly picklist: readonly string[];
  readonly restricted: boolean;
}

export interface SalesforceReader {
  /** Org id (18 characters), integration user's id, instance address. */
  account(): Promise<{ orgId: string; userId: string; instanceUrl: string }>;
  /** Any number of ids, by SOQL in bounded pieces; deleted or missing ones are absent. */
  readRecords(type: string, ids: readonly string[], fields: readonly string[]): Promise<Map<string, SalesforceRecord>>;
  /** Records whose `field` equals one of `values` (Salesforce compares without case); several per value are possible. */
  findBy(
    type: string,
    field: string,
    values: readonly string[],
    fields: readonly string[],
  ): Promise<SalesforceRecord[]>;
  /** One page of records by keyset (SystemModstamp, Id), deleted ones included, oldest first, at most 2,000. `coveredUntil` is the low-water mark. */
  changedSince(
    type: string,
    since: string,
    afterId?: string,
  ): Promise<{ rows: { id: string; modifiedAt: string; createdAt: string }[]; more: boolean }>;
  /** `latestDateCovered` of `/updated` over the last minutes: changes older than this have all been seen. ISO. */
  coveredUntil(type: string): Promise<string>;
  /** One page of ids by keyset, `where` being an optional SOQL condition; in the order of Id. */
  ids(type: string, where: string | undefined, afterId: string | undefined, limit: number): Promise<string[]>;
  count(type: string, where?: string): Promise<number>;
  /**
   * What became of records: deleted or not, and merged into which, where the type knows masters. Ids that Salesforce
   * knows nothing of any more, or does not show us, are absent.
   */
  fates(
    type: string,
    ids: readonly string[],
    hasMaster: boolean,
  ): Promise<Map<string, { readonly isDeleted: boolean; readonly mergedInto: string | undefined }>>;
  /** Those of the ids whose records meet a SOQL condition now, in bounded pieces. */
  meeting(type: string, ids: readonly string[], where: string): Promise<ReadonlySet<string>>;
  /**
   * What Salesforce says against a SOQL condition, in its own words, or undefined where it takes it. For whoever wrote the
   * condition alone: the words quote it, so they belong into no log and no history.
   */
  whereProblem(type: string, where: string): Promise<string | undefined>;
  /** Active users and queues. */
  owners(): Promise<OwnerEntry[]>;
  /** Salesforce's own clock, from the `Date` header, ISO. */
  now(): Promise<string>;
  fields(type: string): Promise<Map<string, FieldInfo>>;
  /** Salesforce's clock without asking it, milliseconds: it is at least so late. Undefined before the first answer. */
  clockMs(): number | undefined;
  /** Used and allowed calls of the rolling day, from the newest answer; undefined before the first call. */
  usage(): { used: number; limit: number } | undefined;
}

/** The part of Salesforce that changes records; only `activities/send.ts` may hold one. */
export interface SalesforceWriter {
  /**
   * Upsert by our external id, so that a repeated create finds what the first one made. Rows and failures as for
   * HubSpot.
   */
  create(
    type: string,
    keyField: string,
    rows: readonly { key: string; keyValue: string; fields: Readonly<Record<string, unknown>> }[],
  ): Promise<RowResult[]>;
  /** By id, 200 per call. With `ifUnmodifiedSince` a row goes alone, as a conditional PATCH: 412 is `changedMeanwhile`. */
  update(
    type: string,
    rows: readonly { key: string; id: string; fields: Readonly<Record<string, unknown>>; ifUnmodifiedSince?: string }[],
  ): Promise<RowResult[]>;
  /** Moves records to the recycle bin, 200 per call. */
  remove(type: string, rows: readonly { key: string; id: string }[]): Promise<RowResult[]>;
}
