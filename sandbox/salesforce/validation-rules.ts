import { z } from 'zod';
import type { Values } from './fields.ts';
import type { ObjectType } from './objects/index.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses writes by what the record would hold: an admin's validation rule (code FIELD_CUSTOM_VALIDATION_EXCEPTION, for
 * everyone) or, with another code, something that happens to API clients only (a locked row, a failing trigger).
 */
export const validationRuleSchema = z.strictObject({
  object: z.string().min(1),
  field: z.string().min(1),
  when: z.enum(['equals', 'contains', 'startsWith', 'isBlank', 'always']),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  code: z.string().min(1).default('FIELD_CUSTOM_VALIDATION_EXCEPTION'),
  message: z.string().optional(),
  /** The error stands at the field, not at the top of the page: API clients are told which one it is. */
  atField: z.boolean().default(false),
  /** How many writes it refuses; left out: every one. */
  times: z.int().min(1).optional(),
});

export type ValidationRule = z.input<typeof validationRuleSchema>;
type ParsedRule = z.output<typeof validationRuleSchema>;

const texts: Readonly<Record<string, (id: string) => string>> = {
  UNABLE_TO_LOCK_ROW: (id) => `unable to obtain exclusive access to this record or 1 records: ${id}`,
  FIELD_CUSTOM_VALIDATION_EXCEPTION: () => 'A validation rule refused this record.',
};

export class ValidationRules {
  #rules: ParsedRule[] = [];

  /** Replaces all rules. */
  set(rules: readonly ValidationRule[]): void {
    this.#rules = z.array(validationRuleSchema).parse(rules);
  }

  remaining(): readonly ParsedRule[] {
    return this.#rules.map((rule) => ({ ...rule }));
  }

  /** Throws the `Refusal` of the first rule that fits. */
  check(object: ObjectType, id: string, values: Values, isApi: boolean): void {
    const rule = this.#rules.find(
      (each) =>
        each.object.toLowerCase() === object.name.toLowerCase() &&
        (isApi || each.code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION') &&
        fits(each, values),
    );
    if (!rule) return;
    if (rule.times !== undefined) rule.times -= 1;
    if (rule.times === 0) this.#rules = this.#rules.filter((each) => each !== rule);
    const message = rule.message ?? texts[rule.code]?.(id) ?? `${object.name}: ${rule.code}`;
    throw new Refusal(400, rule.code, message, rule.atField ? [rule.field] : []);
  }
}

function fits(rule: ParsedRule, values: Values): boolean {
  const value = values[rule.field] ?? null;
  switch (rule.when) {
    case 'always':
      return true;
    case 'isBlank':
      return value === null;
    case 'equals':
      return value === rule.value;
    case 'contains':
      return String(value ?? '').includes(String(rule.value ?? ''));
    case 'startsWith':
      return String(value ?? '').startsWith(String(rule.value ?? ''));
  }
  return rule.when satisfies never;
}
