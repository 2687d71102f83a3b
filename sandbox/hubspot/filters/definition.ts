import { z } from 'zod';
import { compareDecimals } from '../decimal.ts';
import type { Properties } from '../properties.ts';
import type { PropertyType } from '../property.ts';
import { validationError } from '../refusal.ts';
import { dateOperations, isDateOperation } from './dates.ts';
import type { Filter, FilterBranch, Operation } from './evaluate.ts';

type Fields = 'none' | 'value' | 'values' | 'bounds';

interface OperationKind {
  readonly fields: Fields;
  readonly operators: readonly string[];
  readonly propertyTypes: readonly PropertyType[] | 'any';
}

const text = ['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', 'CONTAINS', 'DOES_NOT_CONTAIN', 'STARTS_WITH', 'ENDS_WITH'];
const everEqual = ['HAS_EVER_BEEN_EQUAL_TO', 'HAS_NEVER_BEEN_EQUAL_TO'];
const texts: readonly PropertyType[] = ['string', 'phone_number'];

/** Which operators go with which operationType; every other pair is refused. */
const kinds: Readonly<Record<string, OperationKind>> = {
  ALL_PROPERTY: {
    fields: 'none',
    operators: ['IS_KNOWN', 'IS_UNKNOWN', 'IS_BLANK', 'IS_NOT_BLANK'],
    propertyTypes: 'any',
  },
  BOOL: { fields: 'value', operators: ['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', ...everEqual], propertyTypes: ['bool'] },
  ENUMERATION: {
    fields: 'values',
    operators: [
      'IS_ANY_OF',
      'IS_NONE_OF',
      'IS_EXACTLY',
      'IS_NOT_EXACTLY',
      'CONTAINS_ALL',
      'DOES_NOT_CONTAIN_ALL',
      ...['BEEN_ANY_OF', 'BEEN_EXACTLY', 'CONTAINED_ALL'].flatMap((past) => [`HAS_EVER_${past}`, `HAS_NEVER_${past}`]),
    ],
    propertyTypes: ['enumeration', 'bool'],
  },
  STRING: {
    fields: 'value',
    operators: [...text, ...everEqual, 'HAS_EVER_CONTAINED', 'HAS_NEVER_CONTAINED'],
    propertyTypes: texts,
  },
  MULTISTRING: {
    fields: 'values',
    operators: [...text, ...everEqual, 'CONTAINS_EXACTLY', 'DOES_NOT_CONTAIN_EXACTLY'],
    propertyTypes: texts,
  },
  NUMBER: {
    fields: 'value',
    operators: [
      'IS_EQUAL_TO',
      'IS_NOT_EQUAL_TO',
      'IS_GREATER_THAN',
      'IS_GREATER_THAN_OR_EQUAL_TO',
      'IS_LESS_THAN',
      'IS_LESS_THAN_OR_EQUAL_TO',
      ...everEqual,
    ],
    propertyTypes: ['number'],
  },
  NUMBER_RANGED: { fields: 'bounds', operators: ['IS_BETWEEN', 'IS_NOT_BETWEEN'], propertyTypes: ['number'] },
};

/** The spelling of the newest guide, taken on input; answers always use upper case. */
const aliases: Readonly<Record<string, string>> = {
  alltypes: 'ALL_PROPERTY',
  bool: 'BOOL',
  enumeration: 'ENUMERATION',
  string: 'STRING',
  multistring: 'MULTISTRING',
  number: 'NUMBER',
  'number-ranged': 'NUMBER_RANGED',
  'datetime-rolling': 'ROLLING_DATE_RANGE',
  'datetime-comparative': 'COMPARATIVE_DATE',
  'rolling-property-updated': 'ROLLING_PROPERTY_UPDATED',
  'property-updated-comparative': 'COMPARATIVE_PROPERTY_UPDATED',
};

/** Comparisons of two properties of one record; they have no upper-case names but one. */
const comparisons: Readonly<Record<string, { operators: readonly string[]; propertyTypes: readonly PropertyType[] }>> =
  {
    'string-comparative': { operators: ['IS_EQUAL_TO'], propertyTypes: texts },
    COMPARATIVE_STRING: { operators: ['IS_EQUAL_TO'], propertyTypes: texts },
    'number-comparative': {
      operators: ['IS_EQUAL_TO', 'IS_GREATER_THAN', 'IS_LESS_THAN'],
      propertyTypes: ['number'],
    },
    'bool-comparative': { operators: ['IS_EQUAL_TO', 'IS_NOT_EQUAL_TO'], propertyTypes: ['bool'] },
  };

const mostFilters = 250;

const branchSchema = z.looseObject({
  filterBranchType: z.string(),
  filterBranches: z.array(z.unknown()).default([]),
  filters: z.array(z.unknown()).default([]),
});

const associationSchema = z.looseObject({
  objectTypeId: z.string(),
  operator: z.enum(['IN_LIST', 'NOT_IN_LIST']),
  associationTypeId: z.int(),
  associationCategory: z.string(),
});

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const operationSchema = z.looseObject({
  operationType: z.string(),
  operator: z.string(),
  includeObjectsWithNoValueSet: z.boolean().default(false),
  value: scalar.optional(),
  values: z.array(z.union([z.string(), z.number()])).optional(),
  lowerBound: z.union([z.string(), z.number()]).optional(),
  upperBound: z.union([z.string(), z.number()]).optional(),
});

const filterSchema = z.looseObject({
  filterType: z.string(),
  property: z.string().optional(),
  operation: z.unknown().optional(),
  operator: z.string().optional(),
  listId: z.string().optional(),
});

/** A list's definition as it is kept and shown, with what it reads. */
export interface Definition {
  readonly branch: FilterBranch;
  readonly properties: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** Whether it looks at associated records. */
  readonly readsAssociations: boolean;
  /** Whether it changes with the day or with the moment, although no record does. */
  readonly movesWith: 'nothing' | 'day' | 'moment';
}

export interface DefinitionContext {
  readonly properties: Properties;
  /** Properties of an associated type, by its id. */
  readonly propertiesOf: (typeId: string) => Properties | undefined;
  /** Why a list may not be named by an IN_LIST filter; undefined where it may. */
  readonly whyNotList: (listId: string) => string | undefined;
  /** `keep` takes filters that the sandbox can't evaluate, as a test may want; their answer is `unknown`. */
  readonly unmodelled: 'refuse' | 'keep';
}

/**
 * Reads a filterBranch as HubSpot takes it: root OR, below it ANDs, below those filters. Throws the 400 of a shape, an
 * operationType, an operator or a property that does not fit. Our choice: the texts, and the refusal of filters that
 * HubSpot knows and the sandbox does not model.
 */
export function readDefinition(raw: unknown, context: DefinitionContext): Definition {
  const reader = new Reader(context);
  const root = reader.branch(raw, 'filterBranch');
  if (root.filterBranchType !== 'OR') throw refuse('filterBranch', 'the root must be of filterBranchType OR');
  if (root.filters.length > 0) throw refuse('filterBranch', 'the root OR holds no filters of its own');
  if (root.filterBranches.length === 0) throw refuse('filterBranch', 'the root OR needs at least one AND branch');
  if (reader.count > mostFilters) throw refuse('filterBranch', `a list takes at most ${mostFilters} filters`);
  const { properties, lists, readsAssociations, movesWith } = reader;
  return { branch: root, properties, lists, readsAssociations, movesWith };
}

function refuse(path: string, what: string) {
  return validationError(`Invalid filter at ${path}: ${what}.`);
}

class Reader {
  readonly properties = new Set<string>();
  readonly lists = new Set<string>();
  count = 0;
  readsAssociations = false;
  movesWith: Definition['movesWith'] = 'nothing';
  readonly #context: DefinitionContext;
  /** Those of the record that the filters at hand are about. */
  #properties: Properties;

  constructor(context: DefinitionContext) {
    this.#context = context;
    this.#properties = context.properties;
  }

  branch(raw: unknown, path: string): FilterBranch {
    const parsed = branchSchema.safeParse(raw);
    if (!parsed.success) throw refuse(path, firstIssue(parsed.error));
    const { filterBranchType: type, filterBranches, filters } = parsed.data;
    const isRoot = path === 'filterBranch';
    if (type === 'ASSOCIATION' && !isRoot) return this.#association(parsed.data, path);
    if (!isRoot && type !== 'AND') {
      this.#mustKeep(path, `filterBranchType ${type} is not modelled by this sandbox here`);
    }
    const mayBeEmpty = isRoot || type === 'UNIFIED_EVENTS';
    if (!mayBeEmpty && filters.length + filterBranches.length === 0) throw refuse(path, 'the branch is empty');
    return {
      ...parsed.data,
      filterBranchOperator: type === 'OR' || type === 'AND' ? type : 'AND',
      filterBranches: filterBranches.map((child, index) => this.branch(child, `${path}.filterBranches[${index}]`)),
      filters: filters.map((filter, index) => this.#filter(filter, `${path}.filters[${index}]`)),
    };
  }

  #association(data: z.output<typeof branchSchema>, path: string): FilterBranch {
    const head = associationSchema.safeParse(data);
    if (!head.success) throw refuse(path, firstIssue(head.error));
    const properties = this.#context.propertiesOf(head.data.objectTypeId);
    if (!properties) throw refuse(path, `objectTypeId ${head.data.objectTypeId} is unknown`);
    this.readsAssociations = true;
    const outer = this.#properties;
    this.#properties = properties;
    try {
      return {
        ...data,
        ...head.data,
        filterBranchOperator: 'AND',
        filterBranches: data.filterBranches.map((child, i) => this.branch(child, `${path}.filterBranches[${i}]`)),
        filters: data.filters.map((filter, i) => this.#filter(filter, `${path}.filters[${i}]`)),
      };
    } finally {
      this.#properties = outer;
    }
  }

  #filter(raw: unknown, path: string): Filter {
    this.count += 1;
    const parsed = filterSchema.safeParse(raw);
    if (!parsed.success) throw refuse(path, firstIssue(parsed.error));
    const { operation, ...filter } = parsed.data;
    switch (filter.filterType) {
      case 'PROPERTY':
        return { ...filter, operation: this.#operation(filter.property, operation, path) } as Filter;
      case 'IN_LIST':
        this.#inList(filter as Filter, path);
        return filter as Filter;
      case 'CONSTANT':
        return parsed.data as Filter;
      case 'ASSOCIATION':
      case 'NUM_ASSOCIATIONS':
        if (parsed.data['associationTypeId'] === undefined) throw refuse(path, 'associationTypeId is missing');
        this.readsAssociations = true;
        return parsed.data as Filter;
      default:
        this.#mustKeep(path, `filterType ${filter.filterType} is not modelled by this sandbox`);
        return parsed.data as Filter;
    }
  }

  #inList({ listId, operator, metadata }: Filter, path: string): void {
    if (operator !== 'IN_LIST' && operator !== 'NOT_IN_LIST') throw refuse(path, `operator ${operator} is unknown`);
    if (metadata !== undefined) this.#mustKeep(path, 'IN_LIST with metadata is not modelled by this sandbox');
    if (listId === undefined) throw refuse(path, 'listId is missing');
    const problem = this.#context.whyNotList(listId);
    if (problem !== undefined) throw refuse(path, problem);
    this.lists.add(listId);
  }

  #operation(name: string | undefined, raw: unknown, path: string): Operation {
    const parsed = operationSchema.safeParse(raw);
    if (!parsed.success) throw refuse(`${path}.operation`, firstIssue(parsed.error));
    const property = this.#properties.get(name ?? '');
    if (!property) throw refuse(path, `property ${name} does not exist`);
    this.properties.add(property.name);

    const operationType = aliases[parsed.data.operationType] ?? parsed.data.operationType;
    const operation = { ...parsed.data, operationType };
    if (isDateOperation(operationType)) return this.#dates(operationType, operation, property.type, path);
    const comparison = comparisons[operationType];
    if (comparison) {
      if (!comparison.operators.includes(operation.operator)) {
        throw refuse(path, `operator ${operation.operator} does not go with operationType ${operationType}`);
      }
      if (!comparison.propertyTypes.includes(property.type)) {
        throw refuse(path, `operationType ${operationType} does not go with a property of type ${property.type}`);
      }
      this.#reads((operation as Record<string, unknown>)['comparisonPropertyName'], path);
      return operation as Operation;
    }
    const kind = kinds[operationType];
    if (!kind) {
      this.#mustKeep(path, `operationType ${operationType} is not modelled by this sandbox`);
      return operation as Operation;
    }
    if (!kind.operators.includes(operation.operator)) {
      throw refuse(path, `operator ${operation.operator} does not go with operationType ${operationType}`);
    }
    if (kind.propertyTypes !== 'any' && !kind.propertyTypes.includes(property.type)) {
      throw refuse(path, `operationType ${operationType} does not go with a property of type ${property.type}`);
    }
    if (property.calculated && operation.operator.startsWith('HAS_')) {
      throw refuse(path, `operator ${operation.operator} does not go with a calculated property`);
    }
    const missing = missingFields(kind.fields, operation as Operation);
    if (missing) throw refuse(`${path}.operation`, `${missing} is missing or empty`);
    if (operationType.startsWith('NUMBER') && !hasOnlyNumbers(operation as Operation)) {
      throw refuse(`${path}.operation`, 'a value is no number');
    }
    return operation as Operation;
  }

  #dates(type: keyof typeof dateOperations, given: Record<string, unknown>, of: PropertyType, path: string): Operation {
    const parsed = dateOperations[type].safeParse(given);
    if (!parsed.success) throw refuse(`${path}.operation`, firstIssue(parsed.error));
    const operation = parsed.data as Record<string, unknown>;
    const isUpdate = operation['propertyParser'] === 'UPDATED_AT' || type.endsWith('PROPERTY_UPDATED');
    if (!isUpdate && of !== 'date' && of !== 'datetime') {
      throw refuse(path, `operationType ${type} does not go with a property of type ${of}`);
    }
    if (type.startsWith('COMPARATIVE')) this.#reads(operation['comparisonPropertyName'], path);
    for (const point of [operation['timePoint'], operation['lowerBoundTimePoint'], operation['upperBoundTimePoint']]) {
      const { property, indexReference } = (point ?? {}) as {
        property?: string;
        indexReference?: { referenceType: string };
      };
      if (property !== undefined) this.#reads(property, path);
      if (indexReference?.referenceType === 'NOW') this.movesWith = 'moment';
      else if (indexReference && this.movesWith === 'nothing') this.movesWith = 'day';
    }
    if (type.startsWith('ROLLING') && this.movesWith === 'nothing') this.movesWith = 'day';
    return operation as unknown as Operation;
  }

  /** Notes a second property that a filter looks at. */
  #reads(name: unknown, path: string): void {
    const property = this.#properties.get(String(name));
    if (!property) throw refuse(path, `property ${String(name)} does not exist`);
    this.properties.add(property.name);
  }

  #mustKeep(path: string, why: string): void {
    if (this.#context.unmodelled === 'refuse') throw refuse(path, why);
  }
}

/** `value` and `values` stand for each other on input: HubSpot's own samples mix them. */
function missingFields(fields: Fields, operation: Operation): string | undefined {
  const hasValue = operation.value !== undefined || (operation.values ?? []).length > 0;
  switch (fields) {
    case 'none':
      return undefined;
    case 'value':
      return hasValue ? undefined : 'value';
    case 'values':
      return (operation.values ?? []).length > 0 ? undefined : 'values';
    case 'bounds':
      return operation.lowerBound === undefined || operation.upperBound === undefined
        ? 'lowerBound or upperBound'
        : undefined;
  }
  return fields satisfies never;
}

function hasOnlyNumbers({ value, values = [], lowerBound, upperBound }: Operation): boolean {
  const given = [value, ...values, lowerBound, upperBound].filter((entry) => entry !== undefined);
  return given.every((entry) => compareDecimals(String(entry), '0') !== undefined);
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'it is malformed';
}
