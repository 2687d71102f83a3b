import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Engine } from '../../activities/engine.ts';
import { handOver, segmentReevaluated } from '../../activities/hand-over.ts';
import { TandemApi } from '../../client/api.ts';
import { Tandem } from '../../client/tandem.ts';
import { type RecordRef, refKey, type System, systems } from '../../core/record-ref.ts';
import { type LatestDecision, type Ledger, openLedger } from '../../ledger/index.ts';
import { createHttpService } from '../../workers/http-service.ts';
import { Secret } from '../../workers/secret.ts';
import { startWorkers } from '../../workers/worker.ts';
import { pollChangesId } from '../../workflows/ids.ts';
import { defaultTiming, type Timing, type WatchStatus, watchStatusQuery } from '../../workflows/messages.ts';
import { freshDatabase } from '../ledger/with-ledger.ts';
import { type TestEnvironment, terminateAll, testEnvironment, workflowBundlePath } from '../support/temporal.ts';
import { type OpenVendors, openVendors, Vendors } from './vendors.ts';
import { startWorkerProcesses } from './worker-processes.ts';

/** Settings for contacts, with the lines of `extra` under the object. */
export const contactSettings = (extra: readonly string[] = []): string =>
  [
    'version: 1',
    'objects:',
    '  contacts:',
    '    salesforce: { types: [Contact, Lead], create: [{ type: Contact }] }',
    '    match: [{ hubspot: email, salesforce: Email }]',
    ...extra.map((line) => `    ${line}`),
    '    fields:',
    '      - { hubspot: email, salesforce: Email, rule: twoWay }',
    '      - { hubspot: firstname, salesforce: FirstName, rule: twoWay }',
    '      - { hubspot: lastname, salesforce: LastName, rule: twoWay }',
    '      - { hubspot: jobtitle, salesforce: Title, rule: twoWay }',
    '      - { hubspot: phone, salesforce: Phone, rule: preferSalesforce }',
    'polling: { hubspot: 1s, salesforce: 1s }',
  ].join('\n');

/** What the service's notices are checked by, and where HubSpot thinks that it is. */
export const webhookSecret = 'client-secret';
export const webhookUrl = 'https://tandem.example';

export interface WorldOptions {
  readonly timing?: Partial<Timing>;
  readonly requestTimeoutMs?: number;
  /** Leaves the two id fields out. */
  readonly withoutKeys?: boolean;
  /** Stands in for the gate; the worker then runs in this process. */
  readonly judge?: Engine['judge'];
}

/** PGlite serves one process; on PostgreSQL an installation has so many worker processes. */
const workerProcesses = 2;

/**
 * One installation with everything real but the vendors: both sandboxes over HTTP, their real clients, a ledger, the
 * HTTP service and a worker on the test run's Temporal server. HubSpot evaluates segments only when a test says so.
 *
 * With `TANDEM_TEST_DATABASE_URL` it runs as in production: the ledger in a database of its own on that server, and two
 * worker processes.
 */
export class World extends Vendors {
  readonly installation: string;
  readonly ledger: Ledger;
  /** The HTTP service, which `api` asks; a test may serve it to other processes. */
  readonly service: ReturnType<typeof createHttpService>;
  readonly api: TandemApi;
  readonly tandem: Tandem;
  readonly temporal: TestEnvironment;
  readonly options: WorldOptions;
  readonly #database: Database;
  #workers: { stop(): Promise<void> } | undefined;

  private constructor(parts: {
    installation: string;
    vendors: OpenVendors;
    database: Database;
    ledger: Ledger;
    service: World['service'];
    api: TandemApi;
    tandem: Tandem;
    temporal: TestEnvironment;
    options: WorldOptions;
  }) {
    super(parts.vendors);
    this.installation = parts.installation;
    this.#database = parts.database;
    this.ledger = parts.ledger;
    this.service = parts.service;
    this.api = parts.api;
    this.tandem = parts.tandem;
    this.temporal = parts.temporal;
    this.options = parts.options;
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const installation = `t${randomBytes(6).toString('hex')}`;
    let receive: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
    const [database, temporal, vendors] = await Promise.all([
      freshDatabase(),
      testEnvironment(),
      openVendors(async (request) => await receive(request)),
    ]);
    const ledger = await openLedger(database.url ? { databaseUrl: database.url } : { memory: true });
    const { hubspot, salesforce } = new Vendors(vendors).clients(options.requestTimeoutMs ?? 5_000);
    const token = new Secret('test');
    const to = { client: temporal.client, ledger, installation, timing: timingOf(options) };
    const service = createHttpService({
      installation,
      ledger,
      token,
      ready: async () => [],
      hubspot: hubspot.reader,
      salesforce: salesforce.reader,
      log: () => {},
      webhooks: {
        secret: new Secret(webhookSecret),
        publicUrl: webhookUrl,
        accepts: 'v3',
        portalId: String(vendors.hubspot.portalId),
        handOver: (changes) => handOver(to, changes),
        segmentReevaluated: (segmentId, ref) =>
          segmentReevaluated(to, segmentId, [{ ref, waiters: [refKey(ref)] }], new Date().toISOString()),
        nowMs: () => Date.now(),
        log: () => {},
      },
    });
    receive = (request) => service.fetch(request);
    const api = new TandemApi({
      url: 'http://tandem.test',
      token: token.reveal(),
      fetch: (request) => service.fetch(request),
    });
    const timing = timingOf(options);
    const tandem = new Tandem({ temporal: temporal.client, api, installation, timing });
    const world = new World({ installation, vendors, database, ledger, service, api, tandem, temporal, options });
    if (!options.withoutKeys) await world.addKeys();
    await world.startWorkers();
    return world;
  }

  /** Both systems over HTTP by the vendors' clients, as a worker has them. */
  systems() {
    return this.clients(this.options.requestTimeoutMs ?? 5_000);
  }

  async startWorkers(): Promise<void> {
    const { url } = this.#database;
    this.#workers = await (url && !this.options.judge ? this.#startProcesses(url) : this.#startInProcess());
  }

  async #startInProcess() {
    return await startWorkers({
      connection: this.temporal.nativeConnection,
      namespace: this.temporal.namespace,
      workflowBundle: { codePath: workflowBundlePath },
      onSweepFailed: () => {},
      deps: {
        ...this.systems(),
        ledger: this.ledger,
        client: this.temporal.client,
        installation: this.installation,
        timing: timingOf(this.options),
        definitions: new Map(),
        ...(this.options.judge && { judge: this.options.judge }),
      },
    });
  }

  async #startProcesses(databaseUrl: string) {
    return await startWorkerProcesses({
      count: workerProcesses,
      timing: timingOf(this.options),
      requestTimeoutMs: this.systems().requestTimeoutMs,
      env: {
        TANDEM_INSTALLATION: this.installation,
        TANDEM_LISTEN: '127.0.0.1:0',
        DATABASE_URL: databaseUrl,
        TEMPORAL_ADDRESS: this.temporal.address,
        TEMPORAL_NAMESPACE: this.temporal.namespace,
        HUBSPOT_BASE_URL: this.urls.hubspot,
        HUBSPOT_ACCESS_TOKEN: this.hubspot.accessToken,
        SALESFORCE_LOGIN_URL: this.urls.salesforce,
        SALESFORCE_CLIENT_ID: 'sandbox',
        SALESFORCE_CLIENT_SECRET: 'sandbox',
      },
    });
  }

  async stopWorkers(): Promise<void> {
    await this.#workers?.stop();
    this.#workers = undefined;
  }

  /** Applies settings and waits until each watch has its baseline. */
  async apply(yaml: string): Promise<void> {
    const before = await Promise.all(systems.map((system) => this.#pollStatus(system)));
    const result = await this.tandem.applySettings(yaml);
    expect('problems' in result ? result.problems : []).toEqual([]);
    expect(result).toMatchObject({ applied: true });
    // Applying polls at once: what that finds is not what the test does next.
    for (const [i, system] of systems.entries()) {
      await until(async () => {
        const now = await this.#pollStatus(system);
        return now && now.state === 'resting' && now.rounds > (before[i]?.rounds ?? 0);
      });
    }
    const { settings } = (await this.ledger.settings.current()) ?? {};
    const segments = Object.values(settings?.objects ?? {}).flatMap(({ segments: s }) => [...s.include, ...s.exclude]);
    for (const id of segments) await until(async () => (await this.ledger.segments.get(id))?.state);
  }

  /** Undefined before the first settings. */
  async #pollStatus(system: System): Promise<WatchStatus | undefined> {
    try {
      const { workflow } = this.temporal.client;
      return await workflow.getHandle(pollChangesId(this.installation, system)).query(watchStatusQuery);
    } catch {
      return undefined;
    }
  }

  /** Waits until no record is being synced: what polls found before has come to its end. */
  async atRest(): Promise<void> {
    const types = '("recordSync", "catchUp")';
    const query = `TaskQueue STARTS_WITH "${this.installation}/" AND WorkflowType IN ${types} AND ExecutionStatus = "Running"`;
    await until(async () => (await this.temporal.client.workflow.count(query)).count === 0);
  }

  /** Waits for two whole rounds of both polls: whatever there was to see has been seen. */
  async twoMorePolls(): Promise<void> {
    for (const system of ['hubspot', 'salesforce'] as const) {
      const handle = this.temporal.client.workflow.getHandle(pollChangesId(this.installation, system));
      const { rounds } = await handle.query(watchStatusQuery);
      await until(async () => (await handle.query(watchStatusQuery)).rounds >= rounds + 2);
    }
  }

  ref(system: System, id: string): RecordRef {
    return { system, object: 'contacts', id };
  }

  /** The newest decision about a record, once it rests on a read at or after this stamp of its own system. */
  async decided(ref: RecordRef, since: string | number = 0): Promise<LatestDecision> {
    return await until(async () => {
      const decision = (await this.ledger.decisions.latest([ref])).get(refKey(ref));
      const isSeen = decision?.changedAt !== undefined && Date.parse(decision.changedAt) >= new Date(since).getTime();
      return isSeen ? decision : undefined;
    });
  }

  /** The same, once the record does not wait (any more). */
  async decidedFor(ref: RecordRef, since?: string | number): Promise<LatestDecision> {
    return await until(async () => {
      const decision = await this.decided(ref, since);
      return decision.outcome.kind !== 'waiting' && decision;
    });
  }

  async close(): Promise<void> {
    const { client } = this.temporal;
    await this.stopWorkers();
    await terminateAll(client, this.installation);
    await this.ledger.close();
    await this.#database.drop();
    await this.temporal.close();
    await this.closeVendors();
  }
}

type Database = Awaited<ReturnType<typeof freshDatabase>>;

const timingOf = ({ timing }: WorldOptions): Timing => ({
  ...defaultTiming,
  gatherMs: 50,
  syncMs: 20_000,
  lookMs: 200,
  ...timing,
});

/** A little less than a test may take, so that a wait that never ends says which one it is. */
const longestWaitMs = 280_000;

/** Asks until there is an answer; throws where none comes. */
export async function until<T>(ask: () => Promise<T | undefined | null | false>): Promise<T> {
  const never = new Error(`This never came true: ${ask.toString()}`);
  const end = performance.now() + longestWaitMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw never;
}

/** Makes a world before the first test of a `describe`, or of the file, and ends it after the last one. */
export function useWorld(
  prepare: (world: World) => Promise<void> = async () => {},
  options?: WorldOptions,
): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await World.create(options);
    await prepare(world);
  }, 300_000);
  afterAll(async () => await world?.close(), 300_000);
  return () => {
    if (!world) throw new Error('The world is made before the first test.');
    return world;
  };
}
