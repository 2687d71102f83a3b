import { compareDecimals } from '../decimal.ts';
import { type DateOperationType, evaluateDates, isDateOperation } from './dates.ts';

/** What a filter says of a record; `unknown` where nobody outside HubSpot can tell. */
export type Answer = 'true' | 'false' | 'unknown';

export interface FilterBranch {
  readonly filterBranchType: string;
  readonly filterBranchOperator?: string;
  readonly filterBranches: readonly FilterBranch[];
  readonly filters: readonly Filter[];
  /** Of an association branch. */
  readonly operator?: string;
  readonly objectTypeId?: string;
  readonly associationTypeId?: number;
  readonly associationCategory?: string;
}

export interface Filter {
  readonly filterType: string;
  readonly property?: string;
  readonly operation?: Operation;
  readonly operator?: string;
  readonly listId?: string;
  readonly metadata?: unknown;
  readonly shouldAccept?: boolean;
  readonly associationTypeId?: number;
  readonly associationCategory?: string;
  readonly coalescingRefineBy?: unknown;
}

export interface Operation {
  readonly operationType: string;
  readonly operator: string;
  readonly includeObjectsWithNoValueSet?: boolean;
  readonly value?: string | number | boolean;
  readonly values?: readonly (string | number)[];
  readonly lowerBound?: string | number;
  readonly upperBound?: string | number;
  readonly propertyParser?: string;
  readonly comparisonPropertyName?: string;
  readonly defaultComparisonValue?: string | number | boolean;
}

/** A value that a property has or had, and since when; `''` is a clearing. */
export interface HeldValue {
  readonly value: string;
  readonly at: number;
}

/** A record as filters see it. */
export interface Subject {
  readonly now: number;
  readonly accountZone: string;
  /** All values that a property has had, newest first; undefined where there is no such property. */
  versions(property: string): readonly HeldValue[] | undefined;
  /** A property's type, or undefined where there is no such property. */
  typeOf(property: string): string | undefined;
  /** Whether the record is a member of a list; undefined where there is no such list. */
  isMember(listId: string): boolean | undefined;
  /** The live records that are associated in this way. */
  related(associationTypeId: number, category: string): readonly Subject[];
}

/**
 * Evaluates a list's definition for one record: properties, dates, other lists and associations under OR, AND, NOT_ALL,
 * NOT_ANY and ASSOCIATION; events and the like are `unknown`. https://developers.hubspot.com/docs/api-reference/crm-lists-v3/list-filters
 */
export function evaluateBranch(branch: FilterBranch, subject: Subject): Answer {
  if (branch.filterBranchType === 'ASSOCIATION') return evaluateAssociation(branch, subject);
  const answers = [
    ...branch.filters.map((filter) => evaluateFilter(filter, subject)),
    ...branch.filterBranches.map((child) => evaluateBranch(child, subject)),
  ];
  switch (branch.filterBranchType) {
    case 'OR':
      return any(answers);
    case 'AND':
      return all(answers);
    case 'NOT_ALL':
      return not(all(answers));
    case 'NOT_ANY':
      return not(any(answers));
    default:
      return 'unknown';
  }
}

/** One associated record has to pass all filters together; our choice where there is none, and of NOT_IN_LIST. */
function evaluateAssociation(branch: FilterBranch, subject: Subject): Answer {
  const { associationTypeId = 0, associationCategory = '', operator } = branch;
  const related = subject.related(associationTypeId, associationCategory);
  const together = { ...branch, filterBranchType: 'AND' };
  const some = any(related.map((other) => evaluateBranch(together, other)));
  if (operator === 'NOT_IN_LIST') return not(some);
  // Whether "has no value" is true of nobody is reported both ways.
  return related.length === 0 && asksForNothing(branch) ? 'unknown' : some;
}

const asksForNothing = ({ filters, filterBranches }: FilterBranch): boolean =>
  filters.some(
    ({ operation }) => operation?.operator === 'IS_UNKNOWN' || operation?.includeObjectsWithNoValueSet === true,
  ) || filterBranches.some(asksForNothing);

function all(answers: readonly Answer[]): Answer {
  if (answers.includes('false')) return 'false';
  return answers.includes('unknown') ? 'unknown' : 'true';
}

function any(answers: readonly Answer[]): Answer {
  if (answers.includes('true')) return 'true';
  return answers.includes('unknown') ? 'unknown' : 'false';
}

function not(answer: Answer): Answer {
  if (answer === 'unknown') return answer;
  return answer === 'true' ? 'false' : 'true';
}

function told(isSo: boolean): Answer {
  return isSo ? 'true' : 'false';
}

function evaluateFilter(filter: Filter, subject: Subject): Answer {
  switch (filter.filterType) {
    case 'CONSTANT':
      return told(filter.shouldAccept === true);
    case 'IN_LIST': {
      const isMember = subject.isMember(filter.listId ?? '');
      if (filter.metadata !== undefined) return 'unknown';
      // Our choice: nothing passes a filter whose list has been deleted, not even NOT_IN_LIST.
      return told(isMember !== undefined && isMember === (filter.operator === 'IN_LIST'));
    }
    case 'PROPERTY':
      return filter.operation ? evaluateOperation(filter.operation, filter.property ?? '', subject) : 'unknown';
    case 'ASSOCIATION': {
      const members = related(filter, subject).map((other) => other.isMember(filter.listId ?? '') === true);
      return told(members.includes(true) === (filter.operator === 'IN_LIST'));
    }
    case 'NUM_ASSOCIATIONS':
      return evaluateCount(filter.coalescingRefineBy, related(filter, subject).length);
    default:
      return 'unknown';
  }
}

const related = ({ associationTypeId = 0, associationCategory = '' }: Filter, subject: Subject): readonly Subject[] =>
  subject.related(associationTypeId, associationCategory);

/** Both ends are included; our choice. */
function evaluateCount(refinement: unknown, count: number): Answer {
  const { minOccurrences = 0, maxOccurrences } = (refinement ?? {}) as {
    minOccurrences?: number;
    maxOccurrences?: number | null;
  };
  return told(count >= minOccurrences && count <= (maxOccurrences ?? Number.POSITIVE_INFINITY));
}

function evaluateOperation(operation: Operation, property: string, subject: Subject): Answer {
  const held = subject.versions(property);
  if (!held) return 'unknown';
  const versions = held.map(({ value }) => value);
  const { operationType, operator } = operation;
  const current = versions[0] ?? '';
  if (isDateOperation(operationType)) return evaluateDate(operationType, operation, property, held, subject);
  if (operationType === 'ALL_PROPERTY') return evaluatePresence(operator, current);

  const ever = versions.filter((version) => version !== '');
  const [, negation, condition] = /^HAS_(EVER|NEVER)_(.+)$/.exec(operator) ?? [];
  if (condition !== undefined) {
    if (ever.length === 0) return told(operation.includeObjectsWithNoValueSet === true);
    const once = any(ever.map((version) => evaluateValue(operation, pastCondition(condition), version)));
    return negation === 'NEVER' ? not(once) : once;
  }
  if (current === '') return told(operation.includeObjectsWithNoValueSet === true);
  if (operationType.endsWith('-comparative') || operationType === 'COMPARATIVE_STRING') {
    return compareProperties(operation, current, subject);
  }
  return evaluateValue(operation, operator, current);
}

/** The time of the last change is there for a cleared property too. */
function evaluateDate(
  operationType: DateOperationType,
  operation: Operation,
  property: string,
  held: readonly HeldValue[],
  subject: Subject,
): Answer {
  const isUpdate = operation.propertyParser === 'UPDATED_AT' || operationType.endsWith('_PROPERTY_UPDATED');
  const [newest] = held;
  if (!newest || (!isUpdate && newest.value === '')) return told(operation.includeObjectsWithNoValueSet === true);
  return evaluateDates(operationType, operation, property, newest, subject);
}

/** Two properties of one record; an empty one on the right fails, unless there is a default. */
function compareProperties(operation: Operation, value: string, subject: Subject): Answer {
  const { operationType, operator, comparisonPropertyName = '', defaultComparisonValue = '' } = operation;
  const versions = subject.versions(comparisonPropertyName);
  if (!versions) return 'unknown';
  const other = versions[0]?.value || String(defaultComparisonValue);
  if (other === '') return 'false';
  switch (operationType) {
    case 'bool-comparative':
      return equality(operator, value === other);
    case 'number-comparative':
      return evaluateNumber(operator, value, [other]);
    default:
      return operator === 'IS_EQUAL_TO' ? told(fold(value) === fold(other)) : 'unknown';
  }
}

/** Whether text of nothing but space is blank is not known. */
function evaluatePresence(operator: string, current: string): Answer {
  switch (operator) {
    case 'IS_KNOWN':
      return told(current !== '');
    case 'IS_UNKNOWN':
      return told(current === '');
    case 'IS_BLANK':
      return current !== '' && current.trim() === '' ? 'unknown' : told(current === '');
    case 'IS_NOT_BLANK':
      return current !== '' && current.trim() === '' ? 'unknown' : told(current !== '');
    default:
      return 'unknown';
  }
}

/** The operator in the present tense of a condition on past values, for instance `BEEN_EQUAL_TO`. */
function pastCondition(condition: string): string {
  switch (condition) {
    case 'CONTAINED':
      return 'CONTAINS';
    case 'CONTAINED_ALL':
      return 'CONTAINS_ALL';
    default:
      return condition.replace(/^BEEN_/, 'IS_');
  }
}

function evaluateValue(operation: Operation, operator: string, value: string): Answer {
  const values = (operation.values ?? (operation.value === undefined ? [] : [operation.value])).map(String);
  switch (operation.operationType) {
    case 'BOOL':
      return equality(operator, values.includes(value));
    case 'ENUMERATION':
      return evaluateOptions(operator, value, values);
    case 'STRING':
    case 'MULTISTRING':
      return evaluateText(operator, fold(value), values.map(fold));
    case 'NUMBER':
      return evaluateNumber(operator, value, values);
    case 'NUMBER_RANGED':
      return evaluateRange(operator, value, String(operation.lowerBound), String(operation.upperBound));
    default:
      return 'unknown';
  }
}

function equality(operator: string, isEqual: boolean): Answer {
  if (operator === 'IS_EQUAL_TO') return told(isEqual);
  return operator === 'IS_NOT_EQUAL_TO' ? told(!isEqual) : 'unknown';
}

function evaluateOptions(operator: string, value: string, values: readonly string[]): Answer {
  const held = new Set(value.split(';').filter((part) => part !== ''));
  const wanted = new Set(values);
  const common = [...wanted].filter((option) => held.has(option)).length;
  switch (operator) {
    case 'IS_ANY_OF':
      return told(common > 0);
    case 'IS_NONE_OF':
      return told(common === 0);
    case 'IS_EXACTLY':
      return told(common === wanted.size && common === held.size);
    case 'IS_NOT_EXACTLY':
      return told(common !== wanted.size || common !== held.size);
    case 'CONTAINS_ALL':
      return told(common === wanted.size);
    case 'DOES_NOT_CONTAIN_ALL':
      return told(common !== wanted.size);
    default:
      return 'unknown';
  }
}

function fold(text: string): string {
  return text.toLowerCase();
}

function evaluateText(operator: string, value: string, values: readonly string[]): Answer {
  const contains = values.some((part) => value.includes(part));
  switch (operator) {
    case 'IS_EQUAL_TO':
    case 'IS_NOT_EQUAL_TO':
      return equality(operator, values.includes(value));
    case 'CONTAINS':
      return told(contains);
    case 'DOES_NOT_CONTAIN':
      return told(!contains);
    case 'STARTS_WITH':
      return told(values.some((part) => value.startsWith(part)));
    case 'ENDS_WITH':
      return told(values.some((part) => value.endsWith(part)));
    // What sets these apart from CONTAINS is not documented; only that they can't hold where it fails.
    case 'CONTAINS_EXACTLY':
      return contains ? 'unknown' : 'false';
    case 'DOES_NOT_CONTAIN_EXACTLY':
      return contains ? 'unknown' : 'true';
    default:
      return 'unknown';
  }
}

function evaluateNumber(operator: string, value: string, values: readonly string[]): Answer {
  const orders = values.map((other) => compareDecimals(value, other));
  const holds = (test: (order: number) => boolean): Answer =>
    orders.includes(undefined) ? 'unknown' : told(orders.some((order) => order !== undefined && test(order)));
  switch (operator) {
    case 'IS_EQUAL_TO':
      return holds((order) => order === 0);
    case 'IS_NOT_EQUAL_TO':
      return not(holds((order) => order === 0));
    case 'IS_GREATER_THAN':
      return holds((order) => order > 0);
    case 'IS_GREATER_THAN_OR_EQUAL_TO':
      return holds((order) => order >= 0);
    case 'IS_LESS_THAN':
      return holds((order) => order < 0);
    case 'IS_LESS_THAN_OR_EQUAL_TO':
      return holds((order) => order <= 0);
    default:
      return 'unknown';
  }
}

function evaluateRange(operator: string, value: string, lower: string, upper: string): Answer {
  const [above, below] = [compareDecimals(value, lower), compareDecimals(value, upper)];
  if (above === undefined || below === undefined) return 'unknown';
  const isBetween = above >= 0 && below <= 0;
  if (operator === 'IS_BETWEEN') return told(isBetween);
  return operator === 'IS_NOT_BETWEEN' ? told(!isBetween) : 'unknown';
}
