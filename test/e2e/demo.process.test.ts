import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { weekly } from '../../workers/demo/settings.ts';
import { tryLock } from '../../workers/process-lock.ts';
import { scheduleId } from '../../workflows/ids.ts';
import { runScript } from '../support/child.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';
import { until } from './world.ts';

let temporal: TestEnvironment;
beforeAll(async () => {
  temporal = await testEnvironment();
});
afterAll(() => temporal.close());

/** `tandem demo --once` on the Temporal server of this run, with settings for systems that nobody may touch. */
async function demo() {
  const dataDir = await temporaryFolder();
  const process_ = runScript('../cli/bin.js', ['demo', '--once'], {
    ...process.env,
    TANDEM_DATA_DIR: dataDir,
    TANDEM_INSTALLATION: 'production',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/production',
    HUBSPOT_BASE_URL: 'http://127.0.0.1:1',
    HUBSPOT_ACCESS_TOKEN: 'real',
  });
  return { ...process_, dataDir: path.join(dataDir, 'demo') };
}

/** The demo has let go of everything: its folder, and the workflows on a server that outlives it. */
async function expectNothingLeft(text: string, dataDir: string): Promise<void> {
  const [, installation] = /Worker +(demo-[0-9a-f]{6})\/live/.exec(text) ?? [];
  expect(installation).toBeDefined();
  const query = `TaskQueue STARTS_WITH "${installation}/" AND ExecutionStatus = "Running"`;
  await until(async () => (await temporal.client.workflow.count(query)).count === 0);
  await expect(temporal.client.schedule.getHandle(scheduleId(installation ?? '', weekly)).describe()).rejects.toThrow(
    'not found',
  );
  const lock = tryLock(path.join(dataDir, 'stack.lock'));
  expect(lock).toBeDefined();
  lock?.release();
  expect(existsSync(path.join(dataDir, 'stack.json'))).toBe(false);
}

test('demo --once tells the whole story in a process of its own, ends with 0 and leaves nothing running', async () => {
  const { output, ended, dataDir } = await demo();
  expect([await ended, output.text]).toEqual([
    0,
    expect.stringMatching(/\nThe story came true: 8 steps in \d+ s\.\n$/),
  ]);
  await expectNothingLeft(output.text, dataDir);
}, 300_000);

test('demo --once that is stopped in its middle ends with 1 and leaves nothing running', async () => {
  const { child, output, ended, dataDir } = await demo();
  await output.shows('1. Choosing a segment syncs nobody');
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(output.text).not.toContain('The story came true');
  await expectNothingLeft(output.text, dataDir);
}, 300_000);
