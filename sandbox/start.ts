import { type Host, serve } from './common/host.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from './hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox, type SalesforceSandbox } from './salesforce/salesforce-sandbox.ts';
import { type Inhabitant, seedWorld } from './world/world.ts';

export interface SandboxesOptions {
  /** Left out or 0: a free one. */
  readonly hubspotPort?: number;
  readonly salesforcePort?: number;
  /** The same seed and number give the same world. Default: 1. */
  readonly seed?: number;
  /** How many people each side begins with. Default: none. */
  readonly records?: number;
  readonly evaluationDelayMs?: number;
}

export interface Sandboxes {
  readonly hubspot: { readonly url: string; readonly sandbox: HubSpotSandbox };
  readonly salesforce: { readonly url: string; readonly sandbox: SalesforceSandbox };
  readonly inhabitants: readonly Inhabitant[];
  close(): Promise<void>;
}

/** Starts both sandboxes on 127.0.0.1, with people in them. Rejects where a port is taken, and leaves nothing running. */
export async function startSandboxes(options: SandboxesOptions = {}): Promise<Sandboxes> {
  const { evaluationDelayMs } = options;
  const hubspot = createHubSpotSandbox(evaluationDelayMs === undefined ? {} : { evaluationDelayMs });
  const salesforce = createSalesforceSandbox();
  const hosts: Host[] = [];
  const close = async () => {
    hubspot.stop();
    await Promise.all(hosts.map((host) => host.close()));
  };
  try {
    const inhabitants = populate(hubspot, salesforce, options);
    const hubspotHost = await serve(hubspot.door, options.hubspotPort);
    hosts.push(hubspotHost);
    const salesforceHost = await serve(salesforce.door, options.salesforcePort);
    hosts.push(salesforceHost);
    return {
      hubspot: { url: hubspotHost.url, sandbox: hubspot },
      salesforce: { url: salesforceHost.url, sandbox: salesforce },
      inhabitants,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Fills two sandboxes, as their people would. */
export function populate(
  hubspot: HubSpotSandbox,
  salesforce: SalesforceSandbox,
  { seed = 1, records = 0 }: { readonly seed?: number; readonly records?: number },
): readonly Inhabitant[] {
  const createContact = (properties: Readonly<Record<string, string>>) =>
    hubspot.people.create('contacts', properties).id;
  return seedWorld({ hubspot: { createContact }, salesforce: salesforce.people, seed, records });
}
