import { createHubSpot } from '../../crm/index.ts';
import { ManualTime, systemTimers } from '../../sandbox/common/clock.ts';
import { serve } from '../../sandbox/common/host.ts';
import { createHubSpotSandbox, type HubSpotSandboxOptions } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { checkedDoor, sampled } from '../contracts/contract.ts';
import { hubspotContract } from '../contracts/hubspot.ts';
import type { Intercept } from './intercept.ts';

/** A sandbox on a port of its own, and the adapter that talks to it. Lists are evaluated only when a test says so. */
export async function hubspotWorld(options: HubSpotSandboxOptions = {}) {
  const time = new ManualTime();
  const sandbox = createHubSpotSandbox({ clock: time, timers: systemTimers, evaluationDelayMs: 3_600_000, ...options });
  const door = checkedDoor(sandbox, hubspotContract, sampled);
  let between: Intercept = (request, answer) => answer(request);
  const answer = async (request: Request) => await door.fetch(request);
  const host = await serve({ fetch: (request) => between(request, answer) });
  const access = { baseUrl: host.url, accessToken: sandbox.accessToken, requestTimeoutMs: 5_000 };
  /** Calls so far of the routes that hold a text. */
  const calls = (part: string): number =>
    Object.entries(sandbox.traffic.report().calls)
      .filter(([route]) => route.includes(part))
      .reduce((sum, [, count]) => sum + count, 0);
  const intercept = (next: Intercept) => {
    between = next;
  };
  const close = async () => {
    sandbox.stop();
    await host.close();
  };
  return { time, sandbox, host, access, ...createHubSpot(access), calls, intercept, close };
}
