import { expect, test } from '@jest/globals';
import { watchRun } from '../../cli/watch-run.ts';
import type { RunResult, RunStatus } from '../../workflows/run-messages.ts';
import { RecordingTerminal } from '../support/terminal.ts';

const result: RunResult = { runId: 'r', counts: [] };
const status = (phase: string, done: number, total: number | null, more: Partial<RunStatus> = {}): RunStatus => ({
  state: 'running',
  pausedBecause: null,
  counts: [],
  phase,
  done,
  total,
  ...more,
});

/** Shows these one after the other; the run ends when all have been asked for, and then stands at the last. */
function runThrough(statuses: readonly (RunStatus | Error)[], end: Promise<RunResult> = Promise.resolve(result)) {
  const over = Promise.withResolvers<void>();
  let next = 0;
  return {
    result: () => over.promise.then(() => end),
    status: async () => {
      const now = statuses[Math.min(next, statuses.length - 1)];
      next += 1;
      if (next >= statuses.length) over.resolve();
      if (now instanceof Error || now === undefined) throw now ?? new Error('none');
      return now;
    },
  };
}

const seen = [
  status('', 0, null, { state: 'starting' }),
  status('identity, Lead', 0, 800),
  new Error('no worker answers'),
  status('identity, Lead', 400, 800),
  status('identity, Lead', 400, 800),
  status('full fields, Lead', 400, 800, { state: 'paused', pausedBecause: 'maintenance' }),
  status('unseen, Lead', 12, null, { state: 'waiting' }),
];

test('writes a line where something has changed, and none twice, where there is no terminal', async () => {
  const lines: string[] = [];
  const end = await watchRun({ terminal: undefined, err: (line) => lines.push(line) }, runThrough(seen), 1);
  expect(end).toEqual({ result });
  expect(lines).toEqual([
    'identity, Lead: 0 of 800 records',
    'identity, Lead: 400 of 800 records',
    'full fields, Lead: 400 of 800 records, paused (maintenance)',
    'unseen, Lead: 12 records, waiting for HubSpot to evaluate the segment',
  ]);
});

test('shows a bar for each phase on a terminal', async () => {
  const terminal = new RecordingTerminal({ isTTY: true });
  const err = () => {
    throw new Error('a line beside the bars');
  };
  await watchRun({ terminal, err }, runThrough(seen), 1);
  expect(terminal.text).toMatch(/identity, Lead {2}█{24} 800\/800/);
  expect(terminal.text).toMatch(/full fields, Lead {2}█+░* \d+\/800/);
  expect(terminal.text).toMatch(/unseen, Lead {2}12 records waiting/);
});

test.each([undefined, new RecordingTerminal({ isTTY: true })])(
  'answers with the failure of a run',
  async (terminal) => {
    const error = new Error('failed');
    const failing = Promise.reject(error);
    failing.catch(() => {});
    const io = { terminal, err: () => {} };
    expect(await watchRun(io, runThrough([status('pairs', 1, null)], failing), 1)).toEqual({ error });
  },
);
