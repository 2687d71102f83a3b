import { rm } from 'node:fs/promises';
import { keptServer } from './run-server.ts';

/** After the last test: ends the Temporal server that the setup started. */
export default async function globalTeardown(): Promise<void> {
  const kept = keptServer();
  if (!kept) return;
  await kept.server.stop();
  await rm(kept.folder, { recursive: true, force: true });
}
