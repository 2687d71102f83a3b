import { DatabaseSync } from 'node:sqlite';
import { read } from '../failure.ts';

/** SQLITE_BUSY: somebody else has the lock. */
const busy = '5';

/** Another process owns the folder. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
}

/**
 * Owns a folder for the life of this process. SQLite's exclusive lock is released by the operating system when the process
 * dies, so nothing is ever stale. Nothing else in this process may open the lock file, not even to copy it: closing any
 * other descriptor of it would drop the lock. The file stays when the lock is released, since removing it would let two
 * processes lock two files of one name. Keep the object: once collected it holds nothing.
 */
export class FolderLock {
  readonly #database: DatabaseSync;

  /** Throws `FolderTaken`, with a sentence for people, where somebody else has the folder. */
  constructor(folder: string) {
    this.#database = new DatabaseSync(`${folder}.lock`);
    try {
      this.#database.exec('begin exclusive');
    } catch (error) {
      this.#database.close();
      if (read(error, 'errcode') !== busy) throw error;
      throw new FolderTaken(
        `The ledger in ${folder} is owned by another process: only one process may own an embedded ledger. Stop that one, ` +
          'or set DATABASE_URL to a PostgreSQL server, which any number of processes may share.',
      );
    }
  }

  release(): void {
    this.#database.close();
  }
}
