import type { Property } from '../property.ts';

/** Reads a stored property of the record at hand; null where it has no value. */
export type ReadStored = (property: string) => string | null;

/** One kind of record: what its calls are named and what its records are made of. */
export interface ObjectType {
  /** The name in paths. */
  readonly name: string;
  readonly typeId: string;
  /** As error messages call it. */
  readonly singular: string;
  /** As the duplicate message calls it. */
  readonly title: string;
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** Unique without being declared so, whatever the case of its letters. */
  readonly naturalKey: string | undefined;
  /** A create needs a value in at least one of these, where there are any. */
  readonly requiredOneOf: readonly string[];
  /** A create needs a value in each of these. */
  readonly required: readonly string[];
  /** Shown where a call names no properties. */
  readonly shownByDefault: readonly string[];
  /** Shown in the answer of a write besides what was written. */
  readonly shownAfterWrite: readonly string[];
  /** Looked through by the `query` of a search. */
  readonly searchable: readonly string[];
  /** A value of one of these moves along the property's options only. */
  readonly forwardOnly: readonly string[];
  readonly groups: readonly string[];
  readonly properties: readonly Property[];
  /** Values that HubSpot works out itself from the stored ones. */
  readonly derived: Readonly<Record<string, (read: ReadStored) => string | null>>;
}
