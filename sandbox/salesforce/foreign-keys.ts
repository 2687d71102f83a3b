import type { ObjectType } from './objects/index.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

type Input = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Puts ids in the place of records that are named by an external id: `{ "Account": { "Ref__c": "7" } }` becomes
 * `{ "AccountId": "001…" }`. Throws where there is none, or several.
 */
export function withForeignIds(store: Store, object: ObjectType, input: Input): Input {
  const entries = Object.entries(input).map(([name, value]): [string, unknown] => {
    if (name === 'attributes' || !isObject(value)) return [name, value];
    const field = object
      .fields()
      .find(({ relationshipName }) => relationshipName?.toLowerCase() === name.toLowerCase());
    if (!field)
      throw new Refusal(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`, [name]);
    const keys = Object.entries(value).filter(([key]) => key !== 'attributes' && key !== 'type');
    const [key, ...more] = keys;
    const attributes = value['attributes'];
    const type = isObject(attributes) ? String(attributes['type']) : field.referenceTo[0];
    const table = store.table(type ?? '');
    const by = key && table?.object.field(key[0]);
    if (!key || more.length > 0 || !table || !by || !(by.externalId || by.idLookup)) {
      const text = `Foreign key external ID: ${key?.[0] ?? ''} is not an external id of ${type}`;
      throw new Refusal(400, 'INVALID_FIELD', text, []);
    }
    const rows = table.byKey(by, String(key[1])) ?? [];
    if (rows.length === 1) return [field.name, rows[0]?.id];
    const found = rows.length === 0 ? 'not found' : 'found more than once';
    const text = `Foreign key external ID: ${String(key[1]).toLowerCase()} ${found} for field ${by.name} in entity ${table.object.name}`;
    throw new Refusal(400, 'INVALID_FIELD', text, []);
  });
  return Object.fromEntries(entries);
}
