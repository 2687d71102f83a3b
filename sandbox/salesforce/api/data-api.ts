import { TrieRouter } from 'hono/router/trie-router';
import type { Traffic } from '../../common/traffic.ts';
import type { Actor } from '../records.ts';
import { Refusal, resourceMissing } from '../refusal.ts';
import { NotModelled } from '../soql/parse.ts';
import { UnitOfWork } from '../unit-of-work.ts';
import { collectionEndpoints } from './collections.ts';
import { compositeEndpoint } from './composite.ts';
import { describeEndpoints } from './describe.ts';
import type { Answer, Call, Endpoint, Org } from './endpoint.ts';
import { queryEndpoints } from './query.ts';
import { replicationEndpoints } from './replication.ts';
import { rowEndpoints } from './rows.ts';

const oldestVersion = 31;
export const newestVersion = 67;
const retiredVersion = 21;

/** Headers of Salesforce's own that change nothing here, or that are modelled. */
const knownHeaders = [
  'sforce-query-options',
  'sforce-call-options',
  'sforce-auto-assign',
  'sforce-duplicate-rule-header',
];

interface Match {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

/** A call as it comes in, its body read. */
interface Incoming {
  readonly method: string;
  /** Path and query, from `/services/data/v67.0` on. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Everything under `/services/data/vXX.X`: one table of endpoints for outside calls and for subrequests. */
export class DataApi {
  readonly #router = new TrieRouter<Endpoint>();
  readonly #traffic: Traffic;
  /** The calls that are modelled, for instance `PATCH /sobjects/{type}/{id}`. */
  readonly calls: readonly string[];

  constructor(org: Org, traffic: Traffic) {
    this.#traffic = traffic;
    const endpoints = [
      ...describeEndpoints(org),
      ...queryEndpoints(org),
      ...replicationEndpoints(org),
      ...collectionEndpoints(org),
      compositeEndpoint((subrequest, outer) => this.#subrequest(subrequest, outer)),
      ...rowEndpoints(org),
    ];
    this.calls = endpoints.map(nameOf);
    for (const endpoint of endpoints) this.#router.add(endpoint.method, endpoint.path, endpoint);
  }

  /** The name of a call in the traffic, for instance `PATCH /sobjects/{type}/{id}`; undefined where there is none. */
  routeOf(method: string, url: string): string | undefined {
    const endpoint = this.#match(method, addressOf(url).path)?.endpoint;
    return endpoint && nameOf(endpoint);
  }

  /** Answers a call, whatever it asks, and counts what it wrote. */
  answer(incoming: Incoming, actor: Actor): Answer {
    const unit = new UnitOfWork();
    const answer = this.#perform(incoming, actor, unit);
    unit.finish(this.#traffic);
    return answer;
  }

  #subrequest(incoming: Incoming, outer: Call): Answer {
    const route = this.routeOf(incoming.method, incoming.url);
    if (route) this.#traffic.called(`in composite: ${route}`);
    return this.#perform(incoming, outer.actor, outer.unit);
  }

  #perform({ method, url, headers, body }: Incoming, actor: Actor, unit: UnitOfWork): Answer {
    const { basePath, version, path, query } = addressOf(url);
    try {
      if (version >= retiredVersion && version < oldestVersion) {
        throw new Refusal(410, 'UNSUPPORTED_API_VERSION', 'The requested API version is retired.');
      }
      if (version < oldestVersion || version > newestVersion) throw resourceMissing();
      const match = this.#match(method, path);
      if (!match) return this.#unmatched(method, path);
      this.#noteUnknown(match.endpoint, query, headers);
      return match.endpoint.handle({ ...match, query, headers, body, version, basePath, actor, unit });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error instanceof NotModelled) this.#traffic.unmodelled.push(`SOQL: ${error.what}`);
      return { status: error.status, body: error.body() };
    }
  }

  #match(method: string, path: string): Match | undefined {
    const [found] = this.#router.match(method, path);
    const first = found[0];
    if (!first) return undefined;
    const [endpoint, params] = first as [Endpoint, Record<string, string>];
    const decoded = Object.entries(params).map(([name, value]) => [name, decode(value)] as const);
    return { endpoint, params: Object.fromEntries(decoded) };
  }

  #unmatched(method: string, path: string): Answer {
    this.#traffic.unmodelled.push(`${method} ${path}`);
    const others = ['GET', 'POST', 'PATCH', 'DELETE'].filter((other) => this.#match(other, path));
    if (others.length === 0) throw resourceMissing();
    throw new Refusal(
      405,
      'METHOD_NOT_ALLOWED',
      `HTTP Method '${method}' not allowed. Allowed are ${others.join(',')}`,
    );
  }

  #noteUnknown(endpoint: Endpoint, query: URLSearchParams, headers: Headers): void {
    const name = nameOf(endpoint);
    for (const key of new Set(query.keys())) {
      if (!endpoint.parameters?.includes(key)) this.#traffic.unmodelled.push(`${name}?${key}`);
    }
    for (const key of headers.keys()) {
      if (key.startsWith('sforce-') && !knownHeaders.includes(key))
        this.#traffic.unmodelled.push(`${name} with header ${key}`);
    }
  }
}

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

/** `%2F` inside a value is part of it; a value that does not decode stands for itself. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function addressOf(url: string) {
  const [pathname, search] = splitOnce(url, '?');
  const match = /^\/services\/data\/v(\d+)\.(\d)(\/.*)?$/.exec(pathname);
  const rest = (match?.[3] ?? '/').replace(/(.)\/$/, '$1');
  return {
    basePath: `/services/data/v${match?.[1]}.${match?.[2]}`,
    version: match ? Number(match[1]) : 0,
    path: rest,
    query: new URLSearchParams(search),
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** `GET /services/data`: the newest last. Three releases a year; version 20 was Winter '11. */
export const versions = () =>
  Array.from({ length: newestVersion - oldestVersion + 1 }, (_, i) => {
    const number = oldestVersion + i;
    const season = ['Winter', 'Spring', 'Summer'][(number - 20) % 3];
    const year = 11 + Math.floor((number - 20) / 3);
    return { label: `${season} '${year}`, url: `/services/data/v${number}.0`, version: `${number}.0` };
  });
