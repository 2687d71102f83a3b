import { TandemApi } from '../client/api.ts';
import type { Tandem } from '../client/tandem.ts';
import { findApiToken } from '../workers/api-token.ts';
import { readEnvironment } from '../workers/environment.ts';
import type { SetUpSystems } from '../workers/set-up.ts';
import { withStackVariables } from '../workers/stack-variables.ts';

/** What commands reach: Tandem's HTTP API, and Temporal by the client library. */
export interface Services {
  api(): TandemApi;
  /** Connects for as long as the work takes. */
  withTandem<T>(work: (tandem: Tandem) => Promise<T>): Promise<T>;
  /** HubSpot and Salesforce themselves, for what is done before anything runs. */
  systems(): Promise<SetUpSystems>;
}

/**
 * The installation that the environment leads to; where nothing leads elsewhere, the local stack of the data folder.
 * Reads the environment when something is asked for, so that commands which need nothing work without.
 */
export function servicesOf(processEnv: NodeJS.ProcessEnv): Services {
  const environment = () => {
    const env = withStackVariables(processEnv);
    return { env, ...readEnvironment(env) };
  };
  const api = () => {
    const { url, ...source } = environment();
    return new TandemApi({ url, token: findApiToken(source)?.reveal() ?? '' });
  };
  return {
    api,
    systems: async () => {
      const { connectSystems } = await import('../workers/systems.ts');
      const { hubspot, salesforce } = connectSystems(readEnvironment(withStackVariables(processEnv), 'connected'));
      return { hubspot: hubspot.reader, salesforce: salesforce.reader };
    },
    withTandem: async (work) => {
      const { env, installation } = environment();
      // Loaded here, since the clients of Temporal take a second that most commands need not wait.
      const [{ connectTemporal }, { Tandem }] = await Promise.all([
        import('../workers/temporal/connect.ts'),
        import('../client/tandem.ts'),
      ]);
      const { client, close } = await connectTemporal(env);
      try {
        return await work(new Tandem({ temporal: client, api: api(), installation }));
      } finally {
        await close();
      }
    },
  };
}
