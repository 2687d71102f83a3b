import { describe, expect, test } from '@jest/globals';
import type { Activation } from '../../ledger/index.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

const activation = async (replaces: number | undefined, text = 'version: 1'): Promise<Activation> => ({
  draft: await ledger.settings.saveDraft(text),
  replaces,
  settings: { keys: { hubspot: text, salesforce: 'B__c' }, objects: {}, polling: { hubspotMs: 1, salesforceMs: 2 } },
  catalog: { hubspot: {}, salesforce: {}, segments: [] },
});

describe('settings', () => {
  test('there are none before the first activation', async () => {
    expect(await ledger.settings.currentVersion()).toBeUndefined();
    expect(await ledger.settings.current()).toBeUndefined();
  });

  test('a draft comes back by its number and has no effect', async () => {
    const draft = await ledger.settings.saveDraft('objects: {}\n');
    expect(await ledger.settings.draft(draft)).toEqual({
      draft,
      text: 'objects: {}\n',
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await ledger.settings.draft(draft + 1)).toBeUndefined();
    expect(await ledger.settings.currentVersion()).toBeUndefined();
  });

  test('an activated draft runs, with its text and what it was checked against', async () => {
    const first = await activation(undefined);
    expect(await ledger.settings.activate(first)).toEqual({ version: 1 });
    expect(await ledger.settings.current()).toEqual({
      version: 1,
      draft: first.draft,
      settings: first.settings,
      catalog: first.catalog,
      yaml: 'version: 1',
      activatedAt: expect.stringMatching(/Z$/),
    });
    expect(await ledger.settings.activate(await activation(1, 'version: 1 # second'))).toEqual({ version: 2 });
    expect(await ledger.settings.current()).toMatchObject({ version: 2, yaml: 'version: 1 # second' });
  });

  test('a draft that was checked against an older version is refused and the running one named', async () => {
    const [first, late] = [await activation(undefined), await activation(undefined)];
    await ledger.settings.activate(first);
    expect(await ledger.settings.activate(late)).toEqual({ conflict: 1 });
    expect(await ledger.settings.current()).toMatchObject({ version: 1, draft: first.draft });
  });

  test('a draft that replaces a version which never ran is refused', async () => {
    expect(await ledger.settings.activate(await activation(4))).toEqual({ conflict: undefined });
    expect(await ledger.settings.currentVersion()).toBeUndefined();
  });

  test('the same activation asked twice answers the same and runs once', async () => {
    const first = await activation(undefined);
    expect(await ledger.settings.activate(first)).toEqual({ version: 1 });
    expect(await ledger.settings.activate(first)).toEqual({ version: 1 });
    expect(await ledger.settings.currentVersion()).toBe(1);
  });

  test('an older draft may run again, under a new version', async () => {
    const first = await activation(undefined);
    await ledger.settings.activate(first);
    await ledger.settings.activate(await activation(1));
    expect(await ledger.settings.activate({ ...first, replaces: 2 })).toEqual({ version: 3 });
    expect(await ledger.settings.activate(first)).toEqual({ conflict: 3 });
  });

  test('of several activations at once, one wins and the others learn of it', async () => {
    const drafts = await Promise.all([1, 2, 3, 4, 5, 6].map(() => activation(undefined)));
    const answers = await Promise.all(
      drafts.map((draft, i) => (i % 2 ? ledger : ledger.other).settings.activate(draft)),
    );
    expect(answers.filter((answer) => 'version' in answer)).toEqual([{ version: 1 }]);
    expect(answers.filter((answer) => 'conflict' in answer)).toEqual(drafts.slice(1).map(() => ({ conflict: 1 })));
  });
});
