const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The process was asked to stop: no failure, and nothing to explain. */
export class Stopped extends Error {
  override name = 'Stopped';
}

export interface Shutdown {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, with a `Stopped` that names it. */
  readonly signal: AbortSignal;
  /** Gives the signals back to Node. */
  release(): void;
}

/** Turns the signals that ask a process to stop into one `AbortSignal`. A second one ends the process at once. */
export function onShutdown(): Shutdown {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Stopped(name));
  };
  for (const name of stopSignals) process.on(name, stop);
  return {
    signal: controller.signal,
    release() {
      for (const name of stopSignals) process.off(name, stop);
    },
  };
}
