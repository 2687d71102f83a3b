import { Kysely, sql } from 'kysely';
import { type Batch, type Closed, closeBatch } from './close-batch.ts';
import { Conflicts } from './conflicts.ts';
import { countLedger, type LedgerCounts } from './counts.ts';
import { Cursors } from './cursors.ts';
import { Decisions } from './decisions.ts';
import type { Engine } from './engine/engine.ts';
import { openFolder, openMemory } from './engine/pglite.ts';
import { openPostgres } from './engine/postgres.ts';
import { read } from './failure.ts';
import { Identity, storedHmacKey } from './identity.ts';
import { Inbox } from './inbox.ts';
import { Leases } from './leases.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { Pairings } from './pairings.ts';
import { Pairs } from './pairs.ts';
import { Parents } from './parents.ts';
import { Runs } from './runs.ts';
import { Segments } from './segments.ts';
import { SettingsStore } from './settings.ts';
import type { Db, Tables } from './tables.ts';
import { Tombstones } from './tombstones.ts';
import { retrying } from './transact.ts';
import { Waits } from './waits.ts';
import { Writes } from './writes.ts';

/** Which database holds the ledger, and how. */
export type LedgerOptions = (
  | {
      /** The installation's folder; the embedded database lives in `ledger` inside it. */
      readonly dataDir: string;
      /** Needed where NODE_ENV is `production`: an embedded ledger serves one process only. */
      readonly allowEmbedded?: boolean;
    }
  | { readonly databaseUrl: string; readonly connections?: number }
  | { readonly memory: true }
) & {
  /**
   * 32 bytes. Left out, the key is made at first sight and kept in `{dataDir}/ledger.key`, or, without a folder, in the
   * database itself.
   */
  readonly hmacKey?: Uint8Array;
  /** Called with each statement, before or after it runs. */
  readonly onStatement?: (sql: string) => void;
};

/** An embedded ledger was asked for where several processes are to be expected. */
export class EmbeddedRefused extends Error {
  override readonly name = 'EmbeddedRefused';
}

/** The database of pairs, leases, waits, decisions, writes, conflicts, runs, segments, cursors and settings. */
export interface Ledger {
  readonly identity: Identity;
  readonly settings: SettingsStore;
  readonly pairs: Pairs;
  readonly leases: Leases;
  readonly writes: Writes;
  readonly decisions: Decisions;
  readonly waits: Waits;
  readonly segments: Segments;
  readonly cursors: Cursors;
  readonly runs: Runs;
  readonly conflicts: Conflicts;
  readonly tombstones: Tombstones;
  readonly pairings: Pairings;
  readonly parents: Parents;
  readonly inbox: Inbox;
  /** See `close-batch.ts`. */
  closeBatch(batch: Batch): Promise<Closed>;
  counts(): Promise<LedgerCounts>;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  /** Writes everything to disk and gives the database back. Queries under way must have ended. */
  close(): Promise<void>;
}

/** The database does not let us in. */
export class LedgerUnreachable extends Error {
  override readonly name = 'LedgerUnreachable';
}

/** Opens the ledger and brings its schema up to date. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const engine = await openEngine(options);
  const { onStatement } = options;
  const db = new Kysely<Tables>({
    dialect: engine.dialect,
    ...(onStatement ? { log: (event) => onStatement(event.query.sql) } : {}),
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeEngine(engine, db));
  try {
    await reach(db, engine);
    await migrate(db, migrations);
    return ledgerOn(db, options.hmacKey ?? engine.hmacKey ?? (await storedHmacKey(db)), close);
  } catch (error) {
    // What went wrong first is what matters.
    await close().catch(() => {});
    throw error;
  }
}

async function reach(db: Db, { place }: Engine): Promise<void> {
  try {
    await ping(db);
  } catch (error) {
    const why = read(error, 'message') || read(error, 'code') || 'no reason given';
    throw new LedgerUnreachable(`The ledger's database at ${place} cannot be opened: ${why}.`, { cause: error });
  }
}

const ping = async (db: Db): Promise<void> => {
  await retrying(() => sql`select 1`.execute(db));
};

async function closeEngine(engine: Engine, db: Db): Promise<void> {
  try {
    await engine.beforeClose?.();
    await db.destroy();
  } finally {
    engine.afterClose?.();
  }
}

/** The ledger over a database whose schema is up to date. */
export function ledgerOn(db: Db, hmacKey: Uint8Array, close: () => Promise<void>): Ledger {
  return {
    identity: new Identity(db, hmacKey),
    settings: new SettingsStore(db),
    pairs: new Pairs(db),
    leases: new Leases(db),
    writes: new Writes(db),
    decisions: new Decisions(db),
    waits: new Waits(db),
    segments: new Segments(db),
    cursors: new Cursors(db),
    runs: new Runs(db),
    conflicts: new Conflicts(db),
    tombstones: new Tombstones(db),
    pairings: new Pairings(db),
    parents: new Parents(db),
    inbox: new Inbox(db),
    closeBatch: (batch) => closeBatch(db, batch),
    counts: () => countLedger(db),
    ping: () => ping(db),
    close,
  };
}

async function openEngine(options: LedgerOptions): Promise<Engine> {
  if ('databaseUrl' in options) return openPostgres(options.databaseUrl, options.connections);
  if ('memory' in options) return openMemory();
  if (process.env['NODE_ENV'] === 'production' && !options.allowEmbedded) {
    throw new EmbeddedRefused(
      'NODE_ENV is production, and an embedded ledger serves one process only: set DATABASE_URL to a PostgreSQL server, or ' +
        'allow the embedded ledger by name.',
    );
  }
  return openFolder(options.dataDir);
}
