import { canonicalDecimal, compareDecimals } from '../values.ts';
import { asText, type Json } from './json.ts';
import { valueMs } from './time-point.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Types of operations that compare two properties of one record. */
export const comparativeTypes: readonly string[] = [
  'COMPARATIVE_DATE',
  'COMPARATIVE_STRING',
  'NUMBER_COMPARATIVE',
  'BOOL_COMPARATIVE',
];

/** The other property of the comparison. */
export const comparedWith = (operation: Json): string | undefined => asText(operation.comparisonPropertyName);

/** Judges two values that are both there; undefined for an operator that the type has not. */
export function compareValues(
  type: string,
  operator: string,
  value: string,
  other: string,
  zone: string,
): Verdict | undefined {
  switch (type) {
    case 'COMPARATIVE_DATE': {
      const [a, b] = [valueMs(value, zone), valueMs(other, zone)];
      if (a === undefined || b === undefined) return 'unknown';
      if (operator === 'IS_BEFORE') return verdictOf(a < b);
      return operator === 'IS_AFTER' ? verdictOf(a > b) : undefined;
    }
    case 'COMPARATIVE_STRING':
      return operator === 'IS_EQUAL_TO' ? verdictOf(value.toLowerCase() === other.toLowerCase()) : undefined;
    case 'NUMBER_COMPARATIVE': {
      const [a, b] = [canonicalDecimal(value), canonicalDecimal(other)];
      if (a === undefined || b === undefined) return 'unknown';
      const order = compareDecimals(a, b);
      if (operator === 'IS_EQUAL_TO') return verdictOf(order === 0);
      if (operator === 'IS_GREATER_THAN') return verdictOf(order > 0);
      return operator === 'IS_LESS_THAN' ? verdictOf(order < 0) : undefined;
    }
    case 'BOOL_COMPARATIVE':
      if (operator === 'IS_EQUAL_TO') return verdictOf(value === other);
      return operator === 'IS_NOT_EQUAL_TO' ? verdictOf(value !== other) : undefined;
    default:
      return undefined;
  }
}
