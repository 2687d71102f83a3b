import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import * as workflows from '../../workflows/index.ts';
import { temporaryFolder } from '../support/folders.ts';
import { workflowBundlePath } from '../support/temporal.ts';
import { type RecordedHistory, recordedHistories } from './histories.ts';

const all = Object.keys(workflows).sort();
const runs = ['catchUp', 'importRecords', 'reconcile', 'resyncSegment'];

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

test('every workflow has recorded histories', () => {
  const recorded = new Set(histories.map(({ workflowType }) => workflowType));
  expect([...recorded].sort()).toEqual(all);
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
    const folder = await folderForBundle();
    const code = [
      `import { sleep } from '@temporalio/workflow';`,
      `import * as workflows from ${JSON.stringify(path.resolve('workflows/index.ts'))};`,
      `const broken = (workflow) => async (...input) => ${body};`,
      ...Object.keys(workflows).map((name) => `export const ${name} = broken(workflows.${name});`),
    ];
    const workflowsPath = path.join(folder, 'index.js');
    await writeFile(workflowsPath, code.join('\n'));
    expect(await caughtIn(workflowsPath)).toEqual(all);
  });

  const breaksOfPages = {
    'with one page under way at once': ['const windowSize = 2;', 'const windowSize = 1;'],
    'with smaller pages': ['const pageSize = 400;', 'const pageSize = 200;'],
    'that does not note what came of the pages': ['await brief.noteRun(', 'await (async (_) => {})('],
    'that does not wait before it tries again': ['await sleep(timing.retryMs[tries] ?? 60_000);', ''],
    'that does not wait for news of the segments': ['await newsOfSegments();', ''],
    'that does not note its end': ["await brief.endRun({ runId: state.runId, state: 'done', counts: counts() });", ''],
    'that does not note that it was cancelled': ['await CancellationScope.nonCancellable(', 'void ('],
    'that begins again after it was continued': ['if (!input.state) {', 'if (input) {'],
  } as const;

  test.each(Object.entries(breaksOfPages))('in the loop over pages: %s', async (_, [from, to]) => {
    const folder = await folderForBundle();
    await cp('workflows', path.join(folder, 'workflows'), { recursive: true });
    const pages = path.join(folder, 'workflows/pages.ts');
    const code = await readFile(pages, 'utf8');
    expect(code.split(from)).toHaveLength(2);
    await writeFile(pages, code.replace(from, to));
    expect(await caughtIn(path.join(folder, 'workflows/index.ts'))).toEqual(runs);
  });

  /** An empty folder from where workflows find what they import from outside of theirs. */
  async function folderForBundle(): Promise<string> {
    const folder = await temporaryFolder();
    for (const name of ['node_modules', 'core']) await symlink(path.resolve(name), path.join(folder, name));
    return folder;
  }

  /** The types of the workflows that can not go on in these. */
  async function caughtIn(workflowsPath: string): Promise<string[]> {
    const bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const codePath = path.join(await temporaryFolder(), 'bundle.js');
    await writeFile(codePath, bundle.code);
    const results = await replay(codePath);
    const caught = histories.filter(({ name }) => results.get(name)).map(({ workflowType }) => workflowType);
    return [...new Set(caught)].sort();
  }
});

test('the histories hold no e-mail address', () => {
  for (const { name, json } of histories) {
    const decoded = json.replaceAll(/"data": "([^"]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
    expect([name, decoded.match(/[^\s"@]+@[^\s"@]+\.[a-z]{2,}/g)]).toEqual([name, null]);
  }
});
