import { canonicalDecimal } from '../values.ts';
import type { Json } from './json.ts';

/**
 * The texts that an operation compares with: `values`, or the one `value`; HubSpot's guides show either for either
 * type. Undefined where there is none or one is no text.
 */
export function operands(operation: Json): readonly string[] | undefined {
  const found: readonly unknown[] = Array.isArray(operation.values) ? operation.values : [operation.value];
  const texts = found.map((operand) =>
    typeof operand === 'number' || typeof operand === 'boolean' ? String(operand) : operand,
  );
  return texts.length > 0 && texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/** A number of a filter as exact decimal. JSON numbers too large for a double have lost digits: undefined. */
export function decimalOperand(operand: unknown): string | undefined {
  if (typeof operand === 'number') {
    return Math.abs(operand) <= Number.MAX_SAFE_INTEGER ? canonicalDecimal(String(operand)) : undefined;
  }
  return typeof operand === 'string' ? canonicalDecimal(operand) : undefined;
}
