import { Runtime } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import { type HandOver, handOver, segmentReevaluated } from '../activities/hand-over.ts';
import { refKey } from '../core/record-ref.ts';
import { type Ledger, openLedger } from '../ledger/index.ts';
import { defaultTiming, type Timing } from '../workflows/messages.ts';
import { ensureApiToken } from './api-token.ts';
import { messageOf } from './caught.ts';
import { type ConnectedEnvironment, type LogLevel, readEnvironment } from './environment.ts';
import { healthRoutes } from './health-routes.ts';
import { createHttpService } from './http-service.ts';
import { listen, listenAddress } from './listen.ts';
import type { RunningPart } from './parts.ts';
import { problemsOf } from './readiness.ts';
import { connectSystems, requestTimeoutMs as defaultRequestTimeoutMs, type Systems } from './systems.ts';
import { connectTemporal, connectWorker } from './temporal/connect.ts';
import { temporalLogger } from './temporal/log.ts';
import { ensureSearchAttributes } from './temporal/search-attributes.ts';
import type { WebhookDeps } from './webhook-routes.ts';
import { type RunningWorkers, startWorkers, type WorkerParts } from './worker.ts';

export interface ServeOptions {
  /** The process's environment: Tandem's variables and Temporal's. */
  readonly env: NodeJS.ProcessEnv;
  /** Left out: both, in one process. */
  readonly role?: 'worker' | 'service';
  readonly timing?: Timing;
  /** The longest that a vendor may take for one request. */
  readonly requestTimeoutMs?: number;
  readonly workflowBundle?: WorkerParts['workflowBundle'];
}

/**
 * Starts what `tandem serve` runs: the ledger, both workers and the HTTP service, in one process; or one of the two,
 * beside others on the same ledger. Where a part can't start, those before it are stopped, and the reason is thrown: a
 * `StartError` where a sentence says what to do. Stopping lets what runs end, and closes the ledger last.
 */
export async function startServe(options: ServeOptions): Promise<RunningPart> {
  const { env, role, timing = defaultTiming } = options;
  const { requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const environment = readEnvironment(env, role ? 'shared' : 'connected');
  const log = pino({ level: environment.logLevel, name: environment.installation });

  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) {
      await step().catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'A part did not stop well.'));
    }
  };
  try {
    const systems = connectSystems(environment, requestTimeoutMs);
    const ledger = await openLedgerOf(environment, systems);
    stops.push(() => ledger.close());
    const temporal = await connectTemporal(env);
    stops.push(() => temporal.close());
    await ensureSearchAttributes(temporal.client.connection, temporal.namespace);

    const addresses: Record<string, string> = {};
    let workers: RunningWorkers | undefined;
    if (role !== 'service') {
      stops.push(installRuntime(environment.logLevel, log));
      const connection = await connectWorker(env);
      stops.push(() => connection.close());
      const { installation } = environment;
      const deps = {
        ...systems,
        ledger,
        client: temporal.client,
        installation,
        timing,
        definitions: new Map(),
        requestTimeoutMs,
      };
      workers = await startWorkers({
        connection,
        namespace: temporal.namespace,
        deps,
        onSweepFailed: (error) => log.warn({ reason: messageOf(error) }, 'The sweep of expired leases failed.'),
        ...(options.workflowBundle ? { workflowBundle: options.workflowBundle } : {}),
      });
      stops.push(workers.stop);
      addresses['Worker'] = `${installation}/live and ${installation}/bulk`;
    }
    const health = {
      ready: () => problemsOf({ ledger, temporal: temporal.client.connection, workers }),
      log: (error: unknown) => log.error({ reason: messageOf(error) }, 'A request failed.'),
    };
    if (role === 'worker') {
      const address = listenAddress('worker', environment);
      const { port, stop } = await listen(healthRoutes(health).fetch, address, otherPort('TANDEM_LISTEN'));
      stops.push(stop);
      addresses['Health'] = `http://${address.host}:${port}/health/ready`;
    } else {
      const app = createHttpService({
        ...health,
        installation: environment.installation,
        ledger,
        token: ensureApiToken(environment),
        hubspot: systems.hubspot.reader,
        salesforce: systems.salesforce.reader,
        webhooks: await webhooksOf(environment, systems, { ledger, client: temporal.client, timing }, health.log),
      });
      const address = listenAddress('service', environment);
      const { port, stop } = await listen(app.fetch, address, otherPort('TANDEM_URL (or TANDEM_LISTEN)'));
      stops.push(stop);
      addresses['Tandem'] = environment.listen ? environment.url : `http://${address.host}:${port}`;
    }
    return {
      addresses,
      env: { TANDEM_URL: addresses['Tandem'] ?? environment.url },
      stop,
      ...(workers ? { failed: failureOf(workers) } : {}),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Opens the ledger and refuses one that belongs to other accounts than the credentials. */
async function openLedgerOf({ databaseUrl, dataDir }: ConnectedEnvironment, systems: Systems): Promise<Ledger> {
  const ledger = await openLedger(databaseUrl ? { databaseUrl: databaseUrl.reveal() } : { dataDir });
  try {
    const [{ portalId }, { orgId }] = await Promise.all([
      systems.hubspot.reader.account(),
      systems.salesforce.reader.account(),
    ]);
    await ledger.identity.bind(portalId, orgId);
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** How HubSpot's notices are taken; undefined without the secret that they are checked by. */
async function webhooksOf(
  { hubspot, publicUrl, installation }: ConnectedEnvironment,
  systems: Systems,
  parts: Omit<HandOver, 'installation'>,
  log: (error: unknown) => void,
): Promise<WebhookDeps | undefined> {
  const { clientSecret: secret, signatures: accepts } = hubspot;
  if (!secret) return undefined;
  const to = { ...parts, installation };
  const { portalId } = await systems.hubspot.reader.account();
  return {
    secret,
    publicUrl,
    accepts,
    portalId,
    handOver: (changes) => handOver(to, changes),
    segmentReevaluated: (segmentId, ref) =>
      segmentReevaluated(to, segmentId, [{ ref, waiters: [refKey(ref)] }], new Date().toISOString()),
    nowMs: () => Date.now(),
    log,
  };
}

const otherPort = (variable: string): string =>
  `stop what uses that port, or set ${variable} to another address of this machine`;

const failureOf = ({ ended }: RunningWorkers): Promise<Error> =>
  ended.then(
    () => new Error('The worker ended.'),
    (error: unknown) => new Error(`The worker failed: ${messageOf(error)}`),
  );

/**
 * Sets up the native part of Temporal's SDK: its log goes where ours goes, and signals are left to this process. One that
 * is there already (tests) stays. Answers how to end it, since it keeps the process alive.
 */
function installRuntime(logLevel: LogLevel, log: Logger): () => Promise<void> {
  const level = logLevel === 'trace' || logLevel === 'debug' ? 'DEBUG' : 'WARN';
  const logger = temporalLogger(level, log);
  const logging = { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } as const;
  try {
    const runtime = Runtime.install({ logger, telemetryOptions: { logging }, shutdownSignals: [] });
    return () => runtime.shutdown();
  } catch {
    log.debug('The Temporal runtime was installed before.');
    return async () => {};
  }
}
