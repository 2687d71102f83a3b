import { z } from 'zod';
import type { Values } from './fields.ts';
import type { ObjectType } from './objects/index.ts';
import { Refusal } from './refusal.ts';
import type { Row, Store } from './store.ts';

/** A rule that finds records which may be the same: equal in all fields of `match`, whatever the case, none of them blank. */
export const duplicateRuleSchema = z.strictObject({
  object: z.string().min(1),
  name: z.string().min(1),
  match: z.array(z.string().min(1)).min(1).readonly(),
  /** The objects that are searched; left out: the rule's own. */
  against: z.array(z.string().min(1)).readonly().optional(),
  /** `allow` alerts, and lets through who insists; `block` lets nobody through. */
  action: z.enum(['allow', 'block']),
});
export type DuplicateRule = z.infer<typeof duplicateRuleSchema>;

/** How a call wants duplicates treated: `Sforce-Duplicate-Rule-Header`. */
export interface DuplicateOptions {
  readonly allowSave: boolean;
  readonly includeRecordDetails: boolean;
}

export function duplicateOptions(header: string | null): DuplicateOptions {
  const says = (name: string): boolean => new RegExp(`\\b${name}\\s*=\\s*true\\b`, 'i').test(header ?? '');
  return { allowSave: says('allowSave'), includeRecordDetails: says('includeRecordDetails') };
}

/** Duplicate rules of an org; none unless they are set. */
export class DuplicateRules {
  #rules: readonly DuplicateRule[] = [];

  set(rules: readonly DuplicateRule[]): void {
    this.#rules = z.array(duplicateRuleSchema).parse(rules);
  }

  all(): readonly DuplicateRule[] {
    return this.#rules;
  }

  /** Throws `DUPLICATES_DETECTED` where a rule finds others like what is about to be saved. */
  check(store: Store, object: ObjectType, id: string, values: Values, options: DuplicateOptions): void {
    for (const rule of this.#rules) {
      if (rule.object.toLowerCase() !== object.name.toLowerCase()) continue;
      if (rule.action === 'allow' && options.allowSave) continue;
      const found = (rule.against ?? [rule.object]).map((name) => ({
        name,
        rows: like(store, name, rule, id, values),
      }));
      if (found.some(({ rows }) => rows.length > 0)) throw new DuplicatesDetected(rule, object, found, options);
    }
  }
}

function like(store: Store, name: string, { match }: DuplicateRule, id: string, values: Values): readonly Row[] {
  const table = store.table(name);
  const wanted = match.map((field) => [field, folded(values[field])] as const);
  if (!table || wanted.some(([, value]) => value === undefined)) return [];
  return [...table.rows()].filter(
    (row) =>
      row.id !== id &&
      row.values?.IsDeleted === false &&
      wanted.every(([field, value]) => folded(row.values?.[field]) === value),
  );
}

const folded = (value: Values[string] | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value).toLowerCase();

const message = "You're creating a duplicate record. We recommend you use an existing record instead.";

/** The misspelt key of its body is Salesforce's own. */
class DuplicatesDetected extends Refusal {
  readonly #result: unknown;

  constructor(
    rule: DuplicateRule,
    object: ObjectType,
    found: readonly { readonly name: string; readonly rows: readonly Row[] }[],
    { includeRecordDetails }: DuplicateOptions,
  ) {
    super(400, 'DUPLICATES_DETECTED', message, []);
    this.#result = {
      allowSave: rule.action === 'allow',
      duplicateRule: rule.name,
      duplicateRuleEntityType: object.name,
      errorMessage: message,
      matchResults: found
        .filter(({ rows }) => rows.length > 0)
        .map(({ name, rows }) => ({
          entityType: name,
          errors: [],
          matchEngine: 'ExactMatchEngine',
          matchRecords: rows.map(({ id, values }) => ({
            additionalInformation: [],
            fieldDiffs: [],
            matchConfidence: 100,
            record: {
              attributes: { type: name, url: `/services/data/v67.0/sobjects/${name}/${id}` },
              Id: id,
              ...(includeRecordDetails && values),
            },
          })),
          rule: `${rule.name}_MR`,
          size: rows.length,
          success: true,
        })),
    };
  }

  override body(): unknown {
    return [{ duplicateResut: this.#result, errorCode: this.code, message: this.message }];
  }
}
