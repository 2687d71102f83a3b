import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { searchAttributeNames } from './search-attributes.ts';

export interface DevServer {
  readonly cli: string;
  readonly folder: string;
  readonly database: 'file' | 'memory';
}

/** Runs `temporal server start-dev`, its words going to a file. `exited` tells its exit status or the signal's name. */
export async function launchDevServer(
  server: DevServer,
  ports: { readonly grpc: number; readonly ui: number },
  logFile: string,
): Promise<{ readonly child: ChildProcess; readonly exited: Promise<string> }> {
  const log = await open(logFile, 'w');
  try {
    const child = spawn(server.cli, devServerArguments(server, ports), {
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
      stdio: ['ignore', log.fd, log.fd], // a file: a pipe would end the server with us, and lose its last words
      detached: true, // out of reach of Ctrl-C: it is stopped after those who use it
    });
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, by) => resolve(String(code ?? by)));
    });
    await once(child, 'spawn');
    return { child, exited };
  } finally {
    await log.close();
  }
}

function devServerArguments({ folder, database }: DevServer, ports: { grpc: number; ui: number }): string[] {
  const args = ['server', 'start-dev', '--log-level', 'warn'];
  args.push('--ip', '127.0.0.1', '--port', String(ports.grpc), '--ui-ip', '127.0.0.1', '--ui-port', String(ports.ui));
  if (database === 'file') {
    args.push('--db-filename', path.join(folder, 'temporal.db'));
    // With SQLite's own defaults each commit waits for the disk several times, at half the workflows a second.
    args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal');
  }
  for (const name of searchAttributeNames) args.push('--search-attribute', `${name}=Keyword`);
  args.push('--dynamic-config-value', 'matching.useNewMatcher=true'); // priorities; later servers have it on by default
  // Timers may fire up to this much late: a second by default, for clusters whose clocks differ. Here is one clock.
  args.push('--dynamic-config-value', 'history.timerProcessorMaxTimeShift="10ms"');
  return args;
}
