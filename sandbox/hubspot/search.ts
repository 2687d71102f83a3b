import { compareDecimals } from './decimal.ts';
import { compareIds } from './ids.ts';
import type { Property } from './property.ts';
import { type StoredRecord, valueOf } from './record.ts';
import type { Records } from './records.ts';
import { validationError } from './refusal.ts';

export const searchOperators = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

export interface SearchFilter {
  readonly propertyName: string;
  readonly operator: (typeof searchOperators)[number];
  readonly value?: string | undefined;
  readonly values?: readonly string[] | undefined;
  readonly highValue?: string | undefined;
}

export interface SearchQuery {
  readonly groups: readonly (readonly SearchFilter[])[];
  readonly sort: { readonly property: string; readonly descending: boolean } | undefined;
  readonly text: string | undefined;
}

const mostGroups = 5;
const mostInGroup = 6;
const mostFilters = 18;

/** The ids of a record's associated ones of a type. */
export type Associated = (record: StoredRecord, type: string) => readonly string[];

const pseudo = 'associations.';
const associationOperators: readonly string[] = ['EQ', 'NEQ', 'IN', 'NOT_IN', 'HAS_PROPERTY', 'NOT_HAS_PROPERTY'];

/** Throws the refusal of a query that is too large or asks for something that the records do not have. */
export function checkQuery({ groups, sort }: SearchQuery, records: Records): void {
  // Our choice, these bodies: the limits are documented, the texts are not.
  if (groups.length > mostGroups) throw validationError(`A search takes at most ${mostGroups} filterGroups.`);
  if (groups.some((filters) => filters.length > mostInGroup)) {
    throw validationError(`A filterGroup takes at most ${mostInGroup} filters.`);
  }
  if (groups.flat().length > mostFilters) throw validationError(`A search takes at most ${mostFilters} filters.`);
  for (const filter of groups.flat()) {
    if (filter.propertyName.startsWith(pseudo)) {
      if (records.type.typeId.startsWith('2-') || !associationOperators.includes(filter.operator)) {
        throw validationError(`${filter.propertyName} can't be searched for with ${filter.operator}.`);
      }
    } else if (!records.properties.get(filter.propertyName)) {
      throw validationError(`There was a problem with the request. Property "${filter.propertyName}" does not exist`);
    }
    const missing = missingField(filter);
    if (missing) throw validationError(`Operator ${filter.operator} needs ${missing}.`);
  }
  if (sort && !records.properties.get(sort.property)) {
    throw validationError(`There was a problem with the request. Property "${sort.property}" does not exist`);
  }
}

/** The records that match, in the order asked for, as the search index knew them at `asOf`. */
export function search(query: SearchQuery, records: Records, asOf: number, associated: Associated): StoredRecord[] {
  const found: StoredRecord[] = [];
  for (const record of candidates(query, records)) {
    if (record.createdAt > asOf || (record.archivedAt !== undefined && record.archivedAt <= asOf)) continue;
    if (matches(query, record, records, asOf, associated)) found.push(record);
  }
  return inOrder(found, query.sort, records, asOf);
}

/** Where every group asks for changes since an instant, the log of changes saves looking at every record. */
function candidates({ groups }: SearchQuery, records: Records): Iterable<StoredRecord> {
  const since = groups.map((filters) => {
    const filter = filters.find(
      ({ propertyName, operator }) =>
        propertyName === records.type.modifiedProperty && ['GT', 'GTE', 'BETWEEN', 'EQ'].includes(operator),
    );
    return filter ? instant(filter.value ?? '') : Number.NEGATIVE_INFINITY;
  });
  const earliest = since.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...since);
  return Number.isFinite(earliest) ? records.changedSince(earliest) : records.after(undefined);
}

function matches(
  { groups, text }: SearchQuery,
  record: StoredRecord,
  records: Records,
  asOf: number,
  associated: Associated,
): boolean {
  if (text !== undefined && !matchesText(text, record, asOf)) return false;
  if (groups.length === 0) return true;
  return groups.some((filters) =>
    filters.every((filter) => {
      if (filter.propertyName.startsWith(pseudo)) {
        return isRelated(filter, associated(record, filter.propertyName.slice(pseudo.length)));
      }
      const property = records.properties.get(filter.propertyName);
      return property !== undefined && passes(filter, property, valueOf(record, property.name, asOf));
    }),
  );
}

/** Our choice: associations are searched for as they are now, whatever the lag of the index. */
function isRelated({ operator, value, values = [] }: SearchFilter, ids: readonly string[]): boolean {
  const wanted = operator === 'EQ' || operator === 'NEQ' ? [value ?? ''] : values;
  const isAmong = operator.endsWith('HAS_PROPERTY') ? ids.length > 0 : wanted.some((id) => ids.includes(id));
  return operator.startsWith('N') ? !isAmong : isAmong;
}

/** Every word of the text starts a word of one of the searchable properties. */
function matchesText(text: string, record: StoredRecord, asOf: number): boolean {
  const words = record.type.searchable.flatMap((name) => {
    const value = (valueOf(record, name, asOf) ?? '').toLowerCase();
    return [value, ...tokens(value)];
  });
  return tokens(text).every((token) => words.some((word) => word.startsWith(token)));
}

function passes(filter: SearchFilter, property: Property, value: string | null): boolean {
  const { operator } = filter;
  if (operator === 'NOT_HAS_PROPERTY') return value === null;
  // Our choice: a record without a value matches no other operator, negative ones included.
  if (value === null) return false;
  const compare = (other: string | undefined) => compareBy(property, value, other ?? '');
  switch (operator) {
    case 'HAS_PROPERTY':
      return true;
    case 'EQ':
      return compare(filter.value) === 0;
    case 'NEQ':
      return compare(filter.value) !== 0;
    case 'LT':
      return compare(filter.value) < 0;
    case 'LTE':
      return compare(filter.value) <= 0;
    case 'GT':
      return compare(filter.value) > 0;
    case 'GTE':
      return compare(filter.value) >= 0;
    case 'BETWEEN':
      return compare(filter.value) >= 0 && compare(filter.highValue) <= 0;
    case 'IN':
      return isListed(property, value, filter.values ?? []);
    case 'NOT_IN':
      return !isListed(property, value, filter.values ?? []);
    case 'CONTAINS_TOKEN':
      return hasToken(value, filter.value ?? '');
    case 'NOT_CONTAINS_TOKEN':
      return !hasToken(value, filter.value ?? '');
  }
  return operator satisfies never;
}

/** Text values of `IN` must be given in lower case; upper-case ones match nothing. */
function isListed(property: Property, value: string, values: readonly string[]): boolean {
  if (property.type === 'string' || property.type === 'phone_number') return values.includes(value.toLowerCase());
  return values.some((other) => compareBy(property, value, other) === 0);
}

function compareBy(property: Property, a: string, b: string): number {
  switch (property.type) {
    case 'number':
      return compareDecimals(a, b) ?? compareText(a, b);
    case 'date':
    case 'datetime':
      return instant(a) - instant(b);
    case 'enumeration':
    case 'bool':
      return compareText(a, b);
    case 'string':
    case 'phone_number':
      return compareText(a.toLowerCase(), b.toLowerCase());
  }
  return property.type satisfies never;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Epoch milliseconds of ISO text, a date, or milliseconds as text. NaN compares as equal to nothing. */
function instant(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function tokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}*]+/gu) ?? [];
}

function hasToken(value: string, wanted: string): boolean {
  const pattern = tokens(wanted).map((token) => token.replaceAll('*', '.*'));
  if (pattern.length === 0) return false;
  return new RegExp(`(^| )${pattern.join(' ')}( |$)`, 'u').test(tokens(value).join(' '));
}

function inOrder(found: StoredRecord[], sort: SearchQuery['sort'], records: Records, asOf: number): StoredRecord[] {
  const property = sort && records.properties.get(sort.property);
  if (!sort || !property) return found.sort((a, b) => a.createdAt - b.createdAt || compareIds(a.id, b.id));
  const keyed = found.map((record) => ({ record, value: valueOf(record, property.name, asOf) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return sign * compareBy(property, a.value, b.value);
  });
  return keyed.map(({ record }) => record);
}

function missingField({ operator, value, values, highValue }: SearchFilter): string | undefined {
  if (operator === 'HAS_PROPERTY' || operator === 'NOT_HAS_PROPERTY') return undefined;
  if (operator === 'IN' || operator === 'NOT_IN') return values && values.length > 0 ? undefined : '`values`';
  if (operator === 'BETWEEN')
    return value !== undefined && highValue !== undefined ? undefined : '`value` and `highValue`';
  return value === undefined ? '`value`' : undefined;
}
