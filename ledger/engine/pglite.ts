import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGliteDialect } from 'kysely';
import { read } from '../failure.ts';
import { DurableNodeFS } from './durable-node-fs.ts';
import type { Engine } from './engine.ts';
import { FolderLock } from './folder-lock.ts';
import { parsers } from './types.ts';

/** PGlite in memory, for tests: gone with the process, no guards. */
export async function openMemory(): Promise<Engine> {
  return { dialect: new PGliteDialect({ pglite: await PGlite.create({ parsers }) }), place: 'memory' };
}

/**
 * PGlite in `{dataDir}/ledger`, owned by this process alone and flushed to disk at every commit. Beside it stand its lock
 * (`ledger.lock`) and the key of its keyed hashes (`ledger.key`); all are for this user only.
 */
export async function openFolder(dataDir: string): Promise<Engine> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const folder = join(realpathSync(dataDir), 'ledger');
  const lock = new FolderLock(folder);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A folder that was there before may be open to others.
    chmodSync(folder, 0o700);
    const startParams = [...PGlite.defaultStartParams.filter((one) => one !== '-F'), '-c', 'wal_sync_method=fsync'];
    const pglite = await PGlite.create({ fs: new DurableNodeFS(folder), startParams, parsers });
    return {
      dialect: new PGliteDialect({ pglite }),
      place: folder,
      hmacKey: keyBeside(folder),
      beforeClose: async () => {
        await pglite.exec('checkpoint');
      },
      afterClose: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Kept outside the database, so that erasing the key makes the hashes in every backup of the database meaningless. */
function keyBeside(folder: string): Uint8Array {
  const path = `${folder}.key`;
  try {
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (read(error, 'code') !== 'EEXIST') throw error;
  }
  const key = readFileSync(path);
  if (key.length !== 32)
    throw new Error(`${path} should hold 32 bytes, it holds ${key.length}: remove it to have a new key made.`);
  return key;
}
