import { isBlank } from '../values.ts';
import { evaluateBool } from './bool.ts';
import { evaluateEnumeration } from './enumeration.ts';
import { asObject, asText, type Json } from './json.ts';
import { evaluateNumber, evaluateNumberRange } from './number.ts';
import { operationTypeOf } from './operation-type.ts';
import { evaluateText } from './text.ts';
import { not, type Verdict, verdictOf } from './verdict.ts';

/** A record as far as it was read. */
export interface KnownRecord {
  readonly properties: Readonly<Record<string, string | null>>;
  readonly unreliable: ReadonlySet<string>;
}

/** Judges a value that is there by the present-tense operators of one type; undefined for an operator it has not. */
type Judge = (operator: string, value: string, operation: Json) => Verdict | undefined;

/** Operators over the history of a property, with the present-tense one that a single version must meet. */
const history: Readonly<Record<string, { readonly present: string; readonly negative: boolean }>> = {
  HAS_EVER_BEEN_EQUAL_TO: { present: 'IS_EQUAL_TO', negative: false },
  HAS_NEVER_BEEN_EQUAL_TO: { present: 'IS_EQUAL_TO', negative: true },
  HAS_EVER_CONTAINED: { present: 'CONTAINS', negative: false },
  HAS_NEVER_CONTAINED: { present: 'CONTAINS', negative: true },
  HAS_EVER_BEEN_ANY_OF: { present: 'IS_ANY_OF', negative: false },
  HAS_NEVER_BEEN_ANY_OF: { present: 'IS_ANY_OF', negative: true },
  HAS_EVER_BEEN_EXACTLY: { present: 'IS_EXACTLY', negative: false },
  HAS_NEVER_BEEN_EXACTLY: { present: 'IS_EXACTLY', negative: true },
  HAS_EVER_CONTAINED_ALL: { present: 'CONTAINS_ALL', negative: false },
  HAS_NEVER_CONTAINED_ALL: { present: 'CONTAINS_ALL', negative: true },
};

/** True for operators that look at former values too. */
export const isHistoryOperator = (operator: string): boolean => /^HAS_(EVER|NEVER)_/.test(operator);

/** Judges one PROPERTY filter. */
export function evaluateProperty(filter: Json, record: KnownRecord): Verdict {
  const name = asText(filter.property);
  const operation = asObject(filter.operation);
  if (name === undefined || !operation || isRefined(filter, operation)) return 'unknown';
  if (!Object.hasOwn(record.properties, name) || record.unreliable.has(name)) return 'unknown';
  const value = record.properties[name] ?? null;
  const operator = asText(operation.operator) ?? '';
  const type = operationTypeOf(operation);
  if (type === 'ALL_PROPERTY') return evaluatePresence(operator, value);
  const judge = judgeOf(type);
  if (!judge) return 'unknown';

  const past = history[operator];
  if (past) {
    // Former values are not read, so only the present one can prove something. A blank proves nothing: cleared
    // properties have a history, others have none.
    const met = isBlank(value) ? 'unknown' : (judge(past.present, value, operation) ?? 'unknown');
    if (met !== 'true') return 'unknown';
    return past.negative ? not(met) : met;
  }
  const verdict = judge(operator, value ?? '', operation);
  if (verdict === undefined) return 'unknown';
  // HubSpot looks at the flag before the operator, for negative operators too.
  return isBlank(value) ? verdictOf(operation.includeObjectsWithNoValueSet === true) : verdict;
}

function judgeOf(type: string | undefined): Judge | undefined {
  switch (type) {
    case 'STRING':
    case 'MULTISTRING':
      return (operator, value, operation) => evaluateText(type, operator, value, operation);
    case 'NUMBER':
      return evaluateNumber;
    case 'NUMBER_RANGED':
      return evaluateNumberRange;
    case 'BOOL':
      return evaluateBool;
    case 'ENUMERATION':
      return evaluateEnumeration;
    case undefined:
    default:
      return undefined;
  }
}

/** Pruning, counting and default values change the question in ways that are not written down. */
const isRefined = (filter: Json, operation: Json): boolean =>
  [filter, operation].some((node) =>
    [node.pruningRefineBy, node.coalescingRefineBy, node.defaultValue].some(
      (part) => part !== undefined && part !== null,
    ),
  );

/** Has a value, has none; these ignore the no-value flag. What IS_BLANK says of mere white space is not known. */
function evaluatePresence(operator: string, value: string | null): Verdict {
  const isKnown = verdictOf(!isBlank(value));
  const isOnlySpace = value !== null && value !== '' && value.trim() === '';
  switch (operator) {
    case 'IS_KNOWN':
      return isKnown;
    case 'IS_UNKNOWN':
      return not(isKnown);
    case 'IS_NOT_BLANK':
      return isOnlySpace ? 'unknown' : isKnown;
    case 'IS_BLANK':
      return isOnlySpace ? 'unknown' : not(isKnown);
    default:
      return 'unknown';
  }
}
