/** One word, quoted text or mark of a condition, with the place where it begins (from 1). */
export interface Token {
  readonly kind: 'word' | 'text' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
}

/** What is wrong with a condition, and where. */
export class BadCondition extends Error {
  override readonly name = 'BadCondition';
  readonly at: number;

  constructor(at: number, message: string) {
    super(`At character ${at}: ${message}`);
    this.at = at;
  }
}

const form = /\s*(?:('(?:[^']|'')*'|"(?:[^"]|"")*")|(!=|<=|>=|[=<>(),])|([^\s=<>!(),'"]+))/y;

/** Cuts a condition into tokens. Throws `BadCondition` where a text is not closed or a character has no meaning. */
export function tokensOf(condition: string): Token[] {
  const tokens: Token[] = [];
  form.lastIndex = 0;
  for (;;) {
    const start = form.lastIndex;
    const rest = condition.slice(start);
    const at = start + rest.length - rest.trimStart().length + 1;
    if (rest.trim() === '') return [...tokens, { kind: 'end', text: '', at }];
    const match = form.exec(condition);
    if (!match) {
      const character = condition[at - 1] ?? '';
      const isQuote = character === "'" || character === '"';
      throw new BadCondition(
        at,
        isQuote ? `the text that begins with ${character} does not end` : `${character} has no meaning here`,
      );
    }
    const [, quoted, mark, word] = match;
    if (quoted !== undefined) {
      const quote = quoted.charAt(0);
      tokens.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll(quote + quote, quote), at });
    } else tokens.push({ kind: mark === undefined ? 'word' : 'mark', text: mark ?? word ?? '', at });
  }
}
