import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { TandemApi } from '../client/api.ts';
import { Tandem } from '../client/tandem.ts';
import { parseSettings } from '../core/settings/parse.ts';
import { SalesforceControls } from '../workers/demo/sandbox-controls.ts';
import { contactSettings, customers, keyField } from '../workers/demo/settings.ts';
import { readEnvironment } from '../workers/environment.ts';
import { startLocalStack } from '../workers/local-stack.ts';
import { type Sandboxes, startSandboxes } from '../workers/sandboxes.ts';
import { startServe } from '../workers/serve.ts';
import { setUp } from '../workers/set-up.ts';
import { connectSystems } from '../workers/systems.ts';
import { connectTemporal } from '../workers/temporal/connect.ts';

/** A Tandem of its own on two sandboxes without people. Only customers sync. */
export interface Stage extends Pick<Sandboxes, 'hubspot' | 'salesforce'>, AsyncDisposable {
  readonly tandem: Tandem;
  readonly temporal: Client;
  readonly segmentId: string;
}

/**
 * Starts the local stack in a folder that goes with it, on the Temporal of the environment or on one of its own. Nothing
 * runs beside what is measured: HubSpot evaluates when it is told, polls and watches are paused.
 */
export async function openStage(): Promise<Stage> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tandem-bench-'));
  const installation = `bench${randomBytes(4).toString('hex')}`;
  const token = randomBytes(16).toString('hex');
  const outer = Object.entries(process.env).filter(
    ([name]) => !/^(HUBSPOT|SALESFORCE|TANDEM)_|^DATABASE_URL/.test(name),
  );
  const sandboxes = await startSandboxes({ profile: 'unlimited' });
  const stack = await startLocalStack({
    env: {
      ...Object.fromEntries(outer),
      TANDEM_INSTALLATION: installation,
      TANDEM_DATA_DIR: dataDir,
      TANDEM_URL: 'http://127.0.0.1:0',
      TANDEM_API_TOKEN: token,
      TANDEM_LOG_LEVEL: 'error',
    },
    dataDir,
    parts: [
      { name: 'Sandboxes', start: async () => sandboxes },
      { name: 'Tandem', start: (env) => startServe({ env }) },
    ],
    say: () => {},
    terminal: process.stderr,
  });
  const { client: temporal, close } = await connectTemporal(stack.env);
  const api = new TandemApi({ url: stack.env['TANDEM_URL'] ?? '', token });
  const tandem = new Tandem({ temporal, api, installation });
  const stage: Stage = {
    ...sandboxes,
    tandem,
    temporal,
    segmentId: await prepare(sandboxes, stack.env),
    [Symbol.asyncDispose]: async () => {
      const query = `TaskQueue STARTS_WITH "${installation}/" AND ExecutionStatus = "Running"`;
      for await (const { workflowId } of temporal.workflow.list({ query })) {
        await temporal.workflow.getHandle(workflowId).terminate('the measurement has ended');
      }
      await close();
      await stack.stop();
      await rm(dataDir, { recursive: true });
    },
  };
  const applied = await tandem.applySettings(contactSettings);
  if (!applied.applied) throw new Error(`The settings were refused: ${JSON.stringify(applied.problems)}`);
  await tandem.pause('everything', 'one sync is measured');
  return stage;
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
