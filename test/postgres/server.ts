import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL server of our own, in a temporary folder. */
export interface Server {
  readonly url: string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so root runs it as somebody without rights. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string, name: string): number =>
    Number.parseInt(spawnSync('id', [flag, name]).stdout.toString(), 10);
  for (const name of ['postgres', 'nobody']) {
    const user = { uid: idOf('-u', name), gid: idOf('-g', name) };
    if (user.uid > 0 && user.gid > 0) return user;
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as.');
}

/**
 * Starts a server that listens on a socket in its folder and on a free port of 127.0.0.1. `more` are settings of its
 * configuration: `name=value`.
 */
export async function startServer(binaries: string, more: readonly string[] = []): Promise<Server> {
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'tandem-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);

  const options = { cwd: folder, ...user, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      // SIGINT: clients are cut off, the server ends in good order.
      server.kill('SIGINT');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const made = spawnSync(
      join(binaries, 'initdb'),
      [
        '--pgdata',
        data,
        '--username',
        'tandem',
        '--auth',
        'scram-sha-256',
        '--pwfile',
        passwordFile,
        '--encoding',
        'UTF8',
        '--no-sync',
      ],
      { ...options, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
    const port = await freePort();
    const here = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
    const settings = [...here, ...more];
    // Detached: Ctrl-C reaches the tests first; they still need their database to end in good order.
    server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
      ...options,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = `postgres://tandem:${password}@127.0.0.1:${port}/postgres`;
    await untilReady(server, url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
}

/** The server says when it is ready; then one connection must work. */
async function untilReady(server: ChildProcess, url: string): Promise<void> {
  let log = '';
  const ready = Promise.withResolvers<void>();
  server.stderr?.on('data', (chunk: Buffer) => {
    if (log.length < 10_000) log += chunk.toString();
    if (/database system is ready to accept connections/.test(log)) ready.resolve();
  });
  server.once('error', ready.reject);
  server.once('exit', () => ready.reject(new Error(`PostgreSQL did not start: ${log}`)));
  await ready.promise;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.end();
}
