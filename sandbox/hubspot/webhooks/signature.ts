import { createHash, createHmac } from 'node:crypto';

/** One request that HubSpot signs. */
export interface Signed {
  readonly secret: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The headers of versions 1 and 3. Our choice: both are sent always, as it is not known which apps get which.
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
export function signatureHeaders({ secret, method, url, body, at }: Signed): Record<string, string> {
  return {
    'x-hubspot-signature': createHash('sha256')
      .update(secret + body)
      .digest('hex'),
    'x-hubspot-signature-version': 'v1',
    'x-hubspot-signature-v3': createHmac('sha256', secret)
      .update(method + decoded(url) + body + at)
      .digest('base64'),
    'x-hubspot-request-timestamp': String(at),
  };
}

/** The characters that HubSpot decodes before it signs; the `?` that begins the query is none of them. */
function decoded(url: string): string {
  return url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));
}
