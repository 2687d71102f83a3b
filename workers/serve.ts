import { type ServerType, serve as serveHttp } from '@hono/node-server';
import { DefaultLogger, Runtime, type LogLevel as TemporalLogLevel } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import { type Ledger, openLedger } from '../ledger/index.ts';
import { defaultTiming, type Timing } from '../workflows/messages.ts';
import { ensureApiToken } from './api-token.ts';
import { codeOf, messageOf } from './caught.ts';
import { type ConnectedEnvironment, readEnvironment } from './environment.ts';
import { createHttpService } from './http-service.ts';
import type { RunningPart } from './parts.ts';
import { StartError } from './start-error.ts';
import { connectSystems, requestTimeoutMs, type Systems } from './systems.ts';
import { connectTemporal, connectWorker } from './temporal/connect.ts';
import { ensureSearchAttributes } from './temporal/search-attributes.ts';
import { startWorkers, type WorkerParts } from './worker.ts';

export interface ServeOptions {
  /** The process's environment: Tandem's variables and Temporal's. */
  readonly env: NodeJS.ProcessEnv;
  readonly roles?: readonly ('worker' | 'service')[];
  readonly timing?: Timing;
  readonly workflowBundle?: WorkerParts['workflowBundle'];
}

/**
 * Starts what `tandem serve` runs: the ledger, both workers and the HTTP service, in one process. Where a part can't
 * start, those before it are stopped, and the reason is thrown: a `StartError` where a sentence says what to do.
 */
export async function startServe(options: ServeOptions): Promise<RunningPart> {
  const { env, roles = ['worker', 'service'], timing = defaultTiming } = options;
  const environment = readEnvironment(env, 'connected');
  const log = pino({ level: environment.logLevel, name: environment.installation });
  quietTemporal(environment.logLevel === 'trace' || environment.logLevel === 'debug' ? 'DEBUG' : 'WARN', log);

  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const systems = connectSystems(environment);
    const ledger = await openLedgerOf(environment, systems);
    stops.push(() => ledger.close());
    const temporal = await connectTemporal(env);
    stops.push(() => temporal.close());
    await ensureSearchAttributes(temporal.client.connection, temporal.namespace);

    const addresses: Record<string, string> = {};
    let failed: Promise<Error> | undefined;
    if (roles.includes('worker')) {
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
      const workers = await startWorkers({
        connection,
        namespace: temporal.namespace,
        deps,
        onSweepFailed: (error) => log.warn({ reason: messageOf(error) }, 'The sweep of expired leases failed.'),
        ...(options.workflowBundle ? { workflowBundle: options.workflowBundle } : {}),
      });
      stops.push(() => workers.stop());
      failed = workers.ended.then(
        () => new Error('The worker ended.'),
        (error: unknown) => new Error(`The worker failed: ${messageOf(error)}`),
      );
      addresses['Worker'] = `${installation}/live and ${installation}/bulk`;
    }
    if (roles.includes('service')) {
      const service = await startService(environment, ledger, systems, log);
      stops.push(service.stop);
      addresses['Tandem'] = service.url;
    }
    return {
      addresses,
      env: { TANDEM_URL: addresses['Tandem'] ?? environment.url },
      stop,
      ...(failed ? { failed } : {}),
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

async function startService(
  environment: ConnectedEnvironment,
  ledger: Ledger,
  systems: Systems,
  log: Logger,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const app = createHttpService({
    installation: environment.installation,
    ledger,
    token: ensureApiToken(environment),
    ready: async () => {
      try {
        await ledger.ping();
        return [];
      } catch {
        return ['The ledger does not answer.'];
      }
    },
    segments: (typeId) => systems.hubspot.reader.listSegments(typeId),
    log: (error) => log.error({ reason: messageOf(error) }, 'A request failed.'),
  });
  const { hostname, port } = new URL(environment.url);
  const server = await listen(app.fetch, hostname, Number(port || 80));
  const bound = server.address();
  const actual = typeof bound === 'object' && bound ? bound.port : Number(port);
  return {
    url: `http://${hostname}:${actual}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function listen(fetch: Parameters<typeof serveHttp>[0]['fetch'], hostname: string, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serveHttp({ fetch, hostname, port }, () => resolve(server));
    server.once('error', (error) =>
      reject(
        new StartError(
          `The HTTP service can't listen on ${hostname}:${port} (${codeOf(error) ?? messageOf(error)}): stop what uses that port, or set TANDEM_URL to another address of this machine.`,
        ),
      ),
    );
  });
}

/** Temporal's own log goes where ours goes; a runtime that is there already (tests) stays. */
function quietTemporal(level: TemporalLogLevel, log: Logger): void {
  try {
    const logger = new DefaultLogger(level, ({ level: at, message }) => log.info({ at }, message));
    Runtime.install({
      logger,
      telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
    });
  } catch {
    log.debug('The Temporal runtime was installed before.');
  }
}
