import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { ConnectionCut, endsInCut } from './faults.ts';

/**
 * A sandbox seen as one function from request to answer: the door without sockets. It rejects with `ConnectionCut`
 * where the peer closes the connection instead of answering.
 */
export interface Door {
  fetch(request: Request): Response | Promise<Response>;
}

export interface Host {
  /** `http://127.0.0.1:{port}`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a door on 127.0.0.1; port 0 takes a free one. Rejects with the system's error where the port is taken. */
export async function serve(door: Door, port = 0): Promise<Host> {
  const server = createServer(
    // Wider than any vendor's own limit, so that the door decides what is too long and says so as the vendor does.
    { maxHeaderSize: 131_072 },
    getRequestListener((request, { outgoing }) => answer(door, request, outgoing as ServerResponse), {
      overrideGlobalObjects: false,
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(door: Door, request: Request, outgoing: ServerResponse): Promise<Response> {
  try {
    const response = await door.fetch(request);
    return endsInCut(response) ? await sendThenCut(response, outgoing) : response;
  } catch (error) {
    if (!(error instanceof ConnectionCut)) throw error;
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
}

/** Sends what the body gives and closes the connection in the middle of it. */
async function sendThenCut(response: Response, outgoing: ServerResponse): Promise<Response> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  try {
    for await (const chunk of response.body ?? []) outgoing.write(chunk);
  } finally {
    outgoing.destroy();
  }
  return RESPONSE_ALREADY_SENT;
}
