import type { KnownRecord } from './segment-filter/property.ts';
import { type AssociationReads, associationsOf, listsOf, readsOf } from './segment-filter/reads.ts';
import { evaluateBranch } from './segment-filter/tree.ts';
import type { Verdict } from './segment-filter/verdict.ts';

/** What is known beyond the values. */
export interface FilterContext {
  /** Properties whose values may lag behind (calculated ones): a filter on them is `unknown`. */
  readonly unreliable?: ReadonlySet<string>;
  /** The evaluator's now, milliseconds; without it filters on time are `unknown`. */
  readonly nowMs?: number;
  /** The account's time zone, IANA name. Default: UTC. */
  readonly zone?: string;
  /** Filters of other lists that the filter names, by id; those left out are `unknown`. */
  readonly lists?: ReadonlyMap<string, unknown>;
  /** Values of associated records, by association type and category; without it such filters are `unknown`. */
  readonly associated?: Associated;
}

/** Values of the records that one record is associated with; undefined where that is not known. */
export type Associated = (
  associationTypeId: number,
  category: string,
) => readonly Readonly<Record<string, string | null>>[] | undefined;

/** HubSpot looks again at what only the passing of time changes up to so much later. */
const timeLagMs = 86_400_000;

/**
 * Whether a record with these property values passes a segment's filter, as far as the values show it. `unknown` means
 * that HubSpot must be asked: a property that is not among `properties`, an operator, a kind of filter or a branch
 * that can't be judged from present values. Never throws, whatever `filterBranch` holds.
 */
export function evaluateFilter(
  filterBranch: unknown,
  properties: Readonly<Record<string, string | null>>,
  context: FilterContext = {},
): Verdict {
  const { unreliable = new Set(), zone = 'UTC', nowMs, lists, associated } = context;
  const known = (values: Readonly<Record<string, string | null>>): KnownRecord => ({
    properties: values,
    unreliable,
    zone,
    nowMs,
    lists,
    associated: undefined,
  });
  return evaluateBranch(filterBranch, {
    ...known(properties),
    associated: associated && ((typeId, category) => associated(typeId, category)?.map(known)),
  });
}

/**
 * As `evaluateFilter`, for what HubSpot may know by now: where the passing of time alone has changed the answer within
 * the last day, it may not have looked again yet, and the answer is `unknown`.
 */
export function predictFilter(
  filterBranch: unknown,
  properties: Readonly<Record<string, string | null>>,
  context: FilterContext = {},
): Verdict {
  const now = evaluateFilter(filterBranch, properties, context);
  if (context.nowMs === undefined || now === 'unknown') return now;
  const before = evaluateFilter(filterBranch, properties, { ...context, nowMs: context.nowMs - timeLagMs });
  return before === now ? now : 'unknown';
}

/** Ids of the other lists that a filter names, each once. */
export const filterLists = (filterBranch: unknown): string[] => [...new Set(listsOf(filterBranch))];

export type { Verdict as FilterVerdict } from './segment-filter/verdict.ts';
export type { AssociationReads };

/** The associations that a filter follows, with the properties that it reads of the associated records. */
export const filterAssociations = (filterBranch: unknown): AssociationReads[] => associationsOf(filterBranch);

/**
 * The properties that a filter reads, each once, sorted. `complete` is false where more than their present values (and
 * the time) decides: events, other lists, associations, the history of a property, parts that we can't read.
 */
export function filterProperties(filterBranch: unknown): { names: string[]; complete: boolean } {
  const { names, complete } = readsOf(filterBranch);
  return { names: [...new Set(names)].sort(), complete };
}
