import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came: its body is the raw text, not what a parser made of it. */
export interface SignedRequest {
  readonly method: string;
  /** As HubSpot called it: scheme and host are those of the public address. */
  readonly url: string;
  readonly body: string;
  readonly headers: { get(name: string): string | null };
}

const oldestMs = 300_000;
const aheadMs = 60_000;

/** `v1` has no time in it and can be replayed for ever: it counts only where the settings say so. */
export type Signatures = 'v3' | 'v1';

/**
 * Whether HubSpot signed a request. A third signature that is there must be right, whatever others there are.
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
export function isSigned(request: SignedRequest, secret: string, accepts: Signatures, nowMs: number): boolean {
  const { method, url, body, headers } = request;
  const third = headers.get('x-hubspot-signature-v3');
  if (third !== null) {
    const stamp = headers.get('x-hubspot-request-timestamp') ?? '';
    if (!/^\d{1,15}$/.test(stamp) || nowMs - Number(stamp) > oldestMs || Number(stamp) - nowMs > aheadMs) return false;
    const digest = createHmac('sha256', secret)
      .update(method + decoded(url) + body + stamp)
      .digest('base64');
    return isEqual(third, digest);
  }
  if (accepts !== 'v1' || (headers.get('x-hubspot-signature-version') ?? 'v1') !== 'v1') return false;
  return isEqual(
    headers.get('x-hubspot-signature') ?? '',
    createHash('sha256')
      .update(secret + body)
      .digest('hex'),
  );
}

/** The second version, which HubSpot's workflow actions bear. */
export function isSignedAction({ method, url, body, headers }: SignedRequest, secret: string): boolean {
  if (headers.get('x-hubspot-signature-version') !== 'v2') return false;
  const digest = createHash('sha256')
    .update(secret + method + url + body)
    .digest('hex');
  return isEqual(headers.get('x-hubspot-signature') ?? '', digest);
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The characters that HubSpot decodes before it signs; the `?` that begins the query is none of them. */
function decoded(url: string): string {
  return url.replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) => decodeURIComponent(code));
}
