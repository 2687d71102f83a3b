import Table from 'cli-table3';

type Cell = string | number | null | undefined;

const gap = 2;

/** Escape sequences and line breaks in names from outside must not steer the terminal. */
const plain = (cell: Cell): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  String(cell ?? '').replace(/[\u0000-\u001f\u007f-\u009f]/g, ' '); // oxlint-disable-line no-control-regex

/** Rows under their heads, in columns; wrapped at words where the terminal is narrower. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], columns?: number): string {
  const lines = [head, ...rows].map((row) => row.map(plain));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const words = head.map((_, i) => Math.max(...lines.map((line) => longestWord(line[i] ?? ''))));
  const fitted = columns === undefined ? widths : fit(widths, words, columns - gap * (head.length - 1));
  const shown = new Table({
    chars: noFrame,
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [] },
    colWidths: fitted.map((width) => width + gap),
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  shown.push(...lines);
  return shown
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Names with their values, one pair a line. Pairs without a value are left out. */
export function pairs(entries: readonly (readonly [string, Cell])[]): string {
  const shown = entries.filter(([, value]) => value !== undefined && value !== null);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${plain(value)}`).join('\n');
}

const longestWord = (text: string): number => Math.max(...text.split(' ').map((word) => word.length));

/** Takes from the widest columns until all fit, but cuts no word: half an id is of no use to anybody. */
function fit(widths: readonly number[], words: readonly number[], room: number): number[] {
  const fitted = [...widths];
  const spare = (i: number): number => (fitted[i] ?? 0) - (words[i] ?? 0);
  for (let over = fitted.reduce((sum, width) => sum + width, 0) - room; over > 0; over -= 1) {
    const [widest] = fitted
      .map((width, i) => ({ width, i }))
      .filter(({ i }) => spare(i) > 0)
      .sort((a, b) => b.width - a.width);
    if (!widest) break;
    fitted[widest.i] = widest.width - 1;
  }
  return fitted;
}

const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
