import './no-proxy.ts';
import { Connection } from 'jsforce';
import type { z } from 'zod';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { serve } from '../../sandbox/common/host.ts';
import { createSalesforceSandbox, type SalesforceSandboxOptions } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { checkedDoor } from '../contracts/contract.ts';
import { salesforceContract } from '../contracts/salesforce.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** An org behind HTTP with a clock that stands still, and jsforce connected to it. Close it after the test. */
export async function openOrg(options: SalesforceSandboxOptions = {}) {
  const time = new ManualTime();
  const sandbox = createSalesforceSandbox({ clock: time, ...options });
  const host = await serve(checkedDoor(sandbox, salesforceContract));
  const oauth2 = { clientId: 'sandbox', clientSecret: 'sandbox', loginUrl: host.url };
  const connection = new Connection({ version: '67.0', oauth2 });
  await connection.authorize({ grant_type: 'client_credentials' });

  const call = async (
    method: string,
    path: string,
    more: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> => {
    const response = await fetch(path.startsWith('/_') ? host.url + path : `${host.url}/services/data/v67.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${connection.accessToken}`,
        ...(more.body !== undefined && { 'content-type': 'application/json' }),
        ...more.headers,
      },
      ...(more.body !== undefined && { body: JSON.stringify(more.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

  return {
    time,
    sandbox,
    url: host.url,
    connection,
    /** A call without a client library, relative to `/services/data/v67.0` or under `/_sandbox`. */
    call,
    close: () => host.close(),
    /** As an administrator adds it. */
    addKey: (object: string) =>
      sandbox.addField({
        object,
        name: 'Tandem_HubSpot_Id__c',
        type: 'text',
        length: 32,
        externalId: true,
        unique: true,
      }),
  };
}

export type Org = Awaited<ReturnType<typeof openOrg>>;

/** Reads an answer by the documented form; fails with the schema's own words. */
export const as = <T extends z.ZodType>(schema: T, value: unknown): z.output<T> => schema.parse(value);

/** What a promise is rejected with; fails where it is not. */
export async function refusalOf(promise: PromiseLike<unknown>) {
  const outcome = await Promise.allSettled([promise]);
  if (outcome[0].status === 'fulfilled') throw new Error('expected a refusal');
  return outcome[0].reason as { name: string; errorCode?: string; message: string; data?: unknown };
}
