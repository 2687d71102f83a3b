import { describe, expect, test } from '@jest/globals';
import { healthRoutes } from '../../workers/health-routes.ts';
import { type Needed, problemsOf } from '../../workers/readiness.ts';

const fails = () => Promise.reject(new Error('gone'));
const temporal = (getSystemInfo: () => Promise<unknown>) =>
  ({
    withDeadline: (_deadline: number, ask: () => Promise<unknown>) => ask(),
    workflowService: { getSystemInfo },
  }) as unknown as Needed['temporal'];
const well: Needed = { ledger: { ping: async () => {} }, temporal: temporal(async () => ({})) };

describe('a process', () => {
  test.each([
    ['is ready where everything answers', {}, []],
    ['needs the ledger', { ledger: { ping: fails } }, ['The ledger does not answer.']],
    ['needs Temporal', { temporal: temporal(fails) }, ['Temporal does not answer.']],
    ['needs its worker', { workers: { problem: () => 'The worker does not run.' } }, ['The worker does not run.']],
    ['is ready while its worker has no problem', { workers: { problem: () => undefined } }, []],
  ])('%s', async (_what, changes, problems) => {
    expect(await problemsOf({ ...well, ...changes })).toEqual(problems);
  });

  test('that waits for an answer in vain says so in time', async () => {
    const ledger = { ping: () => new Promise<void>(() => {}) };
    expect(await problemsOf({ ...well, ledger })).toEqual(['The ledger does not answer.']);
  });
});

describe('health over HTTP', () => {
  const ask = (path: string, ready: () => Promise<readonly string[]>, logged: unknown[] = []) =>
    healthRoutes({ ready, log: (error) => logged.push(error) }).request(path);

  test('is live whatever is wrong', async () => {
    expect((await ask('/health/live', fails)).status).toBe(200);
  });

  test('is ready with 200, else 503 with the reasons', async () => {
    expect((await ask('/health/ready', async () => [])).status).toBe(200);
    const answer = await ask('/health/ready', async () => ['The ledger does not answer.']);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, problems: ['The ledger does not answer.'] },
    ]);
  });

  test('keeps an error to its log', async () => {
    const logged: unknown[] = [];
    const answer = await ask('/health/ready', fails, logged);
    expect([answer.status, await answer.text()]).toEqual([503, expect.not.stringContaining('gone')]);
    expect(logged).toEqual([new Error('gone')]);
  });
});
