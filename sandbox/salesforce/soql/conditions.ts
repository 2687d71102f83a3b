import type { Condition, ValueQueryCondition } from '@jetstreamapp/soql-parser-js';
import type { Clock } from '../../common/clock.ts';
import { type Field, type FieldValue, isText, type Values } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { isSpan, type Literal, likePattern, meaningOf, type Span } from './literals.ts';
import { NotModelled, type Tree } from './parse.ts';
import { columnOf, pointedAt, type Scope } from './paths.ts';
import { isSemiJoin, semiJoin } from './semi-joins.ts';

type Predicate<T> = (subject: T) => boolean;

/** One comparison, read: what it looks at and what for. */
interface Test<T> {
  readonly column: { readonly field: Field; read(subject: T): FieldValue };
  readonly path: string;
  readonly operator: string;
  readonly literals: readonly Literal[];
}

/** A WHERE clause as a function. Blank values fail every comparison but those with null, `!=` and `NOT IN`. */
export function predicateOf(scope: Scope, tree: Tree, clock: Clock): Predicate<Values> {
  return anyOf(tree, (test) => {
    if (isSemiJoin(test)) return semiJoin(scope, test, clock);
    if ('fn' in test) throw new NotModelled('a function in a condition');
    return compile(
      scope,
      readTest(test, (path) => columnOf(scope, path)),
      clock,
    );
  });
}

/** A HAVING clause as a function of a group; `columnOf` finds a grouped field or a function's result. */
export function groupPredicateOf<T>(
  scope: Scope,
  tree: Tree,
  clock: Clock,
  columnOfGroup: (test: object) => Test<T>['column'],
): Predicate<T> {
  return anyOf(tree, (test) =>
    compile(
      scope,
      readTest(test, () => columnOfGroup(test)),
      clock,
    ),
  );
}

function anyOf<T>(tree: Tree, compileTest: (test: Condition | ValueQueryCondition) => Predicate<T>): Predicate<T> {
  switch (tree.kind) {
    case 'and': {
      const parts = tree.parts.map((part) => anyOf(part, compileTest));
      return (subject) => parts.every((part) => part(subject));
    }
    case 'or': {
      const parts = tree.parts.map((part) => anyOf(part, compileTest));
      return (subject) => parts.some((part) => part(subject));
    }
    case 'not': {
      const part = anyOf(tree.part, compileTest);
      return (subject) => !part(subject);
    }
    case 'test':
      return compileTest(tree.test);
  }
  return tree satisfies never;
}

/**
 * Values that rows must have in a key field to be found at all, so that not every row need be looked at; undefined
 * where the clause says no such thing.
 */
export function keysOf(
  scope: Scope,
  tree: Tree,
  clock: Clock,
  isKey: (field: Field) => boolean,
): { field: Field; values: readonly string[] } | undefined {
  if (tree.kind === 'and') {
    for (const part of tree.parts) {
      const keys = keysOf(scope, part, clock, isKey);
      if (keys) return keys;
    }
  }
  if (tree.kind !== 'test' || isSemiJoin(tree.test) || 'fn' in tree.test) return undefined;
  const test = readTest(tree.test, (path) => columnOf(scope, path));
  const { path, operator, literals } = test;
  const { parents, field } = test.column;
  if (parents.length > 0 || (operator !== '=' && operator !== 'IN') || !isKey(field)) return undefined;
  const meant = literals.map((literal) => meaningOf(field, literal, { text: scope.text, path, clock }));
  const values = meant.filter((value) => typeof value === 'string');
  return values.length === meant.length ? { field, values } : undefined;
}

function readTest<C>(test: Condition | ValueQueryCondition, columnAt: (path: string) => C) {
  const path = 'fn' in test ? (test.fn.rawValue ?? '') : 'field' in test ? test.field : undefined;
  if (path === undefined || !('value' in test)) throw new Refusal(400, 'MALFORMED_QUERY', "unexpected token: ')'");
  const values = Array.isArray(test.value) ? test.value : [test.value];
  const kinds = Array.isArray(test.literalType) ? test.literalType : values.map(() => test.literalType as string);
  return {
    column: columnAt(path),
    path,
    operator: test.operator,
    literals: values.map((raw, i) => ({ raw, kind: kinds[i] ?? 'STRING' })),
  };
}

function compile<T>(scope: Scope, { column, path, operator, literals }: Test<T>, clock: Clock): Predicate<T> {
  const { field } = column;
  const read = column.read;
  const first = literals[0] as Literal;
  const meaning = (literal: Literal) => meaningOf(field, literal, { text: scope.text, path, clock });
  const refuse = () =>
    new Refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', pointedAt(scope.text, path, 'invalid operator on field').message);
  switch (operator) {
    case '=':
    case '!=': {
      const equal = equality(field, meaning(first));
      return operator === '=' ? (values) => equal(read(values)) : (values) => !equal(read(values));
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (field.type === 'boolean' || field.type === 'multipicklist') throw refuse();
      return ordering(operator, read, field, meaning(first));
    }
    case 'LIKE': {
      if (!isText(field.type) || field.type === 'multipicklist' || first.kind !== 'STRING') throw refuse();
      const pattern = likePattern(first.raw);
      return (values) => {
        const value = read(values);
        return typeof value === 'string' && pattern.test(value);
      };
    }
    case 'IN':
    case 'NOT IN': {
      const fold = folding(field);
      const wanted = new Set(literals.map((literal) => fold(single(meaning(literal)))));
      return (values) => wanted.has(fold(read(values))) === (operator === 'IN');
    }
    case 'INCLUDES':
    case 'EXCLUDES': {
      if (field.type !== 'multipicklist') throw refuse();
      const groups = literals.map((literal) =>
        String(single(meaning(literal)) ?? '')
          .toLowerCase()
          .split(';'),
      );
      return (values) => {
        const picks = new Set(
          String(read(values) ?? '')
            .toLowerCase()
            .split(';'),
        );
        return groups.some((group) => group.every((pick) => picks.has(pick))) === (operator === 'INCLUDES');
      };
    }
    default:
      throw new NotModelled(`the operator ${operator}`);
  }
}

/** Texts are compared without regard to case unless the field has it. */
export function folding(field: Field): (value: FieldValue) => FieldValue {
  if (!isText(field.type) || field.caseSensitive) return (value) => value;
  return (value) => (typeof value === 'string' ? value.toLowerCase() : value);
}

function equality(field: Field, meant: FieldValue | Span): (value: FieldValue) => boolean {
  if (isSpan(meant)) return (value) => typeof value === 'string' && value >= meant.from && value <= meant.to;
  const fold = folding(field);
  const wanted = fold(meant);
  return (value) => fold(value) === wanted;
}

function ordering<T>(
  operator: '<' | '<=' | '>' | '>=',
  read: (subject: T) => FieldValue,
  field: Field,
  meant: FieldValue | Span,
): Predicate<T> {
  const fold = folding(field);
  const startsAfter = operator === '>' || operator === '<=';
  const bound = isSpan(meant) ? (startsAfter ? meant.to : meant.from) : fold(meant);
  return (values) => {
    const value = fold(read(values));
    if (value === null || bound === null) return false;
    switch (operator) {
      case '<':
        return value < bound;
      case '<=':
        return value <= bound;
      case '>':
        return value > bound;
      case '>=':
        return value >= bound;
    }
    return operator satisfies never;
  };
}

function single(meant: FieldValue | Span): FieldValue {
  if (isSpan(meant)) throw new NotModelled('a date literal in a list');
  return meant;
}
