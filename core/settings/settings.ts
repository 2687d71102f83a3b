import type { System } from '../record-ref.ts';

/** How a field's value crosses, and who wins. The first three and `none` carry the names of HubSpot's own integration. */
export const rules = [
  'twoWay',
  'preferSalesforce',
  'alwaysSalesforce',
  'preferHubSpot',
  'alwaysHubSpot',
  'none',
] as const;
export type Rule = (typeof rules)[number];

export const directions = ['both', 'toHubSpot', 'toSalesforce'] as const;
export type Direction = (typeof directions)[number];

export const createPolicies = ['always', 'members', 'never'] as const;
export type CreatePolicy = (typeof createPolicies)[number];

/** The settings of one installation with all defaults filled in: what runs. Plain data, stored in the ledger. */
export interface Settings {
  /** The unique property and the external id that carry the counterpart's id. */
  readonly keys: {
    readonly hubspot: string;
    readonly salesforce: string;
    /** Whether records are also paired by the ids that HubSpot's own integration has left. Default: ignore. */
    readonly native?: 'ignore' | 'adopt';
  };
  readonly objects: Readonly<Record<string, ObjectSettings>>;
  /** Milliseconds between polls. */
  readonly polling: { readonly hubspotMs: number; readonly salesforceMs: number };
  /** Runs by the clock; versions from before there were any have none. */
  readonly schedules?: readonly ScheduleSettings[];
}

export const overlapPolicies = ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'terminateOther', 'allowAll'] as const;
/** What a schedule does when its time comes while its last run is still under way. */
export type OverlapPolicy = (typeof overlapPolicies)[number];

/** One run of one object by the clock. */
export interface ScheduleSettings {
  /** Unique; names the Schedule in Temporal. */
  readonly name: string;
  readonly run:
    | { readonly kind: 'resync'; readonly object: string; readonly segmentId?: string }
    | { readonly kind: 'reconcile'; readonly object: string };
  /** Five fields: minute, hour, day, month, weekday. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly overlap: OverlapPolicy;
}

/** One synced pair of types. */
export interface ObjectSettings {
  readonly name: string;
  /** HubSpot's path segment (`contacts`) and object type id (`0-1`). */
  readonly hubspot: { readonly type: string; readonly typeId: string };
  readonly salesforce: {
    /** In order of preference among candidates. */
    readonly types: readonly string[];
    /** The first row whose `when` fits the HubSpot record names the type that is created. */
    readonly create: readonly CreateRow[];
    /** By type, a SOQL condition that a record must meet to sync at all. */
    readonly where?: Readonly<Record<string, string>>;
  };
  readonly direction: Direction;
  readonly create: Readonly<Record<System, CreatePolicy>>;
  readonly gate: GateSettings;
  readonly match: readonly { readonly hubspot: string; readonly salesforce: string }[];
  readonly segments: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly fields: readonly FieldMapping[];
  /** What a value that one side can't hold does: its field fails, or the record, or a text is cut. Default: failField. */
  readonly onBadValue?: BadValuePolicy;
  /** What a delete on one side does to the other. Default: nothing. */
  readonly deletes?: DeleteSettings;
  /** Left out: owners do not sync. */
  readonly owner?: OwnerSettings;
  /** Which parents the records belong to. */
  readonly associations?: readonly AssociationSettings[];
}

export interface AssociationSettings {
  /** The parents' object, by its name in the settings. */
  readonly to: string;
  /** HubSpot's label, such as `Primary`; left out: the association without one. */
  readonly label?: string;
  /** The field that holds the parent's id, by Salesforce type. */
  readonly salesforce: Readonly<Record<string, string>>;
}

export interface OwnerSettings {
  /** HubSpot owners with their Salesforce users or queues, each by id, email or name; all others by the same email. */
  readonly table: Readonly<Record<string, string>>;
}

export const hubspotDeletes = ['nothing', 'mark', 'archive'] as const;
export const salesforceDeletes = ['nothing', 'mark', 'delete'] as const;
export interface DeleteSettings {
  /** What happens to the Salesforce record. */
  readonly fromHubSpot: (typeof salesforceDeletes)[number];
  /** What happens to the HubSpot record. */
  readonly fromSalesforce: (typeof hubspotDeletes)[number];
  /** The checkboxes that `mark` ticks; versions from before have none. */
  readonly hubspotMark?: string;
  readonly salesforceMark?: string;
}

export const exitPolicies = ['freeze', 'keepDeletes', 'unlink', 'archive'] as const;
export type ExitPolicy = (typeof exitPolicies)[number];

export const badValuePolicies = ['failField', 'failRecord', 'truncate'] as const;
export type BadValuePolicy = (typeof badValuePolicies)[number];

export const importEvaluations = ['afterEmail', 'projected'] as const;
export type ImportEvaluation = (typeof importEvaluations)[number];

export interface CreateRow {
  readonly when?: Readonly<Record<string, readonly string[]>>;
  readonly type: string;
}

export interface GateSettings {
  readonly settleMs: number;
  readonly reevaluationTimeoutMs: number;
  readonly onTimeout: 'hold' | 'trustHubSpot';
  readonly firstSync: 'writeBack' | 'guarded';
  /** What an import judges new records by: what they hold after the email, or also what Salesforce has. Default: afterEmail. */
  readonly importEvaluation?: ImportEvaluation;
  /**
   * What becomes of a record that left its segment: nothing crosses any more (freeze), deletes still do (keepDeletes), its
   * pair ends (unlink), or its Salesforce record goes to the recycle bin (archive). Default: freeze.
   */
  readonly exit?: ExitPolicy;
}

/** One mapped field. The HubSpot property names it: a property is mapped at most once per object. */
export interface FieldMapping {
  readonly hubspot: string;
  /** Salesforce field by type; a type without an entry has no such field. */
  readonly salesforce: Readonly<Record<string, string>>;
  readonly rule: Rule;
  /** Pairs [HubSpot value, Salesforce value]. */
  readonly values?: readonly (readonly [string, string])[];
  /** What is written where the other side is blank and this side needs a value. */
  readonly whenBlank?: Partial<Readonly<Record<System, string>>>;
}
