import { type BaseValue, baseHalves } from '../merge.ts';
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
  /** True where the vendor holds nothing, or our placeholder; a checkbox never touched is blank and false at once. */
  readonly isBlank: boolean;
}

/** A field as both vendors show it. */
export interface Sides {
  readonly hubspot: Side;
  readonly salesforce: Side;
}

/**
 * Reads both sides into one vocabulary. Where a table gives one Salesforce value to several HubSpot values, Salesforce's
 * value is read as the one that HubSpot holds, or held at the base: else the other choice would look like an edit.
 */
export function readSides(
  { values, whenBlank }: FieldMapping,
  kind: Kind,
  raw: { readonly hubspot: string | null; readonly salesforce: unknown },
  base: BaseValue | undefined,
): Sides {
  const hubspot = withoutPlaceholder(kind, fromHubSpot(kind, raw.hubspot), raw.hubspot, whenBlank?.hubspot);
  const native = withoutPlaceholder(kind, fromSalesforce(kind, raw.salesforce), raw.salesforce, whenBlank?.salesforce);
  if (typeof native.value !== 'string') return { hubspot, salesforce: native };
  const kin = [hubspot.value, baseHalves(base)?.salesforce].find(
    (value) => typeof value === 'string' && translateToSalesforce(values, value) === native.value,
  );
  return { hubspot, salesforce: { ...native, value: kin ?? translateFromSalesforce(values, native.value) } };
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

function withoutPlaceholder(kind: Kind, value: Canonical, raw: unknown, filler: string | undefined): Side {
  const isFiller = filler !== undefined && value === placeholder(kind, filler);
  return isFiller || isBlank(raw) || value === null
    ? { value: blankOf(kind), isBlank: true }
    : { value, isBlank: false };
}

/** Placeholders are read like values of Salesforce, whose reading takes in HubSpot's. */
const placeholder = (kind: Kind, filler: string | undefined): string | null => fromSalesforce(kind, filler) ?? null;
