import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { types } from 'node:util';

/** Held until released or until its process dies. */
export interface ProcessLock {
  release(): void;
}

// A handle that nobody refers to is collected, and its lock would go with it.
const held = new Set<DatabaseSync>();

/**
 * Takes the lock file, or returns undefined while anyone else has it, in this process or another. The operating system
 * releases it when the holder dies, however it dies, so there is nothing stale to clear. Leave the file in place.
 */
export function tryLock(file: string): ProcessLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}

/** Waits for the lock file; `onBusy` is called once, if there is anything to wait for. Rejects when `signal` aborts. */
export async function lockWhenFree(file: string, onBusy: () => void, signal?: AbortSignal): Promise<ProcessLock> {
  const first = tryLock(file);
  if (first) return first;
  onBusy();
  while (true) {
    await delay(200, undefined, signal && { signal });
    const lock = tryLock(file);
    if (lock) return lock;
  }
}

const isBusy = (error: unknown): boolean => types.isNativeError(error) && 'errcode' in error && error.errcode === 5; // SQLITE_BUSY
