import { asList, asObject, asText, type Json } from './json.ts';
import { evaluateProperty, type KnownRecord } from './property.ts';
import { all, any, not, type Verdict, verdictOf } from './verdict.ts';

/** Lists that name lists are followed this far; HubSpot settles chains one after another. */
const deepest = 8;

/**
 * Judges a branch with all that hangs below it. An empty branch is `unknown`: HubSpot has no use for one, so a branch
 * that looks empty most likely holds something that we don't see.
 */
export function evaluateBranch(branch: unknown, record: KnownRecord, depth = 0): Verdict {
  const node = asObject(branch);
  const branches = asList(node?.filterBranches);
  const filters = asList(node?.filters);
  if (!node || !branches || !filters || branches.length + filters.length === 0) return 'unknown';
  if (node.filterBranchType === 'ASSOCIATION') return evaluateAssociation(node, branches, filters, record, depth);
  const parts = (): Verdict[] => partsOf(branches, filters, record, depth);
  switch (node.filterBranchType) {
    case 'OR':
      return any(parts());
    case 'AND':
      return all(parts());
    case 'NOT_ALL':
      return not(all(parts()));
    case 'NOT_ANY':
      return not(any(parts()));
    default:
      return 'unknown';
  }
}

const partsOf = (
  branches: readonly unknown[],
  filters: readonly unknown[],
  record: KnownRecord,
  depth: number,
): Verdict[] => [
  ...filters.map((filter) => evaluateFilterNode(filter, record, depth)),
  ...branches.map((child) => evaluateBranch(child, record, depth)),
];

/** One associated record must pass all of the branch. A record without any passes only where nothing is said to pass. */
function evaluateAssociation(
  node: Json,
  branches: readonly unknown[],
  filters: readonly unknown[],
  record: KnownRecord,
  depth: number,
): Verdict {
  const others = record.associated?.(Number(node.associationTypeId), asText(node.associationCategory) ?? '');
  if (!others) return 'unknown';
  // Whether a record without associations has one whose property is unknown is told both ways.
  if (others.length === 0 && asksForNothing(filters)) return 'unknown';
  const verdict = any(others.map((other) => all(partsOf(branches, filters, other, depth))));
  if (node.operator === 'IN_LIST') return verdict;
  return node.operator === 'NOT_IN_LIST' ? not(verdict) : 'unknown';
}

const asksForNothing = (filters: readonly unknown[]): boolean =>
  filters.some((filter) => {
    const operation = asObject(asObject(filter)?.operation);
    return operation?.operator === 'IS_UNKNOWN' || operation?.includeObjectsWithNoValueSet === true;
  });

function evaluateFilterNode(filter: unknown, record: KnownRecord, depth: number): Verdict {
  const node = asObject(filter);
  switch (node?.filterType) {
    case 'PROPERTY':
      return evaluateProperty(node, record);
    case 'CONSTANT':
      return typeof node.shouldAccept === 'boolean' ? verdictOf(node.shouldAccept) : 'unknown';
    case 'IN_LIST': {
      const verdict = evaluateList(node, record, depth);
      if (node.operator === 'IN_LIST') return verdict;
      return node.operator === 'NOT_IN_LIST' ? not(verdict) : 'unknown';
    }
    default:
      return 'unknown';
  }
}

/** Another list by its own filter on the same values. What workflows and imports are behind is HubSpot's alone. */
function evaluateList(node: Json, record: KnownRecord, depth: number): Verdict {
  const branch = record.lists?.get(typeof node.listId === 'number' ? String(node.listId) : (asText(node.listId) ?? ''));
  if (branch === undefined || depth >= deepest || node.metadata !== undefined) return 'unknown';
  return evaluateBranch(branch, record, depth + 1);
}
