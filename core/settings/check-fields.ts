import type { Catalog, CatalogField, CatalogProperty } from './catalog.ts';
import { kindOfPair } from './kinds.ts';
import { type Problem, show } from './problem.ts';
import { writesTo } from './rules.ts';
import type { FieldMapping, ObjectSettings } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** Checks mapped fields, match and creation rows of an object against its types in both systems. */
export function checkFieldsAgainst(object: ObjectSettings, catalog: Catalog): Problem[] {
  const properties = catalog.hubspot[object.hubspot.type];
  return [
    ...object.fields.flatMap((field) => checkField(field, object, catalog)),
    ...checkReferences(object, catalog),
    ...(properties ? [...checkMatchIsUnique(object, properties), ...checkCreateRows(object, properties)] : []),
  ];
}

function checkField(mapping: FieldMapping, object: ObjectSettings, catalog: Catalog): Problem[] {
  const at = `objects.${object.name}.fields[${mapping.hubspot}]`;
  const properties = catalog.hubspot[object.hubspot.type];
  const property = properties?.[mapping.hubspot];
  const problems: Problem[] = [];
  if (properties && !property) {
    problems.push({
      path: `${at}.hubspot`,
      found: mapping.hubspot,
      expected: `a property of HubSpot's ${object.hubspot.type}${didYouMean(mapping.hubspot, Object.keys(properties))}`,
    });
  }
  if (property) problems.push(...checkProperty(mapping, property, object.direction, at));
  for (const [type, name] of Object.entries(mapping.salesforce)) {
    const fields = catalog.salesforce[type];
    const field = fields?.[name];
    if (fields && !field) {
      problems.push({
        path: `${at}.salesforce`,
        found: `${type}.${name}`,
        expected: `a field of Salesforce's ${type}${didYouMean(name, Object.keys(fields))}`,
      });
    }
    if (field) problems.push(...checkTarget(mapping, type, name, field, object.direction, at));
    if (property && field && !kindOfPair(property, field, catalog.timeZone)) {
      problems.push({
        path: at,
        found: `${mapping.hubspot} (${property.type}, ${property.fieldType}) with ${type}.${name} (${field.type})`,
        expected: 'fields whose types can hold the same values',
      });
    }
  }
  return problems;
}

function checkProperty(
  { hubspot, rule, values = [] }: FieldMapping,
  property: CatalogProperty,
  direction: ObjectSettings['direction'],
  at: string,
): Problem[] {
  const isFixed = property.readOnly || property.calculated;
  return [
    ...(isFixed && writesTo('hubspot', rule, direction)
      ? [
          {
            path: `${at}.rule`,
            found: `${rule}, and HubSpot's ${hubspot} is ${property.calculated ? 'calculated' : 'read-only'}`,
            expected: 'a rule that never writes to HubSpot: alwaysHubSpot or none',
          },
        ]
      : []),
    ...unknownOptions(values, 0, property.options, `an option of HubSpot's ${hubspot}`, at),
  ];
}

function checkTarget(
  { rule, values = [] }: FieldMapping,
  type: string,
  name: string,
  field: CatalogField,
  direction: ObjectSettings['direction'],
  at: string,
): Problem[] {
  return [
    ...((field.calculated || !field.updateable) && writesTo('salesforce', rule, direction)
      ? [
          {
            path: `${at}.rule`,
            found: `${rule}, and Salesforce's ${type}.${name} is ${field.calculated ? 'calculated' : 'not writable for this user'}`,
            expected: 'a rule that never writes to Salesforce: alwaysSalesforce or none',
          },
        ]
      : []),
    ...(field.restricted
      ? unknownOptions(values, 1, field.picklist, `a value of Salesforce's ${type}.${name}`, at)
      : []),
  ];
}

/** Values of a translation table that the system would refuse. */
function unknownOptions(
  values: NonNullable<FieldMapping['values']>,
  side: 0 | 1,
  options: readonly string[],
  expected: string,
  at: string,
): Problem[] {
  if (options.length === 0) return [];
  return values.flatMap((pair, i) =>
    options.includes(pair[side])
      ? []
      : [{ path: `${at}.values[${i}]`, found: show(pair[side]), expected: expected + didYouMean(pair[side], options) }],
  );
}

/** HubSpot finds records by a value only through a unique property; a contact's email is one, whatever its metadata say. */
function checkMatchIsUnique(
  { name, hubspot, match }: ObjectSettings,
  properties: Readonly<Record<string, CatalogProperty>>,
): Problem[] {
  return match.flatMap((pair, i) => {
    const property = properties[pair.hubspot];
    const isUnique = property?.unique || (hubspot.typeId === '0-1' && pair.hubspot === 'email');
    if (!property || isUnique) return [];
    return [
      { path: `objects.${name}.match[${i}].hubspot`, found: pair.hubspot, expected: 'a property with unique values' },
    ];
  });
}

function checkCreateRows(
  { name, hubspot, salesforce }: ObjectSettings,
  properties: Readonly<Record<string, CatalogProperty>>,
): Problem[] {
  return salesforce.create.flatMap(({ when = {} }, i) =>
    Object.entries(when).flatMap(([property, wanted]) => {
      const path = `objects.${name}.salesforce.create[${i}].when.${property}`;
      const info = properties[property];
      if (!info) {
        const hint = didYouMean(property, Object.keys(properties));
        return [{ path, found: property, expected: `a property of HubSpot's ${hubspot.type}${hint}` }];
      }
      if (info.options.length === 0) return [];
      return wanted
        .filter((value) => !info.options.includes(value))
        .map((value) => ({
          path,
          found: show(value),
          expected: `an option of HubSpot's ${property}${didYouMean(value, info.options)}`,
        }));
    }),
  );
}

/** The field of an association holds the id of another record, and can be written. */
function checkReferences(
  { name, salesforce: { types }, direction, associations = [] }: ObjectSettings,
  catalog: Catalog,
): Problem[] {
  return associations.flatMap(({ salesforce }, i) =>
    Object.entries(salesforce).flatMap(([type, fieldName]): Problem[] => {
      const fields = catalog.salesforce[type];
      if (!fields || !types.includes(type)) return [];
      const path = `objects.${name}.associations[${i}].salesforce.${type}`;
      const found = fields[fieldName];
      if (!found) {
        const hint = didYouMean(fieldName, Object.keys(fields));
        return [{ path, found: `${type}.${fieldName}`, expected: `a field of Salesforce's ${type}${hint}` }];
      }
      const isFit = found.type === 'reference' && (direction === 'toHubSpot' || found.updateable);
      return isFit
        ? []
        : [
            {
              path,
              found: `${type}.${fieldName} (${found.type}${found.updateable ? '' : ', not writable'})`,
              expected: 'a lookup that can be written',
            },
          ];
    }),
  );
}
