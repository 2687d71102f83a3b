import { ledger } from './0001-ledger.ts';
import { runRows } from './0002-run-rows.ts';
import { waiters } from './0003-waiters.ts';
import { tombstones } from './0004-tombstones.ts';
import { parents } from './0005-parents.ts';
import { inbox } from './0006-inbox.ts';
import { gate } from './0007-gate.ts';
import { pairings } from './0008-pairings.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [ledger, runRows, waiters, tombstones, parents, inbox, gate, pairings];
