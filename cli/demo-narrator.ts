import { once } from 'node:events';
import { styleText } from 'node:util';
import { cameTrue, type Narrator, type StepText } from '../workers/demo/narrator.ts';
import { withProgress } from '../workers/progress.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';

const margin = '    ';
const labelWidth = 10;

/** Tells the story on a terminal, or in lines where there is none. `signal` ends a pause. */
export function terminalNarrator(io: Io, { pauses, signal }: { pauses: boolean; signal: AbortSignal }): Narrator {
  const width = Math.min(io.columns ?? 110, 110);
  const line = (label: string, text: string): void => {
    const indent = ' '.repeat(margin.length + labelWidth);
    io.out(`${margin}${label.padEnd(labelWidth)}${wrapped(text, width - indent.length).join(`\n${indent}`)}`);
  };
  return {
    prepared: (text) => io.out(wrapped(text, width).join('\n')),
    begins(number, { title, does, expects }: StepText) {
      io.out(`\n${styleText('bold', `${number}. ${title}`)}`);
      line('done', does);
      line('expected', expects);
    },
    waits: (what, work) =>
      withProgress(
        { terminal: io.terminal ?? process.stderr },
        `${margin}${'waiting'.padEnd(labelWidth)}for ${what}`,
        work,
      ),
    ends(result) {
      if (result.table) {
        const { head, rows } = result.table;
        io.out(table(head, rows, width - margin.length).replaceAll(/^/gm, margin));
      }
      for (const { isTrue, says } of result.findings) {
        io.out(`${margin}${isTrue ? styleText('green', '✓') : styleText('red', '✗')} ${says}`);
      }
      if (!cameTrue(result)) io.out(`${margin}This step did not come true.`);
    },
    async pauses(invitation) {
      if (!pauses) return;
      io.out(`\n${margin}${invitation} Press Enter to go on.`);
      // In the terminal's own line mode, so that Ctrl-C stays a signal.
      process.stdin.resume();
      try {
        await once(process.stdin, 'data', { signal });
      } finally {
        process.stdin.pause().unref();
      }
    },
  };
}

/** Breaks at spaces; a word that is longer stays whole, so that addresses can be clicked. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}
