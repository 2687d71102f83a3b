import type { Terminal } from '../progress.ts';

export interface FetchContext {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly signal?: AbortSignal | undefined;
  /** An empty folder of this attempt alone. */
  readonly workDir: string;
}

/** One way to get the Temporal CLI. Calls of one cache never overlap, also across processes. */
export interface Fetcher {
  /** What people call it: `download`, `go install`. */
  readonly name: string;
  /** Puts an executable into `workDir` and returns its path; throws, with the reason, where this way is closed. */
  fetch(context: FetchContext): Promise<string>;
}
