import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSalesforce } from '../../crm/index.ts';
import { Session } from '../../crm/salesforce/session.ts';
import { systemClock } from '../../sandbox/common/clock.ts';
import type { SalesforceSandboxOptions } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { salesforceWorld } from './salesforce-world.ts';

let world: Awaited<ReturnType<typeof salesforceWorld>> | undefined;
const open = async (options?: SalesforceSandboxOptions) => {
  world = await salesforceWorld(options);
  return world;
};
afterEach(async () => {
  await world?.close();
  world = undefined;
});
const access = { requestTimeoutMs: 5_000, auth: { clientId: 'sandbox', clientSecret: 'sandbox' } };

describe('tokens', () => {
  test('however many calls begin at once, one token is requested', async () => {
    const { reader, calls } = await open();
    await Promise.all(Array.from({ length: 20 }, () => reader.count('Contact')));
    expect(calls('oauth2/token')).toBe(1);
  });

  test('each expiry costs one token and no call, also in the middle of many calls', async () => {
    const { reader, sandbox, calls } = await open();
    for (let expiries = 0; expiries < 3; expiries += 1) {
      await Promise.all(Array.from({ length: 20 }, () => reader.count('Contact')));
      sandbox.expireTokens();
    }
    await reader.count('Contact');
    expect(calls('oauth2/token')).toBe(4);
  });

  test('a write that was answered 401 is repeated once, since it did nothing', async () => {
    const { writer, reader, sandbox, calls } = await open();
    await reader.count('Contact');
    sandbox.expireTokens();
    const rows = [{ key: 'a', keyValue: '1', fields: { LastName: 'x' } }];
    expect(await writer.create('Contact', 'Tandem_HubSpot_Id__c', rows)).toMatchObject([{ ok: true, created: true }]);
    expect(calls('PATCH')).toBe(2);
    expect(sandbox.records('Contact')).toHaveLength(1);
  });

  test('a refusal that lasts ends as refused credentials after one repeat, and starts no row of logins', async () => {
    const { reader, intercept, calls } = await open();
    await reader.count('Contact');
    intercept(async (request, answer) => {
      if (request.url.includes('oauth2')) return await answer(request);
      await answer(new Request(request.url)); // counted
      return Response.json([{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }], {
        status: 401,
      });
    });
    const before = calls('/query');
    for (let i = 0; i < 5; i += 1) {
      await expect(reader.count('Contact')).rejects.toMatchObject({
        category: 'credentials',
        code: 'INVALID_SESSION_ID',
        mayHaveArrived: false,
      });
    }
    expect(calls('oauth2/token')).toBe(2);
    expect(calls('/query') - before).toBe(2 + 4);
  });

  test('wrong client credentials are named, without the secret', async () => {
    const { host } = await open();
    const auth = { clientId: 'sandbox', clientSecret: 'wrong-secret' };
    const { reader } = createSalesforce({ ...access, loginUrl: host.url, auth });
    await expect(reader.account()).rejects.toMatchObject({
      category: 'credentials',
      code: 'invalid_client',
      message: 'salesforce POST /services/oauth2/token: credentials (invalid_client)',
    });
  });
});

describe('JWT bearer', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const auth = { clientId: 'sandbox', username: 'integration@sandbox.example', privateKey };

  test('signs in with an assertion that Salesforce accepts', async () => {
    const { host, sandbox } = await open({ clock: systemClock, publicKey });
    const { reader } = createSalesforce({ ...access, loginUrl: host.url, auth });
    expect((await reader.account()).userId).toBe(sandbox.users.integration);
  });

  test('a user who was not approved is refused', async () => {
    const { host } = await open({ clock: systemClock, publicKey });
    const somebody = { ...auth, username: 'somebody@sandbox.example' };
    const { reader } = createSalesforce({ ...access, loginUrl: host.url, auth: somebody });
    await expect(reader.account()).rejects.toMatchObject({ category: 'credentials', code: 'invalid_grant' });
  });

  test('a key that is none is named and nothing is sent', async () => {
    const { host, calls } = await open({ clock: systemClock, publicKey });
    const { reader } = createSalesforce({ ...access, loginUrl: host.url, auth: { ...auth, privateKey: 'no key' } });
    await expect(reader.account()).rejects.toMatchObject({ category: 'credentials', code: 'BAD_PRIVATE_KEY' });
    expect(calls('')).toBe(0);
  });
});

describe('where the token goes', () => {
  test.each(['https://evil.example', 'https://salesforce.com.evil.example', 'http://my.salesforce.com', 'nonsense'])(
    'never to an instance at %s',
    async (instance_url) => {
      const { reader, intercept, calls } = await open();
      intercept(async (request, answer) => {
        const granted = (await (await answer(request)).json()) as object;
        return Response.json({ ...granted, instance_url });
      });
      await expect(reader.count('Contact')).rejects.toMatchObject({
        category: 'credentials',
        code: 'FOREIGN_INSTANCE',
      });
      expect(calls('/query')).toBe(0);
    },
  );

  test.each(['https://evil.example/services/data/v67.0/query/01g-200', '//evil.example/x', '/services/data/../x', ''])(
    'never to a next page at %s',
    async (nextRecordsUrl) => {
      const { reader, intercept } = await open();
      intercept(async (request, answer) =>
        request.url.includes('/query')
          ? Response.json({ totalSize: 2, done: false, nextRecordsUrl, records: [] })
          : await answer(request),
      );
      await expect(reader.ids('Contact', undefined, undefined, 10)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
    },
  );

  test('not along a redirect', async () => {
    const { reader, intercept } = await open();
    const seen: string[] = [];
    intercept(async (request, answer) => {
      seen.push(new URL(request.url).pathname);
      return request.url.includes('/query')
        ? new Response(null, { status: 307, headers: { location: '/else' } })
        : await answer(request);
    });
    await expect(reader.count('Contact')).rejects.toMatchObject({ category: 'unexpected', code: 'HTTP_307' });
    expect(seen.filter((path) => path === '/else')).toEqual([]);
  });

  test.each(['http://login.example.com', 'ftp://127.0.0.1', 'nonsense'])('refuses %s as login address', (loginUrl) => {
    expect(() => createSalesforce({ ...access, loginUrl })).toThrow('SALESFORCE_LOGIN_URL: expected');
  });
});

describe('a server that hangs', () => {
  test.each(['hangBeforeHeaders', 'hangMidBody'] as const)('is left when the time is up: %s', async (fault) => {
    const { host, sandbox } = await open();
    const { reader, writer } = createSalesforce({ ...access, loginUrl: host.url, requestTimeoutMs: 500 });
    await reader.account();
    const rows = [{ key: 'a', keyValue: '1', fields: { LastName: 'x' } }];
    sandbox.faults.set([{ fault }, { fault }]);
    await expect(reader.count('Contact')).rejects.toMatchObject({ code: 'TIMEOUT', mayHaveArrived: false });
    const written = writer.create('Contact', 'Tandem_HubSpot_Id__c', rows);
    await expect(written).rejects.toMatchObject({ category: 'connection', code: 'TIMEOUT', mayHaveArrived: true });
  });
});

test('a read is sent once, whatever becomes of it', async () => {
  const { reader, sandbox, calls } = await open();
  sandbox.faults.set([{ match: { pathPrefix: '/services/data' }, fault: { status: 503, body: 'Unavailable' } }]);
  await expect(reader.count('Contact')).rejects.toMatchObject({ category: 'connection', code: 'HTTP_503' });
  sandbox.faults.set([{ match: { pathPrefix: '/services/data' }, fault: 'cut' }]);
  await expect(reader.count('Contact')).rejects.toMatchObject({ category: 'connection', code: 'NETWORK' });
  expect(calls('/query')).toBe(2);
});

describe('a token that never worked', () => {
  const token = (accessToken: string) => ({ accessToken, instanceUrl: '', orgId: '', userId: '' });

  test('is replaced after a minute, not before', async () => {
    let nowMs = 0;
    let made = 0;
    const session = new Session(
      async () => token(`token ${(made += 1)}`),
      () => nowMs,
    );
    const first = await session.token();
    nowMs = 59_999;
    expect(await session.renew(first)).toBeUndefined();
    nowMs = 60_000;
    expect((await session.renew(first))?.accessToken).toBe('token 2');
  });

  test('is replaced at once where it worked before', async () => {
    let made = 0;
    const session = new Session(async () => token(`token ${(made += 1)}`));
    const first = await session.token();
    session.accepted(first);
    const [one, other] = await Promise.all([session.renew(first), session.renew(first)]);
    expect([one?.accessToken, other?.accessToken, made]).toEqual(['token 2', 'token 2', 2]);
    expect((await session.renew(first))?.accessToken).toBe('token 2');
  });
});
