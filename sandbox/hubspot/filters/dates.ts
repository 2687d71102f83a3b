import { z } from 'zod';
import type { Answer, HeldValue, Subject } from './evaluate.ts';
import { type Moment, type Role, resolve, type TimePoint, timePointSchema, zoneOf } from './time-point.ts';
import { addDays, endOfDay, localAt, startOfDay } from './zone.ts';

const behavior = z.enum(['INCLUSIVE', 'EXCLUSIVE']);
const parser = z.enum(['VALUE', 'UPDATED_AT']).default('VALUE');
const days = z.int().min(0);

/** The operations on dates, as HubSpot takes them; what a caller adds is kept. */
export const dateOperations = {
  TIME_POINT: z.looseObject({
    operator: z.enum(['IS_BEFORE', 'IS_AFTER']),
    timePoint: timePointSchema,
    endpointBehavior: behavior.default('EXCLUSIVE'),
    propertyParser: parser,
  }),
  TIME_RANGED: z.looseObject({
    operator: z.enum(['IS_BETWEEN', 'IS_NOT_BETWEEN']),
    lowerBoundTimePoint: timePointSchema,
    upperBoundTimePoint: timePointSchema,
    lowerBoundEndpointBehavior: behavior.default('INCLUSIVE'),
    upperBoundEndpointBehavior: behavior.default('INCLUSIVE'),
    propertyParser: parser,
  }),
  ROLLING_DATE_RANGE: z.looseObject({
    operator: z.enum([
      'IS_LESS_THAN_X_DAYS_AGO',
      'IS_MORE_THAN_X_DAYS_AGO',
      'IS_LESS_THAN_X_DAYS_FROM_NOW',
      'IS_MORE_THAN_X_DAYS_FROM_NOW',
    ]),
    numberOfDays: days,
  }),
  ROLLING_PROPERTY_UPDATED: z.looseObject({
    operator: z.enum(['UPDATED_IN_LAST_X_DAYS', 'NOT_UPDATED_IN_LAST_X_DAYS']),
    numberOfDays: days,
  }),
  COMPARATIVE_DATE: z.looseObject({
    operator: z.enum(['IS_BEFORE', 'IS_AFTER']),
    comparisonPropertyName: z.string(),
    defaultComparisonValue: z.string().optional(),
  }),
  COMPARATIVE_PROPERTY_UPDATED: z.looseObject({
    operator: z.enum(['IS_BEFORE', 'IS_AFTER']),
    comparisonPropertyName: z.string(),
    defaultComparisonValue: z.string().optional(),
  }),
} as const;
export type DateOperationType = keyof typeof dateOperations;

export const isDateOperation = (type: string): type is DateOperationType => type in dateOperations;

/** What a day or an instant of a property counts from the epoch; a day is taken in the filter's own zone. */
export function instantOfValue(value: string, type: string, zone: string): number | undefined {
  if (type !== 'date') {
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : at;
  }
  const [year, month, day] = value.split('-').map(Number);
  if (!year || !month || !day) return undefined;
  return startOfDay({ year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 }, zone);
}

/** One date operation on one property. The caller has seen to records without a value. */
export function evaluateDates(
  operationType: DateOperationType,
  raw: unknown,
  property: string,
  held: HeldValue,
  subject: Subject,
): Answer {
  const { now, accountZone } = subject;
  const moment: Moment = {
    now,
    accountZone,
    instantOf: (name, referenceType, zone) => referenced(subject, name, referenceType, zone),
  };
  const own = (zone: string, isUpdate: boolean): number | undefined =>
    isUpdate ? held.at : instantOfValue(held.value, subject.typeOf(property) ?? '', zone);
  switch (operationType) {
    case 'TIME_POINT': {
      const operation = dateOperations.TIME_POINT.parse(raw);
      const isAfter = operation.operator === 'IS_AFTER';
      const value = own(zoneOf(operation.timePoint, moment), operation.propertyParser === 'UPDATED_AT');
      return compare(
        value,
        operation.timePoint,
        isAfter ? 'after' : 'before',
        operation.endpointBehavior === 'EXCLUSIVE',
        moment,
      );
    }
    case 'TIME_RANGED': {
      const operation = dateOperations.TIME_RANGED.parse(raw);
      const { lowerBoundTimePoint: lower, upperBoundTimePoint: upper } = operation;
      const isUpdate = operation.propertyParser === 'UPDATED_AT';
      const above = compare(
        own(zoneOf(lower, moment), isUpdate),
        lower,
        'lower',
        operation.lowerBoundEndpointBehavior === 'EXCLUSIVE',
        moment,
      );
      const below = compare(
        own(zoneOf(upper, moment), isUpdate),
        upper,
        'upper',
        operation.upperBoundEndpointBehavior === 'EXCLUSIVE',
        moment,
      );
      if (above === 'unknown' || below === 'unknown') return 'unknown';
      const isBetween = above === 'true' && below === 'true';
      return told(isBetween === (operation.operator === 'IS_BETWEEN'));
    }
    case 'ROLLING_DATE_RANGE':
      return rolling(dateOperations.ROLLING_DATE_RANGE.parse(raw), own(accountZone, false), moment);
    case 'ROLLING_PROPERTY_UPDATED': {
      const { operator, numberOfDays } = dateOperations.ROLLING_PROPERTY_UPDATED.parse(raw);
      const start = startOfDay(addDays(localAt(now, accountZone), -numberOfDays), accountZone);
      return told((held.at >= start && held.at <= now) === (operator === 'UPDATED_IN_LAST_X_DAYS'));
    }
    case 'COMPARATIVE_DATE':
    case 'COMPARATIVE_PROPERTY_UPDATED': {
      const isUpdate = operationType === 'COMPARATIVE_PROPERTY_UPDATED';
      const operation = dateOperations[operationType].parse(raw);
      const value = own(accountZone, isUpdate);
      const kind = isUpdate ? 'UPDATED_AT' : 'VALUE';
      const other = referenced(
        subject,
        operation.comparisonPropertyName,
        kind,
        accountZone,
        operation.defaultComparisonValue,
      );
      if (other === undefined || value === undefined) return 'unknown';
      if (other === null) return 'false';
      return told(operation.operator === 'IS_BEFORE' ? value < other : value > other);
    }
  }
  return operationType satisfies never;
}

const told = (isSo: boolean): Answer => (isSo ? 'true' : 'false');

function referenced(
  subject: Subject,
  name: string,
  referenceType: string,
  zone: string,
  fallback?: string,
): number | null | undefined {
  const versions = subject.versions(name);
  if (!versions) return undefined;
  const [newest] = versions;
  if (referenceType === 'UPDATED_AT') return newest?.at ?? null;
  const value = newest?.value || fallback;
  if (!value) return null;
  if (referenceType !== 'VALUE') return undefined; // anniversaries and their like
  return instantOfValue(value, subject.typeOf(name) ?? '', zone);
}

function compare(value: number | undefined, point: TimePoint, role: Role, exclusive: boolean, moment: Moment): Answer {
  const at = resolve(point, role, exclusive, moment);
  if (at === undefined || value === undefined) return 'unknown';
  if (at === null) return 'false'; // our choice: what it refers to is empty
  const isLater = role === 'after' || role === 'lower';
  if (value === at) return told(!exclusive);
  return told(isLater ? value > at : value < at);
}

/** Days reckoned in the account's zone, as the words of HubSpot's pages have it. */
function rolling(
  { operator, numberOfDays }: z.output<typeof dateOperations.ROLLING_DATE_RANGE>,
  value: number | undefined,
  { now, accountZone }: Moment,
): Answer {
  if (value === undefined) return 'unknown';
  const day = (offset: number) => addDays(localAt(now, accountZone), offset);
  switch (operator) {
    case 'IS_LESS_THAN_X_DAYS_AGO':
      return told(value >= startOfDay(day(-numberOfDays), accountZone) && value <= now);
    case 'IS_MORE_THAN_X_DAYS_AGO':
      return told(value < startOfDay(day(-numberOfDays), accountZone));
    case 'IS_LESS_THAN_X_DAYS_FROM_NOW':
      return told(value >= now && value <= endOfDay(day(numberOfDays), accountZone));
    case 'IS_MORE_THAN_X_DAYS_FROM_NOW':
      return told(value > endOfDay(day(numberOfDays), accountZone));
  }
  return operator satisfies never;
}
