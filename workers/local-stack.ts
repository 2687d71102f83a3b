import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { requireNode } from './node-version.ts';
import { Parts, type RunningPart } from './parts.ts';
import { tryLock } from './process-lock.ts';
import type { Terminal } from './progress.ts';
import { StartError } from './start-error.ts';
import { connectTemporal } from './temporal/connect.ts';
import { findTemporal } from './temporal/find.ts';
import { ensureSearchAttributes } from './temporal/search-attributes.ts';
import { startTemporalServer, type TemporalServer } from './temporal/server.ts';

/** A part that runs on top of Temporal: the sandboxes, `serve`. */
export interface StackPart {
  readonly name: string;
  /** `env` leads to Temporal and to all parts before this one. */
  start(env: NodeJS.ProcessEnv): Promise<RunningPart>;
}

export interface LocalStackOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Holds what the stack keeps between runs; one stack per folder. */
  readonly dataDir: string;
  readonly ports?: { readonly temporal?: number; readonly temporalUi?: number };
  /** Started in this order, after Temporal. */
  readonly parts: readonly StackPart[];
  /** Takes one line per part. */
  readonly say: (line: string) => void;
  /** Where long steps show what they wait for. */
  readonly terminal: Terminal;
  /** Stops the stack, also while it still starts. */
  readonly signal?: AbortSignal;
}

export interface LocalStack {
  /** Leads clients and commands to everything in the stack. */
  readonly env: NodeJS.ProcessEnv;
  /** Undefined where Temporal was running already: only its operator knows its UI. */
  readonly temporalUiUrl: string | undefined;
  /** Resolves when everything has been stopped; rejects, after stopping the others, where a part ended by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts Temporal (or uses the one of `TEMPORAL_ADDRESS`) and the parts on it. Where anything fails to start, or
 * `signal` aborts, what was started is stopped in the reverse order and the reason thrown: a `StartError` where a
 * sentence says what to do.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { dataDir, signal } = options;
  requireNode();
  await mkdir(dataDir, { recursive: true });
  const lock = tryLock(path.join(dataDir, 'stack.lock'));
  if (!lock) throw new StartError(`A Tandem runs on ${dataDir} already: stop it, or name another TANDEM_DATA_DIR.`);
  const parts = new Parts(options.say);
  const stop = async (): Promise<void> => {
    await parts.stop();
    lock.release();
  };
  try {
    const temporal = await parts.start('Temporal', () => startTemporal(options));
    const env: NodeJS.ProcessEnv = { ...temporal.leadsTo };
    const running: RunningPart[] = [temporal];
    for (const part of options.parts) {
      signal?.throwIfAborted();
      const started = await parts.start(part.name, () => part.start(env));
      Object.assign(env, started.env);
      running.push(started);
    }
    signal?.throwIfAborted();
    const ended = untilEnd(running, parts, stop, signal);
    ended.catch(() => {}); // whoever asks for it later still gets the reason
    return { env, temporalUiUrl: temporal.addresses['Temporal UI'], ended, stop };
  } catch (error) {
    await stop();
    throw signal?.aborted ? signal.reason : error;
  }
}

/** The part, with the whole environment that leads to it. */
type TemporalPart = RunningPart & { readonly leadsTo: NodeJS.ProcessEnv };

async function startTemporal({ env, dataDir, ports, terminal, signal }: LocalStackOptions): Promise<TemporalPart> {
  const found = await findTemporal({ env, terminal, signal });
  if (found.kind === 'server') {
    const { client, namespace, close } = await connectTemporal(env);
    try {
      await ensureSearchAttributes(client.connection, namespace);
    } finally {
      await close();
    }
    return { addresses: { Temporal: `${found.address} (running already)` }, leadsTo: env, stop: async () => {} };
  }
  const folder = path.join(dataDir, 'temporal');
  const server = await startTemporalServer({
    cli: found.cli.path,
    folder,
    database: 'file',
    ports: { grpc: ports?.temporal, ui: ports?.temporalUi },
    signal,
  });
  return {
    addresses: { Temporal: server.address, 'Temporal UI': server.uiUrl },
    leadsTo: environmentOf(server, env, folder),
    failed: server.failed,
    stop: () => server.stop(),
  };
}

/** Without what a person has set for another Temporal: a key, TLS, a profile in `temporal.toml`. */
function environmentOf(server: TemporalServer, env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    TEMPORAL_CONFIG_FILE: path.join(folder, 'no-temporal.toml'), // no such file, so that the one of the home is not read
  };
}

async function untilEnd(
  running: readonly RunningPart[],
  parts: Parts,
  stop: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const aborted = signal ? [once(signal, 'abort').then(() => undefined)] : [];
  const failures = running.flatMap((part) => part.failed ?? []);
  const failure = await Promise.race([...failures, ...aborted, parts.stopped]);
  await stop();
  if (failure) throw failure;
}
