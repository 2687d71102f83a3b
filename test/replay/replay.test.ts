import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import * as workflows from '../../workflows/index.ts';
import { temporaryFolder } from '../support/folders.ts';
import { workflowBundlePath } from '../support/temporal.ts';
import { type RecordedHistory, recordedHistories } from './histories.ts';

// Workflows of which no installation runs an old version yet: they may still change at will.
const unreleased = ['catchUp', 'importRecords', 'reconcile', 'resyncSegment'];
const released = Object.keys(workflows)
  .filter((name) => !unreleased.includes(name))
  .sort();

let histories: RecordedHistory[];
beforeAll(async () => {
  histories = await recordedHistories();
});

/** By name, what each history says to these workflows; undefined where it fits. */
async function replay(codePath: string): Promise<Map<string, Error | undefined>> {
  const byId = new Map(histories.map((recorded) => [recorded.workflowId, recorded]));
  const results = new Map<string, Error | undefined>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { codePath } }, histories)) {
    results.set(byId.get(workflowId)?.name ?? workflowId, error);
  }
  return results;
}

test('every workflow that may run somewhere has recorded histories', () => {
  const recorded = new Set(histories.map(({ workflowType }) => workflowType));
  expect([...recorded].sort()).toEqual(released);
});

test('workflows that were started before this version go on in it', async () => {
  const results = await replay(workflowBundlePath);
  expect([...results].filter(([, error]) => error)).toEqual([]);
  expect(results.size).toBe(histories.length);
});

describe('a version that old workflows can not go on in is caught', () => {
  const breaks = {
    'with a timer before all else': '{ await sleep(1); return await workflow(...input); }',
    'with a timer after all else': '{ const result = await workflow(...input); await sleep(1); return result; }',
    'without its activities': '{ return null; }',
  };

  test.each(Object.entries(breaks))('%s', async (_, body) => {
    const folder = await temporaryFolder();
    await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
    const code = [
      `import { sleep } from '@temporalio/workflow';`,
      `import * as workflows from ${JSON.stringify(path.resolve('workflows/index.ts'))};`,
      `const broken = (workflow) => async (...input) => ${body};`,
      ...Object.keys(workflows).map((name) => `export const ${name} = broken(workflows.${name});`),
    ];
    const workflowsPath = path.join(folder, 'index.js');
    await writeFile(workflowsPath, code.join('\n'));
    const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const codePath = path.join(folder, 'bundle.js');
    await writeFile(codePath, bundle.code);

    const results = await replay(codePath);
    const caught = new Set(histories.filter(({ name }) => results.get(name)).map(({ workflowType }) => workflowType));
    expect([...caught].sort()).toEqual(released);
  });
});

test('the histories hold no e-mail address', () => {
  for (const { name, json } of histories) {
    const decoded = json.replaceAll(/"data": "([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
    expect([name, decoded.match(/[^\s"@]+@[^\s"@]+\.[a-z]{2,}/g)]).toEqual([name, null]);
  }
});
