import { parseCondition } from './segment-condition/parse.ts';
import { type ConditionContext, toFilter } from './segment-condition/to-filter.ts';

export type { ConditionContext } from './segment-condition/to-filter.ts';
export { toText as conditionOf } from './segment-condition/to-text.ts';
export { BadCondition } from './segment-condition/tokens.ts';

/** HubSpot's list filter for a condition in words. Throws `BadCondition` with the place and what is expected. */
export const filterFor = (condition: string, context: ConditionContext): Readonly<Record<string, unknown>> =>
  toFilter(parseCondition(condition), context);
