/** Canonical text of a value; null is blank; undefined stands for a value that is none of its kind ("abc" as a number). */
export type Canonical = string | null | undefined;

/** Pairs [HubSpot value, Salesforce value] of one mapping. */
export type ValuesTable = readonly (readonly [string, string])[] | undefined;

/**
 * A Salesforce value (canonical, in Salesforce's vocabulary) in HubSpot's vocabulary. A blank stays blank; without a
 * table the value stays as it is; undefined where the table holds no such value, or `value` is none. Of several pairs the first counts.
 * Values of several options (`a;b`) are translated one by one.
 */
export const translateFromSalesforce = (values: ValuesTable, value: Canonical): Canonical =>
  translate(values, value, 1, 0);

/** The other way round, with the same promises. */
export const translateToSalesforce = (values: ValuesTable, value: Canonical): Canonical =>
  translate(values, value, 0, 1);

function translate(values: ValuesTable, value: Canonical, from: 0 | 1, to: 0 | 1): Canonical {
  if (value === null || value === undefined || !values || values.length === 0) return value;
  const one = (option: string): string | undefined => values.find((pair) => pair[from] === option)?.[to];
  const whole = one(value);
  if (whole !== undefined || !value.includes(';')) return whole;
  const options = value.split(';').map(one);
  return options.every((option) => option !== undefined) ? optionSet(options) : undefined;
}

/** The one spelling of a set of options: sorted, each once, joined by `;`. */
export const optionSet = (options: readonly string[]): string => [...new Set(options)].sort().join(';');
