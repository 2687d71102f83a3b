import type { Field } from '../fields.ts';

export interface ObjectOptions {
  readonly keyPrefix: string;
  readonly label?: string;
  readonly labelPlural?: string;
  readonly writable?: boolean;
  readonly fields: readonly Field[];
}

/** One type of record with its fields; names are found without regard to case, as Salesforce does. */
export class ObjectType {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  /** Whether API clients may create, change and delete records of it. */
  readonly writable: boolean;
  readonly custom: boolean;
  readonly #fields = new Map<string, Field>();
  readonly #hidden = new Set<string>();

  constructor(name: string, options: ObjectOptions) {
    this.name = name;
    this.label = options.label ?? name;
    this.labelPlural = options.labelPlural ?? `${this.label}s`;
    this.custom = name.endsWith('__c');
    this.keyPrefix = options.keyPrefix;
    this.writable = options.writable ?? true;
    for (const each of options.fields) this.add(each);
  }

  add(added: Field): void {
    this.#fields.set(added.name.toLowerCase(), added);
  }

  /** A field that the integration user can see, or undefined. */
  field(name: string): Field | undefined {
    const key = name.toLowerCase();
    return this.#hidden.has(key) ? undefined : this.#fields.get(key);
  }

  /** Fields that the integration user can see, in the order of their making. */
  fields(): Field[] {
    return [...this.#fields].filter(([key]) => !this.#hidden.has(key)).map(([, each]) => each);
  }

  /** Every field, hidden or not. */
  allFields(): Field[] {
    return [...this.#fields.values()];
  }

  /** Takes a field out of sight by field-level security, or brings it back. */
  setHidden(name: string, hidden: boolean): void {
    if (hidden) this.#hidden.add(name.toLowerCase());
    else this.#hidden.delete(name.toLowerCase());
  }
}
