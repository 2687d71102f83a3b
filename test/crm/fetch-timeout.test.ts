import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Door, limitFetch, openDoor } from '../../crm/fetch-timeout.ts';

/** A server that does to each call what `answer` says, and tells when a socket of its has been closed by the client. */
async function server(answer: (response: ServerResponse) => void) {
  const http = createServer((_, response) => answer(response));
  const closed = new Promise<void>((resolve) => http.on('connection', (socket) => socket.on('close', () => resolve())));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { url, closed, close: () => new Promise((resolve) => http.close(resolve)) };
}

const hangs = {
  'before the headers': () => {},
  'in the middle of the body': (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"half":');
  },
};

describe('a limited origin', () => {
  test.each(Object.entries(hangs))('cuts the socket of a server that hangs %s', async (_, hang) => {
    const { url, closed, close } = await server(hang);
    limitFetch(url, 300);
    await expect(fetch(`${url}/x`, { method: 'POST', body: '{}' }).then((r) => r.text())).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await closed;
    await close();
  });

  test('still obeys the signal of its caller', async () => {
    const { url, close } = await server(() => {});
    limitFetch(url, 60_000);
    const caller = new AbortController();
    const call = fetch(url, { signal: caller.signal });
    caller.abort(new Error('no longer wanted'));
    await expect(call).rejects.toThrow('no longer wanted');
    await close();
  });

  test('follows no redirect', async () => {
    const { url, close } = await server((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    limitFetch(url, 60_000);
    const answer = await fetch(url);
    expect(answer.status).toBe(302);
    await answer.text();
    await close();
  });

  test('leaves every other origin alone', async () => {
    limitFetch('http://127.0.0.1:1', 1);
    const { url, close } = await server((response) => setImmediate(() => response.end('fine')));
    await expect(fetch(new Request(url)).then((r) => r.text())).resolves.toBe('fine');
    await close();
  });
});

describe('a door', () => {
  const origin = 'http://127.0.0.1:2';
  let shut = () => {};
  const open = (fetch: Door['fetch']) => {
    shut = openDoor(origin, { fetch });
  };
  afterEach(() => shut());

  test('answers in the place of a socket, with method, headers and body', async () => {
    open(async (r) => Response.json([r.method, new URL(r.url).pathname, r.headers.get('x-key'), await r.text()]));
    const answer = await fetch(`${origin}/a?b`, { method: 'POST', headers: { 'x-key': '1' }, body: 'hello' });
    expect(await answer.json()).toEqual(['POST', '/a', '1', 'hello']);
  });

  test('is closed again', async () => {
    open(() => new Response('open'));
    shut();
    await expect(fetch(origin)).rejects.toThrow('fetch failed');
  });

  test('that hangs before the headers ends when the time is up', async () => {
    limitFetch(origin, 20);
    open(() => new Promise(() => {}));
    await expect(fetch(origin)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('that hangs in the middle of the body ends when the time is up', async () => {
    limitFetch(origin, 20);
    const half = new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode('{"half":')) });
    open(() => new Response(half));
    await expect(fetch(origin).then((r) => r.text())).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
