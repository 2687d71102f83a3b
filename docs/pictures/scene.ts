import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TandemApi } from '../../client/api.ts';
import { Tandem } from '../../client/tandem.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import { findApiToken } from '../../workers/api-token.ts';
import { customers, keyField } from '../../workers/demo/settings.ts';
import { afterTwoMorePolls } from '../../workers/demo/stage.ts';
import { readEnvironment } from '../../workers/environment.ts';
import { startLocalStack } from '../../workers/local-stack.ts';
import { withProgress } from '../../workers/progress.ts';
import { type Sandboxes, startSandboxes } from '../../workers/sandboxes.ts';
import { startServe } from '../../workers/serve.ts';
import { type SetUpSystems, setUp } from '../../workers/set-up.ts';
import { connectSystems } from '../../workers/systems.ts';
import { connectTemporal } from '../../workers/temporal/connect.ts';
import { recordSyncId } from '../../workflows/ids.ts';

/** A Tandem in the situations that the pictures show. */
export interface Scene {
  readonly uiUrl: string;
  readonly namespace: string;
  /** Where the page of HubSpot's sandbox is. */
  readonly sandboxUrl: string;
  /** A record that waits for its segment, and an import that is paused in its second phase. */
  readonly waiting: ShownWorkflow;
  readonly importing: ShownWorkflow;
  stop(): Promise<void>;
}

export interface ShownWorkflow {
  readonly workflowId: string;
  readonly runId: string;
}

const installation = 'tandem';
const patienceMs = 120_000;
const records = 'WorkflowType IN ("recordSync", "catchUp") AND ExecutionStatus = "Running"';
const settings = `version: 1
keys: { hubspot: tandem_salesforce_id, salesforce: ${keyField} }
objects:
  contacts:
    salesforce: { types: [Contact, Lead], create: [{ type: Contact }] }
    match: [{ hubspot: email, salesforce: Email }]
    segments: { include: [${customers.name}] }
    fields:
      - { hubspot: email, salesforce: Email, rule: twoWay }
      - { hubspot: firstname, salesforce: FirstName, rule: twoWay }
      - { hubspot: lastname, salesforce: LastName, rule: twoWay }
      - { hubspot: jobtitle, salesforce: Title, rule: twoWay }
polling: { hubspot: 1s, salesforce: 1s }
schedules:
  - { name: members-nightly, resync: { object: contacts }, cron: '0 3 * * *', timezone: Europe/Berlin }
  - { name: members-at-noon, resync: { object: contacts }, cron: '0 12 * * MON-FRI', timezone: Europe/Berlin }
  - { name: compare, reconcile: [contacts], cron: '0 1 * * *' }
`;

/** Starts a stack of its own and plays on it, until everything is as the pictures show it. */
export async function playScene(signal: AbortSignal): Promise<Scene> {
  await using undo = new AsyncDisposableStack();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tandem-pictures-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const sandboxes = await startSandboxes({ profile: 'unlimited', records: 3_000 });
  undo.defer(() => sandboxes.stop());
  sandboxes.hubspot.setEvaluation({ manual: true });
  const place = { TANDEM_DATA_DIR: dataDir, TANDEM_URL: 'http://127.0.0.1:0' };
  const stack = await startLocalStack({
    env: { ...withoutTandem(process.env), ...sandboxes.env, ...place },
    dataDir,
    parts: [{ name: 'Tandem', start: (env) => startServe({ env }) }],
    say: console.log,
    terminal: process.stderr,
    signal,
  });
  undo.defer(() => stack.stop());
  const { client, namespace, close } = await connectTemporal(stack.env);
  undo.defer(close);

  const environment = readEnvironment(stack.env, 'connected');
  const api = new TandemApi({ url: environment.url, token: findApiToken(environment)?.reveal() ?? '' });
  const tandem = new Tandem({ temporal: client, api, installation });
  const systems = connectSystems(environment);
  await prepare(sandboxes, { hubspot: systems.hubspot.reader, salesforce: systems.salesforce.reader });
  const applied = await tandem.applySettings(settings);
  if (!applied.applied) throw new Error(JSON.stringify(applied.problems));

  const play = <T>(what: string, scene: () => Promise<T>) => withProgress({ terminal: process.stderr }, what, scene);
  await play('Running a schedule', () => playSchedules(tandem, signal));
  const importing = await play('Importing until its second phase', () => playImport(tandem, signal));
  const rest = async (running: number): Promise<void> => {
    await until(signal, await afterTwoMorePolls({ temporal: client, installation }));
    await until(signal, async () => (await client.workflow.count(records)).count === running);
  };
  await play('Waiting until its echo has faded', () => rest(0));
  const waiting = await play('Syncing some records', () => playRecords(sandboxes, tandem, signal));
  await play('Waiting until all but one have ended', () => rest(1));

  const shown = async (workflowId: string): Promise<ShownWorkflow> => {
    const { runId } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, runId };
  };
  const uiUrl = stack.temporalUiUrl ?? '';
  const sandboxUrl = `${sandboxes.env['HUBSPOT_BASE_URL']}/_sandbox`;
  const scene = { uiUrl, namespace, sandboxUrl, waiting: await shown(waiting), importing: await shown(importing) };
  const ending = undo.move();
  return { ...scene, stop: () => ending.disposeAsync() };
}

async function prepare({ hubspot, salesforce }: Sandboxes, systems: SetUpSystems): Promise<void> {
  for (const object of ['Contact', 'Lead']) {
    const kind = { type: 'text', length: 32, externalId: true, unique: true } as const;
    salesforce.addField({
      ...kind,
      object,
      name: keyField,
      scale: 0,
      caseSensitive: false,
      values: [],
      restricted: true,
    });
  }
  const { settings: parsed } = parseSettings(settings);
  if (parsed) await setUp(systems, parsed);
  hubspot.people.createList(customers);
  hubspot.runEvaluation();
}

/** Five people: in step, out of the segment, refused by Salesforce, and one who waits; answers who waits. */
async function playRecords({ hubspot, salesforce }: Sandboxes, tandem: Tandem, signal: AbortSignal): Promise<string> {
  const person = (name: string, lifecyclestage: string): string =>
    hubspot.people.create('contacts', { email: `${name}@example.com`, lastname: name, lifecyclestage }).id;
  const edit = (id: string, properties: Readonly<Record<string, string>>) =>
    hubspot.people.edit('contacts', id, properties);
  const outcome = async (id: string, kind: string): Promise<void> =>
    await until(signal, async () => {
      const { decision } = await tandem.getRecord({ system: 'hubspot', object: 'contacts', id });
      return decision?.outcome.kind === kind;
    });

  salesforce.rules.set([
    { object: 'Contact', field: 'Title', when: 'equals', value: 'Emperor', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' },
  ]);
  const ids = ['adams', 'berg', 'costa', 'diaz'].map((name) => person(name, 'customer'));
  const outsider = person('ek', 'lead');
  hubspot.runEvaluation();
  const [one = '', two = '', refused = '', waits = ''] = ids;
  for (const id of ids) await outcome(id, 'synced');
  await outcome(outsider, 'skipped');
  edit(one, { jobtitle: 'Buyer' });
  edit(two, { jobtitle: 'Head of sales' });
  edit(refused, { jobtitle: 'Emperor' });
  edit(waits, { jobtitle: 'Retired', lifecyclestage: '' }); // HubSpot lets nobody step back, but clears
  await outcome(refused, 'failed');
  await outcome(waits, 'waiting');
  return recordSyncId(installation, { system: 'hubspot', object: 'contacts', id: waits });
}

/** An import, paused in its second phase: pages under way still end. */
async function playImport(tandem: Tandem, signal: AbortSignal): Promise<string> {
  const run = await tandem.startImport({ object: 'contacts', name: 'first-import' });
  await until(signal, async () => {
    const { phase, done } = await run.status();
    return phase.startsWith('full') && done > 0;
  });
  await tandem.pause({ workflowId: run.workflowId }, 'Salesforce is under maintenance until 14:00');
  await until(signal, async () => (await run.status()).state === 'paused');
  return run.workflowId;
}

/** One schedule has run, and one is paused. */
async function playSchedules({ schedules }: Tandem, signal: AbortSignal): Promise<void> {
  await schedules.run('members-nightly');
  await until(signal, async () => (await schedules.list()).some(({ last, running }) => last && !running));
  await schedules.pause('members-at-noon', 'until the new sales team has started');
}

async function until(signal: AbortSignal, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error('That did not come true in two minutes.');
    await delay(100, undefined, { signal });
  }
}

/** What is meant for another Tandem has no place here. */
const withoutTandem = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(TANDEM_|HUBSPOT_|SALESFORCE_|DATABASE_URL|TEMPORAL_ADDRESS)/.test(name)),
  );
