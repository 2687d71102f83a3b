const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/**
 * A value as a SOQL text; half a character (which no address can carry) becomes a replacement sign. jsforce's own builder escapes quotes but not backslashes.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
 */
export const text = (value: string): string =>
  `'${value.toWellFormed().replace(/[\\'"\n\r\t\b\f]/g, (char) => escapes[char] ?? '')}'`;

/** The name of a type or field. Throws where it is none: a name can't be escaped. */
export function name(identifier: string): string {
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(identifier)) {
    throw new Error(`Salesforce: ${JSON.stringify(identifier.slice(0, 80))} is no name of a type or field.`);
  }
  return identifier;
}

/** A point in time, from ISO. */
export const instant = (iso: string): string => new Date(iso).toISOString();

/** `a AND (b)`, without the conditions that are not there. */
export const all = (...conditions: readonly (string | undefined)[]): string => {
  const present = conditions.filter((condition) => condition !== undefined);
  return present.length > 0 ? ` WHERE ${present.map((condition) => `(${condition})`).join(' AND ')}` : '';
};

/**
 * Longest address of a query, in characters. Salesforce refuses address and headers together beyond 16,384 bytes; a
 * token may take some thousands of them.
 */
const longestQuery = 8_000;

/** Lists for `IN (…)`, each as long as fits beside the rest of its query; one value at least. */
export function inLists(values: readonly string[], restOfQuery: string): string[] {
  const room = longestQuery - encodeURIComponent(restOfQuery).length;
  const lists: string[][] = [];
  let left = 0;
  for (const value of values.map(text)) {
    const size = encodeURIComponent(`${value},`).length;
    if (size > left || lists.length === 0) {
      lists.push([]);
      left = room;
    }
    lists.at(-1)?.push(value);
    left -= size;
  }
  return lists.map((list) => list.join(','));
}
