import type { BaseValue } from '../merge.ts';
import type { System } from '../record-ref.ts';
import type { FieldLimits } from '../settings/kinds.ts';
import type { Direction, ObjectSettings } from '../settings/settings.ts';
import type { Kind, Misfit } from '../values.ts';
import type { Related } from './association.ts';

/** The base of one pair, by HubSpot property. */
export type Base = Readonly<Record<string, BaseValue>>;

/** One pair, or one record whose counterpart is to be created, as read. */
export interface PlanInput {
  readonly object: ObjectSettings;
  /** The ways that are open to this pass alone, where they are fewer than the object's. */
  readonly narrowedTo?: Direction | undefined;
  readonly salesforceType: string;
  /** By HubSpot property. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** What the fields can hold, by HubSpot property; left out: everything. */
  readonly limits?: FieldLimits | undefined;
  /** Fields that a vendor refused in this pass, by HubSpot property. */
  readonly refused?: ReadonlySet<string> | undefined;
  /** Undefined: the pair's first sync. Not looked at where a record does not exist. */
  readonly base: Base | undefined;
  /** Raw values by property; undefined: the record does not exist, the plan creates it. */
  readonly hubspot: Readonly<Record<string, string | null>> | undefined;
  /** Raw values by field name; undefined as above. */
  readonly salesforce: Readonly<Record<string, unknown>> | undefined;
  /** Which parents both sides name, by the association's key. */
  readonly related?: ReadonlyMap<string, Related> | undefined;
  /** The record edited last, by the vendors' stamps. */
  readonly newer: System | undefined;
}

/** What a sync would write. Fields are named by their HubSpot property, in both directions, unless said otherwise. */
export interface Plan {
  /** Raw values to send, by property. */
  readonly hubspot: Readonly<Record<string, string>>;
  /** Raw values to send, by Salesforce field name. */
  readonly salesforce: Readonly<Record<string, unknown>>;
  /** The fields behind the two. */
  readonly written: Readonly<Record<System, readonly string[]>>;
  /** The pair's whole new base once everything has been written; replaces the old one. See `baseAfter`. */
  readonly base: Base;
  /** Raw values that the writes replace, by property and by field name; none for a record that is created. */
  readonly previous: Readonly<Record<System, Readonly<Record<string, unknown>>>>;
  /** Edits that lost against an edit of the other side. */
  readonly conflicts: readonly Conflict[];
  /** Values that can't be understood, or have no counterpart in the mapping's table; their field is left alone. */
  readonly badValues: readonly BadValue[];
  /** Fields newly mapped on an old pair whose sides differ: noted now, written only by a backfill. */
  readonly adopt: readonly string[];
  /** Fields left alone because the settings give no kind for them, or a record came without them. */
  readonly setAside: readonly string[];
}

export interface Conflict {
  readonly field: string;
  readonly kept: System;
  readonly lost: string | null;
}

/** Why a value stays where it is. `notUnderstood` is no value of its kind, `noCounterpart` stands in no table. */
export type BadReason = 'notUnderstood' | 'noCounterpart' | 'refused' | Misfit;

export interface BadValue {
  readonly field: string;
  /** Where the value is. */
  readonly side: System;
  readonly reason: BadReason;
}
