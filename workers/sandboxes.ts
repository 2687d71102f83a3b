import { type Host, serve } from '../sandbox/common/host.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox, type SalesforceSandbox } from '../sandbox/salesforce/salesforce-sandbox.ts';
import { seedWorld } from '../sandbox/world/world.ts';
import { codeOf, messageOf } from './caught.ts';
import type { RunningPart } from './parts.ts';
import { StartError } from './start-error.ts';

/** `strict` refuses what goes over the vendors' own limits of calls; `unlimited` takes any number. */
export const sandboxProfiles = ['strict', 'unlimited'] as const;
export type SandboxProfile = (typeof sandboxProfiles)[number];

export interface SandboxesOptions {
  /** Left out: a free one. */
  readonly hubspotPort?: number | undefined;
  readonly salesforcePort?: number | undefined;
  readonly profile?: SandboxProfile | undefined;
  /** From a change to the evaluation of the segments that it touches. */
  readonly evaluationDelayMs?: number | undefined;
  /** People to begin with: this many contacts in HubSpot, as many leads and contacts in Salesforce. Left out: none. */
  readonly records?: number | undefined;
  /** The same seed makes the same people. */
  readonly seed?: number | undefined;
}

export interface Sandboxes extends RunningPart {
  readonly hubspot: HubSpotSandbox;
  readonly salesforce: SalesforceSandbox;
  /** Credentials and addresses, as Tandem's environment names them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts both sandboxes on 127.0.0.1. Throws a `StartError` where a port is taken, with neither left running. */
export async function startSandboxes(options: SandboxesOptions = {}): Promise<Sandboxes> {
  const { profile = 'strict', evaluationDelayMs } = options;
  const hubspot = createHubSpotSandbox(evaluationDelayMs === undefined ? {} : { evaluationDelayMs });
  const salesforce = createSalesforceSandbox(profile === 'strict' ? {} : { dailyLimit: Number.MAX_SAFE_INTEGER });
  if (profile === 'strict') hubspot.setLimits('professional');
  seedWorld({
    hubspot: { createContact: (properties) => hubspot.people.create('contacts', properties).id },
    salesforce: { create: (type, fields) => salesforce.people.create(type, fields) },
    seed: options.seed ?? 1,
    records: options.records ?? 0,
  });

  const hubspotHost = await listen('HubSpot', hubspot.door, options.hubspotPort, '--hubspot-port');
  let salesforceHost: Host;
  try {
    salesforceHost = await listen('Salesforce', salesforce.door, options.salesforcePort, '--salesforce-port');
  } catch (error) {
    hubspot.stop();
    await hubspotHost.close();
    throw error;
  }
  return {
    hubspot,
    salesforce,
    addresses: { 'HubSpot sandbox': hubspotHost.url, 'Salesforce sandbox': salesforceHost.url },
    env: {
      HUBSPOT_BASE_URL: hubspotHost.url,
      HUBSPOT_ACCESS_TOKEN: hubspot.accessToken,
      SALESFORCE_LOGIN_URL: salesforceHost.url,
      SALESFORCE_CLIENT_ID: 'sandbox',
      SALESFORCE_CLIENT_SECRET: 'sandbox',
    },
    stop: async () => {
      hubspot.stop();
      await Promise.all([hubspotHost.close(), salesforceHost.close()]);
    },
  };
}

async function listen(name: string, door: Parameters<typeof serve>[0], port = 0, option: string): Promise<Host> {
  try {
    return await serve(door, port);
  } catch (error) {
    throw new StartError(
      `The ${name} sandbox can't listen on port ${port} (${codeOf(error) ?? messageOf(error)}): stop what uses it, or choose another with ${option}.`,
    );
  }
}
