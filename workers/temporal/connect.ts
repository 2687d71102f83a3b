import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { messageOf } from '../caught.ts';
import { connectionProblem } from '../ports.ts';
import { StartError } from '../start-error.ts';

const connectTimeoutMs = 5_000;

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: NativeConnectionOptions;
}

/** Where Temporal is, by the SDK's standard environment variables and `temporal.toml`. Connects to nothing. */
export function temporalTarget(env: NodeJS.ProcessEnv): TemporalTarget {
  try {
    const overrideEnvVars = Object.fromEntries(Object.entries(env).flatMap(([k, v]) => (v ? [[k, v]] : [])));
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
    const address = connectionOptions.address ?? 'localhost:7233';
    return { address, namespace: namespace ?? 'default', connectionOptions: { ...connectionOptions, address } };
  } catch (error) {
    const reason = messageOf(error);
    throw new StartError(
      `The configuration of Temporal can't be read (${reason}): check temporal.toml and TEMPORAL_*.`,
    );
  }
}

/** A client for that server, connected, and the way to close it. Throws a `StartError` where nothing answers. */
export async function connectTemporal(
  env: NodeJS.ProcessEnv,
): Promise<TemporalTarget & { readonly client: Client; close(): Promise<void> }> {
  const target = temporalTarget(env);
  const { connectionOptions, namespace } = target;
  const connection = await reached(target, () =>
    Connection.connect({ ...connectionOptions, connectTimeout: connectTimeoutMs }),
  );
  return { ...target, client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** The connection that workers need. Throws a `StartError` where nothing answers. */
export function connectWorker(env: NodeJS.ProcessEnv): Promise<NativeConnection> {
  const target = temporalTarget(env);
  return reached(target, () => NativeConnection.connect(target.connectionOptions));
}

async function reached<T>({ address }: TemporalTarget, connect: () => Promise<T>): Promise<T> {
  // Asked before the SDK, which would try again for as long as its time limit lasts and then not say why.
  const problem = usesProxy() ? undefined : await connectionProblem(...hostAndPort(address), connectTimeoutMs);
  if (problem) throw unreachable(address, problem);
  try {
    return await connect();
  } catch (error) {
    throw unreachable(address, messageOf(error));
  }
}

const unreachable = (address: string, reason: string): StartError =>
  new StartError(
    `Temporal does not answer at ${address} (${reason}): check that it runs there, and TEMPORAL_ADDRESS (with TEMPORAL_TLS and TEMPORAL_API_KEY where it wants them).`,
  );

/** gRPC follows these variables of its own process. */
const usesProxy = (): boolean =>
  ['grpc_proxy', 'https_proxy', 'http_proxy'].some((name) => process.env[name] || process.env[name.toUpperCase()]);

function hostAndPort(address: string): [string, number] {
  const { hostname, port } = new URL(`tcp://${address}`);
  return [hostname.replace(/^\[|\]$/g, ''), Number(port || 7233)];
}
