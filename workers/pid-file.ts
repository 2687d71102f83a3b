import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { endProcess, isRunning, stampOf } from './processes.ts';

const stamp = z.object({ pid: z.int().positive(), started: z.string() });
const content = z.object({ owner: stamp, child: stamp });

/** Notes a child of this process in a file, for a successor that has to clear it when this process is killed. */
export async function writePidFile(file: string, childPid: number): Promise<void> {
  const owner = stampOf(process.pid);
  const child = stampOf(childPid);
  if (!owner || !child) return; // gone already, or a system that shows no processes: nothing could be cleared by it
  await writeFile(`${file}.new`, JSON.stringify({ owner, child }));
  await rename(`${file}.new`, file);
}

/**
 * Ends the child noted in a file whose owner is gone, and removes the file. A child of a living owner is left alone and
 * the owner's process id returned. Another process that now has the noted id is never touched.
 */
export async function clearOrphan(file: string): Promise<{ ownedBy?: number }> {
  const noted = content.safeParse(await readJson(file));
  if (noted.success) {
    if (isRunning(noted.data.owner)) return { ownedBy: noted.data.owner.pid };
    await endProcess(noted.data.child);
  }
  await rm(file, { force: true });
  return {};
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
