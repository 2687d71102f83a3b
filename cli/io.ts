import { createInterface } from 'node:readline/promises';
import { type Terminal, withProgress } from '../workers/progress.ts';

/** Where a command reads from and writes to: the process, or what a test puts in its place. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Width of the terminal that shows answers; undefined where they go elsewhere. */
  readonly columns: number | undefined;
  /** Where people watch long steps; undefined where nobody does. */
  readonly terminal: Terminal | undefined;
  /** Asks a person whether to go on; undefined where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Answers, whole lines. */
  out(text: string): void;
  /** What goes wrong and what is going on, whole lines. */
  err(text: string): void;
}

/** The process itself. */
export function processIo(): Io {
  // Whoever reads our output may stop reading (`tandem … | head`): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    env: process.env,
    cwd: process.cwd(),
    // Some terminals say 0 where they don't know.
    columns: (process.stdout.isTTY && process.stdout.columns) || undefined,
    terminal: process.stderr.isTTY ? process.stderr : undefined,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Without a listener, Ctrl-C would only end the question and leave us waiting.
  lines.once('SIGINT', () => process.exit(130));
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `));
  } finally {
    lines.close();
  }
}

/** Does something that may take a while, and shows on a terminal what is waited for. */
export const waitingFor = <T>(
  { terminal }: Io,
  label: string,
  work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> => (terminal ? withProgress({ terminal }, label, work) : work(() => {}));
