import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freePorts } from '../../workers/ports.ts';
import { connectTemporal, connectWorker, temporalTarget } from '../../workers/temporal/connect.ts';
import { temporaryFolder } from '../support/folders.ts';

async function environment(variables: NodeJS.ProcessEnv, toml = ''): Promise<NodeJS.ProcessEnv> {
  const file = path.join(await temporaryFolder(), 'temporal.toml');
  if (toml) await writeFile(file, toml); // without one, no such file: the one of the home is not read either way
  return { TEMPORAL_CONFIG_FILE: file, ...variables };
}

describe('where Temporal is', () => {
  const profile = '[profile.default]\naddress = "temporal.example:7233"\nnamespace = "sync"\n';
  test.each([
    { by: 'nothing', variables: {}, toml: '', address: 'localhost:7233', namespace: 'default' },
    { by: 'temporal.toml', variables: {}, toml: profile, address: 'temporal.example:7233', namespace: 'sync' },
    {
      by: 'TEMPORAL_ADDRESS over temporal.toml',
      variables: { TEMPORAL_ADDRESS: 'here:1' },
      toml: profile,
      address: 'here:1',
      namespace: 'sync',
    },
    {
      by: 'temporal.toml where a variable is blank',
      variables: { TEMPORAL_ADDRESS: '' },
      toml: profile,
      address: 'temporal.example:7233',
      namespace: 'sync',
    },
  ])('is said by $by', async ({ variables, toml, address, namespace }) => {
    expect(temporalTarget(await environment(variables, toml))).toMatchObject({ address, namespace });
  });

  test('is asked for in one sentence where temporal.toml can not be read', async () => {
    const env = await environment({}, '[profile');
    expect(() => temporalTarget(env)).toThrow(/^The configuration of Temporal can't be read \(/);
  });
});

describe('a Temporal that does not answer', () => {
  test.each([
    { why: 'nobody listens', host: '127.0.0.1', reason: 'ECONNREFUSED' },
    { why: 'the host is unknown', host: 'temporal.invalid', reason: '(ENOTFOUND|EAI_AGAIN)' },
  ])('is named in one sentence with the reason: $why', async ({ host, reason }) => {
    const [port] = await freePorts(1);
    const env = await environment({ TEMPORAL_ADDRESS: `${host}:${port}` });
    const sentence = new RegExp(
      `^Temporal does not answer at ${host}:${port} \\(${reason}\\): check that it runs there, and TEMPORAL_ADDRESS `,
    );
    await expect(connectTemporal(env)).rejects.toThrow(sentence);
    await expect(connectWorker(env)).rejects.toThrow(sentence);
  });
});
