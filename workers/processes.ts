import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './caught.ts';

/** A process as the operating system knows it: its id, and when and as what it started, since ids are used again. */
export interface ProcessStamp {
  readonly pid: number;
  readonly started: string;
}

/** The stamp of a running process; undefined where there is none, or only what is left of one. */
export function stampOf(pid: number): ProcessStamp | undefined {
  const started = existsSync('/proc/self/stat') ? startedByProc(pid) : startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether that very process still runs, rather than another under its id. */
export const isRunning = (process: ProcessStamp): boolean => stampOf(process.pid)?.started === process.started;

/** Ends that very process: SIGTERM, and SIGKILL where it does not go within `graceMs`. Does nothing when it is gone. */
export async function endProcess(target: ProcessStamp, graceMs = 5_000): Promise<void> {
  const killAt = performance.now() + graceMs;
  if (isRunning(target)) signalProcess(target.pid, 'SIGTERM');
  while (isRunning(target)) {
    await delay(20);
    if (performance.now() > killAt && isRunning(target)) signalProcess(target.pid, 'SIGKILL');
  }
}

/** Ends a child that was started `detached`, with all that it started, at once. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') child.kill('SIGKILL');
  else signalProcess(-child.pid, 'SIGKILL');
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error; // ESRCH: gone meanwhile
  }
}

function startedByProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name in brackets may hold anything; after it come the state (field 3) and more up to the start (22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${fields[19]} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()}`;
  } catch {
    return undefined;
  }
}

function startedByPs(pid: number): string | undefined {
  try {
    const columns = ['-o', 'state=', '-o', 'lstart=', '-o', 'command='];
    const line = execFileSync('ps', [...columns, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
