import { describe, expect, test } from '@jest/globals';
import { readEnvironment } from '../../workers/environment.ts';
import { type Listening, listen, listenAddress } from '../../workers/listen.ts';

const local = { host: '127.0.0.1', port: 0 };

describe('the address to listen on', () => {
  test.each([
    ['service', {}, { host: '127.0.0.1', port: 4000 }],
    ['worker', {}, { host: '127.0.0.1', port: 4001 }],
    ['service', { TANDEM_URL: 'http://127.0.0.1:0' }, { host: '127.0.0.1', port: 0 }],
    ['service', { TANDEM_URL: 'http://[::1]:4100' }, { host: '::1', port: 4100 }],
    ['service', { TANDEM_URL: 'https://tandem.example.com' }, { host: '127.0.0.1', port: 4000 }],
    ['service', { TANDEM_URL: 'http://tandem.example.com:4100' }, { host: '127.0.0.1', port: 4100 }],
    ['service', { TANDEM_LISTEN: '0.0.0.0:4200' }, { host: '0.0.0.0', port: 4200 }],
    ['worker', { TANDEM_LISTEN: '[::]:4200' }, { host: '::', port: 4200 }],
  ] as const)('of a %s with %j is %j', (role, env, expected) => {
    expect(listenAddress(role, readEnvironment(env))).toEqual(expected);
  });
});

describe('a server', () => {
  test('says which address it could not have, and what to do', async () => {
    const first = await listen(() => new Response(), local, '');
    const taken = listen(() => new Response(), { ...local, port: first.port }, 'set TANDEM_LISTEN');
    await expect(taken).rejects.toThrow(`Can't listen on 127.0.0.1:${first.port} (EADDRINUSE): set TANDEM_LISTEN.`);
    await first.stop();
  });

  test('lets a request under way end when it stops, and takes no other', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    const server = await listen(() => (asked.resolve(), answer.promise), local, '');
    const underWay = fetch(urlOf(server));
    await asked.promise;
    const stopped = server.stop();
    await expect(fetch(urlOf(server))).rejects.toThrow('fetch failed');
    answer.resolve(new Response('whole'));
    expect(await (await underWay).text()).toBe('whole');
    await stopped;
  });
});

const urlOf = ({ port }: Listening): string => `http://127.0.0.1:${port}/`;
