/** An object out of JSON that we have not checked. */
export type Json = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** The entries of a list, none where it is left out, undefined where it is something else. */
export function asList(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : undefined;
}

export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
