import { marksOf } from '../marks.ts';
import type { Catalog } from './catalog.ts';
import type { Problem } from './problem.ts';
import type { ObjectSettings } from './settings.ts';

/** The checkboxes that `deletes` ticks: there, writable, and nobody else's. */
export function checkMarks(object: ObjectSettings, catalog: Catalog): Problem[] {
  const { name, hubspot, salesforce, fields } = object;
  const marks = marksOf(object);
  const at = `objects.${name}.deletes`;
  const problems: Problem[] = [];
  const properties = catalog.hubspot[hubspot.type];
  if (marks.hubspot && properties) {
    const property = properties[marks.hubspot];
    const isCheckbox = property?.type === 'bool' && !property.readOnly && !property.calculated;
    if (!isCheckbox || fields.some((field) => field.hubspot === marks.hubspot)) {
      problems.push({
        path: `${at}.hubspotMark`,
        found: property
          ? `${marks.hubspot}, ${isCheckbox ? 'which is mapped' : `a ${property.type}`}`
          : `no ${marks.hubspot} on ${hubspot.type}`,
        expected: 'a checkbox of HubSpot that Tandem may write and that no field maps',
      });
    }
  }
  for (const type of marks.salesforce ? salesforce.types : []) {
    const known = catalog.salesforce[type];
    const field = known?.[marks.salesforce ?? ''];
    const isCheckbox = field?.type === 'boolean' && field.updateable && !field.calculated;
    if (!known || (isCheckbox && !fields.some((mapping) => mapping.salesforce[type] === marks.salesforce))) continue;
    problems.push({
      path: `${at}.salesforceMark`,
      found: field
        ? `${type}.${marks.salesforce}, ${isCheckbox ? 'which is mapped' : `a ${field.type}`}`
        : `no ${marks.salesforce} on ${type}`,
      expected: 'a checkbox of Salesforce that Tandem may write and that no field maps',
    });
  }
  return problems;
}
