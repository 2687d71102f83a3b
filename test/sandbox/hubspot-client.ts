import { Client } from '@hubspot/api-client';
import { z } from 'zod';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { type Host, serve } from '../../sandbox/common/host.ts';
import {
  createHubSpotSandbox,
  type HubSpotSandbox,
  type HubSpotSandboxOptions,
} from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { checkedDoor } from '../contracts/contract.ts';
import { hubspotContract } from '../contracts/hubspot.ts';
import { errorBody } from '../contracts/hubspot-answers.ts';

/** A sandbox on a socket, HubSpot's own client before it, and a clock that stands still until it is moved. */
export interface Stage {
  readonly sandbox: HubSpotSandbox;
  readonly client: Client;
  readonly time: ManualTime;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a stage with evaluation by hand. */
export async function startStage(options: HubSpotSandboxOptions = {}): Promise<Stage> {
  const time = new ManualTime();
  const sandbox = createHubSpotSandbox({ clock: time, timers: time, ...options });
  sandbox.setEvaluation({ manual: true });
  const host: Host = await serve(checkedDoor(sandbox, hubspotContract));
  return {
    sandbox,
    time,
    url: host.url,
    client: new Client({ accessToken: sandbox.accessToken, basePath: host.url, numberOfApiCallRetries: 0 }),
    close: () => {
      sandbox.stop();
      return host.close();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What HubSpot sends is whatever the test says it is: each test parses it with a schema of its own.
  readonly body: unknown;
}

/** A call as the client's `apiRequest` makes it, which shows every status and body as it is. */
export async function call(stage: Stage, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await stage.client.apiRequest({ method, path, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** Adds a unique text property to contacts, as an integration's set-up does. */
export async function createUniqueProperty(stage: Stage, name: string): Promise<void> {
  const { status } = await call(stage, 'POST', '/crm/v3/properties/contacts', {
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'contactinformation',
    hasUniqueValue: true,
  });
  if (status !== 201) throw new Error(`Creating property ${name} was answered with ${status}.`);
}

/** Status and body of a refusal that HubSpot's client threw. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: number; body: z.output<typeof errorBody> }> {
  try {
    await call;
  } catch (error) {
    const { code, body } = z.object({ code: z.number(), body: z.unknown() }).parse(error);
    return { code, body: errorBody.parse(body) };
  }
  throw new Error('The call was expected to be refused, and was not.');
}

/** A definition that lets a record pass when one PROPERTY filter does. */
export function oneFilter(property: string, operation: Record<string, unknown>) {
  return rootOf([{ filterType: 'PROPERTY', property, operation }]);
}

/** A definition that lets a record pass when all filters do. */
export function rootOf(filters: readonly unknown[]) {
  return { filterBranchType: 'OR', filters: [], filterBranches: [{ filterBranchType: 'AND', filters }] };
}

export const isCustomer = oneFilter('lifecyclestage', {
  operationType: 'ENUMERATION',
  operator: 'IS_ANY_OF',
  values: ['customer'],
});
