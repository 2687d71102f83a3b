import { describe, expect, test } from '@jest/globals';
import { explain } from '../../core/explain.ts';
import { failureCategories } from '../../core/failures.ts';
import { skipReasons, waitReasons } from '../../core/outcome.ts';
import { permitBases } from '../../core/permit.ts';

describe('every decision has words of its own, and what would help', () => {
  test.each(skipReasons)('skipped: %s', (reason) => {
    const { says, helps } = explain({ outcome: { kind: 'skipped', reason }, segmentId: '42' });
    expect([says, helps]).toEqual([expect.stringMatching(/^[A-Z].*\.$/), expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(says).not.toContain('{');
  });
  test.each(waitReasons)('waiting: %s names its segment', (reason) => {
    const { says, helps } = explain({ outcome: { kind: 'waiting', reason }, segmentId: '42' });
    expect([says, helps]).toEqual([expect.stringContaining('segment 42'), expect.stringMatching(/\.$/)]);
  });
  test.each(failureCategories)('failed: %s', (category) => {
    expect(explain({ outcome: { kind: 'failed', category } })).toEqual({
      says: expect.stringMatching(/^It failed\. .+/),
      helps: expect.stringMatching(/\.$/),
    });
  });
  test.each(permitBases)('synced: %s', (basis) => {
    const { says, helps } = explain({ outcome: { kind: 'synced' }, basis, segmentId: '42' });
    expect([says, helps]).toEqual([expect.stringMatching(/^It was brought into step: .+\.$/), undefined]);
  });
  test('what a newer Tandem says is told as it is', () => {
    const reason = 'somethingNew' as (typeof skipReasons)[number];
    expect(explain({ outcome: { kind: 'skipped', reason } }).says).toContain('somethingNew');
  });
});
