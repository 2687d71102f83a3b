const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

export const isLoopback = (url: URL): boolean => loopback.has(url.hostname);

/**
 * The address without a slash at its end. Credentials go there, so it must be https, or http on this machine. Throws an
 * error for people that names the setting.
 */
export function safeUrl(address: string, setting: string): string {
  const url = URL.parse(address);
  if (!url) throw new Error(`${setting}: expected an address such as https://example.com.`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw new Error(`${setting}: expected https (http only for an address of this machine), found ${url.origin}.`);
  }
  return address.replace(/\/+$/, '');
}
