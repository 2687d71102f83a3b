import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { connectionProblem, freePorts, isPortFree } from '../../workers/ports.ts';
import { stampOf } from '../../workers/processes.ts';
import { startTemporalServer, type TemporalServer } from '../../workers/temporal/server.ts';
import { temporaryFolder, writeScript } from '../support/folders.ts';
import { temporalCli } from '../support/temporal-cli.ts';

let cli: string;
beforeAll(async () => {
  cli = await temporalCli();
}, 900_000); // where the run uses a server that was there, the CLI may have to be built for these tests

const portOf = (address: string): number => Number(new URL(`tcp://${address.replace(/^http:\/\//, '')}`).port);

async function withClient<T>({ address }: TemporalServer, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

describe('a server with its database in a file', () => {
  const workflowId = 'kept';
  let folder: string;
  let server: TemporalServer;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startTemporalServer({ cli, folder, database: 'file' });
  });
  afterAll(() => server.stop());

  test('takes workflows with our search attributes as soon as it has started', async () => {
    const start = withClient(server, (client) =>
      client.workflow.start('recordSync', {
        taskQueue: 'nobody',
        workflowId,
        typedSearchAttributes: [{ key: { name: 'SyncObject', type: 'KEYWORD' }, value: 'contacts' }],
      }),
    );
    await expect(start).resolves.toMatchObject({ workflowId });
  });

  test('shows its UI', async () => {
    const answer = await fetch(server.uiUrl);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });

  test('answers on 127.0.0.1 and on no other address of the machine', async () => {
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const ipv4 = others.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
    for (const port of [portOf(server.address), portOf(server.uiUrl)]) {
      expect(await connectionProblem('127.0.0.1', port, 5_000)).toBeUndefined();
      for (const host of ipv4) expect(await connectionProblem(host, port, 5_000)).toBe('ECONNREFUSED');
    }
  });

  test('refuses a second server in its folder', async () => {
    const second = startTemporalServer({ cli, folder, database: 'file' });
    await expect(second).rejects.toThrow(
      `A Temporal server of process ${process.pid} uses ${folder}: stop that process, or use another folder.`,
    );
    expect(stampOf(server.pid)).toBeDefined();
  });

  test('is gone with its port when it has been stopped, and knows its workflows when it starts again', async () => {
    await server.stop();
    expect(stampOf(server.pid)).toBeUndefined();
    expect(await isPortFree(portOf(server.address))).toBe(true);
    expect(existsSync(path.join(folder, 'temporal.pid.json'))).toBe(false);

    server = await startTemporalServer({ cli, folder, database: 'file' });
    const { status } = await withClient(server, (client) => client.workflow.getHandle(workflowId).describe());
    expect(status.name).toBe('RUNNING');
  });

  test('tells when it ends without having been stopped', async () => {
    process.kill(server.pid, 'SIGKILL');
    expect((await server.failed).message).toBe(
      `The Temporal server ended (SIGKILL): see ${path.join(folder, 'temporal.log')}.`,
    );
  });
});

describe('a server that can not start', () => {
  const takes = async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taker.once('listening', resolve));
    const address = taker.address();
    return { port: typeof address === 'object' && address ? address.port : 0, close: () => taker.close() };
  };

  test.each([
    ['grpc', 'server', 'TEMPORAL_ADDRESS to use the server that runs there, or --temporal-port'],
    ['ui', 'UI', '--temporal-ui-port'],
  ])('names the port for %s that is taken, and the option', async (which, part, options) => {
    const { port, close } = await takes();
    const start = startTemporalServer({
      cli,
      folder: await temporaryFolder(),
      database: 'memory',
      ports: { [which]: port },
    });
    await expect(start).rejects.toThrow(
      `Port ${port} for the Temporal ${part} is taken: end the program that has it, or set ${options}.`,
    );
    close();
  });

  test('takes other ports where a free one was lost to another program', async () => {
    const folder = await temporaryFolder();
    const tried = path.join(folder, 'tried');
    const first = `[ -e ${tried} ] || { : > ${tried}; echo "bind: address already in use"; exit 1; }`;
    const loser = await writeScript(path.join(folder, 'loser'), first, `exec ${cli} "$@"`);
    const server = await startTemporalServer({ cli: loser, folder, database: 'memory' });
    const problem = await connectionProblem('127.0.0.1', portOf(server.address), 5_000);
    await server.stop();
    expect(problem).toBeUndefined();
  });

  test('gives its last words and its log', async () => {
    const folder = await temporaryFolder();
    const broken = await writeScript(path.join(folder, 'broken'), 'echo starting', 'echo "disk is full" >&2', 'exit 3');
    const start = startTemporalServer({ cli: broken, folder, database: 'file' });
    const log = path.join(folder, 'temporal.log');
    await expect(start).rejects.toThrow(`The Temporal server did not start (ended with 3: disk is full): see ${log}.`);
    expect(await readFile(log, 'utf8')).toBe('starting\ndisk is full\n');
  });

  test('is ended when it is asked to stop while it starts', async () => {
    const folder = await temporaryFolder();
    const note = path.join(folder, 'pid');
    const [port = 0] = await freePorts(1);
    const begun = createServer().listen(port, '127.0.0.1');
    const slow = await writeScript(
      path.join(folder, 'slow'),
      `echo $$ > ${note}`,
      `exec ${process.execPath} -e "require('net').connect(${port}, '127.0.0.1')"`,
    );
    const controller = new AbortController();
    const isBegun = new Promise((resolve) => begun.once('connection', resolve));
    const start = startTemporalServer({ cli: slow, folder, database: 'file', signal: controller.signal });
    await isBegun;
    controller.abort();
    await expect(start).rejects.toThrow('aborted');
    expect(stampOf(Number(await readFile(note, 'utf8')))).toBeUndefined();
    begun.close();
  });
});
