import './no-proxy.ts';
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Connection } from 'jsforce';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let org: Org;
beforeEach(async () => {
  org = await openOrg({ publicKey });
});
afterEach(() => org.close());

const grant = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(`${org.url}/services/oauth2/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: await response.json() };
};
const credentials = { grant_type: 'client_credentials', client_id: 'sandbox', client_secret: 'sandbox' };
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

const assertion = (claims: object = {}, { alg = 'RS256', key = keys.privateKey } = {}): string => {
  const exp = org.time.now() / 1000 + 120;
  const all = {
    iss: 'sandbox',
    sub: 'integration@sandbox.example',
    aud: 'https://login.salesforce.com',
    exp,
    ...claims,
  };
  const text = [{ alg }, all].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
};

describe('client credentials', () => {
  test('give a token for this org and its integration user', async () => {
    const { status, body } = await grant(credentials);
    expect(status).toBe(200);
    const { id, instance_url } = as(answers.token, body);
    expect([instance_url, id]).toEqual([
      org.url,
      `${org.url}/id/${org.sandbox.orgId}/${org.sandbox.users.integration}`,
    ]);
  });

  test('are taken from a Basic header as well', async () => {
    const authorization = `Basic ${Buffer.from('sandbox:sandbox').toString('base64')}`;
    expect(await grant({ grant_type: 'client_credentials' }, { authorization })).toMatchObject({ status: 200 });
  });

  test.each([
    [{ client_id: 'other' }, 'invalid_client_id', 'client identifier invalid'],
    [{ client_secret: 'other' }, 'invalid_client', 'invalid client credentials'],
    [{ grant_type: 'password' }, 'unsupported_grant_type', 'grant type not supported'],
  ])('%j are refused', async (wrong, error, error_description) => {
    const reply = await grant({ ...credentials, ...wrong });
    expect(reply).toEqual({ status: 400, body: { error, error_description } });
    as(answers.tokenError, reply.body);
  });
});

describe('a signed assertion', () => {
  test('gives a token to jsforce', async () => {
    const connection = new Connection({ version: '67.0', oauth2: { clientId: 'sandbox', loginUrl: org.url } });
    const user = await connection.authorize({ grant_type: jwtBearer, assertion: assertion() });
    expect(user).toMatchObject({ id: org.sandbox.users.integration, organizationId: org.sandbox.orgId });
    expect(await connection.query('SELECT COUNT() FROM Lead')).toMatchObject({ totalSize: 0 });
  });

  test.each<[string, () => string, string]>([
    [
      'of another key',
      () => assertion({}, { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
      'invalid assertion',
    ],
    ['without a signature of ours', () => assertion({}, { alg: 'none' }), 'invalid assertion'],
    ['that is none', () => 'abc', 'invalid assertion'],
    ['of another app', () => assertion({ iss: 'x' }), "user hasn't approved this consumer"],
    ['for another user', () => assertion({ sub: 'x@y.example' }), "user hasn't approved this consumer"],
    ['for another audience', () => assertion({ aud: 'https://example.com' }), 'audience is invalid'],
    ['that is over', () => assertion({ exp: org.time.now() / 1000 }), 'assertion is expired or too far in the future'],
    [
      'that lasts an hour',
      () => assertion({ exp: org.time.now() / 1000 + 3600 }),
      'assertion is expired or too far in the future',
    ],
  ])('%s is refused', async (_, make, error_description) => {
    expect(await grant({ grant_type: jwtBearer, assertion: make() })).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description },
    });
  });
});

describe('a session', () => {
  const limits = () => org.call('GET', '/limits');
  const expired = { status: 401, body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }] };

  test('is needed for everything but the list of versions', async () => {
    const versions = await fetch(`${org.url}/services/data/`);
    expect(((await versions.json()) as unknown[]).at(-1)).toEqual({
      label: "Summer '26",
      url: '/services/data/v67.0',
      version: '67.0',
    });
    expect((await fetch(`${org.url}/services/data/v67.0/limits`)).status).toBe(401);
  });

  test('ends after two hours without a call', async () => {
    org.time.advance(119 * 60_000);
    expect(await limits()).toMatchObject({ status: 200 });
    org.time.advance(119 * 60_000);
    expect(await limits()).toMatchObject({ status: 200 });
    org.time.advance(121 * 60_000);
    expect(await limits()).toMatchObject(expired);
  });

  test('that is ended by hand is renewed by jsforce with the next token', async () => {
    let renewals = 0;
    const connection = new Connection({
      version: '67.0',
      instanceUrl: org.url,
      accessToken: String(org.connection.accessToken),
      oauth2: { clientId: 'sandbox', clientSecret: 'sandbox', loginUrl: org.url },
      refreshFn: (own, done) => {
        renewals += 1;
        own.oauth2.requestToken({ grant_type: 'client_credentials' }).then(
          ({ access_token }) => done(null, access_token),
          (error: Error) => done(error),
        );
      },
    });
    org.sandbox.expireTokens();
    expect(await limits()).toMatchObject(expired);
    expect(await connection.create('Contact', { LastName: 'A' })).toMatchObject({ success: true });
    expect(renewals).toBe(1);
    expect(org.sandbox.records('Contact')).toHaveLength(1);
  });
});

test('a wrong secret reaches the user of jsforce as the OAuth error', async () => {
  const oauth2 = { clientId: 'sandbox', clientSecret: 'wrong', loginUrl: org.url };
  const connection = new Connection({ oauth2 });
  expect(await refusalOf(connection.authorize({ grant_type: 'client_credentials' }))).toMatchObject({
    name: 'invalid_client',
    message: 'invalid client credentials',
  });
});

describe('a refresh token', () => {
  test('gives access tokens until it is revoked', async () => {
    const form = { ...credentials, grant_type: 'refresh_token', refresh_token: org.sandbox.handOutRefreshToken() };
    expect(await grant(form)).toMatchObject({ status: 200 });
    expect((await revoke(form.refresh_token)).status).toBe(200);
    expect(await grant(form)).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
    });
  });

  test('is good for its client alone', async () => {
    const form = { ...credentials, grant_type: 'refresh_token', refresh_token: org.sandbox.handOutRefreshToken() };
    expect(await grant({ ...form, client_secret: 'other' })).toMatchObject({ status: 400 });
  });
});

const revoke = (token: string) =>
  fetch(`${org.url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token }) });

test('a revoked access token is refused from then on', async () => {
  const token = String(org.connection.accessToken);
  expect((await org.call('GET', '/limits')).status).toBe(200);
  expect((await revoke(token)).status).toBe(200);
  expect((await org.call('GET', '/limits')).status).toBe(401);
  expect((await revoke(token)).status).toBe(400);
});

test('an inactive user gets no token', async () => {
  org.sandbox.editUser(org.sandbox.users.integration, { IsActive: false });
  expect(await grant(credentials)).toMatchObject({ status: 400, body: { error: 'inactive_user' } });
});

test('the identity address tells who a token is good for', async () => {
  const identity = await org.connection.identity();
  expect(identity).toMatchObject({
    user_id: org.sandbox.users.integration,
    organization_id: org.sandbox.orgId,
    username: 'integration@sandbox.example',
  });
});

test('tokens may be JWTs, and are good like any', async () => {
  org.sandbox.issueJwts(true);
  const connection = new Connection({
    version: '67.0',
    oauth2: { clientId: 'sandbox', clientSecret: 'sandbox', loginUrl: org.url },
  });
  await connection.authorize({ grant_type: 'client_credentials' });
  expect(String(connection.accessToken).split('.')).toHaveLength(3);
  expect((await connection.query('SELECT Id FROM Contact')).totalSize).toBe(0);
});

test('a refusal of all tokens holds for new ones too', async () => {
  org.sandbox.refuseTokens(true);
  expect(await grant(credentials)).toMatchObject({ status: 200 });
  expect((await org.call('GET', '/limits')).status).toBe(401);
  org.sandbox.refuseTokens(false);
  expect((await org.call('GET', '/limits')).status).toBe(200);
});
