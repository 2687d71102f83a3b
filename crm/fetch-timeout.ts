/** Answers requests without a socket: the sandboxes' doors fit. */
export interface Door {
  fetch(request: Request): Response | Promise<Response>;
}

type Fetch = typeof globalThis.fetch;

const timeouts = new Map<string, number>();
const doors = new Map<string, Door>();
let wrapped: Fetch | undefined;

/**
 * From now on every global `fetch` to the origin of `baseUrl` is cut after `timeoutMs`, headers and body together, and
 * follows no redirect. For clients that call the global fetch and take no signal: without this a server that hangs would
 * hold a call for ever, and a race with a timer would not end the write.
 */
export function limitFetch(baseUrl: string, timeoutMs: number): void {
  wrapFetch();
  timeouts.set(new URL(baseUrl).origin, timeoutMs);
}

/** Leads every global `fetch` to the origin of `baseUrl` through a door in this process; the answer takes that back. */
export function openDoor(baseUrl: string, door: Door): () => void {
  wrapFetch();
  const { origin } = new URL(baseUrl);
  doors.set(origin, door);
  return () => {
    if (doors.get(origin) === door) doors.delete(origin);
  };
}

/** Wraps once; anew where somebody has put another fetch in its place. All other origins pass through untouched. */
function wrapFetch(): void {
  if (globalThis.fetch === wrapped) return;
  const inner = globalThis.fetch;
  wrapped = (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    const timeoutMs = timeouts.get(origin);
    const door = doors.get(origin);
    const limited = timeoutMs === undefined ? init : { ...init, ...limits(timeoutMs, init?.signal) };
    return door ? throughDoor(door, new Request(input, limited)) : inner(input, limited);
  };
  globalThis.fetch = wrapped;
}

function limits(timeoutMs: number, given: AbortSignal | null | undefined): RequestInit {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { signal: given ? AbortSignal.any([given, timeout]) : timeout, redirect: 'manual' };
}

/** A door ends like a socket does: when the time is up, before the headers or in the middle of the body. */
async function throughDoor(door: Door, request: Request): Promise<Response> {
  const { signal } = request;
  signal.throwIfAborted();
  const { promise: gaveUp, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  const response = await Promise.race([door.fetch(request), gaveUp]);
  signal.removeEventListener('abort', giveUp);
  if (!response.body) return response;
  return new Response(response.body.pipeThrough(new TransformStream(), { signal }), response);
}
