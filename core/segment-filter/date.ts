import type { Json } from './json.ts';
import { dayEdge, type Edge, type Point, resolvePoint, type Times, valueMs, zoneOf } from './time-point.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Types of operations that compare a value with points in time. */
export const dateTypes: readonly string[] = [
  'TIME_POINT',
  'TIME_RANGED',
  'DATETIME',
  'RANGED_DATE',
  'ROLLING_DATE_RANGE',
];

/** Judges a value that is there; undefined for an operator that the type has not. */
export function evaluateDate(
  type: string,
  operator: string,
  value: string,
  operation: Json,
  times: Times,
): Verdict | undefined {
  if ((operation.propertyParser ?? 'VALUE') !== 'VALUE') return 'unknown'; // when a value was changed is not read
  switch (type) {
    case 'TIME_POINT':
      return timePoint(operator, value, operation, times);
    case 'TIME_RANGED':
      return timeRanged(operator, value, operation, times);
    case 'DATETIME':
      return datetime(operator, value, operation, times);
    case 'RANGED_DATE':
      return rangedDate(operator, value, operation, times);
    case 'ROLLING_DATE_RANGE':
      return rolling(operator, value, operation, times);
    default:
      return undefined;
  }
}

/** Compares a value with a point; a point that refers to an empty property lets nobody pass. */
function against(point: Point, at: number | undefined, test: (at: number, point: number) => boolean): Verdict {
  if (point === 'none') return 'false';
  return point === undefined || at === undefined ? 'unknown' : verdictOf(test(at, point));
}

const zoneOfPoint = (raw: unknown, account: string): string => zoneOf(raw as Json | undefined, account) ?? account;

function timePoint(operator: string, value: string, operation: Json, times: Times): Verdict | undefined {
  if (operator !== 'IS_BEFORE' && operator !== 'IS_AFTER') return undefined;
  const isInclusive = operation.endpointBehavior === 'INCLUSIVE';
  const point = resolvePoint(operation.timePoint, operator === 'IS_BEFORE' ? 'start' : 'end', times);
  const at = valueMs(value, zoneOfPoint(operation.timePoint, times.zone));
  return against(point, at, (a, b) => (operator === 'IS_BEFORE' ? a < b : a > b) || (isInclusive && a === b));
}

function timeRanged(operator: string, value: string, operation: Json, times: Times): Verdict | undefined {
  if (operator !== 'IS_BETWEEN' && operator !== 'IS_NOT_BETWEEN') return undefined;
  const bound = (side: 'lower' | 'upper'): Verdict => {
    const raw = operation[`${side}BoundTimePoint`];
    const isExclusive = operation[`${side}BoundEndpointBehavior`] === 'EXCLUSIVE';
    const edge: Edge = (side === 'lower') === isExclusive ? 'end' : 'start';
    const at = valueMs(value, zoneOfPoint(raw, times.zone));
    return against(resolvePoint(raw, edge, times, side === 'lower' ? 'start' : 'end'), at, (a, b) => {
      if (a === b) return !isExclusive;
      return side === 'lower' ? a > b : a < b;
    });
  };
  const [lower, upper] = [bound('lower'), bound('upper')];
  if (lower === 'unknown' || upper === 'unknown') return 'unknown';
  const isBetween = lower === 'true' && upper === 'true';
  return verdictOf(isBetween === (operator === 'IS_BETWEEN'));
}

/** The older form: the day of a timestamp in the account's zone. */
function datetime(operator: string, value: string, operation: Json, times: Times): Verdict | undefined {
  const at = valueMs(value, times.zone);
  const point = Number(operation.timestamp ?? Number.NaN);
  if (at === undefined || !Number.isFinite(point)) return 'unknown';
  const [first, last] = [dayEdge(point, times.zone, 'start'), dayEdge(point, times.zone, 'end')];
  switch (operator) {
    case 'IS_EQUAL_TO':
      return verdictOf(at >= first && at <= last);
    case 'IS_BEFORE_DATE':
      return verdictOf(at < first);
    case 'IS_AFTER_DATE':
      return verdictOf(at > last);
    case 'IS_BEFORE':
      return verdictOf(at < point);
    case 'IS_AFTER':
      return verdictOf(at > point);
    default:
      return undefined;
  }
}

function rangedDate(operator: string, value: string, operation: Json, times: Times): Verdict | undefined {
  if (operator !== 'IS_BETWEEN' && operator !== 'IS_NOT_BETWEEN') return undefined;
  const at = valueMs(value, times.zone);
  const [lower, upper] = (['lower', 'upper'] as const).map((side) =>
    Number(operation[`${side}Bound`] ?? operation[`${side}BoundTimestamp`] ?? Number.NaN),
  ) as [number, number];
  if (at === undefined || !Number.isFinite(lower) || !Number.isFinite(upper)) return 'unknown';
  return verdictOf((at >= lower && at <= upper) === (operator === 'IS_BETWEEN'));
}

/** "Ago" includes today; "from now" excludes it for days, since today's midnight lies before now. */
function rolling(operator: string, value: string, operation: Json, times: Times): Verdict | undefined {
  const { nowMs, zone } = times;
  const at = valueMs(value, zone);
  const days = Number(operation.numberOfDays ?? Number.NaN);
  if (at === undefined || !Number.isInteger(days)) return 'unknown';
  switch (operator) {
    case 'IS_LESS_THAN_X_DAYS_AGO':
      return verdictOf(at >= dayEdge(nowMs, zone, 'start', -days) && at <= nowMs);
    case 'IS_MORE_THAN_X_DAYS_AGO':
      return verdictOf(at < dayEdge(nowMs, zone, 'start', -days));
    case 'IS_LESS_THAN_X_DAYS_FROM_NOW':
      return verdictOf(at >= nowMs && at <= dayEdge(nowMs, zone, 'end', days));
    case 'IS_MORE_THAN_X_DAYS_FROM_NOW':
      return verdictOf(at > dayEdge(nowMs, zone, 'end', days));
    default:
      return undefined;
  }
}
