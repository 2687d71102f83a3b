/** Where progress is shown: standard error, so that standard output stays for answers. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** Milliseconds between two showings; on a terminal 1 s in place, elsewhere a line every 15 s. */
  readonly everyMs?: number;
}

/**
 * Shows what is waited for, with the time that has passed and the newest detail, until the work has ended. The work gets
 * a function to say the detail, for instance how far it is.
 */
export async function withProgress<T>(
  { terminal, everyMs = terminal.isTTY ? 1_000 : 15_000 }: ProgressOptions,
  label: string,
  work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> {
  const beganMs = performance.now();
  let detail = '';
  const show = (end: string): void => {
    const line = [`${label}: ${duration(performance.now() - beganMs)}`, detail, end].filter(Boolean).join(', ');
    terminal.write(terminal.isTTY ? `\r\u001b[K${line}${end ? '\n' : ''}` : `${line}\n`);
  };
  if (!terminal.isTTY) terminal.write(`${label} …\n`);
  const timer = setInterval(() => show(''), everyMs);
  try {
    const result = await work((text) => {
      detail = text;
    });
    show('done');
    return result;
  } catch (error) {
    show('no success');
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** `8 s`, `4 min 44 s`. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
