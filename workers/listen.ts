import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { codeOf, messageOf } from './caught.ts';
import type { Environment } from './environment.ts';
import { StartError } from './start-error.ts';
import { isLocal } from './variables.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no more requests and lets those under way end, at most for a while. */
  stop(): Promise<void>;
}

/** Where a process answers HTTP: `TANDEM_LISTEN`, else this machine alone, on the port of its role. */
export function listenAddress(role: 'service' | 'worker', { listen, url }: Environment): ListenAddress {
  if (listen) return listen;
  if (role === 'worker') return { host: '127.0.0.1', port: 4001 };
  const { hostname, port } = new URL(url);
  if (!isLocal(hostname)) return { host: '127.0.0.1', port: Number(port || 4000) };
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) };
}

type Fetch = (request: Request) => Response | Promise<Response>;

const endWithinMs = 5_000;

/** Answers HTTP. Throws a `StartError` where that address can't be had; `remedy` says what to do then. */
export async function listen(fetch: Fetch, { host, port }: ListenAddress, remedy: string): Promise<Listening> {
  const server = await new Promise<Server>((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, () => resolve(server)) as Server;
    server.once('error', (error) =>
      reject(new StartError(`Can't listen on ${host}:${port} (${codeOf(error) ?? messageOf(error)}): ${remedy}.`)),
    );
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    stop: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), endWithinMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
      }),
  };
}
