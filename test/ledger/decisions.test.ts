import { describe, expect, test } from '@jest/globals';
import { refKey } from '../../core/record-ref.ts';
import type { LatestDecision, NewDecision } from '../../ledger/index.ts';
import { close, contact, row } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();
const anna = contact(1);

const open: NewDecision = {
  outcome: { kind: 'synced' },
  verdict: 'open',
  basis: 'open',
  segmentId: '42',
  segmentVersion: '1',
  evidenceHash: 'first',
  changedAt: '2026-01-02T03:04:05.678Z',
};
const undecided: NewDecision = {
  outcome: { kind: 'waiting', reason: 'segmentNotReevaluated' },
  verdict: 'undecided',
  segmentId: '42',
  segmentVersion: '1',
  evidenceHash: 'other',
};

const decide = async (...decisions: readonly NewDecision[]): Promise<void> => {
  for (const decision of decisions) await close(ledger, row(anna, { decision }));
};
const latest = async (): Promise<LatestDecision | undefined> =>
  (await ledger.decisions.latest([anna])).get(refKey(anna));
const kinds = async (): Promise<string[]> => (await ledger.decisions.history(anna)).map(({ outcome }) => outcome.kind);

describe('a decision', () => {
  test('comes back as it was noted, with its times', async () => {
    await decide(open);
    expect(await latest()).toEqual({
      ref: anna,
      ...open,
      decidedAt: expect.stringMatching(/Z$/),
      seenAt: expect.stringMatching(/Z$/),
      lastDecided: expect.objectContaining(open),
    });
  });

  test('is absent for a record that was never decided', async () => {
    expect(await ledger.decisions.latest([anna])).toEqual(new Map());
    expect(await ledger.decisions.latest([])).toEqual(new Map());
  });

  test('that says the same is only seen again, with its new evidence', async () => {
    await decide(open, { ...open, evidenceHash: 'second', changedAt: '2026-02-02T03:04:05.678Z' });
    expect(await kinds()).toEqual(['synced']);
    expect(await latest()).toMatchObject({ evidenceHash: 'second', changedAt: '2026-02-02T03:04:05.678Z' });
  });

  test.each<[string, Partial<NewDecision>]>([
    ['outcome', { outcome: { kind: 'unchanged' } }],
    ['reason', { outcome: { kind: 'failed', category: 'locked' } }],
    ['verdict', { verdict: undefined }],
    ['basis', { basis: 'settled' }],
    ['segment', { segmentId: '43' }],
    ['version of the segment', { segmentVersion: '2' }],
  ])('with another %s is added', async (_, change) => {
    await decide(open, { ...open, ...change });
    expect(await ledger.decisions.history(anna)).toHaveLength(2);
    expect(await latest()).toMatchObject({ ...open, ...change });
  });

  test('leaves earlier ones as they were', async () => {
    await decide(open, undecided, open);
    const history = await ledger.decisions.history(anna);
    expect(history.map(({ outcome, evidenceHash }) => [outcome.kind, evidenceHash])).toEqual([
      ['synced', 'first'],
      ['waiting', 'other'],
      ['synced', 'first'],
    ]);
  });

  test('without a verdict still leads to the last one that was open or closed, with its evidence', async () => {
    await decide({ ...open, verdict: 'closed' }, open, undecided, { ...undecided, segmentVersion: '2' });
    expect(await latest()).toMatchObject({ ...undecided, segmentVersion: '2', lastDecided: open });
  });

  test('of a failure keeps its category, of a skip its reason', async () => {
    const failed: NewDecision = { outcome: { kind: 'failed', category: 'propertyValues' } };
    const skipped: NewDecision = { outcome: { kind: 'skipped', reason: 'notInSegment' } };
    await decide(failed, skipped);
    expect((await ledger.decisions.history(anna)).map(({ outcome }) => outcome)).toEqual([
      skipped.outcome,
      failed.outcome,
    ]);
  });
});
