import { ownerField, ownerProperty } from '../plan/owner.ts';
import type { System } from '../record-ref.ts';
import { type Problem, show } from './problem.ts';
import { writesTo } from './rules.ts';
import type { FieldMapping, ObjectSettings, Settings } from './settings.ts';

/**
 * What the settings say against themselves. `known` are problems already found: what follows only from them is left
 * out.
 */
export function findContradictions(settings: Settings, known: readonly Problem[]): Problem[] {
  const isBroken = (path: string) => known.some((problem) => problem.path.startsWith(path));
  const objects = Object.values(settings.objects);
  if (objects.length === 0 && !isBroken('objects')) {
    return [{ path: 'objects', found: 'no object', expected: 'at least one, such as contacts' }];
  }
  return [
    ...sharedTypes(objects),
    ...objects.flatMap((object) => [
      ...checkOwner(object),
      ...checkAssociations(object, settings),
      ...checkTypes(object),
      ...checkSegments(object),
      ...checkFields(object, settings.keys),
      ...(isBroken(`objects.${object.name}.fields`) ? [] : checkMatch(object)),
      ...(object.fields.length === 0 && !isBroken(`objects.${object.name}.fields`)
        ? [{ path: `objects.${object.name}.fields`, found: 'no field', expected: 'at least one field mapping' }]
        : []),
    ]),
  ];
}

/** Items whose key an earlier item has, with their position. */
function repeated<T>(items: readonly T[], key: (item: T) => string): { item: T; index: number; first: number }[] {
  const seen = new Map<string, number>();
  return items.flatMap((item, index) => {
    const first = seen.get(key(item));
    if (first === undefined) seen.set(key(item), index);
    return first === undefined ? [] : [{ item, index, first }];
  });
}

/** A type belongs to one object, or one record would have two pairs. */
function sharedTypes(objects: readonly ObjectSettings[]): Problem[] {
  const hubspot = objects
    .filter(({ hubspot }) => hubspot.type)
    .map(({ name, hubspot }) => ({ name, type: hubspot.type }));
  const salesforce = objects.flatMap(({ name, salesforce }) => salesforce.types.map((type) => ({ name, type })));
  const key = ({ type }: { type: string }) => type.toLowerCase();
  return [
    ...repeated(hubspot, key).map(({ item, first }) => ({
      path: `objects.${item.name}.hubspot`,
      found: item.type,
      expected: `a HubSpot type that no other object has; ${hubspot[first]?.name} has it`,
    })),
    ...repeated(salesforce, key).map(({ item, first }) => ({
      path: `objects.${item.name}.salesforce.types`,
      found: item.type,
      expected: `each Salesforce type once; it stands under ${salesforce[first]?.name} already`,
    })),
  ];
}

/** Parents are objects of the settings, and their field is no mapped one. */
function checkAssociations(object: ObjectSettings, settings: Settings): Problem[] {
  return (object.associations ?? []).flatMap(({ to, salesforce }, i) => {
    const at = `objects.${object.name}.associations[${i}]`;
    const mapped = new Set(
      object.fields.flatMap((field) => Object.entries(field.salesforce).map(([type, name]) => `${type}.${name}`)),
    );
    return [
      ...(settings.objects[to] && to !== object.name
        ? []
        : [
            {
              path: `${at}.to`,
              found: to,
              expected: `another object of these settings: ${
                Object.keys(settings.objects)
                  .filter((name) => name !== object.name)
                  .join(', ') || 'there is none'
              }`,
            },
          ]),
      ...Object.entries(salesforce).flatMap(([type, field]) => [
        ...(object.salesforce.types.includes(type)
          ? []
          : [
              {
                path: `${at}.salesforce.${type}`,
                found: type,
                expected: `one of the types ${object.salesforce.types.join(', ')}`,
              },
            ]),
        ...(mapped.has(`${type}.${field}`)
          ? [{ path: `${at}.salesforce.${type}`, found: `${type}.${field}`, expected: 'a field that no mapping has' }]
          : []),
      ]),
    ];
  });
}

/** The owner is mapped by its own section alone. */
function checkOwner({ name, owner, fields }: ObjectSettings): Problem[] {
  if (!owner) return [];
  return fields.flatMap(({ hubspot, salesforce }) => {
    const isOwner = hubspot === ownerProperty || Object.values(salesforce).some((field) => field === ownerField);
    if (!isOwner) return [];
    return [
      {
        path: `objects.${name}.fields[${hubspot}]`,
        found: hubspot,
        expected: `no mapping of the owner: objects.${name}.owner has it`,
      },
    ];
  });
}

function checkTypes({ name, salesforce, create }: ObjectSettings): Problem[] {
  const at = `objects.${name}.salesforce.create`;
  const rows = salesforce.create;
  const lastReachable = rows.findIndex(({ when }) => !when);
  return [
    ...Object.keys(salesforce.where ?? {}).flatMap((type) =>
      salesforce.types.includes(type)
        ? []
        : [
            {
              path: `objects.${name}.salesforce.where.${type}`,
              found: type,
              expected: `one of the types ${salesforce.types.join(', ')}`,
            },
          ],
    ),
    ...rows.flatMap(({ type, when }, i) => [
      ...(salesforce.types.includes(type)
        ? []
        : [{ path: `${at}[${i}].type`, found: type, expected: `one of the types ${salesforce.types.join(', ')}` }]),
      ...(when && Object.keys(when).length === 0
        ? [{ path: `${at}[${i}].when`, found: 'nothing', expected: 'a property with values, or no when' }]
        : []),
      ...(lastReachable >= 0 && i > lastReachable
        ? [
            {
              path: `${at}[${i}]`,
              found: show({ type }),
              expected: `no row after row ${lastReachable}, which has no when`,
            },
          ]
        : []),
    ]),
    ...(rows.length === 0 && salesforce.types.length > 0 && create.salesforce !== 'never'
      ? [{ path: at, found: 'no row', expected: 'at least one row, or create.salesforce: never' }]
      : []),
  ];
}

function checkSegments({ name, segments, create }: ObjectSettings): Problem[] {
  const at = `objects.${name}.segments`;
  const all = (['include', 'exclude'] as const).flatMap((part) =>
    segments[part].map((segment, i) => ({ segment, path: `${at}.${part}[${i}]` })),
  );
  const problems = repeated(all, ({ segment }) => segment.toLowerCase()).map(({ item }) => ({
    path: item.path,
    found: item.segment,
    expected: 'each segment once, under include or under exclude',
  }));
  if (all.length > 0 && create.salesforce === 'always') {
    problems.push({
      path: `objects.${name}.create.salesforce`,
      found: 'always',
      expected: 'members or never: a record outside its segment is never created in Salesforce',
    });
  }
  return problems;
}

function checkFields({ name, salesforce, direction, fields }: ObjectSettings, keys: Settings['keys']): Problem[] {
  const duplicates = repeated(fields, ({ hubspot }) => hubspot.toLowerCase());
  const isDuplicate = (field: FieldMapping) => fields.filter(({ hubspot }) => hubspot === field.hubspot).length > 1;
  const pathOf = (field: FieldMapping) =>
    `objects.${name}.fields[${isDuplicate(field) ? fields.indexOf(field) : field.hubspot}]`;
  const targets = fields.flatMap((field) =>
    Object.entries(field.salesforce).map(([type, target]) => ({ field, type, target })),
  );
  return [
    ...duplicates.map(({ item, first }) => ({
      path: pathOf(item),
      found: item.hubspot,
      expected: `each HubSpot property once; fields[${first}] has it already`,
    })),
    ...repeated(targets, ({ type, target }) => `${type}.${target.toLowerCase()}`).map(({ item, first }) => ({
      path: `${pathOf(item.field)}.salesforce`,
      found: `${item.type}.${item.target}`,
      expected: `each Salesforce field once per type; ${targets[first]?.field.hubspot} has it already`,
    })),
    ...fields.flatMap((field) => [
      ...checkTargets(field, pathOf(field), salesforce.types, keys),
      ...checkRule(field, pathOf(field), direction),
      ...checkValues(field, pathOf(field)),
    ]),
  ];
}

function checkTargets(field: FieldMapping, at: string, types: readonly string[], keys: Settings['keys']): Problem[] {
  const targets = Object.entries(field.salesforce);
  const stamp = (key: string) => `a field of its own: Tandem keeps the id of the counterpart in ${key}`;
  return [
    ...(targets.length === 0 && types.length > 0
      ? [{ path: `${at}.salesforce`, found: 'no field', expected: 'a Salesforce field for at least one type' }]
      : []),
    ...targets
      .filter(([type]) => !types.includes(type))
      .map(([type]) => ({
        path: `${at}.salesforce.${type}`,
        found: type,
        expected: `one of the types ${types.join(', ')}`,
      })),
    ...(field.hubspot.toLowerCase() === keys.hubspot.toLowerCase()
      ? [{ path: `${at}.hubspot`, found: field.hubspot, expected: stamp(keys.hubspot) }]
      : []),
    ...(targets.some(([, target]) => target.toLowerCase() === keys.salesforce.toLowerCase())
      ? [{ path: `${at}.salesforce`, found: keys.salesforce, expected: stamp(keys.salesforce) }]
      : []),
  ];
}

function checkRule({ rule, whenBlank }: FieldMapping, at: string, direction: ObjectSettings['direction']): Problem[] {
  const systems: readonly System[] = ['hubspot', 'salesforce'];
  const isDead = rule !== 'none' && !systems.some((system) => writesTo(system, rule, direction));
  return [
    ...(isDead
      ? [
          {
            path: `${at}.rule`,
            found: rule,
            expected: `a rule that lets something cross with direction ${direction}, or none`,
          },
        ]
      : []),
    ...systems
      .filter((system) => !isDead && whenBlank?.[system] !== undefined && !writesTo(system, rule, direction))
      .map((system) => ({
        path: `${at}.whenBlank.${system}`,
        found: show(whenBlank?.[system]),
        expected: `nothing, as rule ${rule} with direction ${direction} never writes there`,
      })),
  ];
}

/** Each value stands once on each side, or a value would have two translations. */
function checkValues({ values = [] }: FieldMapping, at: string): Problem[] {
  return ([0, 1] as const).flatMap((side) =>
    repeated(values, (pair) => pair[side]).map(({ item, index, first }) => ({
      path: `${at}.values[${index}]`,
      found: show(item[side]),
      expected: `each ${side === 0 ? 'HubSpot' : 'Salesforce'} value once; values[${first}] has it already`,
    })),
  );
}

/** What is matched is also synced, so that both sides of a pair agree on it. */
function checkMatch({ name, match, fields, salesforce }: ObjectSettings): Problem[] {
  return match.flatMap((pair, i) => {
    const mapping = fields.find(({ hubspot }) => hubspot === pair.hubspot);
    const isMapped = mapping && salesforce.types.every((type) => mapping.salesforce[type] === pair.salesforce);
    return isMapped
      ? []
      : [
          {
            path: `objects.${name}.match[${i}]`,
            found: `${pair.hubspot} = ${pair.salesforce}`,
            expected: `a field mapping of ${pair.hubspot} to ${pair.salesforce} for each Salesforce type`,
          },
        ];
  });
}
