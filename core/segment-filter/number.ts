import { canonicalDecimal, compareDecimals } from '../values.ts';
import type { Json } from './json.ts';
import { decimalOperand } from './operands.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const comparisons: ReadonlyMap<string, (order: number) => boolean> = new Map([
  ['IS_EQUAL_TO', (order) => order === 0],
  ['IS_NOT_EQUAL_TO', (order) => order !== 0],
  ['IS_GREATER_THAN', (order) => order > 0],
  ['IS_GREATER_THAN_OR_EQUAL_TO', (order) => order >= 0],
  ['IS_LESS_THAN', (order) => order < 0],
  ['IS_LESS_THAN_OR_EQUAL_TO', (order) => order <= 0],
]);

/** NUMBER: exact decimals, so that "12.0" is 12 and long ids keep their digits. */
export function evaluateNumber(operator: string, value: string, operation: Json): Verdict | undefined {
  const compare = comparisons.get(operator);
  if (!compare) return undefined;
  const [operand, ...others] = Array.isArray(operation.values) ? (operation.values as unknown[]) : [operation.value];
  const number = canonicalDecimal(value);
  const limit = decimalOperand(operand);
  if (number === undefined || limit === undefined || others.length > 0) return 'unknown';
  return verdictOf(compare(compareDecimals(number, limit)));
}

/** NUMBER_RANGED: both ends belong to the range; a range whose ends are swapped holds nothing. */
export function evaluateNumberRange(operator: string, value: string, operation: Json): Verdict | undefined {
  if (operator !== 'IS_BETWEEN' && operator !== 'IS_NOT_BETWEEN') return undefined;
  const number = canonicalDecimal(value);
  const lower = decimalOperand(operation.lowerBound);
  const upper = decimalOperand(operation.upperBound);
  if (number === undefined || lower === undefined || upper === undefined) return 'unknown';
  const isBetween = compareDecimals(lower, number) <= 0 && compareDecimals(number, upper) <= 0;
  return verdictOf(isBetween === (operator === 'IS_BETWEEN'));
}
