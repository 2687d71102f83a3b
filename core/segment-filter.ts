import { readsOf } from './segment-filter/reads.ts';
import { evaluateBranch } from './segment-filter/tree.ts';
import type { Verdict } from './segment-filter/verdict.ts';

/** What is known beyond the values. */
export interface FilterContext {
  /** Properties whose values may lag behind (calculated ones): a filter on them is `unknown`. */
  readonly unreliable?: ReadonlySet<string>;
}

/**
 * Whether a record with these property values passes a segment's filter, as far as the values show it. `unknown` means
 * that HubSpot must be asked: a property that is not among `properties`, an operator, a kind of filter or a branch
 * that can't be judged from present values. Never throws, whatever `filterBranch` holds.
 */
export const evaluateFilter = (
  filterBranch: unknown,
  properties: Readonly<Record<string, string | null>>,
  context: FilterContext = {},
): Verdict => evaluateBranch(filterBranch, { properties, unreliable: context.unreliable ?? new Set() });

/**
 * The properties that a filter reads, each once, sorted. `complete` is false where more than their present values (and
 * the time) decides: events, other lists, associations, the history of a property, parts that we can't read.
 */
export function filterProperties(filterBranch: unknown): { names: string[]; complete: boolean } {
  const { names, complete } = readsOf(filterBranch);
  return { names: [...new Set(names)].sort(), complete };
}
