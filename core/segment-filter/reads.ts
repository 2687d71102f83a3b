import { asList, asObject, asText, type Json } from './json.ts';
import { operationTypeOf } from './operation-type.ts';
import { historyOf } from './property.ts';

export interface Reads {
  readonly names: readonly string[];
  readonly complete: boolean;
}

const unreadable: Reads = { names: [], complete: false };

/** What present values decide, by itself or against another property, the time or a fixed date. */
const presentTypes: readonly string[] = [
  'ALL_PROPERTY',
  'STRING',
  'MULTISTRING',
  'NUMBER',
  'NUMBER_RANGED',
  'BOOL',
  'ENUMERATION',
  'TIME_POINT',
  'TIME_RANGED',
  'DATETIME',
  'RANGED_DATE',
  'ROLLING_DATE_RANGE',
  'CALENDAR_DATE',
  'COMPARATIVE_DATE',
  'COMPARATIVE_STRING',
  'NUMBER_COMPARATIVE',
  'BOOL_COMPARATIVE',
];

const plainBranches: readonly unknown[] = ['OR', 'AND', 'NOT_ALL', 'NOT_ANY'];

/** The properties that a branch reads, with repeats, and whether their present values are all that it looks at. */
export function readsOf(branch: unknown): Reads {
  const node = asObject(branch);
  const branches = asList(node?.filterBranches);
  const filters = asList(node?.filters);
  // Other branches speak of other records, whose properties must not be taken for this one's.
  if (!node || !branches || !filters || !plainBranches.includes(node.filterBranchType)) return unreadable;
  if (branches.length + filters.length === 0) return unreadable;
  return together([...filters.map(readsOfFilter), ...branches.map(readsOf)]);
}

function readsOfFilter(filter: unknown): Reads {
  const node = asObject(filter);
  const operation = asObject(node?.operation);
  const name = asText(node?.property);
  if (node?.filterType !== 'PROPERTY' || !operation || name === undefined) return unreadable;
  const points = ['timePoint', 'lowerBoundTimePoint', 'upperBoundTimePoint'].map((key) => asObject(operation[key]));
  const others = [operation.comparisonPropertyName, ...points.map((point) => point?.property)];
  return {
    names: [name, ...others.filter((other) => typeof other === 'string')],
    complete: readsPresentValues(node, operation, points),
  };
}

/** False for history, for times of change, and for what we don't know. */
function readsPresentValues(filter: Json, operation: Json, points: readonly (Json | undefined)[]): boolean {
  const isRefined = [filter, operation].some(
    (node) => (node.pruningRefineBy ?? node.coalescingRefineBy ?? null) !== null,
  );
  const readsStamps =
    (operation.propertyParser ?? 'VALUE') !== 'VALUE' || points.some((point) => point?.referenceType === 'UPDATED_AT');
  return (
    !isRefined &&
    !readsStamps &&
    !historyOf(asText(operation.operator) ?? '') &&
    presentTypes.includes(operationTypeOf(operation) ?? '')
  );
}

const together = (parts: readonly Reads[]): Reads => ({
  names: parts.flatMap(({ names }) => names),
  complete: parts.every(({ complete }) => complete),
});

/** Which associated records a branch looks at, and what it reads of them. */
export interface AssociationReads {
  /** HubSpot's type id of the associated records. */
  readonly objectTypeId: string;
  readonly associationTypeId: number;
  readonly category: string;
  readonly names: readonly string[];
}

/** The associations that a branch follows from the record itself, with repeats; those of associated records are not read. */
export function associationsOf(branch: unknown): AssociationReads[] {
  const node = asObject(branch);
  const branches = asList(node?.filterBranches) ?? [];
  if (!node || node.filterBranchType !== 'ASSOCIATION') return branches.flatMap(associationsOf);
  const objectTypeId = asText(node.objectTypeId);
  const associationTypeId = Number(node.associationTypeId);
  if (objectTypeId === undefined || !Number.isInteger(associationTypeId)) return [];
  const { names } = together([...(asList(node.filters) ?? []).map(readsOfFilter), ...branches.map(readsOf)]);
  return [{ objectTypeId, associationTypeId, category: asText(node.associationCategory) ?? '', names }];
}

/** Ids of the lists that a branch names, with repeats. */
export function listsOf(branch: unknown): string[] {
  const node = asObject(branch);
  const own = (asList(node?.filters) ?? []).flatMap((filter) => {
    const { filterType, listId } = asObject(filter) ?? {};
    return filterType === 'IN_LIST' && (typeof listId === 'string' || typeof listId === 'number')
      ? [String(listId)]
      : [];
  });
  return [...own, ...(asList(node?.filterBranches) ?? []).flatMap(listsOf)];
}
