import { asList, asObject } from './json.ts';
import { evaluateProperty, type KnownRecord } from './property.ts';
import { all, any, not, type Verdict } from './verdict.ts';

/**
 * Judges a branch with all that hangs below it. An empty branch is `unknown`: HubSpot has no use for one, so a branch
 * that looks empty most likely holds something that we don't see.
 */
export function evaluateBranch(branch: unknown, record: KnownRecord): Verdict {
  const node = asObject(branch);
  const branches = asList(node?.filterBranches);
  const filters = asList(node?.filters);
  if (!node || !branches || !filters || branches.length + filters.length === 0) return 'unknown';
  const parts = (): Verdict[] => [
    ...filters.map((filter) => evaluateFilterNode(filter, record)),
    ...branches.map((child) => evaluateBranch(child, record)),
  ];
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

function evaluateFilterNode(filter: unknown, record: KnownRecord): Verdict {
  const node = asObject(filter);
  return node?.filterType === 'PROPERTY' ? evaluateProperty(node, record) : 'unknown';
}
