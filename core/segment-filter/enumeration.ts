import type { Json } from './json.ts';
import { operands } from './operands.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Options = ReadonlySet<string>;

const comparisons: ReadonlyMap<string, (record: Options, filter: Options) => boolean> = new Map([
  ['IS_ANY_OF', meets],
  ['IS_NONE_OF', (record, filter) => !meets(record, filter)],
  ['IS_EXACTLY', equals],
  ['IS_NOT_EXACTLY', (record, filter) => !equals(record, filter)],
  ['CONTAINS_ALL', contains],
  ['DOES_NOT_CONTAIN_ALL', (record, filter) => !contains(record, filter)],
]);

/** ENUMERATION: sets of internal option values, joined by `;` in the record, compared exactly and with case. */
export function evaluateEnumeration(operator: string, value: string, operation: Json): Verdict | undefined {
  const compare = comparisons.get(operator);
  if (!compare) return undefined;
  const options = value.split(';').filter((option) => option !== '');
  const wanted = operands(operation);
  if (options.length === 0 || !wanted) return 'unknown';
  return verdictOf(compare(new Set(options), new Set(wanted)));
}

function meets(a: Options, b: Options): boolean {
  return [...b].some((option) => a.has(option));
}

function contains(whole: Options, part: Options): boolean {
  return [...part].every((option) => whole.has(option));
}

function equals(a: Options, b: Options): boolean {
  return a.size === b.size && contains(a, b);
}
