import { asList, asObject, asText, type Json } from '../segment-filter/json.ts';

/**
 * A filter of HubSpot as a condition that a person can read, or undefined where it says something that conditions can't:
 * then its JSON is all there is to show.
 */
export function toText(filterBranch: unknown): string | undefined {
  const root = asObject(filterBranch);
  const groups = asList(root?.filterBranches);
  if (root?.filterBranchType !== 'OR' || !groups || (asList(root.filters)?.length ?? 1) > 0) return undefined;
  const texts = groups.map((group) => groupText(group, groups.length > 1));
  return texts.includes(undefined) || texts.length === 0 ? undefined : texts.join(' or ');
}

function groupText(raw: unknown, isOneOfMany: boolean): string | undefined {
  const group = asObject(raw);
  const filters = asList(group?.filters);
  if (group?.filterBranchType !== 'AND' || !filters || (asList(group.filterBranches)?.length ?? 1) > 0)
    return undefined;
  const texts = filters.map((filter) => filterText(asObject(filter)));
  if (texts.length === 0 || texts.includes(undefined)) return undefined;
  const text = texts.join(' and ');
  return isOneOfMany && texts.length > 1 ? `(${text})` : text;
}

function filterText(filter: Json | undefined): string | undefined {
  if (filter?.filterType === 'IN_LIST' && filter.metadata === undefined) {
    const id = asText(filter.listId) ?? (typeof filter.listId === 'number' ? String(filter.listId) : '');
    if (filter.operator === 'IN_LIST') return `member of ${id}`;
    return filter.operator === 'NOT_IN_LIST' ? `not member of ${id}` : undefined;
  }
  const operation = asObject(filter?.operation);
  const property = asText(filter?.property);
  if (filter?.filterType !== 'PROPERTY' || !operation || property === undefined) return undefined;
  const said = operationText(operation);
  const passesUnknown = operation.includeObjectsWithNoValueSet === true && operation.operationType !== 'ALL_PROPERTY';
  return said === undefined ? undefined : `${property} ${said}${passesUnknown ? ' or is unknown' : ''}`;
}

const several: Readonly<Record<string, readonly [one: string, many: string | undefined]>> = {
  'MULTISTRING IS_EQUAL_TO': ['=', 'in'],
  'MULTISTRING IS_NOT_EQUAL_TO': ['!=', 'not in'],
  'MULTISTRING CONTAINS': ['contains', undefined],
  'MULTISTRING DOES_NOT_CONTAIN': ['does not contain', undefined],
  'MULTISTRING STARTS_WITH': ['starts with', undefined],
  'MULTISTRING ENDS_WITH': ['ends with', undefined],
  'ENUMERATION IS_ANY_OF': ['=', 'in'],
  'ENUMERATION IS_NONE_OF': ['!=', 'not in'],
};
const single: Readonly<Record<string, string>> = {
  'BOOL IS_EQUAL_TO': '=',
  'BOOL IS_NOT_EQUAL_TO': '!=',
  'NUMBER IS_EQUAL_TO': '=',
  'NUMBER IS_NOT_EQUAL_TO': '!=',
  'NUMBER IS_LESS_THAN': '<',
  'NUMBER IS_LESS_THAN_OR_EQUAL_TO': '<=',
  'NUMBER IS_GREATER_THAN': '>',
  'NUMBER IS_GREATER_THAN_OR_EQUAL_TO': '>=',
};

function operationText(operation: Json): string | undefined {
  const key = `${asText(operation.operationType) ?? ''} ${asText(operation.operator) ?? ''}`;
  if (key === 'ALL_PROPERTY IS_KNOWN') return 'is known';
  if (key === 'ALL_PROPERTY IS_UNKNOWN') return 'is unknown';
  const words = several[key];
  if (words) {
    const values = asList(operation.values)?.map(String) ?? [];
    const [one, many] = words;
    if (values.length === 1) return `${one} ${quoted(values[0] ?? '')}`;
    return many && values.length > 1 ? `${many} (${values.map(quoted).join(', ')})` : undefined;
  }
  const { value, lowerBound, upperBound } = operation;
  if (single[key] && (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')) {
    return `${single[key]} ${quoted(String(value))}`;
  }
  if (key === 'NUMBER_RANGED IS_BETWEEN' && typeof lowerBound === 'number' && typeof upperBound === 'number') {
    return `between ${lowerBound} and ${upperBound}`;
  }
  if ((operation.propertyParser ?? 'VALUE') !== 'VALUE') return undefined;
  if (key === 'TIME_POINT IS_BEFORE' || key === 'TIME_POINT IS_AFTER') {
    const point = asObject(operation.timePoint);
    const days = daysAgo(point);
    if (days !== undefined) return key === 'TIME_POINT IS_BEFORE' ? `older than ${days} days` : undefined;
    const day = dayText(point);
    return day && `${key === 'TIME_POINT IS_BEFORE' ? 'before' : 'after'} ${day}`;
  }
  return key.startsWith('TIME_RANGED ') ? rangeText(operation, key.endsWith('IS_NOT_BETWEEN')) : undefined;
}

function rangeText(operation: Json, isNegated: boolean): string | undefined {
  const [lower, upper] = [asObject(operation.lowerBoundTimePoint), asObject(operation.upperBoundTimePoint)];
  const days = daysAgo(lower);
  if (days !== undefined && asObject(upper?.indexReference)?.referenceType === 'NOW' && !upper?.offset) {
    return `${isNegated ? 'not in last' : 'in last'} ${days} days`;
  }
  const [from, to] = [dayText(lower), dayText(upper)];
  if (!from || !to || asText(upper?.timeType) !== 'DATE') return undefined;
  if (from === to) return `${isNegated ? '!=' : '='} ${from}`;
  return isNegated ? undefined : `between ${from} and ${to}`;
}

function daysAgo(point: Json | undefined): number | undefined {
  const offset = asObject(point?.offset);
  const isToday = asObject(point?.indexReference)?.referenceType === 'TODAY';
  const days = Number(offset?.days ?? 0);
  const isPlain = !offset || Object.keys(offset).every((unit) => unit === 'days');
  return isToday && isPlain && Number.isInteger(days) && days <= 0 ? Math.abs(days) : undefined;
}

function dayText(point: Json | undefined): string | undefined {
  if (point?.timeType !== 'DATE') return undefined;
  const pad = (value: unknown, width: number): string => String(Number(value)).padStart(width, '0');
  return `${pad(point.year, 4)}-${pad(point.month, 2)}-${pad(point.day, 2)}`;
}

/** Words that need no quotes are left without. */
const quoted = (value: string): string =>
  /^[\p{L}\p{N}_.@+-]+$/u.test(value) && !/^(and|or|not|in)$/i.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
