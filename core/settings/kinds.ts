import { type Kind, kindOf } from '../values.ts';
import type { Catalog, CatalogField, CatalogProperty } from './catalog.ts';
import type { Settings } from './settings.ts';

/** How a property and a field are compared, or undefined where one cannot hold what the other does. */
export const kindOfPair = (property: CatalogProperty, field: CatalogField): Kind | undefined =>
  kindOf(property.type, field.type, property.fieldType);

/**
 * Kind of each mapped HubSpot property of an object towards one Salesforce type. Leaves out what the type does not map
 * and what the catalog does not know; settings that passed `checkAgainst` with the same catalog lack nothing.
 */
export function kinds(
  settings: Settings,
  catalog: Catalog,
  object: string,
  salesforceType: string,
): Record<string, Kind> {
  const mapping = settings.objects[object];
  const properties = catalog.hubspot[mapping?.hubspot.type ?? ''];
  const fields = catalog.salesforce[salesforceType];
  return Object.fromEntries(
    (mapping?.fields ?? []).flatMap(({ hubspot, salesforce }) => {
      const property = properties?.[hubspot];
      const field = fields?.[salesforce[salesforceType] ?? ''];
      const kind = property && field && kindOfPair(property, field);
      return kind ? [[hubspot, kind] as const] : [];
    }),
  );
}
