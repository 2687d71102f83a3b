import type { Json } from './json.ts';
import { operands } from './operands.ts';
import { not, type Verdict, verdictOf } from './verdict.ts';

/**
 * STRING and MULTISTRING: whole value, substring, prefix or suffix, of any of the operands; case never counts, accents
 * and white space do. How CONTAINS_EXACTLY differs from CONTAINS is not known, but what fails the wider fails both.
 */
export function evaluateText(
  type: 'STRING' | 'MULTISTRING',
  operator: string,
  value: string,
  operation: Json,
): Verdict | undefined {
  const text = value.toLowerCase();
  const anyOf = (test: (operand: string) => boolean): Verdict => {
    const wanted = operands(operation);
    return wanted ? verdictOf(wanted.some((operand) => test(operand.toLowerCase()))) : 'unknown';
  };
  const contains = (): Verdict => anyOf((operand) => text.includes(operand));
  switch (operator) {
    case 'IS_EQUAL_TO':
      return anyOf((operand) => text === operand);
    case 'IS_NOT_EQUAL_TO':
      return not(anyOf((operand) => text === operand));
    case 'CONTAINS':
      return contains();
    case 'DOES_NOT_CONTAIN':
      return not(contains());
    case 'STARTS_WITH':
      return anyOf((operand) => text.startsWith(operand));
    case 'ENDS_WITH':
      return anyOf((operand) => text.endsWith(operand));
    case 'CONTAINS_EXACTLY':
      return type === 'MULTISTRING' ? onlyFailure(contains()) : undefined;
    case 'DOES_NOT_CONTAIN_EXACTLY':
      return type === 'MULTISTRING' ? not(onlyFailure(contains())) : undefined;
    default:
      return undefined;
  }
}

const onlyFailure = (verdict: Verdict): Verdict => (verdict === 'false' ? 'false' : 'unknown');
