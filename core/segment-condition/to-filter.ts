import type { CatalogProperty } from '../settings/catalog.ts';
import { didYouMean } from '../settings/suggest.ts';
import { canonicalDecimal } from '../values.ts';
import { type Comparison, type Condition, canBeUnknown, type Membership, type Operator } from './parse.ts';
import { BadCondition } from './tokens.ts';

/** What a condition is checked against. */
export interface ConditionContext {
  readonly properties: Readonly<Record<string, CatalogProperty>>;
  /** The account's time zone, IANA name: days are its days. */
  readonly zone: string;
}

type Leaf = Comparison | Membership;
type Json = Readonly<Record<string, unknown>>;

/** HubSpot's limit of a list. */
const mostFilters = 250;

/**
 * A condition as HubSpot's list filter: an OR of ANDs. Throws `BadCondition` for a property, option or value that the
 * object does not have, for a comparison that its kind does not know, and for what can't be said without "not".
 * https://developers.hubspot.com/docs/api-reference/crm-lists-v3/list-filters
 */
export function toFilter(condition: Condition, context: ConditionContext): Json {
  const groups = alternatives(condition, false);
  if (groups.reduce((sum, group) => sum + group.length, 0) > mostFilters) {
    throw new BadCondition(1, `written out as HubSpot wants it, this has more than ${mostFilters} filters`);
  }
  return {
    filterBranchType: 'OR',
    filterBranchOperator: 'OR',
    filters: [],
    filterBranches: groups.map((leaves) => ({
      filterBranchType: 'AND',
      filterBranchOperator: 'AND',
      filterBranches: [],
      filters: leaves.map((leaf) => filterOf(leaf, context)),
    })),
  };
}

/** The groups of which one must hold whole; `isNegated` brings a "not" down to the comparisons. */
function alternatives(condition: Condition, isNegated: boolean): Leaf[][] {
  switch (condition.kind) {
    case 'comparison':
      return [[isNegated ? negated(condition) : condition]];
    case 'membership':
      return [[isNegated ? { ...condition, isMember: !condition.isMember } : condition]];
    case 'not':
      return alternatives(condition.part, !isNegated);
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => alternatives(part, isNegated));
      if ((condition.kind === 'or') !== isNegated) return parts.flat();
      return parts.reduce<Leaf[][]>(
        (groups, part) => {
          if (groups.length * part.length > mostFilters) {
            throw new BadCondition(1, 'written out as HubSpot wants it, this has too many alternatives');
          }
          return groups.flatMap((group) => part.map((leaves) => [...group, ...leaves]));
        },
        [[]],
      );
    }
  }
  return condition satisfies never;
}

const opposites: Partial<Record<Operator, Operator>> = {
  '=': '!=',
  '!=': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  in: 'not in',
  'not in': 'in',
  contains: 'does not contain',
  'does not contain': 'contains',
  'is known': 'is unknown',
  'is unknown': 'is known',
  'in last': 'not in last',
  'not in last': 'in last',
};

/** What holds for exactly the records that the comparison does not hold for, those without a value among them. */
function negated(comparison: Comparison): Comparison {
  const operator = opposites[comparison.operator];
  const passesUnknown = canBeUnknown(comparison) && !comparison.passesUnknown;
  if (operator) return { ...comparison, operator, passesUnknown };
  throw new BadCondition(comparison.at, `HubSpot has no opposite of "${comparison.operator}": say it without "not"`);
}

function filterOf(leaf: Leaf, context: ConditionContext): Json {
  if (leaf.kind === 'membership') {
    return { filterType: 'IN_LIST', listId: leaf.listId, operator: leaf.isMember ? 'IN_LIST' : 'NOT_IN_LIST' };
  }
  const { property, at } = leaf;
  const info = context.properties[property];
  if (!info) {
    const hint = didYouMean(property, Object.keys(context.properties));
    throw new BadCondition(at, `there is no property ${property}${hint}`);
  }
  const operation = operationOf(leaf, info, context.zone);
  return {
    filterType: 'PROPERTY',
    property,
    operation: { includeObjectsWithNoValueSet: leaf.passesUnknown, ...operation },
  };
}

function operationOf(comparison: Comparison, info: CatalogProperty, zone: string): Json {
  const { operator } = comparison;
  if (operator === 'is known' || operator === 'is unknown') {
    return { operationType: 'ALL_PROPERTY', operator: operator === 'is known' ? 'IS_KNOWN' : 'IS_UNKNOWN' };
  }
  switch (info.type) {
    case 'string':
    case 'phone_number':
      return named(comparison, info, 'MULTISTRING', {
        '=': 'IS_EQUAL_TO',
        in: 'IS_EQUAL_TO',
        '!=': 'IS_NOT_EQUAL_TO',
        'not in': 'IS_NOT_EQUAL_TO',
        contains: 'CONTAINS',
        'does not contain': 'DOES_NOT_CONTAIN',
        'starts with': 'STARTS_WITH',
        'ends with': 'ENDS_WITH',
      });
    case 'enumeration':
      mustBeOptions(comparison, info);
      return named(comparison, info, 'ENUMERATION', {
        '=': 'IS_ANY_OF',
        in: 'IS_ANY_OF',
        '!=': 'IS_NONE_OF',
        'not in': 'IS_NONE_OF',
      });
    case 'bool': {
      const [value = ''] = comparison.values;
      if (!['true', 'false'].includes(value.toLowerCase())) throw bad(comparison, 'true or false');
      const { values: _, ...rest } = named(comparison, info, 'BOOL', { '=': 'IS_EQUAL_TO', '!=': 'IS_NOT_EQUAL_TO' });
      return { ...rest, value: value.toLowerCase() === 'true' };
    }
    case 'number':
      return numeric(comparison, info);
    case 'date':
    case 'datetime':
      return dated(comparison, info, zone);
    default:
      throw new BadCondition(
        comparison.at,
        `${comparison.property} is of a kind that can't be compared (${info.type})`,
      );
  }
}

const bad = ({ at, property, values }: Comparison, expected: string): BadCondition =>
  new BadCondition(
    at,
    `${property} is compared with ${values.map((value) => `"${value}"`).join(', ')}, expected ${expected}`,
  );

function named(
  comparison: Comparison,
  info: CatalogProperty,
  operationType: string,
  names: Partial<Record<Operator, string>>,
): Json {
  const operator = names[comparison.operator];
  if (!operator) {
    const known = Object.keys(names).join(', ');
    throw new BadCondition(
      comparison.at,
      `${comparison.property} (${info.type}) can't be asked for "${comparison.operator}": ${known}, is known, is unknown`,
    );
  }
  return { operationType, operator, values: comparison.values };
}

function mustBeOptions(comparison: Comparison, { options }: CatalogProperty): void {
  const unknown = options.length > 0 ? comparison.values.find((value) => !options.includes(value)) : undefined;
  if (unknown === undefined) return;
  throw new BadCondition(
    comparison.at,
    `${comparison.property} has no option "${unknown}"${didYouMean(unknown, options) || `: ${options.slice(0, 12).join(', ')}`}`,
  );
}

function numeric(comparison: Comparison, info: CatalogProperty): Json {
  const values = comparison.values.map((value) => {
    if (canonicalDecimal(value) === undefined) throw bad(comparison, 'a number');
    return Number(value);
  });
  const [first, second] = values;
  if (comparison.operator === 'between') {
    return { operationType: 'NUMBER_RANGED', operator: 'IS_BETWEEN', lowerBound: first, upperBound: second };
  }
  const { values: _, ...rest } = named(comparison, info, 'NUMBER', {
    '=': 'IS_EQUAL_TO',
    '!=': 'IS_NOT_EQUAL_TO',
    '<': 'IS_LESS_THAN',
    '<=': 'IS_LESS_THAN_OR_EQUAL_TO',
    '>': 'IS_GREATER_THAN',
    '>=': 'IS_GREATER_THAN_OR_EQUAL_TO',
  });
  return { ...rest, value: first };
}

function dated(comparison: Comparison, info: CatalogProperty, zoneId: string): Json {
  const { operator, values } = comparison;
  const day = (text: string, end: boolean): Json => {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    const isDay = match && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
    if (!match || !isDay) throw bad(comparison, 'a day such as 2026-03-31');
    const [year, month, dayOfMonth] = match.slice(1).map(Number);
    const time = end
      ? { hour: 23, minute: 59, second: 59, millisecond: 999 }
      : { hour: 0, minute: 0, second: 0, millisecond: 0 };
    return { timeType: 'DATE', timezoneSource: 'CUSTOM', zoneId, year, month, day: dayOfMonth, ...time };
  };
  const today = (days: string): Json => ({
    timeType: 'INDEXED',
    timezoneSource: 'CUSTOM',
    zoneId,
    indexReference: { referenceType: 'TODAY' },
    offset: { days: -Number(days) },
  });
  const now: Json = { timeType: 'INDEXED', timezoneSource: 'CUSTOM', zoneId, indexReference: { referenceType: 'NOW' } };
  const point = (name: string, timePoint: Json): Json => ({
    operationType: 'TIME_POINT',
    operator: name,
    timePoint,
    endpointBehavior: 'EXCLUSIVE',
    propertyParser: 'VALUE',
    type: 'TIME_POINT',
  });
  const ranged = (name: string, lowerBoundTimePoint: Json, upperBoundTimePoint: Json): Json => ({
    operationType: 'TIME_RANGED',
    operator: name,
    lowerBoundTimePoint,
    upperBoundTimePoint,
    lowerBoundEndpointBehavior: 'INCLUSIVE',
    upperBoundEndpointBehavior: 'INCLUSIVE',
    propertyParser: 'VALUE',
    type: 'TIME_RANGED',
  });
  const [first = '', second = ''] = values;
  switch (operator) {
    case '=':
      return ranged('IS_BETWEEN', day(first, false), day(first, true));
    case '!=':
      return ranged('IS_NOT_BETWEEN', day(first, false), day(first, true));
    case 'between':
      return ranged('IS_BETWEEN', day(first, false), day(second, true));
    case 'before':
    case '<':
      return point('IS_BEFORE', day(first, false));
    case 'after':
    case '>':
      return point('IS_AFTER', day(first, true));
    case 'in last':
      return ranged('IS_BETWEEN', today(first), now);
    case 'not in last':
      return ranged('IS_NOT_BETWEEN', today(first), now);
    case 'older than':
      return point('IS_BEFORE', today(first));
    case '<=':
    case '>=':
    case 'contains':
    case 'does not contain':
    case 'ends with':
    case 'in':
    case 'is known':
    case 'is unknown':
    case 'not in':
    case 'starts with':
      return named(comparison, info, '', {});
  }
}
