import type { Condition, ValueQueryCondition } from '@jetstreamapp/soql-parser-js';
import type { Clock } from '../../common/clock.ts';
import type { Field, FieldValue, Values } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { predicateOf } from './conditions.ts';
import { type Tree, treeOf } from './parse.ts';
import { columnOf, type Scope } from './paths.ts';

export const isSemiJoin = (test: Condition | ValueQueryCondition): test is ValueQueryCondition => 'valueQuery' in test;

const malformed = (text: string): Refusal => new Refusal(400, 'MALFORMED_QUERY', text);
const isId = ({ type }: Field): boolean => type === 'id' || type === 'reference';

/**
 * `Id IN (SELECT AccountId FROM Contact …)`. Our choice, the texts of the refusals.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_comparisonoperators.htm
 */
export function semiJoin(scope: Scope, test: ValueQueryCondition, clock: Clock): (values: Values) => boolean {
  const { field, read } = columnOf(scope, test.field);
  const { valueQuery: query, operator } = test;
  const [selected, ...more] = query.fields ?? [];
  if (selected?.type !== 'Field' || more.length > 0 || query.limit !== undefined || query.orderBy) {
    throw malformed('Semi join sub-selects select one field, without ORDER BY and LIMIT');
  }
  const where = query.where && treeOf(query.where);
  if (where && hasSemiJoin(where)) throw malformed('Nesting of semi join sub-selects is not supported');
  const table = scope.store.table(query.sObject ?? '');
  if (!table) throw new Refusal(400, 'INVALID_TYPE', `sObject type '${query.sObject}' is not supported.`);
  const inner: Scope = { ...scope, object: table.object, alias: query.sObjectAlias };
  const wanted = columnOf(inner, selected.field);
  if (!isId(field) || !isId(wanted.field)) {
    const text = `The left and the inner operand of '${operator}' must be ids or references`;
    throw new Refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', text);
  }
  const fits = where ? predicateOf(inner, where, clock) : () => true;
  const ids = new Set<FieldValue>();
  for (const { values } of table.rows()) {
    if (values && values.IsDeleted !== true && fits(values)) ids.add(wanted.read(values));
  }
  return (values) => {
    const id = read(values);
    return id !== null && ids.has(id) === (operator === 'IN');
  };
}

const hasSemiJoin = (tree: Tree): boolean => {
  if (tree.kind === 'test') return isSemiJoin(tree.test);
  return tree.kind === 'not' ? hasSemiJoin(tree.part) : tree.parts.some(hasSemiJoin);
};
