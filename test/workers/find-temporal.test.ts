import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporalCacheDir } from '../../workers/temporal/cache.ts';
import type { Fetcher } from '../../workers/temporal/fetcher.ts';
import { findTemporal, findTemporalCli } from '../../workers/temporal/find.ts';
import { temporaryFolder, writeScript } from '../support/folders.ts';
import { RecordingTerminal } from '../support/terminal.ts';

const says = (server: string): string => `echo "temporal version 1.5.1 (Server ${server}, UI 2.42.1)"`;

/** A machine with nothing on it but what a test puts there. */
async function emptyMachine() {
  const home = await temporaryFolder();
  const bin = path.join(home, 'bin');
  await mkdir(bin);
  const env: NodeJS.ProcessEnv = { HOME: home, PATH: bin };
  const cache = temporalCacheDir(env);
  return {
    env,
    cache,
    terminal: new RecordingTerminal(),
    onPath: (server = '1.29.1') => writeScript(path.join(bin, 'temporal'), says(server)),
    named: (server = '1.29.1') => writeScript(path.join(home, 'named'), says(server)),
    async cached() {
      await mkdir(cache, { recursive: true });
      return writeScript(path.join(cache, 'temporal'), says('1.29.1'));
    },
  };
}

const refuses = (name: string, reason: string): Fetcher => ({ name, fetch: () => Promise.reject(new Error(reason)) });
const gives = (name: string, line: string): Fetcher => ({
  name,
  fetch: ({ workDir }) => writeScript(path.join(workDir, 'result'), line),
});

describe('what is there decides', () => {
  const table = [
    { there: ['address', 'named', 'path', 'cache'], found: 'address' },
    { there: ['named', 'path', 'cache'], found: 'TEMPORAL_CLI_PATH' },
    { there: ['path', 'cache'], found: 'PATH' },
    { there: ['cache'], found: 'cache' },
    { there: [], found: 'download' },
  ];
  test.each(table)('$there gives $found', async ({ there, found }) => {
    const machine = await emptyMachine();
    const env = { ...machine.env };
    if (there.includes('address')) env['TEMPORAL_ADDRESS'] = 'temporal.example:7233';
    if (there.includes('named')) env['TEMPORAL_CLI_PATH'] = await machine.named();
    if (there.includes('path')) await machine.onPath();
    if (there.includes('cache')) await machine.cached();
    const fetchers = [gives('download', says('1.29.1')), gives('go install', says('1.29.1'))];
    const result = await findTemporal({ env, terminal: machine.terminal, fetchers });
    expect(result.kind === 'server' ? 'address' : result.cli.source).toBe(found);
  });
});

test('goes on to the next way where one is closed, and finds the result in the cache the next time', async () => {
  const { env, terminal, cache } = await emptyMachine();
  const fetchers = [refuses('download', 'no network'), gives('go install', says('1.29.1'))];
  const cli = { path: path.join(cache, 'temporal') };
  await expect(findTemporalCli({ env, terminal, fetchers })).resolves.toEqual({ ...cli, source: 'go install' });
  await expect(findTemporalCli({ env, terminal, fetchers: [] })).resolves.toEqual({ ...cli, source: 'cache' });
});

test('names a CLI on PATH that is too old and passes it over', async () => {
  const machine = await emptyMachine();
  const old = await machine.onPath('1.25.2');
  const cached = await machine.cached();
  const found = await findTemporalCli({ env: machine.env, terminal: machine.terminal });
  expect(found).toEqual({ path: cached, source: 'cache' });
  expect(machine.terminal.text).toBe(
    `${old} on PATH holds server 1.25 and Tandem needs 1.29 or newer: looking further.\n`,
  );
});

test.each([
  { what: 'no file', named: '/nowhere/temporal', says: 'which is no executable file' },
  { what: 'another program', named: '/bin/echo', says: 'which is not the Temporal CLI' },
])('refuses a TEMPORAL_CLI_PATH that names $what, in one sentence', async ({ named, says: sentence }) => {
  const { env, terminal } = await emptyMachine();
  const finding = findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: named }, terminal });
  await expect(finding).rejects.toThrow(`TEMPORAL_CLI_PATH names ${named}, ${sentence}: correct it or unset it.`);
});

test('says in one sentence what was tried and which ways there are, where none is open', async () => {
  const { env, terminal } = await emptyMachine();
  const fetchers = [refuses('download', 'no network'), refuses('go install', 'there is no Go on PATH')];
  const finding = findTemporalCli({ env, terminal, fetchers });
  await expect(finding).rejects.toThrow(
    /^There is no Temporal server to be had \(download: no network; go install: there is no Go on PATH\): set TEMPORAL_ADDRESS .* TEMPORAL_CLI_PATH, or install Go 1\.25 or newer .*\.$/,
  );
});

test('keeps a fetched file that does not run out of the cache, and leaves nothing else there', async () => {
  const { env, terminal, cache } = await emptyMachine();
  const finding = findTemporalCli({ env, terminal, fetchers: [gives('download', 'exit 1')] });
  await expect(finding).rejects.toThrow('download: the result does not run');
  expect(await readdir(cache)).toEqual(['fetch.lock']);
});
