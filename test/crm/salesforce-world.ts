import { createSalesforce } from '../../crm/index.ts';
import { ManualTime, systemTimers } from '../../sandbox/common/clock.ts';
import { serve } from '../../sandbox/common/host.ts';
import { createSalesforceSandbox, type SalesforceSandboxOptions } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { checkedDoor, sampled } from '../contracts/contract.ts';
import { salesforceContract } from '../contracts/salesforce.ts';
import type { Intercept } from './intercept.ts';

export const keyField = 'Tandem_HubSpot_Id__c';

/** A sandbox on a port of its own, with our external id field, and the adapter that talks to it. */
export async function salesforceWorld(options: SalesforceSandboxOptions = {}) {
  const time = new ManualTime();
  const sandbox = createSalesforceSandbox({ clock: time, timers: systemTimers, ...options });
  for (const object of ['Contact', 'Lead']) {
    sandbox.addField({ object, name: keyField, type: 'text', length: 32, externalId: true, unique: true });
  }
  const door = checkedDoor(sandbox, salesforceContract, sampled);
  let between: Intercept = (request, answer) => answer(request);
  const answer = async (request: Request) => await door.fetch(request);
  const host = await serve({ fetch: (request) => between(request, answer) });
  const auth = { clientId: 'sandbox', clientSecret: 'sandbox' };
  const { reader, writer } = createSalesforce({ loginUrl: host.url, auth, requestTimeoutMs: 5_000 });
  /** Calls so far of the routes that hold a text. */
  const calls = (part: string): number =>
    Object.entries(sandbox.traffic.report().calls)
      .filter(([route]) => route.includes(part))
      .reduce((sum, [, count]) => sum + count, 0);
  const intercept = (next: Intercept) => {
    between = next;
  };
  return { time, sandbox, host, reader, writer, calls, intercept, close: () => host.close() };
}
