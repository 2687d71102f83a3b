import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EnvironmentError, readEnvironment } from '../../workers/environment.ts';
import { Secret } from '../../workers/secret.ts';

const access = {
  HUBSPOT_ACCESS_TOKEN: 'pat-canary',
  SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com/',
  SALESFORCE_CLIENT_ID: 'id',
  SALESFORCE_CLIENT_SECRET: 'secret-canary',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-env-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const where = path.join(folder, name);
  writeFileSync(where, content);
  return where;
}

function problemsOf(env: NodeJS.ProcessEnv, needs?: 'connected' | 'shared'): readonly string[] {
  try {
    if (needs) readEnvironment(env, needs);
    else readEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  test('needs nothing for a command that talks to the service', () => {
    expect(readEnvironment({})).toEqual({
      installation: 'tandem',
      dataDir: path.resolve('.tandem'),
      url: 'http://127.0.0.1:4000',
      publicUrl: 'http://127.0.0.1:4000',
      listen: undefined,
      apiToken: undefined,
      logLevel: 'info',
      databaseUrl: undefined,
      hubspot: undefined,
      salesforce: undefined,
    });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readEnvironment({ TANDEM_URL: '', HUBSPOT_ACCESS_TOKEN: ' ', SALESFORCE_USERNAME: '' })).toEqual(
      readEnvironment({}),
    );
  });

  test('gives access to both systems', () => {
    const { hubspot, salesforce } = readEnvironment(access, 'connected');
    expect(hubspot.baseUrl).toBe('https://api.hubapi.com');
    expect(hubspot.accessToken.reveal()).toBe('pat-canary');
    expect(salesforce.loginUrl).toBe('https://acme.my.salesforce.com');
    expect(salesforce.auth).toMatchObject({ kind: 'clientCredentials', clientId: 'id' });
  });

  test('takes Salesforce access by a private key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----';
    const { salesforce } = readEnvironment({
      SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_USERNAME: 'sync@acme.example',
      SALESFORCE_PRIVATE_KEY_FILE: file('key.pem', `${key}\n`),
    });
    expect(salesforce?.auth).toMatchObject({ kind: 'jwtBearer', clientId: 'id', username: 'sync@acme.example' });
    expect(salesforce?.auth.kind === 'jwtBearer' && salesforce.auth.privateKey.reveal()).toBe(key);
  });

  test.each(['TANDEM_API_TOKEN', 'DATABASE_URL', 'HUBSPOT_ACCESS_TOKEN', 'SALESFORCE_CLIENT_SECRET'])(
    'reads %s from the file that its _FILE names, without the line end',
    (name) => {
      const { [name as keyof typeof access]: _value, ...others } = access;
      const value = name === 'DATABASE_URL' ? 'postgres://u:p@db/tandem' : 'from-file';
      const read = readEnvironment({ ...others, [`${name}_FILE`]: file(name, `${value}\n`) }, 'connected');
      const secrets = [
        read.apiToken,
        read.databaseUrl,
        read.hubspot.accessToken,
        read.salesforce.auth.kind === 'clientCredentials' ? read.salesforce.auth.clientSecret : undefined,
      ];
      expect(secrets.map((secret) => secret?.reveal())).toContain(value);
    },
  );

  test('names all that is wrong at once, one sentence each', () => {
    expect(
      problemsOf(
        { TANDEM_INSTALLATION: 'My Sync', TANDEM_LOG_LEVEL: 'loud', TANDEM_URL: 'here', DATABASE_URL: 'mysql://db' },
        'connected',
      ),
    ).toEqual([
      'TANDEM_INSTALLATION is "My Sync": use a small letter, then up to 30 small letters, digits and hyphens.',
      'TANDEM_URL must be an address such as http://127.0.0.1:4000, without a name or password in it.',
      'TANDEM_LOG_LEVEL is "loud": use one of trace, debug, info, warn, error, fatal, silent.',
      'DATABASE_URL must be an address of PostgreSQL: postgres://user:password@host:5432/database.',
      'HUBSPOT_ACCESS_TOKEN is missing: set it to the access token of a HubSpot private app.',
      "SALESFORCE_LOGIN_URL is missing: set it to the org's own address, https://{domain}.my.salesforce.com.",
      'SALESFORCE_CLIENT_ID is missing: set it to the consumer key of the external client app.',
      'Salesforce is given no way to sign in: set SALESFORCE_CLIENT_SECRET (client credentials), or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer).',
    ]);
  });

  test.each([
    [{ HUBSPOT_BASE_URL: 'https://api.hubapi.com' }, 'HUBSPOT_ACCESS_TOKEN is missing'],
    [{ ...access, HUBSPOT_BASE_URL: 'http://hub.example' }, 'HUBSPOT_BASE_URL must begin with https://'],
    [{ ...access, SALESFORCE_LOGIN_URL: 'http://sf.example' }, 'SALESFORCE_LOGIN_URL must begin with https://'],
    [{ ...access, SALESFORCE_USERNAME: 'a' }, 'two ways to sign in'],
    [{ ...access, HUBSPOT_ACCESS_TOKEN: 'two words' }, 'HUBSPOT_ACCESS_TOKEN must be one word'],
    [{ ...access, HUBSPOT_ACCESS_TOKEN_FILE: '/x' }, 'HUBSPOT_ACCESS_TOKEN and HUBSPOT_ACCESS_TOKEN_FILE are both set'],
    [
      { TANDEM_API_TOKEN_FILE: '/no/such/file' },
      "/no/such/file that TANDEM_API_TOKEN_FILE names can't be read (ENOENT)",
    ],
    [{ TANDEM_URL: 'http://me:secret-canary@host' }, 'TANDEM_URL must be an address'],
    [{ TANDEM_LISTEN: '4000' }, 'TANDEM_LISTEN is "4000": use a host and a port of this machine'],
    [{ TANDEM_LISTEN: '0.0.0.0:70000' }, 'TANDEM_LISTEN is "0.0.0.0:70000"'],
  ])('refuses %j', (env, sentence) => {
    const problems = problemsOf(env);
    expect(problems).toEqual([expect.stringContaining(sentence)]);
    expect(problems.join()).not.toContain('canary');
  });

  test('lets tokens go unencrypted to this machine only', () => {
    const env = { ...access, HUBSPOT_BASE_URL: 'http://127.0.0.1:4010', SALESFORCE_LOGIN_URL: 'http://localhost:4020' };
    expect(problemsOf(env)).toEqual([]);
  });

  test('needs a ledger that several processes can have, where worker and service are apart', () => {
    expect(problemsOf(access, 'shared')).toEqual([expect.stringContaining('DATABASE_URL is missing: ')]);
    expect(problemsOf({ ...access, DATABASE_URL: 'postgres://db/tandem' }, 'shared')).toEqual([]);
    expect(problemsOf(access, 'connected')).toEqual([]);
  });

  test('refuses a key file that holds no key, and a user without one', () => {
    const { SALESFORCE_CLIENT_SECRET: _secret, ...rest } = access;
    const withUser = { ...rest, SALESFORCE_USERNAME: 'u' };
    expect(problemsOf(withUser)).toEqual([expect.stringContaining('SALESFORCE_PRIVATE_KEY_FILE is missing')]);
    expect(problemsOf({ ...withUser, SALESFORCE_PRIVATE_KEY_FILE: file('no.pem', 'secret-canary') })).toEqual([
      'SALESFORCE_PRIVATE_KEY_FILE must name a private key in PEM (-----BEGIN PRIVATE KEY-----).',
    ]);
  });

  test('shows no secret, however it is printed', () => {
    const environment = readEnvironment({ ...access, TANDEM_API_TOKEN: 'api-canary' }, 'connected');
    for (const shown of [
      inspect(environment, { depth: 9 }),
      JSON.stringify(environment),
      String(new Secret('x-canary')),
    ]) {
      expect(shown).toContain('***');
      expect(shown).not.toContain('canary');
    }
  });
});
