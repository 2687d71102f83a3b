import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { isGone } from '../activities/hand-over.ts';
import { TandemApi } from '../client/api.ts';
import { Tandem } from '../client/tandem.ts';
import { parseSettings } from '../core/settings/parse.ts';
import { SalesforceControls } from '../workers/demo/sandbox-controls.ts';
import { contactSettings, customers, keyField } from '../workers/demo/settings.ts';
import { readEnvironment } from '../workers/environment.ts';
import { startLocalStack } from '../workers/local-stack.ts';
import type { RunningPart } from '../workers/parts.ts';
import { type Sandboxes, startSandboxes } from '../workers/sandboxes.ts';
import { startServe } from '../workers/serve.ts';
import { setUp } from '../workers/set-up.ts';
import { connectSystems } from '../workers/systems.ts';
import { connectTemporal } from '../workers/temporal/connect.ts';
import { watchStatusQuery } from '../workflows/messages.ts';

/** A Tandem of its own on two sandboxes without people. Only customers sync. */
export interface Stage extends Pick<Sandboxes, 'hubspot' | 'salesforce'>, AsyncDisposable {
  readonly tandem: Tandem;
  readonly temporal: Client;
  readonly segmentId: string;
  readonly installation: string;
  readonly api: TandemApi;
  /** Worker processes, where they are processes of their own. */
  readonly workers: readonly BenchWorker[];
}

interface BenchWorker {
  /** Ends it as a power failure would. */
  kill(): Promise<void>;
}

interface StageOptions {
  /** The ledger's database, and how many worker processes share it; left out, all is in this process. */
  readonly shared?: { readonly databaseUrl: string; readonly workers: number };
  /** Variables that lead to Temporal, in place of those of the environment. */
  readonly temporal?: NodeJS.ProcessEnv;
}

/**
 * Starts the local stack in a folder that goes with it, on the Temporal of the environment or on one of its own. Nothing
 * runs beside what is measured: HubSpot evaluates when it is told, polls and watches are paused.
 */
export async function openStage({ shared, temporal: leadsTo }: StageOptions = {}): Promise<Stage> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tandem-bench-'));
  const installation = `bench${randomBytes(4).toString('hex')}`;
  const token = randomBytes(16).toString('hex');
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(HUBSPOT|SALESFORCE|TANDEM)_|^DATABASE_URL/.test(name),
  );
  const workers: BenchWorker[] = [];
  const sandboxes = await startSandboxes({ profile: 'unlimited' });
  const stack = await startLocalStack({
    env: {
      ...Object.fromEntries(outer),
      ...leadsTo,
      ...(shared && { DATABASE_URL: shared.databaseUrl }),
      TANDEM_INSTALLATION: installation,
      TANDEM_DATA_DIR: dataDir,
      TANDEM_URL: 'http://127.0.0.1:0',
      TANDEM_API_TOKEN: token,
      TANDEM_LOG_LEVEL: 'error',
    },
    dataDir,
    parts: [
      { name: 'Sandboxes', start: async () => sandboxes },
      { name: 'Tandem', start: (env) => startServe({ env, ...(shared && { role: 'service' }) }) },
      ...Array.from({ length: shared?.workers ?? 0 }, () => ({
        name: 'Worker',
        start: (env: NodeJS.ProcessEnv) => startWorker(env, workers),
      })),
    ],
    say: () => {},
    terminal: process.stderr,
  });
  // Where something fails from here on, all of it is stopped.
  await using ending = new AsyncDisposableStack();
  ending.defer(async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true });
  });
  const { client: temporal, close } = await connectTemporal(stack.env);
  ending.defer(close);
  const api = new TandemApi({ url: stack.env['TANDEM_URL'] ?? '', token });
  const tandem = new Tandem({ temporal, api, installation });
  ending.defer(async () => {
    const query = `TaskQueue STARTS_WITH "${installation}/" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of temporal.workflow.list({ query })) {
      const ended = temporal.workflow.getHandle(workflowId).terminate('the measurement has ended');
      await ended.catch((error: unknown) => {
        if (!isGone(error)) throw error; // the list is a little late
      });
    }
  });
  const segmentId = await prepare(sandboxes, stack.env);
  const applied = await tandem.applySettings(contactSettings);
  if (!applied.applied) throw new Error(`The settings were refused: ${JSON.stringify(applied.problems)}`);
  for (const { workflowId } of await tandem.pause('everything', 'one sync is measured')) {
    const handle = temporal.workflow.getHandle(workflowId);
    while ((await handle.query(watchStatusQuery)).state !== 'paused') await setTimeout(50);
  }
  const stage = { tandem, temporal, api, installation, workers, segmentId };
  const whole = ending.move();
  return { ...sandboxes, ...stage, [Symbol.asyncDispose]: () => whole.disposeAsync() };
}

/** A worker in a process of its own. */
async function startWorker(env: NodeJS.ProcessEnv, workers: BenchWorker[]): Promise<RunningPart> {
  const child = spawn(process.execPath, [path.resolve('cli/bin.js'), 'worker'], {
    env: { ...env, TANDEM_LISTEN: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'), // it says where it answers, once it works
    exited.then(() => {
      throw new Error('A worker ended before it worked.');
    }),
  ]);
  child.stdout.resume();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  workers.push({ kill: () => end('SIGKILL') });
  return { addresses: {}, stop: () => end('SIGTERM') };
}

/** The two id fields, and the segment, whose id is the answer. */
async function prepare({ hubspot, env }: Sandboxes, stackEnv: NodeJS.ProcessEnv): Promise<string> {
  const org = new SalesforceControls(env['SALESFORCE_LOGIN_URL'] ?? '');
  for (const type of ['Contact', 'Lead']) await org.addKeyField(type, keyField);
  const systems = connectSystems(readEnvironment(stackEnv, 'connected'));
  const { settings } = parseSettings(contactSettings);
  if (settings) await setUp({ hubspot: systems.hubspot.reader, salesforce: systems.salesforce.reader }, settings);
  hubspot.setEvaluation({ manual: true });
  const segmentId = hubspot.people.createList(customers);
  hubspot.runEvaluation();
  return segmentId;
}
