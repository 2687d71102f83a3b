import { z } from 'zod';
import { addDays, addMonths, endOfDay, instantOf, isZone, type Local, localAt, startOfDay } from './zone.ts';

const zone = z.string().refine(isZone, { error: 'is no time zone' });
const timeOfDay = {
  hour: z.int().min(0).max(23).optional(),
  minute: z.int().min(0).max(59).optional(),
  second: z.int().min(0).max(59).optional(),
  millisecond: z.int().min(0).max(999).optional(),
};
const units = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;
const offset = z.partialRecord(z.enum(units), z.int());

/** The points in time that a filter can name. */
export const timePointSchema = z.discriminatedUnion('timeType', [
  z.looseObject({
    timeType: z.literal('DATE'),
    year: z.int(),
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31),
    ...timeOfDay,
    zoneId: zone,
  }),
  z.looseObject({
    timeType: z.literal('INDEXED'),
    indexReference: z.looseObject({
      referenceType: z.enum(['NOW', 'TODAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR']),
      ...timeOfDay,
      day: z.int().min(1).max(31).optional(),
      month: z.int().min(1).max(12).optional(),
    }),
    offset: offset.optional(),
    zoneId: zone.optional(),
  }),
  z.looseObject({
    timeType: z.literal('PROPERTY_REFERENCED'),
    property: z.string(),
    referenceType: z.string().default('VALUE'),
    zoneId: zone.optional(),
  }),
]);
export type TimePoint = z.output<typeof timePointSchema>;

/** How a point is meant: what lies after it, what lies before it, or an end of a range. */
export type Role = 'before' | 'after' | 'lower' | 'upper';

/** What a point depends on besides the filter. */
export interface Moment {
  readonly now: number;
  readonly accountZone: string;
  /** The instant of another property's value or last change; null where it has none, undefined where nobody can tell. */
  readonly instantOf: (property: string, referenceType: string, zone: string) => number | null | undefined;
}

/** The zone in which a point's days are reckoned. */
export const zoneOf = (point: TimePoint, { accountZone }: Moment): string => point.zoneId ?? accountZone;

/** The instant that a point stands for; null where what it refers to is empty, undefined where nobody can tell. */
export function resolve(point: TimePoint, role: Role, exclusive: boolean, moment: Moment): number | null | undefined {
  const zoneId = zoneOf(point, moment);
  switch (point.timeType) {
    case 'DATE': {
      const { year, month, day } = point;
      return edge({ ...midnight, year, month, day }, timeGiven(point), role, exclusive, zoneId, true);
    }
    case 'INDEXED':
      return indexed(point, role, exclusive, zoneId, moment);
    case 'PROPERTY_REFERENCED':
      return moment.instantOf(point.property, point.referenceType, zoneId);
  }
  return point satisfies never;
}

function indexed(
  point: Extract<TimePoint, { timeType: 'INDEXED' }>,
  role: Role,
  exclusive: boolean,
  zoneId: string,
  { now }: Moment,
): number | undefined {
  const { referenceType, day, month } = point.indexReference;
  const today = localAt(now, zoneId);
  switch (referenceType) {
    case 'NOW':
      return (
        instantOf(moved(today, point.offset), zoneId) +
        (point.offset === undefined ? now - instantOf(today, zoneId) : 0)
      );
    case 'TODAY':
      return edge(moved(today, point.offset), timeGiven(point.indexReference), role, exclusive, zoneId, false);
    case 'MONTH':
    case 'YEAR': {
      const named = { ...today, day: day ?? 1, ...(referenceType === 'YEAR' && { month: month ?? 1 }) };
      return edge(moved(named, point.offset), timeGiven(point.indexReference), role, exclusive, zoneId, false);
    }
    // Nobody tells on which day a week begins, or what a quarter's month counts from.
    case 'WEEK':
    case 'QUARTER':
    case 'FISCAL_QUARTER':
    case 'FISCAL_YEAR':
      return undefined;
  }
  return referenceType satisfies never;
}

const midnight = { hour: 0, minute: 0, second: 0, millisecond: 0 };

type TimeOfDay = Partial<Pick<Local, 'hour' | 'minute' | 'second' | 'millisecond'>>;

/** Undefined where a point names a whole day. */
function timeGiven(given: { readonly [K in keyof TimeOfDay]?: TimeOfDay[K] | undefined }): TimeOfDay | undefined {
  if (given.hour === undefined) return undefined;
  const { hour, minute = 0, second = 0, millisecond = 0 } = given;
  return { hour, minute, second, millisecond };
}

/**
 * A day that is named whole stands for its start or for its last millisecond, so that "after 4 March" begins on 5 March,
 * and "up to today" takes in all of today. An excluded end of a range is the other edge, but for a calendar day.
 */
function edge(
  day: Local,
  time: TimeOfDay | undefined,
  role: Role,
  exclusive: boolean,
  zoneId: string,
  isCalendarDay: boolean,
): number {
  if (time) return instantOf({ ...day, ...midnight, ...time }, zoneId);
  const turned = exclusive && !isCalendarDay && (role === 'lower' || role === 'upper');
  const atEnd = (role === 'after' || role === 'upper') !== turned;
  return atEnd ? endOfDay(day, zoneId) : startOfDay(day, zoneId);
}

/** Calendar units first, in local time; the rest as it is. */
function moved(local: Local, by: z.output<typeof offset> = {}): Local {
  const months = (by.years ?? 0) * 12 + (by.quarters ?? 0) * 3 + (by.months ?? 0);
  const dated = addDays(addMonths(local, months), (by.weeks ?? 0) * 7 + (by.days ?? 0));
  return {
    ...dated,
    hour: dated.hour + (by.hours ?? 0),
    minute: dated.minute + (by.minutes ?? 0),
    second: dated.second + (by.seconds ?? 0),
    millisecond: dated.millisecond + (by.milliseconds ?? 0),
  };
}
