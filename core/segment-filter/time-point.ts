import { fromWallMs, instantMs, isZone, wallMs } from '../values/time.ts';
import { asObject, asText, type Json } from './json.ts';

/** How a point in time is used: which end of a whole day it means follows from that. */
export type Edge = 'start' | 'end';

/** What points in time are told by. */
export interface Times {
  readonly nowMs: number;
  /** The account's. */
  readonly zone: string;
  /** The value of a property of the same record: null is none, undefined not read. */
  readonly valueOf: (property: string) => string | null | undefined;
}

/** `none`: the property that the point refers to has no value. */
export type Point = number | 'none' | undefined;

const dayMs = 86_400_000;
const calendarUnits = ['years', 'quarters', 'months', 'weeks', 'days'] as const;
const clockUnits = { hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 } as const;

/** The zone that a filter names, or the account's; undefined for one that nobody knows. */
export function zoneOf(node: Json | undefined, account: string): string | undefined {
  const source = asText(node?.timezoneSource);
  if (source === 'USER') return undefined;
  const named = source === 'PORTAL' ? undefined : asText(node?.zoneId);
  const zone = named ?? account;
  return isZone(zone) ? zone : undefined;
}

/**
 * The instant that a filter's time point means, in milliseconds; undefined where nobody has written down what it means.
 * `edge` is the end of a day counted from today, `ofDate` that of a date without a time.
 * https://developers.hubspot.com/docs/api-reference/crm-lists-v3/list-filters
 */
export function resolvePoint(raw: unknown, edge: Edge, times: Times, ofDate: Edge = edge): Point {
  const point = asObject(raw);
  const zone = zoneOf(point, times.zone);
  if (!point || zone === undefined) return undefined;
  switch (point.timeType) {
    case 'DATE':
      return dated(point, ofDate, zone);
    case 'INDEXED':
      return indexed(point, edge, zone, times.nowMs);
    case 'PROPERTY_REFERENCED': {
      const property = asText(point.property);
      if (point.referenceType !== 'VALUE' || property === undefined) return undefined;
      const value = times.valueOf(property);
      if (value === undefined) return undefined;
      return value === null ? 'none' : (valueMs(value, zone) ?? undefined);
    }
    default:
      return undefined;
  }
}

/** The instant of a value: a day is compared as the moment at which it begins in the filter's zone. */
export function valueMs(value: string, zone: string): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const wall = Date.parse(`${value}T00:00:00Z`);
    return Number.isNaN(wall) ? undefined : fromWallMs(wall, zone);
  }
  return /^-?\d{1,15}$/.test(value) ? Number(value) : instantMs(value);
}

/** The first or the last millisecond of the day that clocks show at an instant, moved by whole days. */
export function dayEdge(ms: number, zone: string, edge: Edge, days = 0): number {
  const day = Math.floor(wallMs(ms, zone) / dayMs) + days;
  return edge === 'start' ? fromWallMs(day * dayMs, zone) : fromWallMs((day + 1) * dayMs, zone) - 1;
}

function dated(point: Json, edge: Edge, zone: string): Point {
  const [year, month, day] = [point.year, point.month, point.day].map(Number);
  if (![year, month, day].every(Number.isInteger)) return undefined;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return timed(point, wall, edge, zone);
}

function indexed(point: Json, edge: Edge, zone: string, nowMs: number): Point {
  const reference = asObject(point.indexReference);
  const offset = asObject(point.offset) ?? {};
  const isKnown = Object.keys(offset).every(
    (unit) => unit in clockUnits || (calendarUnits as readonly string[]).includes(unit),
  );
  if (!reference || !isKnown) return undefined;
  const wall = wallMs(nowMs, zone);
  const clock = Object.entries(clockUnits).reduce((sum, [unit, ms]) => sum + Number(offset[unit] ?? 0) * ms, 0);
  const today = Math.floor(wall / dayMs) * dayMs;
  const now = new Date(wall);
  switch (reference.referenceType) {
    case 'NOW':
      return fromWallMs(shifted(wall, offset), zone) + clock;
    case 'TODAY':
      return clock === 0 ? timed(reference, shifted(today, offset), edge, zone) : undefined;
    case 'MONTH': {
      const day = Number(reference.day);
      const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day);
      return Number.isInteger(day) && clock === 0 ? timed(reference, shifted(start, offset), edge, zone) : undefined;
    }
    case 'YEAR': {
      const [month, day] = [Number(reference.month), Number(reference.day)];
      const start = Date.UTC(now.getUTCFullYear(), month - 1, day);
      const isWhole = Number.isInteger(month) && Number.isInteger(day) && clock === 0;
      return isWhole ? timed(reference, shifted(start, offset), edge, zone) : undefined;
    }
    default:
      return undefined; // the first day of a week and the fiscal year are the account's own
  }
}

/** A day with the time that the filter gives it, or its first or last millisecond. */
function timed(node: Json, wall: number, edge: Edge, zone: string): number {
  if (node.hour === undefined || node.hour === null) return dayEdge(fromWallMs(wall, zone), zone, edge);
  const part = (name: string): number => Number(node[name] ?? 0);
  const time = part('hour') * 3_600_000 + part('minute') * 60_000 + part('second') * 1000 + part('millisecond');
  return fromWallMs(wall + time, zone);
}

/** Years, quarters and months clamp to the end of the month; then weeks and days. */
function shifted(wall: number, offset: Json): number {
  const part = (name: (typeof calendarUnits)[number]): number => Number(offset[name] ?? 0);
  const months = part('years') * 12 + part('quarters') * 3 + part('months');
  const date = new Date(wall);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const start = new Date(first);
  const last = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  const day = first + (Math.min(date.getUTCDate(), last) - 1) * dayMs + (((wall % dayMs) + dayMs) % dayMs);
  return day + (part('weeks') * 7 + part('days')) * dayMs;
}
