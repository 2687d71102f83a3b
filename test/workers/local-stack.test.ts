import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type LocalStack,
  type LocalStackOptions,
  type StackPart,
  startLocalStack as start,
} from '../../workers/local-stack.ts';
import type { RunningPart } from '../../workers/parts.ts';
import { freePorts } from '../../workers/ports.ts';
import { isRunning, type ProcessStamp } from '../../workers/processes.ts';
import { connectTemporal } from '../../workers/temporal/connect.ts';
import { runScript } from '../support/child.ts';
import { temporaryFolder } from '../support/folders.ts';
import { RecordingTerminal } from '../support/terminal.ts';

const started: LocalStack[] = [];
afterEach(() => Promise.all(started.splice(0).map((stack) => stack.stop())));

/** A stack that is stopped after the test at the latest. */
async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const stack = await start(options);
  started.push(stack);
  return stack;
}

/** Fake parts that note what happens to them, and the options for a stack on the Temporal server of this run. */
async function stage() {
  const events: string[] = [];
  const lines: string[] = [];
  const options: Omit<LocalStackOptions, 'parts'> = {
    env: process.env,
    dataDir: await temporaryFolder(),
    say: (line) => void lines.push(line),
    terminal: new RecordingTerminal(),
  };
  const part = (name: string, more: Partial<RunningPart> = {}, onStart = () => {}): StackPart => ({
    name,
    async start() {
      onStart();
      events.push(`${name} starts`);
      return { addresses: { [name]: `http://${name}` }, stop: async () => void events.push(`${name} stops`), ...more };
    },
  });
  return { events, lines, options, part };
}

describe('the parts', () => {
  test('start one after the other, say where they answer, and stop the last one first', async () => {
    const { events, lines, options, part } = await stage();
    const stack = await startLocalStack({ ...options, parts: [part('sandbox'), part('serve')] });
    expect(lines).toEqual([
      `Temporal             ${process.env['TEMPORAL_ADDRESS']} (running already)`,
      'sandbox              http://sandbox',
      'serve                http://serve',
    ]);
    await stack.stop();
    await stack.ended;
    expect(events).toEqual(['sandbox starts', 'serve starts', 'serve stops', 'sandbox stops']);
  });

  test('find Temporal and the parts before them by the environment', async () => {
    const { options, part } = await stage();
    const seen: (string | undefined)[] = [];
    const reader: StackPart = {
      name: 'reader',
      async start(env) {
        seen.push(env['TEMPORAL_ADDRESS'], env['HUBSPOT_BASE_URL']);
        return { addresses: {}, stop: async () => {} };
      },
    };
    const parts = [part('sandbox', { env: { HUBSPOT_BASE_URL: 'http://sandbox' } }), reader];
    const stack = await startLocalStack({ ...options, parts });
    expect(seen).toEqual([process.env['TEMPORAL_ADDRESS'], 'http://sandbox']);
    expect(stack.env).toMatchObject({ HUBSPOT_BASE_URL: 'http://sandbox' });
  });

  test('are stopped where a later one fails to start, and leave the folder to the next stack', async () => {
    const { events, options, part } = await stage();
    const fails = part('serve', {}, () => {
      throw new Error('no ledger');
    });
    const parts = [part('hubspot'), part('salesforce'), fails];
    await expect(startLocalStack({ ...options, parts })).rejects.toThrow('no ledger');
    expect(events).toEqual(['hubspot starts', 'salesforce starts', 'salesforce stops', 'hubspot stops']);
    await expect(startLocalStack({ ...options, parts: [] })).resolves.toBeDefined();
  });

  test('are stopped where one ends by itself, whose reason is told', async () => {
    const { events, options, part } = await stage();
    const failed = Promise.withResolvers<Error>();
    const parts = [part('sandbox'), part('serve', { failed: failed.promise })];
    const stack = await startLocalStack({ ...options, parts });
    failed.resolve(new Error('the worker failed'));
    await expect(stack.ended).rejects.toThrow('the worker failed');
    expect(events.slice(2)).toEqual(['serve stops', 'sandbox stops']);
  });

  test('are all stopped where one of them fails to stop, which is said', async () => {
    const { events, lines, options, part } = await stage();
    const stuck = part('serve', { stop: () => Promise.reject(new Error('still busy')) });
    const stack = await startLocalStack({ ...options, parts: [part('sandbox'), stuck] });
    await stack.stop();
    expect(events.at(-1)).toBe('sandbox stops');
    expect(lines.at(-1)).toBe('serve did not stop: still busy');
  });

  test('are stopped by the signal, also while they start', async () => {
    const { events, options, part } = await stage();
    const controller = new AbortController();
    const parts = [part('sandbox', {}, () => controller.abort(new Error('SIGINT'))), part('serve')];
    const starting = startLocalStack({ ...options, parts, signal: controller.signal });
    await expect(starting).rejects.toThrow('SIGINT');
    expect(events).toEqual(['sandbox starts', 'sandbox stops']);
  });
});

test('refuses a folder on which another stack runs', async () => {
  const { options } = await stage();
  await startLocalStack({ ...options, parts: [] });
  await expect(startLocalStack({ ...options, parts: [] })).rejects.toThrow(
    `A Tandem runs on ${options.dataDir} already: stop it, or name another TANDEM_DATA_DIR.`,
  );
});

test('starts nothing where TEMPORAL_ADDRESS does not answer', async () => {
  const { events, options, part } = await stage();
  const [port] = await freePorts(1);
  const env = { TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
  const starting = startLocalStack({ ...options, env, parts: [part('sandbox')] });
  await expect(starting).rejects.toThrow(`Temporal does not answer at 127.0.0.1:${port} (ECONNREFUSED)`);
  expect(events).toEqual([]);
});

const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'TEMPORAL_ADDRESS'));

test('leads to its own Temporal alone, whatever is set for another', async () => {
  const { options } = await stage();
  const env = { ...own, TEMPORAL_API_KEY: 'of another', TEMPORAL_PROFILE: 'cloud', TEMPORAL_TLS: 'true' };
  const stack = await startLocalStack({ ...options, env, parts: [] });
  const names = Object.keys(stack.env).filter((name) => name.startsWith('TEMPORAL_'));
  expect(names.toSorted()).toEqual(['TEMPORAL_ADDRESS', 'TEMPORAL_CONFIG_FILE', 'TEMPORAL_NAMESPACE']);
  const { client, close } = await connectTemporal(stack.env);
  await expect(client.workflow.count()).resolves.toMatchObject({ count: 0 });
  await close();
});

describe('a process with a stack', () => {
  async function upOn(dataDir: string) {
    const stack = runScript('workers/scripts/local-stack.ts', [dataDir], own);
    await stack.output.shows('up\n');
    const { child } = JSON.parse(await readFile(path.join(dataDir, 'temporal', 'temporal.pid.json'), 'utf8'));
    return { ...stack, temporal: child as ProcessStamp };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('stops what it started on %s', async (signal) => {
    const dataDir = await temporaryFolder();
    const { child, output, ended, temporal } = await upOn(dataDir);
    expect(output.text).toMatch(/^Temporal {13}127\.0\.0\.1:\d+\nTemporal UI {10}http:\/\/127\.0\.0\.1:\d+\nup\n$/);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(output.text.endsWith('stopped\n')).toBe(true);
    expect(isRunning(temporal)).toBe(false);
    expect(existsSync(path.join(dataDir, 'temporal', 'temporal.pid.json'))).toBe(false);
  });

  test('clears what a killed predecessor left', async () => {
    const dataDir = await temporaryFolder();
    const first = await upOn(dataDir);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    expect(isRunning(first.temporal)).toBe(true);

    const second = await upOn(dataDir);
    expect(isRunning(first.temporal)).toBe(false);
    expect(isRunning(second.temporal)).toBe(true);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });
});
