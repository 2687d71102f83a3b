import { readFileSync } from 'node:fs';
import { codeOf } from './caught.ts';
import { Secret } from './secret.ts';

/** Reads environment variables one by one and gathers what is wrong with them, one sentence each. */
export class Variables {
  readonly problems: string[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The value, or undefined where it is not set or empty (compose files set what is left out to nothing). */
  text(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === '' ? undefined : value;
  }

  isSet(name: string): boolean {
    return this.text(name) !== undefined || this.text(`${name}_FILE`) !== undefined;
  }

  /** One of a few words. */
  word<T extends string>(name: string, words: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const word = words.find((candidate) => candidate === value.toLowerCase());
    if (word === undefined) this.problems.push(`${name} is "${value}": use one of ${words.join(', ')}.`);
    return word ?? fallback;
  }

  /** An address without a slash at its end. Where tokens go over it, it is https unless it stays on this machine. */
  url(name: string, fallback: string, encryption: 'https' | 'any'): string {
    const value = this.text(name) ?? fallback;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
      this.problems.push(`${name} must be an address such as ${fallback}, without a name or password in it.`);
    } else if (encryption === 'https' && url.protocol === 'http:' && !isLocal(url.hostname)) {
      this.problems.push(`${name} must begin with https://, as an access token is sent to ${url.host}.`);
    }
    return value.replace(/\/+$/, '');
  }

  /** `host:port` to listen on; an IPv6 host stands in brackets. */
  address(name: string): { host: string; port: number } | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, host, port] = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(value) ?? [];
    if (host !== undefined && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
    this.problems.push(`${name} is "${value}": use a host and a port of this machine, such as 127.0.0.1:4000.`);
    return undefined;
  }

  /** A secret, by its own variable or from the file that `NAME_FILE` names. */
  secret(name: string): Secret | undefined {
    const own = this.text(name);
    const file = this.text(`${name}_FILE`);
    if (own !== undefined && file !== undefined) {
      this.problems.push(`${name} and ${name}_FILE are both set: leave one out.`);
    }
    if (own !== undefined) return new Secret(own);
    if (file === undefined) return undefined;
    try {
      const value = readFileSync(file, 'utf8').trim();
      if (value !== '') return new Secret(value);
      this.problems.push(`The file ${file} that ${name}_FILE names is empty.`);
    } catch (error) {
      this.problems.push(`The file ${file} that ${name}_FILE names can't be read (${codeOf(error) ?? 'unknown'}).`);
    }
    return undefined;
  }

  /** A secret that goes into a header, so that it must be one word of plain characters. */
  token(name: string): Secret | undefined {
    const secret = this.secret(name);
    if (secret && !/^[\x21-\x7e]+$/.test(secret.reveal())) {
      this.problems.push(`${name} must be one word of plain characters, without spaces or line breaks.`);
    }
    return secret;
  }
}

/** Whether a host name is this machine's own. */
export const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
