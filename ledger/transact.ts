import { setTimeout as pause } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { read } from './failure.ts';
import type { Db, Tables } from './tables.ts';

/**
 * Failures after which the same work may succeed: serialization (40001), deadlock (40P01), a server that stops or
 * starts (57P01 to 57P03), too many connections (53300), a lost connection (class 08 and the socket's own codes), and a
 * unique key that another transaction took meanwhile (23505): the repeated work then sees that row.
 */
const passing = /^(40001|40P01|57P0[1-3]|53300|08...|23505|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/;
const lostConnection = /connection terminated|connection ended|not queryable/i;
const tries = 6;

function mayPass(failure: unknown): boolean {
  const code = read(failure, 'code');
  // `pg` gives a socket that was closed in mid-query no code, only these words.
  return passing.test(code) || (code === '' && lostConnection.test(read(failure, 'message')));
}

/**
 * Runs `work` again, up to five more times, when it failed for a passing reason. After a lost connection nobody knows
 * whether a commit arrived, so `work` must come to the same end when it runs twice.
 */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === tries || !mayPass(error)) throw error;
      await pause(2 ** attempt * 10 * (0.5 + Math.random()));
    }
  }
}

/** Runs `work` in one transaction, as a whole again when `retrying` says so. Only `trx` may be used inside. */
export function transact<T>(db: Db, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return retrying(() => db.transaction().execute(work));
}
