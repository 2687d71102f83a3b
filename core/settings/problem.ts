/** One thing wrong with the settings. Holds no secret and no record's value, so it may be printed and stored. */
export interface Problem {
  /** Where: `objects.contacts.fields[email].rule`. Items of lists go by their `nameKeys`, or by number. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** Line of `tandem.yaml`, counted from 1, where it is known. */
  readonly line?: number;
}

/** A value as people see it in a problem: short, on one line, `nothing` where there is none. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** One line for terminals and logs. */
export const describeProblem = ({ path, found, expected, line }: Problem): string =>
  `${path || 'tandem.yaml'}${line ? ` (line ${line})` : ''}: found ${found}, expected ${expected}.`;

/** The lists whose items go by a name, and the key that holds it. */
export const nameKeys: Readonly<Record<string, string>> = { fields: 'hubspot', schedules: 'name' };
