import { createHash, timingSafeEqual, verify } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import type { Answer } from './api/endpoint.ts';

/** Two hours without a call end a session. */
const sessionMs = 2 * 3_600_000;
/** An assertion may be valid for three minutes at most; half a minute for clocks that differ. */
const longestAssertionMs = 210_000;
const audiences = ['https://login.salesforce.com', 'https://test.salesforce.com'];
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export interface OAuthOptions {
  readonly clock: Clock;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the key that signed assertions are checked with; undefined: no app takes assertions. */
  readonly publicKey: string | undefined;
  readonly orgId: string;
  /** Whom API clients act as. */
  readonly user: { readonly id: string; readonly username: string };
  readonly isActive: () => boolean;
}

/** Hands out access tokens for the client credentials, JWT bearer and refresh flows, and knows which are good. */
export class OAuth {
  readonly #options: OAuthOptions;
  readonly #sessions = new Map<string, { until: number }>();
  readonly #refreshTokens = new Set<string>();
  #issued = 0;
  #refusesAll = false;
  #asJwt = false;

  constructor(options: OAuthOptions) {
    this.#options = options;
  }

  /** `POST /services/oauth2/token`, its form read. `origin` is the address that clients are told to use. */
  grant(form: URLSearchParams, authorization: string | null, origin: string): Answer {
    const { clientId, clientSecret } = this.#options;
    const basic = basicCredentials(authorization);
    const id = basic?.id ?? form.get('client_id') ?? '';
    const secret = basic?.secret ?? form.get('client_secret') ?? '';
    switch (form.get('grant_type') ?? '') {
      case 'client_credentials':
        if (id !== clientId) return refused('invalid_client_id', 'client identifier invalid');
        if (!isSame(secret, clientSecret)) return refused('invalid_client', 'invalid client credentials');
        return this.#issue(origin);
      case jwtBearer: {
        const problem = this.#problemOf(form.get('assertion') ?? '', origin);
        return problem === undefined ? this.#issue(origin) : refused('invalid_grant', problem);
      }
      case 'refresh_token':
        if (id !== clientId) return refused('invalid_client_id', 'client identifier invalid');
        if (!isSame(secret, clientSecret)) return refused('invalid_client', 'invalid client credentials');
        if (this.#refreshTokens.has(form.get('refresh_token') ?? '')) return this.#issue(origin);
        return refused('invalid_grant', 'expired access/refresh token');
      default:
        return refused('unsupported_grant_type', 'grant type not supported');
    }
  }

  /** Whether a call may go on with this header; a good token lives on. */
  admits(authorization: string | null): boolean {
    const token = /^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? '')?.[1];
    const session = token === undefined ? undefined : this.#sessions.get(token);
    const now = this.#options.clock.now();
    if (!session || session.until < now || this.#refusesAll) return false;
    session.until = now + sessionMs;
    return true;
  }

  /** Ends every session handed out so far. */
  expireAll(): void {
    this.#sessions.clear();
  }

  /** From now on every call is answered 401, whatever its token; or no longer. */
  refuseAll(refuses: boolean): void {
    this.#refusesAll = refuses;
  }

  /** Whether access tokens are JWTs, as an app may have it. */
  issueJwts(asJwt: boolean): void {
    this.#asJwt = asJwt;
  }

  /** What the web server flow, which needs a person, would have given a client. */
  handOutRefreshToken(): string {
    this.#issued += 1;
    const token = `5Aep${createHash('sha256').update(`refresh/${this.#issued}`).digest('base64url')}`;
    this.#refreshTokens.add(token);
    return token;
  }

  /** `POST /services/oauth2/revoke`. Our choice: the answer for a token that is none. */
  revoke(token: string): Answer {
    const wasKnown = this.#sessions.delete(token) || this.#refreshTokens.delete(token);
    return wasKnown ? { status: 200 } : refused('invalid_token', 'the provided token is invalid');
  }

  #issue(origin: string): Answer {
    const { orgId, user, clock, clientSecret, isActive } = this.#options;
    if (!isActive()) return refused('inactive_user', 'user is inactive');
    this.#issued += 1;
    const seed = createHash('sha256').update(`${orgId}/${clientSecret}/${this.#issued}`).digest('base64url');
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = this.#asJwt
      ? `${part({ typ: 'JWT', alg: 'RS256' })}.${part({ sub: `uid:${user.id}`, jti: this.#issued })}.${seed}`
      : `${orgId.slice(0, 15)}!AQ${seed}`;
    this.#sessions.set(token, { until: clock.now() + sessionMs });
    const id = `${origin}/id/${orgId}/${user.id}`;
    const issuedAt = String(clock.now());
    return {
      status: 200,
      body: {
        access_token: token,
        signature: createHash('sha256')
          .update(id + issuedAt)
          .digest('base64'),
        scope: 'api',
        instance_url: origin,
        id,
        token_type: 'Bearer',
        issued_at: issuedAt,
        api_instance_url: origin,
      },
    };
  }

  /** Why an assertion is not taken. The texts beyond the vendor's documented ones are our choice. */
  #problemOf(assertion: string, origin: string): string | undefined {
    const { publicKey, clientId, user, clock } = this.#options;
    const [head = '', body = '', signature = '', ...rest] = assertion.split('.');
    const header = decoded(head);
    const claims = decoded(body);
    if (!header || !claims || rest.length > 0 || header.alg !== 'RS256') return 'invalid assertion';
    if (claims.iss !== clientId || publicKey === undefined) return "user hasn't approved this consumer";
    if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))) {
      return 'invalid assertion';
    }
    if (claims.sub !== user.username) return "user hasn't approved this consumer";
    if (![...audiences, origin].includes(String(claims.aud))) return 'audience is invalid';
    const expires = typeof claims.exp === 'number' ? claims.exp * 1000 : 0;
    if (expires <= clock.now() || expires > clock.now() + longestAssertionMs)
      return 'assertion is expired or too far in the future';
    return undefined;
  }
}

const refused = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, error_description: description },
});

function basicCredentials(authorization: string | null): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id, secret: secret.join(':') };
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
};
