import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Candidate, chooseCandidate } from '../../core/pairing.ts';

const contact = { id: '003A', type: 'Contact', createdAt: '2024-01-01T00:00:00.000+0000' } as const;
const lead = { id: '00QA', type: 'Lead', createdAt: '2020-01-01T00:00:00.000+0000' } as const;
const types = ['Contact', 'Lead'];

const choose = (candidates: readonly Candidate[], hubspotId?: string): string | undefined =>
  chooseCandidate(candidates, { types, hubspotId })?.id;

describe('chooseCandidate', () => {
  it.each<[string, readonly Candidate[], string | undefined]>([
    ['finds none among none', [], undefined],
    ['takes the only one', [lead], '00QA'],
    [
      'takes the existing pair, whatever its type and age',
      [contact, { ...lead, id: '00QB', createdAt: '2025-01-01T00:00:00Z', pairedWith: '7' }, lead],
      '00QB',
    ],
    ['goes by the order of types before age', [lead, contact], '003A'],
    ['takes the oldest of one type', [contact, { ...contact, id: '003B', createdAt: '2023-12-31T23:59:59Z' }], '003B'],
    [
      'compares times, not their spelling',
      [contact, { ...contact, id: '003B', createdAt: '2024-01-01T00:30:00+01:00' }],
      '003B',
    ],
    ['takes the smaller id of two made at once', [{ ...contact, id: '003B' }, contact], '003A'],
    ['leaves out who is paired with another', [{ ...contact, pairedWith: '8' }, lead], '00QA'],
    ['finds none where all are paired with others', [{ ...contact, pairedWith: '8' }], undefined],
    ['leaves out other types', [{ ...contact, type: 'Account' }], undefined],
    [
      'puts a record without a readable date last',
      [
        { ...contact, createdAt: '' },
        { ...contact, id: '003Z' },
      ],
      '003Z',
    ],
  ])('%s', (_, candidates, id) => {
    expect(choose(candidates, '7')).toBe(id);
  });

  it('takes no paired candidate for a record that is not known yet', () => {
    expect(choose([{ ...contact, pairedWith: '8' }])).toBeUndefined();
    expect(choose([{ ...contact, pairedWith: '8' }, lead])).toBe('00QA');
  });

  it('chooses the same in every order, and never a candidate of others', () => {
    const candidate = fc.record({
      id: fc.constantFrom('1', '2', '3', '4'),
      type: fc.constantFrom('Contact', 'Lead', 'Account'),
      createdAt: fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000+0000', '2023-01-01T00:00:00Z', ''),
      pairedWith: fc.constantFrom(undefined, '7', '8'),
    });
    fc.assert(
      fc.property(
        fc
          .uniqueArray(candidate, { selector: ({ id }) => id })
          .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(choose(shuffled, '7')).toBe(choose(list, '7'));
          const chosen = chooseCandidate(list, { types, hubspotId: '7' });
          if (chosen) expect([undefined, '7']).toContain(chosen.pairedWith);
        },
      ),
    );
  });
});
