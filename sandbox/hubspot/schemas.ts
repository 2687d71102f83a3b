import type { Account } from './account.ts';
import { propertyJson } from './property.ts';
import { iso } from './record.ts';
import type { CustomType } from './types/custom.ts';

/** A custom object's schema with what the account made of it. */
export interface Schema extends CustomType {
  readonly typeId: string;
  readonly createdAt: number;
}

/** The schema as `/crm-object-schemas/v3/schemas` shows it. */
export function schemaJson(account: Account, schema: Schema): Record<string, unknown> {
  const { typeId, createdAt, properties: _, ...rest } = schema;
  const stamp = iso(createdAt);
  return {
    ...rest,
    id: typeId.replace('2-', ''),
    objectTypeId: typeId,
    fullyQualifiedName: account.fullyQualified(schema.name),
    portalId: account.portalId,
    properties: account.recordsOf(typeId).properties.all().map(propertyJson),
    associations: [],
    createdAt: stamp,
    updatedAt: stamp,
    archived: false,
  };
}
