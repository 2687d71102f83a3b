import type { Terminal } from '../../workers/progress.ts';

/** A terminal that keeps what is written, and lets a test wait for a text. */
export class RecordingTerminal implements Terminal {
  readonly isTTY: boolean;
  text = '';
  readonly #waiting: { readonly for: string; found(): void }[] = [];

  constructor({ isTTY = false } = {}) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
    for (const waiting of this.#waiting) if (this.text.includes(waiting.for)) waiting.found();
  }

  /** Resolves as soon as that text has been written. */
  async shows(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ for: text, found: resolve });
    this.write('');
    await promise;
  }
}
