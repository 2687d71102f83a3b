import { sign } from 'node:crypto';
import { OAuth2 } from 'jsforce/lib/oauth2.js';
import { z } from 'zod';
import { toId18 } from '../../core/record-ref.ts';
import { checked, json, vendorError } from '../answer.ts';
import { type Call, countCall } from '../calls.ts';
import { isLoopback } from '../safe-url.ts';
import { refusal } from './refusals.ts';
import { OneCall } from './transport.ts';

/** Client credentials, or JWT bearer with the PEM text of an RSA key. Neither gives a refresh token. */
export type SalesforceAuth =
  | { readonly clientId: string; readonly clientSecret: string }
  | { readonly clientId: string; readonly username: string; readonly privateKey: string };

export interface Token {
  readonly accessToken: string;
  readonly instanceUrl: string;
  readonly orgId: string;
  readonly userId: string;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  instance_url: z.string(),
  // https://login.salesforce.com/id/{org}/{user}
  id: z.string(),
});

const call: Call = { system: 'salesforce', route: 'POST /services/oauth2/token', writes: false };

/** Asks for a new access token. Throws `VendorError`. */
export async function requestToken(loginUrl: string, auth: SalesforceAuth, timeoutMs: number): Promise<Token> {
  const { clientId } = auth;
  const secret = 'clientSecret' in auth ? { clientSecret: auth.clientSecret } : {};
  const grant =
    'clientSecret' in auth
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(loginUrl, auth) };
  const transport = new OneCall(call, timeoutMs);
  const oauth2 = new OAuth2({ loginUrl, clientId, ...secret });
  oauth2._transport = transport;
  countCall(call);
  try {
    await oauth2.requestToken(grant);
  } catch (error) {
    if (!transport.answer) throw transport.error ?? error;
  }
  const { answer } = transport;
  if (answer?.status !== 200) throw answer ? refusal(call, answer) : vendorError(call, 'NETWORK');
  const granted = checked(call, tokenAnswer, json(call, answer));
  const [org, user] = granted.id.split('/').slice(-2).map(toId18);
  if (!org || !user) throw vendorError(call, 'BAD_ANSWER');
  const instanceUrl = ownInstance(loginUrl, granted.instance_url);
  return { accessToken: granted.access_token, instanceUrl, orgId: org, userId: user };
}

/** Only Salesforce may get the records: its own domains, or this machine where the login is on this machine. */
function ownInstance(loginUrl: string, instanceUrl: string): string {
  const url = URL.parse(instanceUrl);
  const vendor = url?.protocol === 'https:' && /\.(salesforce|force)\.com$/.test(url.hostname);
  if (url && (vendor || (isLoopback(url) && isLoopback(new URL(loginUrl))))) return url.origin;
  throw vendorError(call, 'FOREIGN_INSTANCE');
}

/** https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm */
function assertionOf(loginUrl: string, auth: { clientId: string; username: string; privateKey: string }): string {
  const { hostname } = new URL(loginUrl);
  const sandbox = hostname === 'test.salesforce.com' || hostname.endsWith('.sandbox.my.salesforce.com');
  const claims = {
    iss: auth.clientId,
    sub: auth.username,
    aud: `https://${sandbox ? 'test' : 'login'}.salesforce.com`,
    exp: Math.floor(Date.now() / 1000) + 180, // at most 3 minutes ahead
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`;
  try {
    return `${signed}.${sign('sha256', Buffer.from(signed), auth.privateKey).toString('base64url')}`;
  } catch {
    throw vendorError(call, 'BAD_PRIVATE_KEY');
  }
}
