import { expect, test } from '@jest/globals';
import { IdSequence, toId18 } from '../../sandbox/salesforce/ids.ts';

test.each(['0014H00002LbR7QQAV', 'a00D0000008pQRAIA2', '003q000000KvQ1tAAF'])(
  'the real id %s has the suffix we give it',
  (id) => {
    expect(toId18(id.slice(0, 15))).toBe(id);
    expect(toId18(id)).toBe(id);
  },
);

test.each(['', '42', '0014H00002LbR7QQAA', '0014H00002LbR7', '0014H00002LbR7-'])('%j is no id', (text) => {
  expect(toId18(text)).toBeUndefined();
});

test('ids come in ascending order and tell their object', () => {
  const ids = new IdSequence();
  const taken = Array.from({ length: 200 }, () => ids.take('003'));
  expect(taken.toSorted()).toEqual(taken);
  expect(taken.every((id) => /^003[a-zA-Z0-9]{15}$/.test(id) && toId18(id) === id)).toBe(true);
});
