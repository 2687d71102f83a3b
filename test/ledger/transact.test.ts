import { describe, expect, test } from '@jest/globals';
import { retrying } from '../../ledger/transact.ts';

const failure = (code: string | undefined, message = 'failed'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

/** Fails as often as told, then answers how often it ran. */
function work(times: number, error: unknown): { run: () => Promise<number>; count: () => number } {
  let count = 0;
  return {
    count: () => count,
    run: async () => {
      count++;
      if (count <= times) throw error;
      return count;
    },
  };
}

describe('retrying', () => {
  test.each(['40001', '40P01', '57P01', '57P03', '53300', '08006', '08P01', '23505', 'ECONNRESET', 'EPIPE'])(
    'runs again after %s',
    async (code) => {
      expect(await retrying(work(2, failure(code)).run)).toBe(3);
    },
  );

  test.each(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable'])(
    'runs again after "%s", which has no code',
    async (message) => {
      expect(await retrying(work(1, failure(undefined, message)).run)).toBe(2);
    },
  );

  test.each([failure('53100'), failure('42P01'), failure(undefined, 'Connection string is wrong'), 'a text'])(
    'gives up at once after %p',
    async (error) => {
      const { run, count } = work(1, error);
      await expect(retrying(run)).rejects.toBe(error);
      expect(count()).toBe(1);
    },
  );

  test('gives up after six tries, with the last failure', async () => {
    const error = failure('40001');
    const { run, count } = work(Number.POSITIVE_INFINITY, error);
    await expect(retrying(run)).rejects.toBe(error);
    expect(count()).toBe(6);
  });
});
