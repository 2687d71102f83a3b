import { BadCondition, type Token, tokensOf } from './tokens.ts';

export const operators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'contains',
  'does not contain',
  'starts with',
  'ends with',
  'is known',
  'is unknown',
  'before',
  'after',
  'between',
  'in last',
  'not in last',
  'older than',
] as const;
export type Operator = (typeof operators)[number];

/** One comparison: a property, how, and with what. */
export interface Comparison {
  readonly kind: 'comparison';
  /** Written `… or is unknown`: a record without a value passes too. */
  readonly passesUnknown: boolean;
  readonly property: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  readonly at: number;
}

/** Whether the comparison leaves open what happens without a value. */
export const canBeUnknown = ({ operator }: Comparison): boolean => operator !== 'is known' && operator !== 'is unknown';

/** Being a member of another list, or not. */
export interface Membership {
  readonly kind: 'membership';
  readonly listId: string;
  readonly isMember: boolean;
}

export type Condition =
  | Comparison
  | Membership
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition; readonly at: number };

/**
 * Reads a condition such as `lifecyclestage = customer and (amount >= 1000 or not email contains test)`. A record without
 * a value meets no comparison, as in HubSpot, but for `is unknown` and one that ends in `or is unknown`; "not" is the
 * exact opposite. Words of the language may be written in any case. Throws `BadCondition` with the place and what is
 * expected there.
 */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let place = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(place + ahead, tokens.length - 1)] as Token;
  const is = (word: string, ahead = 0): boolean =>
    peek(ahead).kind !== 'text' && peek(ahead).text.toLowerCase() === word;
  const shown = (token: Token): string => (token.kind === 'end' ? 'the end' : `"${token.text}"`);
  const fail = (expected: string, token = peek()): never => {
    throw new BadCondition(token.at, `found ${shown(token)}, expected ${expected}`);
  };
  const take = (): Token => {
    const token = peek();
    place += 1;
    return token;
  };
  /** Takes these words, one after another, where they all stand here. */
  const takes = (...words: readonly string[]): boolean => {
    if (!words.every((word, i) => is(word, i))) return false;
    place += words.length;
    return true;
  };

  const any = (): Condition => chain('or', all);
  const all = (): Condition => chain('and', one);
  function chain(kind: 'and' | 'or', next: () => Condition): Condition {
    const parts = [next()];
    while (takes(kind)) parts.push(next());
    return parts.length === 1 ? (parts[0] as Condition) : { kind, parts };
  }

  function one(): Condition {
    const { at } = peek();
    if (takes('member', 'of')) return { kind: 'membership', listId: listId(), isMember: true };
    if (takes('not', 'member', 'of')) return { kind: 'membership', listId: listId(), isMember: false };
    if (takes('not')) return { kind: 'not', part: one(), at };
    if (takes('(')) {
      const inner = any();
      if (!takes(')')) fail('")", "and" or "or"');
      return inner;
    }
    const compared = comparison();
    return canBeUnknown(compared) && takes('or', 'is', 'unknown') ? { ...compared, passesUnknown: true } : compared;
  }

  function listId(): string {
    const token = take();
    return /^\d+$/.test(token.text) ? token.text : fail("a segment's id", token);
  }

  function comparison(): Comparison {
    const name = take();
    if (name.kind !== 'word' || !/^[a-z0-9_]+$/i.test(name.text)) fail('the internal name of a property', name);
    const made = (operator: Operator, values: readonly string[] = []): Comparison => ({
      kind: 'comparison',
      property: name.text,
      operator,
      values,
      passesUnknown: false,
      at: name.at,
    });
    if (takes('is', 'known')) return made('is known');
    if (takes('is', 'unknown')) return made('is unknown');
    if (takes('does', 'not', 'contain')) return made('does not contain', [value()]);
    if (takes('starts', 'with')) return made('starts with', [value()]);
    if (takes('ends', 'with')) return made('ends with', [value()]);
    if (takes('contains')) return made('contains', [value()]);
    if (takes('older', 'than')) return made('older than', [days()]);
    if (takes('not', 'in', 'last')) return made('not in last', [days()]);
    if (takes('in', 'last')) return made('in last', [days()]);
    if (takes('not', 'in')) return made('not in', list());
    if (takes('in')) return made('in', list());
    if (takes('before')) return made('before', [value()]);
    if (takes('after')) return made('after', [value()]);
    if (takes('between')) {
      const lower = value();
      if (!takes('and')) fail('"and"');
      return made('between', [lower, value()]);
    }
    const mark = operators.find((operator) => peek().kind === 'mark' && operator === peek().text);
    if (!mark) fail('a comparison such as =, !=, <, in (…), contains, starts with, is known, before, between … and …');
    place += 1;
    return made(mark as Operator, [value()]);
  }

  function value(): string {
    const token = take();
    if (token.kind === 'mark' || token.kind === 'end') fail('a value', token);
    return token.text;
  }

  function list(): string[] {
    if (!takes('(')) fail('a list in parentheses: (a, b)');
    const values = [value()];
    while (takes(',')) values.push(value());
    if (!takes(')')) fail('")" or ","');
    return values;
  }

  function days(): string {
    const token = take();
    if (!/^\d+$/.test(token.text)) fail('a number of days', token);
    if (!takes('days') && !takes('day')) fail('"days"');
    return token.text;
  }

  const condition = any();
  if (peek().kind !== 'end') fail('"and", "or" or the end');
  return condition;
}
