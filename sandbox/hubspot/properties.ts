import type { Clock } from '../common/clock.ts';
import { type Property, property } from './property.ts';
import { Refusal, validationError } from './refusal.ts';
import type { ObjectType } from './types/index.ts';

/** What a caller says of a property that it wants. */
export type NewProperty = Pick<Property, 'name' | 'label' | 'type' | 'fieldType' | 'groupName'> & Partial<Property>;

const mostUnique = 10;

/** The properties of one kind of record. */
export class Properties {
  readonly #byName: Map<string, Property>;
  readonly #type: ObjectType;
  readonly #clock: Clock;
  #uniqueNames: readonly string[] = [];

  constructor(type: ObjectType, clock: Clock) {
    this.#type = type;
    this.#clock = clock;
    this.#byName = new Map(type.properties.map((property) => [property.name, property]));
    this.#noteUnique();
  }

  get(name: string): Property | undefined {
    return this.#byName.get(name);
  }

  all(): readonly Property[] {
    return [...this.#byName.values()];
  }

  /** Names of the properties that tell one record from all others, the natural key included. */
  uniqueNames(): readonly string[] {
    return this.#uniqueNames;
  }

  /** Adds a property, or throws the refusal that HubSpot answers with. */
  create(wanted: NewProperty): Property {
    const { name } = wanted;
    if (this.#byName.has(name)) {
      throw new Refusal(409, {
        message: `A property named '${name}' already exists.`,
        category: 'OBJECT_ALREADY_EXISTS',
        subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
      });
    }
    // Our choice, these three bodies: HubSpot documents the rules but not the answers.
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      throw validationError(
        `Property name '${name}' must start with a letter and hold only lower-case letters, digits and underscores.`,
      );
    }
    if (!this.#type.groups.includes(wanted.groupName)) {
      throw validationError(`Property group '${wanted.groupName}' does not exist.`);
    }
    if (wanted.hasUniqueValue && this.all().filter(({ hasUniqueValue }) => hasUniqueValue).length >= mostUnique) {
      throw validationError(`A maximum of ${mostUnique} unique properties is allowed per object type.`);
    }
    const made = property({ formField: false, ...wanted, hubspotDefined: false, createdAt: this.#clock.now() });
    this.#byName.set(name, made);
    this.#noteUnique();
    return made;
  }

  #noteUnique(): void {
    const declared = this.all().filter(({ hasUniqueValue }) => hasUniqueValue);
    const natural = this.#type.naturalKey;
    this.#uniqueNames = [...(natural === undefined ? [] : [natural]), ...declared.map(({ name }) => name)];
  }
}
