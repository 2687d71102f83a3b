import { type BaseValue, baseHalves } from '../merge.ts';
import type { System } from '../record-ref.ts';
import type { FieldMapping } from '../settings/settings.ts';
import {
  blankOf,
  type Canonical,
  fromHubSpot,
  fromSalesforce,
  isBlank,
  type Kind,
  toHubSpot,
  toSalesforce,
  translateFromSalesforce,
  translateToSalesforce,
} from '../values.ts';

/** One side's value of one field. */
export interface Side {
  /** Canonical, in HubSpot's vocabulary; undefined where it can't be understood. */
  readonly value: Canonical;
  /**
   * True where the vendor holds nothing, or our placeholder. A checkbox is blank and false at once where nobody need
   * have touched it: null in HubSpot, unticked in Salesforce.
   */
  readonly isBlank: boolean;
}

/**
 * Reads both sides into one vocabulary. Where a table gives one Salesforce value to several HubSpot values, Salesforce's
 * value is read as the one that HubSpot holds, or held at the base: else the other choice would look like an edit.
 */
export function readSides(
  mapping: FieldMapping,
  kind: Kind,
  raw: { readonly hubspot: string | null; readonly salesforce: unknown },
  base: BaseValue | undefined,
): Readonly<Record<System, Side>> {
  const { values } = mapping;
  const hubspot = fromHubSpot(kind, raw.hubspot);
  const native = fromSalesforce(kind, raw.salesforce);
  const isKin = (value: Canonical): value is string =>
    typeof value === 'string' && native !== undefined && translateToSalesforce(values, value) === native;
  const salesforce = [hubspot, baseHalves(base)?.salesforce].find(isKin) ?? translateFromSalesforce(values, native);
  const isUnticked = kind === 'boolean' && native === 'false';
  return {
    hubspot: sideOf(mapping, kind, hubspot, translateToSalesforce(values, hubspot), isBlank(raw.hubspot)),
    salesforce: sideOf(mapping, kind, salesforce, native, isUnticked),
  };
}

/** A side of a record that does not exist yet. */
export const absentSide: Side = { value: null, isBlank: true };

/** What is sent to HubSpot for a canonical value; a blank is sent as the mapping's placeholder, where it has one. */
export const rawForHubSpot = ({ whenBlank }: FieldMapping, kind: Kind, value: string | null): string =>
  toHubSpot(kind, value ?? placeholder(kind, whenBlank?.hubspot));

/** The same for Salesforce; undefined where the mapping's table has no such value. */
export function rawForSalesforce({ values, whenBlank }: FieldMapping, kind: Kind, value: string | null): unknown {
  const native = translateToSalesforce(values, value);
  return native === undefined ? undefined : toSalesforce(kind, native ?? placeholder(kind, whenBlank?.salesforce));
}

/**
 * A placeholder of either side counts as blank on both: a HubSpot value that reads like Salesforce's placeholder would
 * come back as a blank and clear itself.
 */
function sideOf({ whenBlank }: FieldMapping, kind: Kind, value: Canonical, native: Canonical, isEmpty: boolean): Side {
  const isPlaceholder =
    (typeof value === 'string' && value === placeholder(kind, whenBlank?.hubspot)) ||
    (typeof native === 'string' && native === placeholder(kind, whenBlank?.salesforce));
  if (isPlaceholder || value === null) return { value: blankOf(kind), isBlank: true };
  return { value, isBlank: isEmpty };
}

/** Placeholders are read like values of Salesforce, whose reading takes in HubSpot's. */
const placeholder = (kind: Kind, filler: string | undefined): string | null =>
  isBlank(filler) ? null : (fromSalesforce(kind, filler) ?? null);
