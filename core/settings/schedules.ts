import { cronExample, cronFault, timezoneNamed } from './cron.ts';
import { type Problem, show } from './problem.ts';
import type { ScheduleFile, SettingsFile } from './schema.ts';
import type { ObjectSettings, ScheduleSettings } from './settings.ts';
import { pathText } from './shape.ts';
import { didYouMean } from './suggest.ts';

/** What holds where a schedule says nothing. */
export const scheduleDefaults = { timezone: 'UTC', overlap: 'skip' } as const;

type Objects = Readonly<Record<string, ObjectSettings>>;

/**
 * Schedules with their defaults, one for each object: a reconcile of several becomes `{name}-{object}` each. Lists all
 * that is wrong with them, as far as it shows without asking a system.
 */
export function resolveSchedules(
  file: SettingsFile,
  objects: Objects,
): { schedules: ScheduleSettings[]; problems: Problem[] } {
  const rows = file.schedules ?? [];
  const schedules: ScheduleSettings[] = [];
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  rows.forEach((row, i) => {
    const at = pathText(file, ['schedules', i]);
    problems.push(...clockFaults(row, at), ...runFaults(row, at, objects));
    for (const schedule of resolveSchedule(row)) {
      const key = schedule.name.toLowerCase();
      const earlier = taken.get(key);
      if (earlier !== undefined && earlier !== at) {
        problems.push({
          path: `${at}.name`,
          found: schedule.name,
          expected: `each name once; ${earlier} has it already`,
        });
      }
      taken.set(key, earlier ?? at);
      schedules.push(schedule);
    }
  });
  return { schedules, problems };
}

function resolveSchedule(row: ScheduleFile): ScheduleSettings[] {
  const { name, cron, resync, reconcile = [] } = row;
  const timezone = row.timezone ?? scheduleDefaults.timezone;
  const clock = {
    cron: cron.trim().split(/\s+/).join(' '),
    timezone: timezoneNamed(timezone) ?? timezone,
    overlap: row.overlap ?? scheduleDefaults.overlap,
  };
  if (resync) {
    const segment = resync.segment === undefined ? {} : { segmentId: String(resync.segment) };
    return [{ name, run: { kind: 'resync', object: resync.object, ...segment }, ...clock }];
  }
  return reconcile.map((object) => ({
    name: reconcile.length === 1 ? name : `${name}-${object}`,
    run: { kind: 'reconcile', object },
    ...clock,
  }));
}

function clockFaults({ cron, timezone }: ScheduleFile, at: string): Problem[] {
  const fault = cronFault(cron);
  return [
    ...(fault === undefined
      ? []
      : [
          {
            path: `${at}.cron`,
            found: `${show(cron)} (${fault})`,
            expected: `a cron line of five fields: ${cronExample}`,
          },
        ]),
    ...(timezone !== undefined && timezoneNamed(timezone) === undefined
      ? [
          {
            path: `${at}.timezone`,
            found: show(timezone),
            expected: `a time zone by its IANA name, such as Europe/Berlin${didYouMean(timezone, Intl.supportedValuesOf('timeZone'))}`,
          },
        ]
      : []),
  ];
}

function runFaults({ resync, reconcile }: ScheduleFile, at: string, objects: Objects): Problem[] {
  if ((resync === undefined) === (reconcile === undefined)) {
    const found = resync ? 'resync and reconcile' : 'neither resync nor reconcile';
    return [{ path: at, found, expected: 'one of them: resync: { object: contacts } or reconcile: [contacts]' }];
  }
  if (resync) {
    const object = own(objects, resync.object);
    if (!object) return [unknownObject(`${at}.resync.object`, resync.object, objects)];
    return resync.segment === undefined && object.segments.include.length === 0
      ? [
          {
            path: `${at}.resync.segment`,
            found: 'nothing',
            expected: `a segment's id or exact name, as ${object.name} includes none`,
          },
        ]
      : [];
  }
  const named = reconcile ?? [];
  if (named.length === 0) return [{ path: `${at}.reconcile`, found: 'no object', expected: 'at least one object' }];
  return named.flatMap((object, i) => [
    ...(own(objects, object) ? [] : [unknownObject(`${at}.reconcile[${i}]`, object, objects)]),
    ...(named.indexOf(object) < i
      ? [{ path: `${at}.reconcile[${i}]`, found: object, expected: 'each object once' }]
      : []),
  ]);
}

/** An object's name may be any word, `constructor` too. */
const own = (objects: Objects, name: string): ObjectSettings | undefined =>
  Object.hasOwn(objects, name) ? objects[name] : undefined;

function unknownObject(path: string, found: string, objects: Objects): Problem {
  const known = Object.keys(objects);
  return { path, found, expected: `one of the objects ${known.join(', ')}${didYouMean(found, known)}` };
}
