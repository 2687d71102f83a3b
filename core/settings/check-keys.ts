import { nativeIdProperties } from '../native-ids.ts';
import type { Catalog, CatalogField, CatalogProperty } from './catalog.ts';
import type { Problem } from './problem.ts';
import type { ObjectSettings, Settings } from './settings.ts';

/** Whether a property can carry the counterpart's id: a text whose values HubSpot keeps unique. */
export const isKeyProperty = (property: CatalogProperty | undefined): boolean =>
  property !== undefined && property.unique && property.type === 'string';

/** Whether a field can: a text that is an external id, unique, and that we may write. */
export const isKeyField = (field: CatalogField | undefined): boolean =>
  field !== undefined && field.externalId && field.unique && field.createable && field.type === 'string';

const remedy = '`tandem setup` makes it or says how';

/** The unique property and the external ids that make creating a record safe to repeat. */
export function checkKeys(
  { hubspot, salesforce }: ObjectSettings,
  keys: Settings['keys'],
  catalog: Catalog,
): Problem[] {
  const properties = catalog.hubspot[hubspot.type];
  const property = properties?.[keys.hubspot];
  const problems: Problem[] = [];
  if (properties && !isKeyProperty(property)) {
    problems.push({
      path: 'keys.hubspot',
      found: property ? `${keys.hubspot}, which is not a unique text` : `no ${keys.hubspot} on ${hubspot.type}`,
      expected: `a text property of ${hubspot.type} with unique values; ${remedy}`,
    });
  }
  const native = keys.native === 'adopt' && properties ? nativeIdProperties({ hubspot }) : [];
  const lacking = native.filter((name) => !properties?.[name]);
  if (native.length > 0 && lacking.length === native.length) {
    problems.push({
      path: 'keys.native',
      found: `none of ${native.join(', ')} on ${hubspot.type}`,
      expected: "ignore, where HubSpot's own Salesforce integration has left no ids",
    });
  }
  for (const type of salesforce.types) {
    const fields = catalog.salesforce[type];
    const field = fields?.[keys.salesforce];
    if (!fields || isKeyField(field)) continue;
    problems.push({
      path: 'keys.salesforce',
      found: field
        ? `${type}.${keys.salesforce}, which is not a unique external id in text that we may write`
        : `no ${keys.salesforce} on ${type}`,
      expected: `a text field of ${type} marked External ID and Unique; ${remedy}`,
    });
  }
  return problems;
}
