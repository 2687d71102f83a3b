import { TrieRouter } from 'hono/router/trie-router';
import type { z } from 'zod';
import type { Faults } from '../../sandbox/common/faults.ts';
import type { Door } from '../../sandbox/common/host.ts';

/** What a vendor answers to one kind of call, by status; a status without a schema has no body. */
export interface Answers {
  readonly [status: number]: z.ZodType | undefined;
}

/** Every call that a vendor answers, by the sandbox's name for it, and what all answers have in common. */
export interface Contract {
  readonly calls: Readonly<Record<string, Answers>>;
  /** A path as the calls are named by. */
  readonly path: (pathname: string) => string;
  readonly refusal: (status: number) => z.ZodType;
  /** Says what is wrong with the headers. */
  readonly headers: (headers: Headers, status: number, path: string) => string | undefined;
}

/** Of the answers in tests that are about something else. */
export const sampled = 0.05;

/**
 * A door that holds answers against a contract; one that breaks it is answered with 599 and what is wrong, so that
 * whoever asked fails. Answers that a fault rule gave are let through. `share` of the answers is looked at, every first.
 */
export function checkedDoor(sandbox: { door: Door; faults: Faults }, contract: Contract, share = 1): Door {
  const router = new TrieRouter<Answers & { readonly name: string }>();
  const parameters = (name: string) => name.split('{').length;
  // The router takes the first that fits: those that name most come first.
  const calls = Object.entries(contract.calls).sort(([a], [b]) => parameters(a) - parameters(b));
  for (const [name, answers] of calls) {
    const [method = '', path = ''] = name.split(' ');
    router.add(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), { ...answers, name });
  }
  const seen = new Map<string, number>();
  const isDue = (key: string): boolean => {
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times % Math.round(1 / share) === 0;
  };

  return {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const isFaulty = sandbox.faults.remaining().length > 0;
      const response = await sandbox.door.fetch(request);
      if (pathname.startsWith('/_sandbox') || isFaulty) return response;
      const path = contract.path(pathname);
      const known = router.match(request.method, path)[0][0]?.[0];
      if (!isDue(`${known?.name ?? 'unknown'} ${response.status}`)) return response;
      const text = await response.clone().text();
      const wrong = problem(contract, known, response, text, path);
      if (wrong === undefined) return response;
      const where = `${request.method} ${pathname} was answered with ${response.status} against the contract: ${wrong}`;
      return new Response(where, { status: 599, headers: { 'content-type': 'text/plain' } });
    },
  };
}

function problem(
  contract: Contract,
  answers: Answers | undefined,
  { status, headers }: Response,
  text: string,
  path: string,
): string | undefined {
  const wrongHeaders = contract.headers(headers, status, path);
  if (wrongHeaders !== undefined) return wrongHeaders;
  if (headers.get('content-type') === 'text/html') return undefined;
  const isRefusal = status >= 400 && !(answers && status in answers);
  if (!isRefusal && !answers) return 'the call is not in the contract';
  if (!isRefusal && answers && !(status in answers))
    return `only ${Object.keys(answers).join(', ')} are in the contract`;
  const schema = isRefusal ? contract.refusal(status) : answers?.[status];
  if (!schema) return text === '' ? undefined : `there should be no body, and there is ${text.slice(0, 100)}`;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return `the body is no JSON: ${text.slice(0, 100)}`;
  }
  const result = schema.safeParse(body);
  if (result.success) return undefined;
  return result.error.issues.map(({ path: at, message }) => `${at.join('.') || '(all)'}: ${message}`).join('; ');
}
