import { type StoredRecord, valueOf } from './record.ts';
import type { CheckedWrite } from './records.ts';
import { type BadValue, badValues, Refusal } from './refusal.ts';

/** A property that the account's admins want filled, always or where another property has one of these values. */
export interface RequiredRule {
  /** The name of a type. */
  readonly type: string;
  readonly property: string;
  readonly when?: { readonly property: string; readonly values: readonly string[] } | undefined;
}

export interface Lock {
  readonly type: string;
  readonly id: string;
  /** Writes that are refused before the lock is gone. */
  readonly times: number;
}

/** What stands in the way of API clients' writes besides the values themselves. */
export class Guards {
  required: readonly RequiredRule[] = [];
  #locks: Lock[] = [];
  readonly #portalId: number;

  constructor(portalId: number) {
    this.#portalId = portalId;
  }

  lock(locks: readonly Lock[]): void {
    this.#locks = [...locks];
  }

  /** Throws while somebody else's work on the record is under way. Our choice, the body: that 423 exists is documented. */
  mustBeUnlocked({ type, id }: StoredRecord): void {
    const lock = this.#locks.find((candidate) => candidate.type === type.name && candidate.id === id);
    if (!lock) return;
    this.#locks = this.#locks.flatMap((other) => {
      if (other !== lock) return [other];
      return lock.times > 1 ? [{ ...lock, times: lock.times - 1 }] : [];
    });
    throw new Refusal(423, {
      message: `The object ${id} is locked by another operation. Wait at least 2 seconds before trying again.`,
      category: 'OBJECT_LOCKED',
    });
  }

  /**
   * From the path version 2026-09 on HubSpot enforces what the admins configured; older paths take the write.
   * https://developers.hubspot.com/changelog/crm-api-write-validation-enforcement
   */
  mustBeComplete(typeName: string, { record, values }: CheckedWrite): void {
    const after = (name: string): string => values.get(name) ?? (record && valueOf(record, name)) ?? '';
    const bad = this.required.flatMap(({ type, property, when }): BadValue[] => {
      if (type !== typeName || after(property) !== '') return [];
      // A write that neither makes the record nor touches what the rule is about is not held up by it.
      if (record && !values.has(property) && !(when && values.has(when.property))) return [];
      if (!when) {
        return [{ name: property, code: 'MISSING_REQUIRED_PROPERTY', message: `Property "${property}" is required.` }];
      }
      if (!when.values.includes(after(when.property))) return [];
      const message = `Property "${property}" is required while "${when.property}" is "${after(when.property)}".`;
      return [{ name: property, code: 'MISSING_CONDITIONAL_REQUIRED_PROPERTY', message }];
    });
    if (bad.length > 0) throw badValues(bad, this.#portalId);
  }
}
