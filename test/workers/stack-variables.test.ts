import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureApiToken, findApiToken } from '../../workers/api-token.ts';
import { Secret } from '../../workers/secret.ts';
import { noteStackVariables, withStackVariables } from '../../workers/stack-variables.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'tandem-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const stack = {
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  TEMPORAL_NAMESPACE: 'default',
  HUBSPOT_ACCESS_TOKEN: 'pat',
  TANDEM_URL: 'http://127.0.0.1:2',
};

describe('the way to the local stack', () => {
  test('leads commands there while it runs', () => {
    const env = { TANDEM_DATA_DIR: dataDir };
    const forget = noteStackVariables(dataDir, stack);
    expect(withStackVariables(env)).toEqual({ ...env, ...stack });
    forget();
    expect(withStackVariables(env)).toEqual(env);
  });

  test('leads nowhere when the process that noted it is gone', () => {
    const env = { TANDEM_DATA_DIR: dataDir };
    writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify({ pid: 2 ** 22 + 1, variables: stack }));
    expect(withStackVariables(env)).toEqual(env);
    writeFileSync(path.join(dataDir, 'stack.json'), 'no JSON');
    expect(withStackVariables(env)).toEqual(env);
  });

  test('gives way to the environment, and never mixes two systems of one kind', () => {
    const env = {
      TANDEM_DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: 'cloud:7233',
      HUBSPOT_BASE_URL: 'https://real.example',
      TANDEM_URL: '',
    };
    noteStackVariables(dataDir, stack);
    expect(withStackVariables(env)).toEqual({ ...env, TANDEM_URL: stack.TANDEM_URL });
  });

  test('is not given up for a variable that says where the Temporal CLI is', () => {
    const env = { TANDEM_DATA_DIR: dataDir, TEMPORAL_CLI_PATH: '/opt/temporal' };
    noteStackVariables(dataDir, stack);
    expect(withStackVariables(env)).toEqual({ ...env, ...stack });
  });

  test('can be read by its own user alone', () => {
    noteStackVariables(dataDir, stack);
    expect(statSync(path.join(dataDir, 'stack.json')).mode & 0o077).toBe(0);
  });
});

describe("the service's token", () => {
  test('is made once, kept in the data folder for its own user, and found there by clients', () => {
    const source = { dataDir: path.join(dataDir, 'new'), apiToken: undefined };
    expect(findApiToken(source)).toBeUndefined();
    const token = ensureApiToken(source).reveal();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(ensureApiToken(source).reveal()).toBe(token);
    expect(findApiToken(source)?.reveal()).toBe(token);
    expect(statSync(path.join(source.dataDir, 'api-token')).mode & 0o077).toBe(0);
  });

  test('is that of the environment where there is one', () => {
    ensureApiToken({ dataDir, apiToken: undefined });
    expect(findApiToken({ dataDir, apiToken: new Secret('mine') })?.reveal()).toBe('mine');
    expect(ensureApiToken({ dataDir, apiToken: new Secret('mine') }).reveal()).toBe('mine');
  });
});
