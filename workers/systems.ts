import type { Engine } from '../activities/engine.ts';
import { createHubSpot } from '../crm/hubspot/index.ts';
import { createSalesforce } from '../crm/salesforce/index.ts';
import type { ConnectedEnvironment } from './environment.ts';

/** The longest a vendor may take for one request, in milliseconds. */
export const requestTimeoutMs = 15_000;

export type Systems = Pick<Engine, 'hubspot' | 'salesforce'>;

/** The adapters of both systems, by the credentials of the environment. Asks nothing yet. */
export function connectSystems({ hubspot, salesforce }: ConnectedEnvironment, timeoutMs = requestTimeoutMs): Systems {
  const { auth } = salesforce;
  return {
    hubspot: createHubSpot({
      baseUrl: hubspot.baseUrl,
      accessToken: hubspot.accessToken.reveal(),
      requestTimeoutMs: timeoutMs,
    }),
    salesforce: createSalesforce({
      loginUrl: salesforce.loginUrl,
      auth:
        auth.kind === 'clientCredentials'
          ? { clientId: auth.clientId, clientSecret: auth.clientSecret.reveal() }
          : { clientId: auth.clientId, username: auth.username, privateKey: auth.privateKey.reveal() },
      requestTimeoutMs: timeoutMs,
    }),
  };
}
