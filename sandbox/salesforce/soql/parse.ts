import {
  type Condition,
  type HavingClause,
  parseQuery,
  type Query,
  type ValueQueryCondition,
  type WhereClause,
} from '@jetstreamapp/soql-parser-js';
import { Refusal } from '../refusal.ts';

/** A WHERE clause as the tree that its parentheses mean. */
export type Tree =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Tree[] }
  | { readonly kind: 'not'; readonly part: Tree }
  | { readonly kind: 'test'; readonly test: Condition | ValueQueryCondition };

export interface ParsedQuery {
  readonly text: string;
  readonly query: Query;
  readonly where: Tree | undefined;
}

/** The query asks for something that SOQL has and this sandbox has not; `what` is noted as unmodelled. */
export class NotModelled extends Refusal {
  readonly what: string;

  constructor(what: string) {
    super(400, 'MALFORMED_QUERY', `${what} is not modelled by the sandbox`);
    this.what = what;
  }
}

const malformed = (message: string): Refusal => new Refusal(400, 'MALFORMED_QUERY', message);

/** Parses SOQL. Throws `MALFORMED_QUERY`. */
export function parseSoql(text: string): ParsedQuery {
  if (text.trim() === '') throw malformed('SOQL statements cannot be empty or null');
  if (text.length > 100_000) throw malformed('SOQL statement is too long: 100000 characters are the most.');
  let query: Query;
  try {
    query = parseQuery(text);
  } catch (error) {
    throw malformed(`unexpected token: ${firstTokenOf(error)}`);
  }
  if (query.where) return { text, query, where: treeOf(query.where) };
  return { text, query, where: undefined };
}

/** The parser says in its text only what it met. */
function firstTokenOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const token = /but found(?::| -->) '?(.*?)'?(?: <--|$)/s.exec(message)?.[1];
  return token ? `'${token}'` : '<EOF>';
}

const shown = (piece: Piece | undefined): string =>
  typeof piece === 'object' ? '<condition>' : `'${piece ?? '<EOF>'}'`;

type Piece = '(' | ')' | 'AND' | 'OR' | 'NOT' | Condition;

/** The parser's clause is a flat chain that counts parentheses; this brings the chain back into the order of the text. */
function piecesOf(where: WhereClause | HavingClause): Piece[] {
  const pieces: Piece[] = [];
  for (
    let clause: WhereClause | HavingClause | undefined = where;
    clause;
    clause = 'right' in clause ? clause.right : undefined
  ) {
    const { left } = clause;
    const count = (n: number | undefined, piece: '(' | ')') => pieces.push(...Array<Piece>(n ?? 0).fill(piece));
    count(left?.openParen, '(');
    if (left && 'operator' in left) {
      pieces.push(left as Condition);
      count(left.closeParen, ')');
    }
    // The parser loses what stands in such parentheses.
    if (!left && 'operator' in clause && clause.operator !== 'NOT') {
      throw new NotModelled('NOT before several conditions of HAVING');
    }
    if ('operator' in clause) pieces.push(clause.operator);
  }
  return pieces;
}

/** Salesforce refuses AND beside OR without parentheses, which the parser lets through. */
export function treeOf(where: WhereClause | HavingClause): Tree {
  const pieces = piecesOf(where);
  let at = 0;

  const chain = (): Tree => {
    const parts = [single()];
    const operator = pieces[at];
    while (pieces[at] === 'AND' || pieces[at] === 'OR') {
      if (pieces[at] !== operator) throw malformed(`unexpected token: ${shown(pieces[at])}`);
      at += 1;
      parts.push(single());
    }
    return parts.length === 1 ? (parts[0] as Tree) : { kind: operator === 'OR' ? 'or' : 'and', parts };
  };

  const single = (): Tree => {
    const piece = pieces[at];
    at += 1;
    if (piece === 'NOT') return { kind: 'not', part: single() };
    if (piece === '(') {
      const inner = chain();
      if (pieces[at] !== ')') throw malformed("unexpected token: '<EOF>'");
      at += 1;
      return inner;
    }
    if (typeof piece === 'object') return { kind: 'test', test: piece };
    throw malformed(`unexpected token: ${shown(piece)}`);
  };

  const tree = chain();
  if (at < pieces.length) throw malformed(`unexpected token: ${shown(pieces[at])}`);
  return tree;
}
