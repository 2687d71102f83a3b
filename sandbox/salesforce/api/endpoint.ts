import type { Clock } from '../../common/clock.ts';
import type { ObjectType } from '../objects/index.ts';
import type { Actor, Records } from '../records.ts';
import { Refusal, resourceMissing } from '../refusal.ts';
import type { Row, Store, Table } from '../store.ts';
import type { Transactions } from '../transactions.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import type { Locators } from './locators.ts';
import type { Usage } from './usage.ts';

/** All that endpoints work on. */
export interface Org {
  readonly store: Store;
  readonly records: Records;
  readonly clock: Clock;
  readonly transactions: Transactions;
  readonly locators: Locators;
  readonly usage: Usage;
}

/** One call, authenticated and read. A subrequest of a composite is a call of its own in the same unit of work. */
export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The JSON body, or undefined where there is none. */
  readonly body: unknown;
  readonly version: number;
  /** `/services/data/v67.0` */
  readonly basePath: string;
  readonly actor: Actor;
  readonly unit: UnitOfWork;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Something under `/services/data/vXX.X`. Handlers are synchronous, so a call never meets another half done. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Query parameters that it knows; others are noted as unmodelled. */
  readonly parameters?: readonly string[];
  /** Answers, or throws a `Refusal`. */
  handle(call: Call): Answer;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const noContent: Answer = { status: 204 };

/** Throws `NOT_FOUND`. */
export function tableOf(org: Org, name: string | undefined): Table {
  const table = org.store.table(name ?? '');
  if (!table) throw resourceMissing();
  return table;
}

/** Throws where API clients may not write records of the type. */
export function writable(object: ObjectType): ObjectType {
  if (object.writable) return object;
  throw new Refusal(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', []);
}

/** Throws `JSON_PARSER_ERROR` where the body is no JSON object. */
export function objectBody(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Refusal(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
}

/** Where an update from elsewhere has to be told apart from ours: when the record last changed. */
export const lastModified = (row: Row): string => String(row.values?.LastModifiedDate ?? '');
