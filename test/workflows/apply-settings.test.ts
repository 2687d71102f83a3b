import { describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import type { applySettings } from '../../workflows/index.ts';
import type { SettingsProblem } from '../../workflows/messages.ts';
import { setStage } from './set-stage.ts';
import { currentDetails } from './stage.ts';

const stage = setStage();

async function apply() {
  const workflowId = `${stage.installation}/settings/${crypto.randomUUID()}`;
  stage.watch(workflowId);
  const handle = await stage.client.workflow.start<typeof applySettings>('applySettings', {
    workflowId,
    taskQueue: `${stage.installation}/live`,
    args: [{ draft: 5, replaces: 2 }],
  });
  return { handle, calls: stage.calls(workflowId) };
}

describe('a draft without problems', () => {
  test('is activated, and after that the workflows which it needs are arranged', async () => {
    const { handle, calls } = await apply();
    const activate = await calls.next('activateSettings');
    expect(activate.input).toEqual({ draft: 5, replaces: 2 });
    activate.answer({ applied: true, version: 3 });
    const arrange = await calls.next('arrangeWorkflows');
    expect(arrange.input).toEqual({ version: 3 });
    arrange.answer();
    expect(await handle.result()).toEqual({ applied: true, version: 3 });
    expect(await currentDetails(handle)).toBe('Draft 5 runs as version 3.');
  });
});

describe('a draft with problems', () => {
  const problems: SettingsProblem[] = [
    { path: 'objects.contacts.segments.include', found: '43, a static list', expected: 'an active segment' },
    { path: 'objects.contacts.fields[2].rule', found: '"newest|oldest"', expected: 'twoWay | none' },
  ];

  test('comes back with all of them, and nothing is arranged', async () => {
    const { handle, calls } = await apply();
    (await calls.next('activateSettings')).answer({ applied: false, problems });
    expect(await handle.result()).toEqual({ applied: false, problems });
    expect(calls.count).toBe(1);
  });

  test('shows them as a table on its page, whatever they hold', async () => {
    const { handle, calls } = await apply();
    (await calls.next('activateSettings')).answer({ applied: false, problems });
    await handle.result();
    expect(await currentDetails(handle)).toBe(
      [
        'Draft 5 was refused; nothing changed.',
        '',
        '| where | found | expected |',
        '|---|---|---|',
        '| `objects.contacts.segments.include` | 43, a static list | an active segment |',
        '| `objects.contacts.fields[2].rule` | "newest\\|oldest" | twoWay \\| none |',
      ].join('\n'),
    );
  });
});

test('a draft that does not exist fails, and nothing is arranged', async () => {
  const { handle, calls } = await apply();
  (await calls.next('activateSettings')).fail('NoSuchDraft', 'There is no draft 5: save one first.');
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  expect(calls.count).toBe(1);
});

describe('cancelled', () => {
  test('while it activates, it still arranges what the version needs that runs by then', async () => {
    const { handle, calls } = await apply();
    const activate = await calls.next('activateSettings');
    await handle.cancel();
    activate.answer({ applied: true, version: 3 });
    (await calls.next('arrangeWorkflows')).answer();
    expect(await handle.result()).toEqual({ applied: true, version: 3 });
  });

  test('while it arranges, it brings that to its end', async () => {
    const { handle, calls } = await apply();
    (await calls.next('activateSettings')).answer({ applied: true, version: 3 });
    const arrange = await calls.next('arrangeWorkflows');
    await handle.cancel();
    arrange.answer();
    expect(await handle.result()).toEqual({ applied: true, version: 3 });
  });
});
