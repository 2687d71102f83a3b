import { type Owners, ownerPairs } from '../core/owners.ts';
import { ownerField, ownerProperty } from '../core/plan/owner.ts';
import type { FieldMapping, ObjectSettings } from '../core/settings/settings.ts';
import type { Engine } from './engine.ts';

/** How long the lists of owners and users are good for. */
const goodForMs = 300_000;

type Systems = Pick<Engine, 'hubspot' | 'salesforce'>;

const read = new WeakMap<object, { readonly atMs: number; readonly owners: Owners }>();

/** Who may own records on both sides, at most five minutes old. */
export async function knownOwners({ hubspot, salesforce }: Systems, nowMs: number): Promise<Owners> {
  const cached = read.get(hubspot.reader);
  if (cached && nowMs - cached.atMs < goodForMs && nowMs >= cached.atMs) return cached.owners;
  const [there, here] = await Promise.all([hubspot.reader.owners(), salesforce.reader.owners()]);
  const owners: Owners = { hubspot: there, salesforce: here };
  read.set(hubspot.reader, { atMs: nowMs, owners });
  return owners;
}

/** The object with the mapping of its owner, where the settings ask for one. */
export function withOwner(object: ObjectSettings, owners: Owners | undefined): ObjectSettings {
  if (!object.owner || !owners) return object;
  const mapping: FieldMapping = {
    hubspot: ownerProperty,
    salesforce: Object.fromEntries(object.salesforce.types.map((type) => [type, ownerField])),
    rule: 'twoWay',
    values: ownerPairs(owners, object.owner.table),
  };
  return { ...object, fields: [...object.fields, mapping] };
}
