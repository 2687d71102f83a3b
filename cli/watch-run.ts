import { setTimeout as delay } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { StartedRun } from '../client/run.ts';
import type { Terminal } from '../workers/progress.ts';
import type { RunResult, RunStatus } from '../workflows/run-messages.ts';
import type { Io } from './io.ts';

/** How a run ended: with its result, or with what Temporal says of its failure. */
export type RunEnd = { readonly result: RunResult } | { readonly error: unknown };

/** Shows one status after the other. */
interface Display {
  show(status: RunStatus): void;
  end(): void;
}

/**
 * Waits for the end of a run and shows where it stands: on a terminal a bar for each phase, elsewhere a line where
 * something has changed. A status that can't be had is passed over; the run goes on all the same.
 */
export async function watchRun(
  { terminal, err }: Pick<Io, 'terminal' | 'err'>,
  run: Pick<StartedRun, 'result' | 'status'>,
  everyMs = terminal ? 500 : 5_000,
): Promise<RunEnd> {
  const display = terminal ? bars(terminal) : lines(err);
  const ended = run.result().then(
    (result): RunEnd => ({ result }),
    (error: unknown): RunEnd => ({ error }),
  );
  const timer = new AbortController();
  try {
    for (;;) {
      const status = await run.status().catch(() => undefined);
      if (status) display.show(status);
      const pause = delay(everyMs, undefined, { signal: timer.signal }).catch(() => undefined);
      const end = await Promise.race([ended, pause]);
      if (!end) continue;
      if ('result' in end) await run.status().then(display.show, () => {});
      return end;
    }
  } finally {
    timer.abort();
    display.end();
  }
}

const noteOf = ({ state, pausedBecause }: RunStatus): string => {
  if (pausedBecause !== null) return `paused (${pausedBecause})`;
  return state === 'waiting' ? 'waiting for HubSpot to evaluate the segment' : '';
};

function lines(write: (line: string) => void): Display {
  let last = '';
  return {
    show: (status) => {
      const { phase, done, total } = status;
      if (phase === '') return;
      const line = [`${phase}: ${done}${total === null ? '' : ` of ${total}`} records`, noteOf(status)];
      const text = line.filter(Boolean).join(', ');
      if (text !== last) write(text);
      last = text;
    },
    end: () => {},
  };
}

function bars(terminal: Terminal): Display {
  let shown: RunStatus | undefined;
  let bar: SingleBar | undefined;
  return {
    show: (status) => {
      const { phase, done, total } = status;
      if (phase === '') return;
      if (phase !== shown?.phase) {
        // The phase before is over, whatever was seen of it last.
        bar?.update(shown?.total ?? shown?.done ?? 0, { note: '' });
        bar?.stop();
        bar = new SingleBar({ ...barOptions(total), stream: terminal as NodeJS.WriteStream }, Presets.shades_classic);
        bar.start(total ?? 0, 0, { phase, note: '' });
      }
      shown = status;
      if (total !== null) bar?.setTotal(Math.max(total, done));
      bar?.update(done, { note: noteOf(status) });
    },
    end: () => bar?.stop(),
  };
}

const barOptions = (total: number | null) => ({
  format: total === null ? '{phase}  {value} records {note}' : '{phase}  {bar} {value}/{total} {note}',
  barsize: 24,
});
