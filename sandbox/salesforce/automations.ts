import { z } from 'zod';
import type { FieldValue, Values } from './fields.ts';
import type { ObjectType } from './objects/index.ts';
import { Refusal } from './refusal.ts';

/** A trigger that writes a text in another form whenever a record is saved, for instance a phone number. */
export const rewriteSchema = z.strictObject({
  object: z.string(),
  field: z.string(),
  /** A regular expression; every place where it fits is replaced. */
  pattern: z.string(),
  replacement: z.string().default(''),
});

/** The active assignment rule of an object: who gets the records that API clients make. */
export const assignmentSchema = z.strictObject({ object: z.enum(['Lead', 'Case', 'Account']), ownerId: z.string() });

export const rowLockSchema = z.strictObject({ id: z.string(), times: z.int().min(1).default(1) });

/** What an org does of itself when a record is saved, or keeps somebody from saving it. */
export class Automations {
  #rewrites: { object: string; field: string; pattern: RegExp; replacement: string }[] = [];
  #owners = new Map<string, string>();
  #locks = new Map<string, number>();

  setRewrites(rewrites: readonly z.input<typeof rewriteSchema>[]): void {
    this.#rewrites = rewrites.map(({ pattern, replacement = '', ...rest }) => ({
      ...rest,
      pattern: new RegExp(pattern, 'gu'),
      replacement,
    }));
  }

  setAssignments(rules: readonly z.input<typeof assignmentSchema>[]): void {
    this.#owners = new Map(rules.map(({ object, ownerId }) => [object, ownerId]));
  }

  /** The next writes of these records by API clients meet a lock. */
  setLocks(locks: readonly z.input<typeof rowLockSchema>[]): void {
    this.#locks = new Map(locks.map(({ id, times = 1 }) => [id, times]));
  }

  /** Throws while somebody else holds the row. */
  mustBeUnlocked(id: string): void {
    const times = this.#locks.get(id);
    if (times === undefined) return;
    if (times > 1) this.#locks.set(id, times - 1);
    else this.#locks.delete(id);
    const text = `unable to obtain exclusive access to this record or 1 records: ${id}`;
    throw new Refusal(400, 'UNABLE_TO_LOCK_ROW', text, []);
  }

  /** Our choice: the rule's owner takes the place of the one that was asked for. */
  assigned(object: ObjectType): Values {
    const OwnerId = this.#owners.get(object.name);
    return OwnerId === undefined ? {} : { OwnerId };
  }

  /** The values as the org's triggers leave them. */
  rewritten(object: ObjectType, values: Values): Values {
    const changed: Record<string, FieldValue> = {};
    for (const { object: name, field, pattern, replacement } of this.#rewrites) {
      const value = changed[field] ?? values[field];
      if (name === object.name && typeof value === 'string')
        changed[field] = value.replace(pattern, replacement) || null;
    }
    return { ...values, ...changed };
  }
}
