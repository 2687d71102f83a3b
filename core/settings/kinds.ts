import type { System } from '../record-ref.ts';
import { type Kind, kindOf, type Limits } from '../values.ts';
import type { Catalog, CatalogField, CatalogProperty } from './catalog.ts';
import type { Settings } from './settings.ts';

/** How a property and a field are compared, or undefined where one cannot hold what the other does. */
export const kindOfPair = (property: CatalogProperty, field: CatalogField, zone?: string): Kind | undefined =>
  kindOf(property.type, field.type, property.fieldType, zone);

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
      const kind = property && field && kindOfPair(property, field, catalog.timeZone);
      return kind ? [[hubspot, kind] as const] : [];
    }),
  );
}

/** What each side of a mapped field can hold, by HubSpot property. */
export type FieldLimits = Readonly<Record<string, Readonly<Record<System, Limits | undefined>>>>;

/** As `kinds`, for what the fields can hold. */
export function limits(settings: Settings, catalog: Catalog, object: string, salesforceType: string): FieldLimits {
  const mapping = settings.objects[object];
  const properties = catalog.hubspot[mapping?.hubspot.type ?? ''];
  const fields = catalog.salesforce[salesforceType];
  return Object.fromEntries(
    (mapping?.fields ?? []).map(({ hubspot, salesforce }) => {
      const property = properties?.[hubspot];
      const field = fields?.[salesforce[salesforceType] ?? ''];
      return [hubspot, { hubspot: property && limitsOfProperty(property), salesforce: field && limitsOfField(field) }];
    }),
  );
}

const hubspotLength = 65_536;
const boundTexts = ['string', 'textarea', 'email', 'phone', 'url', 'combobox', 'picklist'];
const boundNumbers = ['double', 'currency', 'percent'];

function limitsOfProperty({ type, options }: CatalogProperty): Limits | undefined {
  if (type === 'string' || type === 'phone_number') return { length: hubspotLength };
  return type === 'enumeration' && options.length > 0 ? { options } : undefined;
}

function limitsOfField({
  type,
  length = 0,
  precision = 0,
  scale,
  restricted,
  picklist,
}: CatalogField): Limits | undefined {
  if (restricted && picklist.length > 0) return { options: picklist };
  if (boundTexts.includes(type) && length > 0) return { length };
  return boundNumbers.includes(type) && precision > 0
    ? { precision, ...(scale !== undefined && { scale }) }
    : undefined;
}
