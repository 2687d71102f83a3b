import { isBlank } from '../values.ts';
import { evaluateBool } from './bool.ts';
import { comparativeTypes, comparedWith, compareValues } from './comparison.ts';
import { dateTypes, evaluateDate } from './date.ts';
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
  /** Undefined: nothing that depends on the time can be told. */
  readonly nowMs?: number | undefined;
  /** The account's time zone. */
  readonly zone: string;
  /** Filters of other lists, by id. */
  readonly lists?: ReadonlyMap<string, unknown> | undefined;
  /** Records that belong to it by an association type; undefined where they were not read. */
  readonly associated?:
    | ((associationTypeId: number, category: string) => readonly KnownRecord[] | undefined)
    | undefined;
}

/** Judges a value that is there by the present-tense operators of one type; undefined for an operator it has not. */
type Judge = (operator: string, value: string, operation: Json) => Verdict | undefined;

/** Operators over the history of a property, by the present-tense one that a single version must meet. */
const presentTense: ReadonlyMap<string, string> = new Map([
  ['BEEN_EQUAL_TO', 'IS_EQUAL_TO'],
  ['CONTAINED', 'CONTAINS'],
  ['BEEN_ANY_OF', 'IS_ANY_OF'],
  ['BEEN_EXACTLY', 'IS_EXACTLY'],
  ['CONTAINED_ALL', 'CONTAINS_ALL'],
]);

/** Takes `HAS_EVER_…` and `HAS_NEVER_…` apart; undefined for operators that look at the present value only. */
export function historyOf(operator: string): { present: string | undefined; isNegative: boolean } | undefined {
  const match = /^HAS_(EVER|NEVER)_(.+)$/.exec(operator);
  return match ? { present: presentTense.get(match[2] ?? ''), isNegative: match[1] === 'NEVER' } : undefined;
}

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
  if (type !== undefined && comparativeTypes.includes(type))
    return evaluateComparison(type, operator, value, operation, record);
  const judge = judgeOf(type, record);
  if (!judge) return 'unknown';

  const past = historyOf(operator);
  if (past) return evaluateHistory(past, value, (present) => judge(present, value ?? '', operation));
  const verdict = judge(operator, value ?? '', operation);
  if (verdict === undefined) return 'unknown';
  // HubSpot looks at the flag before the operator, for negative operators too.
  return isBlank(value) ? verdictOf(operation.includeObjectsWithNoValueSet === true) : verdict;
}

/**
 * Former values are not read, so only the present one can prove something: it is a version too. A blank proves nothing:
 * a cleared property has a history, one never filled has none.
 */
function evaluateHistory(
  { present, isNegative }: { present: string | undefined; isNegative: boolean },
  value: string | null,
  judge: (operator: string) => Verdict | undefined,
): Verdict {
  if (present === undefined || isBlank(value) || judge(present) !== 'true') return 'unknown';
  return verdictOf(!isNegative);
}

/** Two properties of the record: without a value on either side nobody passes, but for the flag on the left one. */
function evaluateComparison(
  type: string,
  operator: string,
  value: string | null,
  operation: Json,
  record: KnownRecord,
): Verdict {
  const name = comparedWith(operation);
  const isDefaulted = (operation.defaultComparisonValue ?? null) !== null;
  if (name === undefined || isDefaulted || !Object.hasOwn(record.properties, name) || record.unreliable.has(name)) {
    return 'unknown';
  }
  const other = record.properties[name] ?? null;
  const verdict = compareValues(type, operator, value ?? '', other ?? '', record.zone);
  if (verdict === undefined) return 'unknown';
  if (isBlank(value)) return verdictOf(operation.includeObjectsWithNoValueSet === true);
  return isBlank(other) ? 'false' : verdict;
}

const readIn =
  ({ properties, unreliable }: KnownRecord) =>
  (property: string): string | null | undefined => {
    if (!Object.hasOwn(properties, property) || unreliable.has(property)) return undefined;
    const value = properties[property] ?? null;
    return isBlank(value) ? null : value;
  };

function judgeOf(type: string | undefined, record: KnownRecord): Judge | undefined {
  const { nowMs, zone } = record;
  if (type !== undefined && dateTypes.includes(type)) {
    if (nowMs === undefined) return undefined;
    const times = { nowMs, zone, valueOf: readIn(record) };
    return (operator, value, operation) => evaluateDate(type, operator, value, operation, times);
  }
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
