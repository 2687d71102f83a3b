import type { Clock } from '../common/clock.ts';
import { type Property, property } from './property.ts';
import { Refusal, validationError } from './refusal.ts';
import type { ObjectType } from './types/index.ts';

/** What a caller says of a property that it wants. */
export type NewProperty = Pick<Property, 'name' | 'label' | 'type' | 'fieldType' | 'groupName'> & Partial<Property>;

/** Under which heading properties stand. */
export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}

export interface PropertiesState {
  readonly properties: readonly Property[];
  readonly archived: readonly Property[];
  readonly groups: readonly PropertyGroup[];
}

const mostUnique = 10;

/** The properties of one kind of record. */
export class Properties {
  readonly #byName: Map<string, Property>;
  readonly #archived = new Map<string, Property>();
  readonly #groups: Map<string, PropertyGroup>;
  readonly #type: ObjectType;
  readonly #clock: Clock;
  #uniqueNames: readonly string[] = [];

  constructor(type: ObjectType, clock: Clock) {
    this.#type = type;
    this.#clock = clock;
    this.#byName = new Map(type.properties.map((property) => [property.name, property]));
    this.#groups = new Map(type.groups.map((name, displayOrder) => [name, { name, label: name, displayOrder }]));
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

  archived(): readonly Property[] {
    return [...this.#archived.values()];
  }

  groups(): readonly PropertyGroup[] {
    return [...this.#groups.values()];
  }

  /** Throws where there is none of that name. */
  group(name: string): PropertyGroup {
    const found = this.#groups.get(name);
    if (found) return found;
    throw new Refusal(404, { message: `Property group "${name}" does not exist`, category: 'OBJECT_NOT_FOUND' });
  }

  /** Adds a group or changes one. */
  putGroup(group: PropertyGroup): PropertyGroup {
    this.#groups.set(group.name, group);
    return group;
  }

  /** Our choice: a group that has properties stays. */
  removeGroup(name: string): void {
    this.group(name);
    if (this.all().some(({ groupName }) => groupName === name)) {
      throw validationError(`Property group '${name}' still has properties.`);
    }
    this.#groups.delete(name);
  }

  /** Changes a property; options that are given replace all there are. Throws where HubSpot would not. */
  update(name: string, changes: Partial<Property>): Property {
    const known = this.must(name);
    if (known.hubspotDefined) {
      // Our choice, the text.
      throw validationError(`Property '${name}' is defined by HubSpot; its definition can not be changed.`);
    }
    if (changes.groupName !== undefined) this.#mustBeGroup(changes.groupName);
    const changed = { ...known, ...changes, name };
    this.#byName.set(name, changed);
    return changed;
  }

  /** Takes a property away; records keep its values, for when it comes back. */
  archive(name: string): void {
    const known = this.must(name);
    if (known.hubspotDefined)
      throw validationError(`Property '${name}' is defined by HubSpot and can not be archived.`);
    this.#byName.delete(name);
    this.#archived.set(name, known);
    this.#noteUnique();
  }

  /** Throws the answer for a property that is not there. */
  must(name: string): Property {
    const known = this.#byName.get(name);
    if (known) return known;
    throw new Refusal(404, { message: `Property "${name}" does not exist`, category: 'OBJECT_NOT_FOUND' });
  }

  #mustBeGroup(name: string): void {
    if (!this.#groups.has(name)) throw validationError(`Property group '${name}' does not exist.`);
  }

  /** Adds a property, or throws the refusal that HubSpot answers with. The name of an archived one brings that back. */
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
    this.#mustBeGroup(wanted.groupName);
    if (wanted.hasUniqueValue && this.all().filter(({ hasUniqueValue }) => hasUniqueValue).length >= mostUnique) {
      throw validationError(`A maximum of ${mostUnique} unique properties is allowed per object type.`);
    }
    const made = property({ formField: false, ...wanted, hubspotDefined: false, createdAt: this.#clock.now() });
    const back = this.#archived.get(name);
    this.#archived.delete(name);
    const kept = back && { hasUniqueValue: back.hasUniqueValue, createdAt: back.createdAt };
    this.#byName.set(name, { ...made, ...kept });
    this.#noteUnique();
    return this.must(name);
  }

  /** What the account itself added, as plain data. */
  dump(): PropertiesState {
    const own = (all: Iterable<Property>) => [...all].filter(({ hubspotDefined }) => !hubspotDefined);
    return {
      properties: own(this.#byName.values()),
      archived: [...this.#archived.values()],
      groups: [...this.#groups.values()],
    };
  }

  /** Takes the place of all that the account added. */
  load({ properties, archived, groups }: PropertiesState): void {
    for (const known of this.all()) if (!known.hubspotDefined) this.#byName.delete(known.name);
    for (const each of properties) this.#byName.set(each.name, each);
    this.#archived.clear();
    for (const each of archived) this.#archived.set(each.name, each);
    this.#groups.clear();
    for (const group of groups) this.#groups.set(group.name, group);
    this.#noteUnique();
  }

  #noteUnique(): void {
    const declared = this.all().filter(({ hasUniqueValue }) => hasUniqueValue);
    const natural = this.#type.naturalKey;
    this.#uniqueNames = [...(natural === undefined ? [] : [natural]), ...declared.map(({ name }) => name)];
  }
}
