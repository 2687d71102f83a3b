import { z } from 'zod';
import { nameKeys, type Problem, show } from './problem.ts';
import { isNotYet, type SettingsFile, settingsFile } from './schema.ts';
import { didYouMean } from './suggest.ts';

type Path = readonly PropertyKey[];

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a section with keys of its own',
  record: 'a section with keys of its own',
};

/** What a problem says is expected, where the schema itself does not say it. */
function expectedOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message;
  if (issue.code !== 'invalid_value') return undefined;
  const values = issue.values.map(String);
  const hint = typeof issue.input === 'string' ? didYouMean(issue.input, values) : '';
  return (values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`) + hint;
}

const at = (raw: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], raw);

/**
 * `objects.contacts.fields[email].rule`: a field goes by its HubSpot property, a schedule by its name, unless that is
 * missing or stands twice.
 */
export function pathText(raw: unknown, path: Path): string {
  return path.reduce<string>((text, key, i) => {
    if (typeof key !== 'number') return text ? `${text}.${String(key)}` : String(key);
    const nameKey = nameKeys[String(path[i - 1])];
    if (nameKey === undefined) return `${text}[${key}]`;
    const names = (at(raw, path.slice(0, i)) as Record<string, unknown>[]).map((item) => item?.[nameKey]);
    const name = names[key];
    const isClear =
      typeof name === 'string' && /^\w[\w-]*$/.test(name) && names.filter((other) => other === name).length === 1;
    return `${text}[${isClear ? name : key}]`;
  }, '');
}

/** Checks the form of a parsed file. `readable` is what is left of it when all that is wrong is taken out. */
export function checkShape(raw: unknown): { problems: Problem[]; readable: SettingsFile | undefined } {
  const knownKeys = new Map<string, string[]>();
  const error = (issue: z.core.$ZodRawIssue): string | undefined => {
    if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
      knownKeys.set(JSON.stringify(issue.path), Object.keys(issue.inst.shape));
    }
    return expectedOf(issue);
  };
  const parsed = settingsFile.safeParse(raw, { error });
  if (parsed.success) return { problems: [], readable: parsed.data };
  const problems = parsed.error.issues.flatMap((issue): Problem[] => {
    if (issue.code !== 'unrecognized_keys') {
      const found = issue.code === 'invalid_key' ? issue.path.at(-1) : at(raw, issue.path);
      return [{ path: pathText(raw, issue.path), found: show(found), expected: issue.message }];
    }
    const known = knownKeys.get(JSON.stringify(issue.path)) ?? [];
    return issue.keys.map((key) => ({
      path: pathText(raw, [...issue.path, key]),
      found: `the key ${key}`,
      expected: isNotYet(issue.path, key)
        ? 'no such key: it is not supported yet; leave it out'
        : `one of the keys ${known.join(', ')}${didYouMean(key, known)}`,
    }));
  });
  return { problems, readable: withoutFaults(raw) };
}

/** What takes the place of a value that is missing or wrong, so that its neighbours can still be checked. */
const standIns: Readonly<Record<string, unknown>> = { version: 1, rule: 'none', fields: [], objects: {} };

/** Takes out what is wrong until the rest fits the schema. */
function withoutFaults(raw: unknown): SettingsFile | undefined {
  const rest = structuredClone(raw);
  for (let pass = 0; pass < 10; pass++) {
    const parsed = settingsFile.safeParse(rest);
    if (parsed.success) return parsed.data;
    const lists = new Set<unknown[]>();
    for (const issue of parsed.error.issues) {
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) takeOut(rest, [...issue.path, key], lists);
      else takeOut(rest, issue.path, lists);
    }
    for (const items of lists) items.splice(0, items.length, ...items.filter((item) => item !== undefined));
  }
  return undefined;
}

function takeOut(root: unknown, path: Path, lists: Set<unknown[]>): void {
  const key = path.at(-1);
  const parent = at(root, path.slice(0, -1));
  if (key === undefined || typeof parent !== 'object' || parent === null) return;
  const section = parent as Record<PropertyKey, unknown>;
  const standIn = typeof key === 'string' ? standIns[key] : undefined;
  if (Array.isArray(parent)) {
    section[key] = undefined;
    lists.add(parent);
  } else if (standIn !== undefined) section[key] = standIn;
  else if (key in section) delete section[key];
  else takeOut(root, path.slice(0, -1), lists);
}
