import type { FieldType as SelectedField } from '@jetstreamapp/soql-parser-js';
import type { Clock } from '../../common/clock.ts';
import type { Field, Values } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Table } from '../store.ts';
import {
  type Aggregate,
  type AggregateColumn,
  fieldOf,
  type Group,
  grouped,
  groupRecord,
  mustBeGrouped,
  resultOf,
} from './aggregates.ts';
import { childrenOf } from './children.ts';
import { groupPredicateOf, keysOf, predicateOf } from './conditions.ts';
import { NotModelled, type ParsedQuery, parseSoql, treeOf } from './parse.ts';
import { type Column, columnOf, pointedAt, type Scope } from './paths.ts';
import { projection } from './projection.ts';
import { type Key, ordered, sorted, windowed } from './rows.ts';

/** What a query found. `records` are made one by one when they are asked for, from the versions found here. */
export interface Found {
  readonly totalSize: number;
  readonly records: readonly (() => unknown)[];
  /** Grouped answers have no further pages. */
  readonly isAggregate: boolean;
}

export interface QueryContext {
  readonly store: Store;
  readonly clock: Clock;
  /** Path before `/sobjects`, for the records' addresses. */
  readonly basePath: string;
  /** Whether records in the recycle bin are found as well. */
  readonly includeDeleted: boolean;
}

/** Runs SOQL on what is visible now. Everything that it refuses is a `Refusal`. */
export function runSoql(text: string, context: QueryContext): Found {
  const parsed = parseSoql(text);
  const { query, where } = parsed;
  refuseUnmodelled(parsed);
  const table = context.store.table(query.sObject ?? '');
  if (!table) {
    const advice =
      "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";
    throw new Refusal(400, 'INVALID_TYPE', `\n${text}\nsObject type '${query.sObject}' is not supported. ${advice}`);
  }
  const scope: Scope = { store: context.store, object: table.object, alias: query.sObjectAlias, text };
  const selected = expanded(scope, query.fields ?? [], query.limit);
  const groupBy = listOf(query.groupBy).map((group) => columnOfGroup(scope, group));
  const isCount = selected.length === 1 && isFunction(selected[0], 'COUNT') && parametersOf(selected[0]).length === 0;
  const aggregates = selected.some((each) => each.type === 'FieldFunctionExpression') || groupBy.length > 0;

  const fits = where ? predicateOf(scope, where, context.clock) : () => true;
  const candidates = where ? narrowed(scope, table, where, context) : undefined;
  const found: Values[] = [];
  for (const row of candidates ?? table.rows()) {
    if (row.values && (context.includeDeleted || row.values.IsDeleted !== true) && fits(row.values))
      found.push(row.values);
  }

  if (isCount) return { totalSize: windowed(found, query).length, records: [], isAggregate: true };
  if (aggregates) {
    const records = groupsOf(scope, parsed, found, { groupBy, selected }, context.clock);
    return { totalSize: records.length, records: records.map((record) => () => record), isAggregate: true };
  }
  const own = selected.filter(({ type }) => type !== 'FieldSubquery');
  const children = selected.flatMap((each) =>
    each.type === 'FieldSubquery' ? [childrenOf(scope, each.subquery, context)] : [],
  );
  const columns = own.map((each) => columnOf(scope, pathOf(each)));
  refuseRepeats(scope, columns, own);
  const page = windowed(ordered(scope, found, listOf(query.orderBy)), query);
  const project = projection(context, table.object, columns);
  const shown = (values: Values) => ({
    ...project(values),
    ...Object.fromEntries(children.map(({ name, read }) => [name, read(values)])),
  });
  return { totalSize: page.length, records: page.map((values) => () => shown(values)), isAggregate: false };
}

function groupsOf(
  scope: Scope,
  { query }: ParsedQuery,
  found: readonly Values[],
  { groupBy, selected }: { groupBy: readonly Column[]; selected: readonly SelectedField[] },
  clock: Clock,
): readonly Record<string, unknown>[] {
  const columns = selected.map((each) => aggregateColumn(scope, each));
  /** What a clause of the groups names: an alias, a grouped field or a function. */
  const keyOf = (clause: object): Key<Group> => {
    const aggregate =
      columns.find(({ name }) => 'field' in clause && name === clause.field) ?? aggregateOf(scope, clause);
    mustBeGrouped(aggregate, groupBy);
    return { field: fieldOf(aggregate), read: (group) => resultOf(aggregate, group) };
  };
  for (const column of columns) mustBeGrouped(column, groupBy);
  const fits = query.having ? groupPredicateOf(scope, treeOf(query.having), clock, keyOf) : () => true;
  const groups = grouped(found, groupBy).filter(fits);
  return windowed(sorted(groups, listOf(query.orderBy), keyOf), query).map((group) => groupRecord(group, columns));
}

/** A function or a field in HAVING or ORDER BY. */
function aggregateOf(scope: Scope, clause: object): Aggregate {
  if ('field' in clause) return { column: columnOf(scope, String(clause.field)), fn: undefined };
  const { functionName = '', parameters = [] } =
    (clause as { fn?: { functionName?: string; parameters?: string[] } }).fn ?? {};
  const path = parameters[0];
  return { column: path === undefined ? undefined : columnOf(scope, path), fn: functionName.toUpperCase() };
}

function refuseUnmodelled({ query, text }: ParsedQuery): void {
  if (query.withDataCategory || query.withSecurityEnforced || query.withAccessLevel) throw new NotModelled('WITH');
  if (query.for || query.update || query.usingScope) throw new NotModelled('FOR, UPDATE or USING SCOPE');
  if ((query.offset ?? 0) > 2000) {
    throw new Refusal(400, 'NUMBER_OUTSIDE_VALID_RANGE', `\n${text}\nMaximum SOQL offset allowed is 2000`);
  }
}

/**
 * Rows that can fit at all, by a key field that the clause names; undefined where there is none. Only the index of ids
 * holds deleted rows.
 */
function narrowed(scope: Scope, table: Table, where: NonNullable<ParsedQuery['where']>, context: QueryContext) {
  const isKey = (field: Field) =>
    field.type === 'id' || (!context.includeDeleted && table.byKey(field, '') !== undefined);
  const keys = keysOf(scope, where, context.clock, isKey);
  return keys && new Set(keys.values.flatMap((value) => table.byKey(keys.field, value) ?? []));
}

function expanded(scope: Scope, fields: readonly SelectedField[], limit: number | undefined): SelectedField[] {
  return fields.flatMap((each) => {
    if (!isFunction(each, 'FIELDS')) return [each];
    const set = parametersOf(each)[0]?.toUpperCase();
    if (set !== 'STANDARD' && (limit === undefined || limit > 200)) {
      throw new Refusal(400, 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200');
    }
    const wanted = scope.object.fields().filter(({ custom }) => set === 'ALL' || custom === (set === 'CUSTOM'));
    return wanted.map(({ name }): SelectedField => ({ type: 'Field', field: name }));
  });
}

function pathOf(selected: SelectedField): string {
  switch (selected.type) {
    case 'Field':
      return selected.field;
    case 'FieldRelationship':
      return [...selected.relationships, selected.field].join('.');
    case 'FieldFunctionExpression':
      throw new NotModelled(`the function ${selected.functionName}`);
    case 'FieldSubquery':
      throw new NotModelled('a subquery of child records with groups');
    case 'FieldTypeof':
      throw new NotModelled('TYPEOF');
  }
  return selected satisfies never;
}

const isFunction = (selected: SelectedField | undefined, name: string): boolean =>
  selected?.type === 'FieldFunctionExpression' && selected.functionName.toUpperCase() === name;

function parametersOf(selected: SelectedField | undefined): string[] {
  if (selected?.type !== 'FieldFunctionExpression') return [];
  return selected.parameters.map((parameter) => {
    if (typeof parameter !== 'string') throw new NotModelled('a function of a function');
    return parameter;
  });
}

function aggregateColumn(scope: Scope, selected: SelectedField): AggregateColumn {
  if (selected.type !== 'FieldFunctionExpression') {
    const column = columnOf(scope, pathOf(selected));
    return { name: column.field.name, column, fn: undefined };
  }
  const path = parametersOf(selected)[0];
  const fn = selected.functionName.toUpperCase();
  return { name: selected.alias, column: path === undefined ? undefined : columnOf(scope, path), fn };
}

function columnOfGroup(scope: Scope, group: { field: string } | { fn: unknown }): Column {
  if (!('field' in group)) throw new NotModelled('GROUP BY a function');
  return columnOf(scope, group.field);
}

function refuseRepeats(scope: Scope, columns: readonly Column[], selected: readonly SelectedField[]): void {
  const seen = new Set<string>();
  for (const [i, { parents, field }] of columns.entries()) {
    const key = [...parents.map(({ name }) => name), field.name].join('.');
    if (seen.has(key))
      throw pointedAt(scope.text, pathOf(selected[i] as SelectedField), `duplicate field selected: ${field.name}`);
    seen.add(key);
  }
}

const listOf = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
