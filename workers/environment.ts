import path from 'node:path';
import type { ListenAddress } from './listen.ts';
import type { Secret } from './secret.ts';
import { StartError } from './start-error.ts';
import { Variables } from './variables.ts';
import type { Signatures } from './webhook-signature.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Where Tandem's HTTP service answers unless `TANDEM_URL` says otherwise. */
export const defaultServiceUrl = 'http://127.0.0.1:4000';

export interface HubSpotAccess {
  readonly baseUrl: string;
  readonly accessToken: Secret;
  /** Checks the signature of webhooks. */
  readonly clientSecret: Secret | undefined;
  /** Which signatures of webhooks count. */
  readonly signatures: Signatures;
}

export interface SalesforceAccess {
  readonly loginUrl: string;
  readonly auth:
    | { readonly kind: 'clientCredentials'; readonly clientId: string; readonly clientSecret: Secret }
    | { readonly kind: 'jwtBearer'; readonly clientId: string; readonly username: string; readonly privateKey: Secret };
}

/** What Tandem takes from the environment. Temporal's own variables are read by its SDK. */
export interface Environment {
  /** First part of every workflow id and task queue. */
  readonly installation: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Address of the HTTP service, without a slash at its end. */
  readonly url: string;
  /** Where this process answers HTTP; undefined: see `listenOf`. */
  readonly listen: ListenAddress | undefined;
  /** Undefined: the one in the data folder. */
  readonly apiToken: Secret | undefined;
  readonly logLevel: LogLevel;
  /** The HTTP service's address as HubSpot knows it. */
  readonly publicUrl: string;
  /** PostgreSQL; undefined: the ledger in the data folder. */
  readonly databaseUrl: Secret | undefined;
  readonly hubspot: HubSpotAccess | undefined;
  readonly salesforce: SalesforceAccess | undefined;
}

/** The environment of a process that talks to both systems. */
export type ConnectedEnvironment = Environment & {
  readonly hubspot: HubSpotAccess;
  readonly salesforce: SalesforceAccess;
};

/** Everything that is wrong with the environment, one sentence each; the message is all of them, a line each. */
export class EnvironmentError extends StartError {
  override name = 'EnvironmentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the environment. With `connected`, access to both systems must be there; without it, it may be left out, but
 * not in part. With `shared`, the ledger must also be one that several processes can have. Throws an `EnvironmentError`
 * with all problems at once; none of them shows a secret.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment;
export function readEnvironment(env: NodeJS.ProcessEnv, needs: 'connected' | 'shared'): ConnectedEnvironment;
export function readEnvironment(env: NodeJS.ProcessEnv, needs?: 'connected' | 'shared'): Environment {
  const variables = new Variables(env);
  const name = installation(variables);
  const url = variables.url('TANDEM_URL', defaultServiceUrl, 'any');
  const environment: Environment = {
    installation: name,
    dataDir: dataDirOf(env),
    url,
    listen: variables.address('TANDEM_LISTEN'),
    apiToken: variables.token('TANDEM_API_TOKEN'),
    logLevel: variables.word('TANDEM_LOG_LEVEL', logLevels, 'info'),
    publicUrl: variables.isSet('TANDEM_PUBLIC_URL')
      ? variables.url('TANDEM_PUBLIC_URL', 'https://tandem.example.com', 'https')
      : url,
    databaseUrl: databaseUrl(variables, needs === 'shared'),
    hubspot: hubspotAccess(variables, needs !== undefined),
    salesforce: salesforceAccess(variables, needs !== undefined),
  };
  if (variables.problems.length > 0) throw new EnvironmentError(variables.problems);
  return environment;
}

/** The data folder alone; never throws. */
export const dataDirOf = (env: NodeJS.ProcessEnv): string => path.resolve(env['TANDEM_DATA_DIR']?.trim() || '.tandem');

function installation(variables: Variables): string {
  const name = variables.text('TANDEM_INSTALLATION') ?? 'tandem';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    variables.problems.push(
      `TANDEM_INSTALLATION is "${name}": use a small letter, then up to 30 small letters, digits and hyphens.`,
    );
  }
  return name;
}

function databaseUrl(variables: Variables, isNeeded: boolean): Secret | undefined {
  if (isNeeded && !variables.isSet('DATABASE_URL')) {
    variables.problems.push(
      'DATABASE_URL is missing: worker and service are processes of their own, and the ledger in the data folder belongs to one process. Set it to a PostgreSQL, or run both in one by `tandem serve`.',
    );
  }
  const secret = variables.secret('DATABASE_URL');
  const url = secret?.reveal();
  if (url !== undefined && !(URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol))) {
    variables.problems.push(
      'DATABASE_URL must be an address of PostgreSQL: postgres://user:password@host:5432/database.',
    );
  }
  return secret;
}

const hubspotNames = ['HUBSPOT_ACCESS_TOKEN', 'HUBSPOT_CLIENT_SECRET', 'HUBSPOT_BASE_URL'];

function hubspotAccess(variables: Variables, isNeeded: boolean): HubSpotAccess | undefined {
  if (!isNeeded && !hubspotNames.some((name) => variables.isSet(name))) return undefined;
  const baseUrl = variables.url('HUBSPOT_BASE_URL', 'https://api.hubapi.com', 'https');
  const accessToken = variables.token('HUBSPOT_ACCESS_TOKEN');
  const clientSecret = variables.secret('HUBSPOT_CLIENT_SECRET');
  if (!variables.isSet('HUBSPOT_ACCESS_TOKEN')) {
    variables.problems.push('HUBSPOT_ACCESS_TOKEN is missing: set it to the access token of a HubSpot private app.');
  }
  const signatures = variables.word('HUBSPOT_WEBHOOK_SIGNATURES', ['v3', 'v1'] as const, 'v3');
  return accessToken && { baseUrl, accessToken, clientSecret, signatures };
}

const salesforceNames = [
  'SALESFORCE_LOGIN_URL',
  'SALESFORCE_CLIENT_ID',
  'SALESFORCE_CLIENT_SECRET',
  'SALESFORCE_USERNAME',
  'SALESFORCE_PRIVATE_KEY',
];

function salesforceAccess(variables: Variables, isNeeded: boolean): SalesforceAccess | undefined {
  if (!isNeeded && !salesforceNames.some((name) => variables.isSet(name))) return undefined;
  const loginUrl = variables.url('SALESFORCE_LOGIN_URL', 'https://example.my.salesforce.com', 'https');
  if (!variables.isSet('SALESFORCE_LOGIN_URL')) {
    variables.problems.push(
      "SALESFORCE_LOGIN_URL is missing: set it to the org's own address, https://{domain}.my.salesforce.com.",
    );
  }
  const clientId = variables.text('SALESFORCE_CLIENT_ID');
  if (clientId === undefined) {
    variables.problems.push('SALESFORCE_CLIENT_ID is missing: set it to the consumer key of the external client app.');
  }
  const auth = salesforceAuth(variables, clientId ?? '');
  return auth && { loginUrl, auth };
}

function salesforceAuth(variables: Variables, clientId: string): SalesforceAccess['auth'] | undefined {
  const usesSecret = variables.isSet('SALESFORCE_CLIENT_SECRET');
  const usesKey = variables.isSet('SALESFORCE_USERNAME') || variables.isSet('SALESFORCE_PRIVATE_KEY');
  const ways =
    'SALESFORCE_CLIENT_SECRET (client credentials), or SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer)';
  if (usesSecret && usesKey) variables.problems.push(`Salesforce is given two ways to sign in: set either ${ways}.`);
  if (!usesSecret && !usesKey) variables.problems.push(`Salesforce is given no way to sign in: set ${ways}.`);
  if (usesSecret) {
    const clientSecret = variables.secret('SALESFORCE_CLIENT_SECRET');
    return clientSecret && { kind: 'clientCredentials', clientId, clientSecret };
  }
  if (!usesKey) return undefined;
  const username = variables.text('SALESFORCE_USERNAME');
  const privateKey = variables.secret('SALESFORCE_PRIVATE_KEY');
  if (username === undefined) {
    variables.problems.push('SALESFORCE_USERNAME is missing: SALESFORCE_PRIVATE_KEY_FILE signs in a user by name.');
  }
  if (!variables.isSet('SALESFORCE_PRIVATE_KEY')) {
    variables.problems.push("SALESFORCE_PRIVATE_KEY_FILE is missing: name the file with the app's private key in PEM.");
  } else if (privateKey && !privateKey.reveal().includes('PRIVATE KEY-----')) {
    variables.problems.push(
      'SALESFORCE_PRIVATE_KEY_FILE must name a private key in PEM (-----BEGIN PRIVATE KEY-----).',
    );
  }
  return privateKey && username !== undefined ? { kind: 'jwtBearer', clientId, username, privateKey } : undefined;
}
