import type { SegmentView } from './gate.ts';
import type { Verdict } from './segment-filter/verdict.ts';
import { filterProperties, predictFilter } from './segment-filter.ts';
import type { CatalogProperty } from './settings/catalog.ts';

/** A record as it would be in HubSpot, with what its segments' filters rest on. */
export interface WouldBe {
  /** By property; one that is absent can't be told. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly segments: ReadonlyMap<string, SegmentView>;
  readonly nowMs: number;
  readonly zone?: string | undefined;
  readonly lists?: ReadonlyMap<string, unknown> | undefined;
}

/**
 * Whether a record would belong to its object's segments by their filters alone, since HubSpot can't be asked about what it
 * does not hold yet: `true` when it is in an included segment (or none is named) and in no excluded one; `unknown` where a
 * filter can't be told from the values, or a segment can't be read or judged.
 */
export function wouldBelong({ values, include, exclude, segments, nowMs, zone, lists }: WouldBe): Verdict {
  const says = (id: string): Verdict => {
    const view = segments.get(id);
    if (!view?.readable || !view.complete || view.trusted) return 'unknown';
    return predictFilter(view.filterBranch, values, {
      nowMs,
      ...(zone !== undefined && { zone }),
      ...(lists && { lists }),
    });
  };
  const included = include.map(says);
  const excluded = exclude.map(says);
  if (excluded.includes('true')) return 'false';
  if (included.length > 0 && included.every((verdict) => verdict === 'false')) return 'false';
  const isIn = included.length === 0 || included.includes('true');
  return isIn && excluded.every((verdict) => verdict === 'false') ? 'true' : 'unknown';
}

/** HubSpot fills these in by itself. */
const filledIn = /^(hs_|createdate$|lastmodifieddate$|lifecyclestage$)/;

/**
 * The values of a record that is new or about to be filled: what it holds, what would be written, and nothing in the other
 * properties that the filters read. What HubSpot works out or fills in by itself is absent.
 */
export function wouldBeValues(
  filters: readonly unknown[],
  properties: Readonly<Record<string, CatalogProperty>>,
  held: Readonly<Record<string, string | null>> | undefined,
  written: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const read = filters.flatMap((filter) => filterProperties(filter).names);
  const blank = read.filter((name) => {
    const property = properties[name];
    return property && !property.readOnly && !property.calculated && !filledIn.test(name);
  });
  const worked = new Set(read.filter((name) => properties[name]?.calculated));
  const known = Object.entries(held ?? {}).filter(([name]) => !worked.has(name));
  return { ...Object.fromEntries(blank.map((name) => [name, null])), ...Object.fromEntries(known), ...written };
}
