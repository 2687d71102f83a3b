import type { Clock } from '../../common/clock.ts';
import { type Field, type FieldValue, isText } from '../fields.ts';
import { toId18 } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { parseDate, parseDatetime, toStamp } from '../stamps.ts';
import { NotModelled } from './parse.ts';
import { pointedAt } from './paths.ts';

/** A value in the text of a query, with the kind that the parser gave it. */
export interface Literal {
  readonly raw: string;
  readonly kind: string;
}

const dayMs = 86_400_000;

/**
 * The value that a literal means for a field, in stored form; a day compared with a point in time is a span. Throws
 * where the kinds do not go together.
 */
export function meaningOf(
  field: Field,
  literal: Literal,
  context: { text: string; path: string; clock: Clock },
): FieldValue | Span {
  const { raw, kind } = literal;
  const { type } = field;
  if (kind === 'NULL') return null;
  if (kind === 'DATE_LITERAL' || kind === 'DATE_N_LITERAL') {
    const span = dateLiteral(raw, context.clock);
    if (type === 'datetime') return span;
    if (type === 'date') return { from: span.from.slice(0, 10), to: span.to.slice(0, 10) };
  }
  if (type === 'id' || type === 'reference') {
    if (kind !== 'STRING') throw wrongKind(field, context);
    const id = toId18(unquoted(raw));
    if (id === undefined)
      throw new Refusal(400, 'INVALID_QUERY_FILTER_OPERATOR', `\n${context.text}\ninvalid ID field: ${unquoted(raw)}`);
    return id;
  }
  if (isText(type)) {
    if (kind !== 'STRING') throw wrongKind(field, context);
    // A blank text is no value: `Email = ''` finds what `Email = null` finds.
    return unquoted(raw) || null;
  }
  switch (type) {
    case 'boolean':
      if (kind === 'BOOLEAN') return raw.toUpperCase() === 'TRUE';
      break;
    case 'int':
    case 'double':
    case 'currency':
      if (kind === 'INTEGER' || kind === 'DECIMAL') return Number(raw);
      break;
    case 'date':
      if (kind === 'DATE' && parseDate(raw) !== undefined) return raw;
      break;
    case 'datetime': {
      const ms = kind === 'DATETIME' ? parseDatetime(raw) : undefined;
      if (ms !== undefined) return toStamp(ms);
      break;
    }
  }
  throw wrongKind(field, context);
}

/** A day or several: the first and the last moment (or day) that belong to it. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

export const isSpan = (value: FieldValue | Span): value is Span => typeof value === 'object' && value !== null;

function wrongKind(field: Field, { text, path }: { text: string; path: string }): Refusal {
  const quotes =
    isText(field.type) || field.type === 'id' || field.type === 'reference' ? 'and should be' : 'and should not be';
  const type =
    field.type === 'datetime'
      ? 'dateTime'
      : field.type === 'id' || field.type === 'reference'
        ? 'ID'
        : isText(field.type)
          ? 'string'
          : field.type;
  return pointedAt(
    text,
    path,
    `value of filter criterion for field '${field.name}' must be of type ${type} ${quotes} enclosed in quotes`,
  );
}

function dateLiteral(raw: string, clock: Clock): Span {
  const [name = '', count = '0'] = raw.toUpperCase().split(':');
  const today = Math.floor(clock.now() / dayMs);
  const days = Number(count);
  const span = (from: number, to: number): Span => ({ from: toStamp(from * dayMs), to: toStamp(to * dayMs - 1000) });
  switch (name) {
    case 'TODAY':
      return span(today, today + 1);
    case 'YESTERDAY':
      return span(today - 1, today);
    case 'TOMORROW':
      return span(today + 1, today + 2);
    case 'LAST_N_DAYS':
      return span(today - days, today + 1);
    case 'NEXT_N_DAYS':
      return span(today + 1, today + 1 + days);
    case 'N_DAYS_AGO':
      return span(today - days, today - days + 1);
    default:
      throw new NotModelled(`the date literal ${name}`);
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  _: '_',
  '%': '%',
};

/** The text that a quoted literal means. Throws `MALFORMED_QUERY` on an escape that SOQL does not know. */
export function unquoted(raw: string): string {
  return characters(raw)
    .map(({ char }) => char)
    .join('');
}

/** A LIKE pattern: `%` any characters, `_` one; case does not count. */
export function likePattern(raw: string): RegExp {
  const source = characters(raw)
    .map(({ char, escaped }) => {
      if (!escaped && char === '%') return '[\\s\\S]*';
      if (!escaped && char === '_') return '[\\s\\S]';
      return char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 'iu');
}

function characters(raw: string): { char: string; escaped: boolean }[] {
  const inner = raw.slice(1, -1);
  const found: { char: string; escaped: boolean }[] = [];
  for (let i = 0; i < inner.length; i += 1) {
    const char = inner.charAt(i);
    if (char !== '\\') {
      const codePoint = inner.codePointAt(i) as number;
      found.push({ char: String.fromCodePoint(codePoint), escaped: false });
      if (codePoint > 0xffff) i += 1;
      continue;
    }
    i += 1;
    const next = inner.charAt(i);
    const unicode = /^u([0-9a-fA-F]{4})/.exec(inner.slice(i));
    if (unicode) {
      found.push({ char: String.fromCharCode(Number.parseInt(unicode[1] as string, 16)), escaped: true });
      i += 4;
      continue;
    }
    const meant = escapes[next.toLowerCase()];
    if (meant === undefined) {
      const text = `Invalid string literal ${raw}. Illegal character sequence '\\${next}' in string literal.`;
      throw new Refusal(400, 'MALFORMED_QUERY', text);
    }
    found.push({ char: meant, escaped: true });
  }
  return found;
}
