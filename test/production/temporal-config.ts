/** Where the server's PostgreSQL is. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** The two databases of a Temporal server, and where the SQL tool has their schemas. */
export const temporalDatabases = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
} as const;

const services = ['frontend', 'history', 'matching', 'worker'] as const;
/** Two for each service (gRPC, membership), and one for the frontend's HTTP. */
export const portsNeeded = 2 * services.length + 1;

/**
 * The server's configuration: one node on 127.0.0.1, history and visibility on PostgreSQL, all else as the server has it
 * by default. `ports[0]` is where clients connect.
 */
export function temporalConfig(database: DatabaseServer, ports: readonly number[]): unknown {
  const port = (i: number): number => ports[i] ?? 0;
  const sql = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${database.host}:${database.port}`,
      connectProtocol: 'tcp',
      user: database.user,
      password: database.password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 4, // enough for one machine; can never be changed, so a real installation takes 512
      datastores: { default: sql('temporal', 20), visibility: sql('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      services.map((name, i) => {
        const http = name === 'frontend' ? { httpPort: port(2 * services.length) } : {};
        return [
          name,
          { rpc: { grpcPort: port(2 * i), membershipPort: port(2 * i + 1), bindOnIP: '127.0.0.1', ...http } },
        ];
      }),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${port(0)}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
  };
}
