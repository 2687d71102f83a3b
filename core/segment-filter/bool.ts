import type { Json } from './json.ts';
import { operands } from './operands.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const isBool = (text: string | undefined): boolean => text === 'true' || text === 'false';

/** BOOL: HubSpot holds "true" and "false"; anything else can't be judged. */
export function evaluateBool(operator: string, value: string, operation: Json): Verdict | undefined {
  if (operator !== 'IS_EQUAL_TO' && operator !== 'IS_NOT_EQUAL_TO') return undefined;
  const [operand, ...others] = operands(operation) ?? [];
  if (!isBool(operand) || !isBool(value) || others.length > 0) return 'unknown';
  return verdictOf((value === operand) === (operator === 'IS_EQUAL_TO'));
}
