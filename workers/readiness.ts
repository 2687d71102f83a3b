import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { Ledger } from '../ledger/index.ts';
import type { RunningWorkers } from './worker.ts';

export interface Needed {
  readonly ledger: Pick<Ledger, 'ping'>;
  readonly temporal: Pick<Connection, 'withDeadline' | 'workflowService'>;
  /** Left out by a process that runs none. */
  readonly workers?: Pick<RunningWorkers, 'problem'> | undefined;
}

/** Shorter than the time that whoever asks for a process's health usually waits. */
const answerWithinMs = 2_000;

/** What keeps a process from doing its work, one sentence each, asked now; empty when it is ready. */
export async function problemsOf({ ledger, temporal, workers }: Needed): Promise<string[]> {
  const systemInfo = () => temporal.workflowService.getSystemInfo({});
  const [ledgerAnswers, temporalAnswers] = await Promise.all([
    answers(ledger.ping()),
    answers(temporal.withDeadline(Date.now() + answerWithinMs, systemInfo)),
  ]);
  const problem = workers?.problem();
  return [
    ...(ledgerAnswers ? [] : ['The ledger does not answer.']),
    ...(temporalAnswers ? [] : ['Temporal does not answer.']),
    ...(problem === undefined ? [] : [problem]),
  ];
}

/** Whether it ends well, and in time. */
async function answers(asked: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(answerWithinMs, false, { signal: timer.signal }).catch(() => false);
  try {
    const inTime = asked.then(
      () => true,
      () => false,
    );
    return await Promise.race([inTime, late]);
  } finally {
    timer.abort();
  }
}
