/** The two systems that are kept in step. */
export const systems = ['hubspot', 'salesforce'] as const;
export type System = (typeof systems)[number];

/**
 * Names one record in one system. `object` is the name of a synced pair of types in the settings (`contacts`);
 * a Salesforce id is always in its 18-character form. Made from outside input by `checkRef` only.
 */
export interface RecordRef {
  readonly system: System;
  readonly object: string;
  readonly id: string;
}

/** A value that names no record; the message says what was found and what is expected. */
export class BadRef extends Error {
  override readonly name = 'BadRef';
}

export const otherSystem = (system: System): System => (system === 'hubspot' ? 'salesforce' : 'hubspot');

/** `contacts/hubspot/123`: the form used in lease keys, logs and workflow ids. */
export const refKey = ({ object, system, id }: RecordRef): string => `${object}/${system}/${id}`;

/** The ref that `refKey` wrote. Throws `BadRef` for any other text. */
export function parseRefKey(key: string): RecordRef {
  const [object, system, id] = key.split('/');
  return checkRef({ object, system, id });
}

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18-character form of a Salesforce id, or undefined where `id` is none. The suffix holds the case of the first
 * 15 characters, one letter per group of five (Salesforce help: "what is the 18-character id").
 */
export function toId18(id: string): string | undefined {
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(id)) return undefined;
  const id15 = id.slice(0, 15);
  const suffix = [0, 5, 10]
    .map((start) =>
      Array.from(id15.slice(start, start + 5)).reduce((bits, c, i) => bits | (/[A-Z]/.test(c) ? 1 << i : 0), 0),
    )
    .map((bits) => suffixAlphabet[bits])
    .join('');
  if (id.length === 18 && id.slice(15).toUpperCase() !== suffix) return undefined;
  return id15 + suffix;
}

const show = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 80) ?? '?');

/**
 * Checks a value from outside and brings its id into the stored form. Where `objects` is given, `object` must be one
 * of them. Throws `BadRef`.
 */
export function checkRef(value: unknown, objects?: readonly string[]): RecordRef {
  if (typeof value !== 'object' || value === null) {
    throw new BadRef(`A record ref is { system, object, id }; found ${show(value)}.`);
  }
  const { system, object, id } = value as Record<string, unknown>;
  if (system !== 'hubspot' && system !== 'salesforce') {
    throw new BadRef(`ref.system: expected "hubspot" or "salesforce", found ${show(system)}.`);
  }
  if (typeof object !== 'string' || !/^[a-z][a-z0-9_-]{0,62}$/i.test(object)) {
    throw new BadRef(`ref.object: expected the name of an object in the settings, found ${show(object)}.`);
  }
  if (objects && !objects.includes(object)) {
    throw new BadRef(`ref.object: "${object}" is not in the settings; known: ${objects.join(', ') || 'none'}.`);
  }
  if (typeof id !== 'string') throw new BadRef(`ref.id: expected a text, found ${show(id)}.`);
  if (system === 'hubspot') {
    if (!/^[1-9][0-9]{0,18}$/.test(id)) throw new BadRef(`ref.id: a HubSpot id is a whole number, found ${show(id)}.`);
    return { system, object, id };
  }
  const id18 = toId18(id);
  if (!id18) throw new BadRef(`ref.id: a Salesforce id has 15 or 18 letters and digits, found ${show(id)}.`);
  return { system, object, id: id18 };
}
