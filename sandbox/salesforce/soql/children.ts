import type { Subquery } from '@jetstreamapp/soql-parser-js';
import type { Clock } from '../../common/clock.ts';
import type { Field, Values } from '../fields.ts';
import type { ObjectType } from '../objects/index.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Table } from '../store.ts';
import { predicateOf } from './conditions.ts';
import { NotModelled, treeOf } from './parse.ts';
import { columnOf, type Scope } from './paths.ts';
import { projection } from './projection.ts';
import { ordered, windowed } from './rows.ts';

/** The records of another object that point at one. */
export interface ChildRelationship {
  readonly name: string;
  readonly table: Table;
  readonly field: Field;
}

/** References that have no name from the other end. */
const nameless = new Set(['OwnerId', 'CreatedById', 'LastModifiedById', 'MasterRecordId']);

/** Our choice: a custom object's relationship is named after it, as `Widgets__r`. */
export function childRelationships(store: Store, parent: ObjectType): ChildRelationship[] {
  return store.tables().flatMap((table) =>
    table.object.fields().flatMap((field) => {
      if (!field.referenceTo.includes(parent.name) || nameless.has(field.name)) return [];
      if (field.name.startsWith('Converted')) return [];
      const { name, custom, labelPlural } = table.object;
      const plural = custom ? `${name.replace(/__c$/, '')}s__r` : labelPlural.replaceAll(' ', '');
      return [{ name: plural, table, field }];
    }),
  );
}

/** Answers, for a parent's values, what its subquery shows: null where it has no such child. */
export function childrenOf(
  scope: Scope,
  query: Subquery,
  context: { readonly clock: Clock; readonly basePath: string },
): { readonly name: string; read(values: Values): unknown } {
  const wanted = query.relationshipName.toLowerCase();
  const relationship = childRelationships(scope.store, scope.object).find(({ name }) => name.toLowerCase() === wanted);
  if (!relationship) {
    const text = `Didn't understand relationship '${query.relationshipName}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`;
    throw new Refusal(400, 'INVALID_TYPE', `\n${scope.text}\n${text}`);
  }
  const { table, field, name } = relationship;
  const inner: Scope = { ...scope, object: table.object, alias: query.sObjectAlias };
  const columns = (query.fields ?? []).map((selected) => {
    if (selected.type === 'Field') return columnOf(inner, selected.field);
    if (selected.type === 'FieldRelationship')
      return columnOf(inner, [...selected.relationships, selected.field].join('.'));
    throw new NotModelled(`a ${selected.type} in a subquery of child records`);
  });
  const fits = query.where ? predicateOf(inner, treeOf(query.where), context.clock) : () => true;
  const byParent = new Map<unknown, Values[]>();
  for (const { values } of table.rows()) {
    if (!values || values.IsDeleted === true || !fits(values)) continue;
    const parent = values[field.name];
    const siblings = byParent.get(parent);
    if (siblings) siblings.push(values);
    else byParent.set(parent, [values]);
  }
  const project = projection({ store: scope.store, basePath: context.basePath }, table.object, columns);
  const orderBy = query.orderBy === undefined ? [] : [query.orderBy].flat();
  return {
    name,
    read: ({ Id }) => {
      const found = windowed(ordered(inner, byParent.get(Id) ?? [], orderBy), query);
      if (found.length === 0) return null;
      return { totalSize: found.length, done: true, records: found.map(project) };
    },
  };
}
