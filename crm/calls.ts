import { AsyncLocalStorage } from 'node:async_hooks';
import type { System } from '../core/record-ref.ts';

/** One request to a vendor, as it is about to leave. */
export interface Call {
  readonly system: System;
  /** Method and path with ids left out: `POST /crm/v3/objects/contacts/batch/read`. */
  readonly route: string;
  readonly writes: boolean;
}

/** Asked before a request leaves; what it throws keeps the request back. */
export type BeforeCall = (call: Call) => void | Promise<void>;

const asked = new AsyncLocalStorage<BeforeCall>();
const counts = new Map<string, number>();

/**
 * Runs `work` so that `before` is asked ahead of every vendor request inside it, repeats and bisections included, token
 * requests not: the place for budgets and for "is there still time". What it throws reaches the caller of `work` unchanged.
 */
export function withBeforeCall<T>(before: BeforeCall, work: () => Promise<T>): Promise<T> {
  return asked.run(before, work);
}

/** For the adapters: asks and counts. To be awaited right before the request is sent. */
export async function noteCall(call: Call): Promise<void> {
  await asked.getStore()?.(call);
  countCall(call);
}

/** Counts a request that serves several callers at once (a token) and so is nobody's to hold back. */
export function countCall({ system, route }: Call): void {
  const name = `${system} ${route}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Requests that this process has sent so far, by system and route. */
export const callCounts = (): Readonly<Record<string, number>> => Object.fromEntries(counts);
