import type { Catalog } from './catalog.ts';
import { checkFieldsAgainst } from './check-fields.ts';
import { checkKeys } from './check-keys.ts';
import { checkMarks } from './check-marks.ts';
import { resolveScheduledSegment, resolveSegments } from './check-segments.ts';
import type { Problem } from './problem.ts';
import type { ObjectSettings, Settings } from './settings.ts';
import { didYouMean } from './suggest.ts';

/**
 * Checks settings against what both systems say, and turns segment names into ids. The settings in the answer may run
 * only where there is no problem. Pure: the catalog has been read before.
 */
export function checkAgainst(settings: Settings, catalog: Catalog): { settings: Settings; problems: Problem[] } {
  const problems: Problem[] = [];
  const objects = Object.values(settings.objects).map((object): ObjectSettings => {
    problems.push(
      ...checkTypes(object, catalog),
      ...checkKeys(object, settings.keys, catalog),
      ...checkFieldsAgainst(object, catalog),
      ...checkMarks(object, catalog),
    );
    const segments = resolveSegments(object, catalog.segments);
    problems.push(...segments.problems);
    return { ...object, segments: segments.resolved };
  });
  const schedules = (settings.schedules ?? []).map((schedule) => {
    const segment = resolveScheduledSegment(schedule, settings.objects, catalog.segments);
    problems.push(...segment.problems);
    return segment.resolved;
  });
  return {
    settings: { ...settings, objects: Object.fromEntries(objects.map((object) => [object.name, object])), schedules },
    problems,
  };
}

function checkTypes({ name, hubspot, salesforce }: ObjectSettings, catalog: Catalog): Problem[] {
  const absent = salesforce.types.filter((type) => !catalog.salesforce[type]);
  return [
    ...(hubspot.type && !catalog.hubspot[hubspot.type]
      ? [
          {
            path: `objects.${name}.hubspot`,
            found: hubspot.type,
            expected: 'a type that HubSpot shows to this access token',
          },
        ]
      : []),
    ...absent.map((type) => ({
      path: `objects.${name}.salesforce.types`,
      found: type,
      expected: `a type that Salesforce shows to this user${didYouMean(type, Object.keys(catalog.salesforce))}`,
    })),
  ];
}
