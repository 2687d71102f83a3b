import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { SegmentView } from '../../core/gate.ts';
import { changedAtMs, describeVerdict, filters, gateSettings, judgeCustomer, segment } from './gate-world.ts';

// The documentation has the table: one included segment, row by row.
const table = readFileSync(new URL('../../docs/verdict.md', import.meta.url), 'utf8');

const branches: Record<string, unknown> = {
  in: filters.wantsCustomer,
  out: filters.wantsCustomer,
  unknown: filters.unknown,
  history: filters.history,
  trusted: filters.wantsCustomer,
};

const rows = [...table.matchAll(/^\| (\w+) \| (in|out) \| (\S+) s ago \| (\w+) \| (\w+) \| (.+) \|$/gm)].map(
  ([, filter = '', hubspot = '', age = '', values = '', onTimeout = '', verdict = '']) => {
    return { filter, hubspot, age, values, onTimeout, verdict };
  },
);

test('the table has its rows', () => {
  expect(rows.length).toBeGreaterThan(25);
  expect(new Set(rows.map(({ filter }) => filter))).toEqual(new Set(Object.keys(branches)));
});

describe('the table in the documentation', () => {
  test.each(rows)('$filter, $hubspot, $age s, $values, $onTimeout: $verdict', (row) => {
    const { filter, hubspot, age, values, onTimeout, verdict } = row;
    const judged = judgeCustomer({
      record: {
        properties: { stage: filter === 'out' ? 'lead' : 'customer' },
        modifiedAtMs: changedAtMs,
        memberOf: new Set(hubspot === 'in' ? ['1'] : []),
      },
      include: ['1'],
      segments: new Map([['1', segment({ filterBranch: branches[filter], trusted: filter === 'trusted' })]]),
      ageMs: Number.parseFloat(age) * 1000,
      evidenceUnchanged: values === 'same',
      gate: { ...gateSettings, onTimeout: onTimeout === 'hold' ? 'hold' : 'trustHubSpot' },
    });
    expect(describeVerdict(judged)).toBe(verdict);
  });
});

describe('a segment that gives no answer', () => {
  const unanswered: [string, SegmentView | undefined, string][] = [
    ['is missing', { readable: false, reason: 'segmentMissing' }, 'segmentMissing'],
    ['was not read', undefined, 'segmentMissing'],
    ['turned static', { readable: false, reason: 'segmentStatic' }, 'segmentStatic'],
    ['is not readable', { readable: false, reason: 'segmentUnreadable' }, 'segmentUnreadable'],
    ['is processing, or its version moved', segment({ complete: false }), 'segmentProcessing'],
  ];

  test.each(unanswered)('that %s is waited for without an end, whatever HubSpot and time say', (_, view, reason) => {
    for (const memberOf of [[], ['1']]) {
      for (const ageMs of [0, 60_000, 9_000_000]) {
        const verdict = judgeCustomer({
          include: ['1'],
          segments: new Map(view ? [['1', view]] : []),
          memberOf,
          ageMs,
          evidenceUnchanged: true,
          gate: { ...gateSettings, onTimeout: 'trustHubSpot' },
        });
        expect(describeVerdict(verdict)).toBe(`waits (${reason})`);
      }
    }
  });

  test('leaves its version with the wait where it could be read', () => {
    const segments = new Map([['1', segment({ complete: false, version: '8' })]]);
    const verdict = judgeCustomer({ include: ['1'], segments });
    expect(verdict).toMatchObject({ waits: [{ segmentId: '1', segmentVersion: '8', expected: null }] });
  });
});

test('a property whose values may lag behind is not judged by its value', () => {
  const verdict = judgeCustomer({
    include: ['1'],
    segments: new Map([['1', segment()]]),
    memberOf: ['1'],
    unreliable: new Set(['stage']),
  });
  expect(describeVerdict(verdict)).toBe('waits (segmentSettling) again at 60 s until 900 s');
});

test('a decided verdict names the segment and its version', () => {
  const segments = new Map([['1', segment({ version: '8' })]]);
  expect(judgeCustomer({ include: ['1'], segments, memberOf: ['1'] })).toEqual({
    kind: 'open',
    basis: 'open',
    segmentVersion: '8',
  });
  expect(judgeCustomer({ exclude: ['1'], segments, memberOf: ['1'] })).toEqual({
    kind: 'closed',
    segmentId: '1',
    segmentVersion: '8',
  });
});

// One segment that answers so, alone or among others; "unsure" waits until the deadline, "late" is past it.
type Word = 'in' | 'out' | 'settled in' | 'settled out' | 'trusted in' | 'trusted out' | 'unsure' | 'gone';
const words: readonly Word[] = [
  'in',
  'out',
  'settled in',
  'settled out',
  'trusted in',
  'trusted out',
  'unsure',
  'gone',
];

/** Judges a customer whose change was 900 s ago, past settling and past the deadline, against segments that answer so. */
function judgeWords(include: readonly Word[], exclude: readonly Word[]) {
  const named = [...include, ...exclude].map((word, i) => ({ id: `${word}/${i}`, word }));
  const views: Record<Word, SegmentView> = {
    in: segment(),
    out: segment({ filterBranch: wantsLead }),
    'settled in': segment({ filterBranch: filters.unknown }),
    'settled out': segment({ filterBranch: filters.unknown }),
    'trusted in': segment({ filterBranch: wantsLead }),
    'trusted out': segment(),
    unsure: segment({ complete: false }),
    gone: { readable: false, reason: 'segmentMissing' },
  };
  return judgeCustomer({
    include: named.slice(0, include.length).map(({ id }) => id),
    exclude: named.slice(include.length).map(({ id }) => id),
    segments: new Map(named.map(({ id, word }) => [id, views[word]])),
    memberOf: named.filter(({ word }) => word.endsWith('in')).map(({ id }) => id),
    ageMs: 900_000,
    gate: { ...gateSettings, onTimeout: 'trustHubSpot' },
  });
}

const wantsLead = {
  filterBranchType: 'AND',
  filterBranches: [],
  filters: [
    {
      filterType: 'PROPERTY',
      property: 'stage',
      operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['lead'] },
    },
  ],
};

describe('several segments', () => {
  const combinations: [Word[], Word[], string][] = [
    [[], [], 'open (noSegment)'],
    [['in', 'out'], [], 'open (open)'],
    [['out', 'out'], [], 'closed'],
    [['gone', 'in'], [], 'open (open)'],
    [['gone', 'out'], [], 'waits (segmentMissing)'],
    [['unsure', 'gone'], [], 'waits (segmentProcessing)'],
    [[], ['out', 'out'], 'open (open)'],
    [[], ['out', 'in'], 'closed'],
    [[], ['gone', 'in'], 'closed'],
    [[], ['gone', 'out'], 'waits (segmentMissing)'],
    [['in'], ['out'], 'open (open)'],
    [['in'], ['in'], 'closed'],
    [['in'], ['gone'], 'waits (segmentMissing)'],
    [['gone'], ['in'], 'closed'],
    [['gone'], ['out'], 'waits (segmentMissing)'],
    [['out'], ['gone'], 'closed'],
    [['settled in', 'in'], [], 'open (open)'],
    [['trusted in', 'settled in'], [], 'open (settled)'],
    [['in'], ['settled out'], 'open (settled)'],
    [['in'], ['trusted out'], 'open (timeout)'],
    [['settled in'], ['trusted out', 'out'], 'open (timeout)'],
    [[], ['trusted out'], 'open (timeout)'],
  ];

  test.each(combinations)('included %j, excluded %j: %s', (include, exclude, verdict) => {
    expect(describeVerdict(judgeWords(include, exclude))).toBe(verdict);
  });

  test('open only if some included answer is "in" and every excluded one is "out", in every small world', () => {
    const isIn = (word: Word): boolean => word.endsWith('in');
    const isOut = (word: Word): boolean => word.endsWith('out');
    const upToTwo = [[], ...words.map((word) => [word]), ...words.flatMap((a) => words.map((b) => [a, b]))];
    for (const include of upToTwo) {
      for (const exclude of upToTwo) {
        const mayOpen = (include.length === 0 || include.some(isIn)) && exclude.every(isOut);
        const mustClose = exclude.some(isIn) || (include.length > 0 && include.every(isOut));
        const { kind } = judgeWords(include, exclude);
        const expected = mayOpen ? 'open' : mustClose ? 'closed' : 'undecided';
        if (kind !== expected) throw new Error(`${include.join()} without ${exclude.join()}: ${kind}, not ${expected}`);
      }
    }
  });

  test('an undecided verdict waits for every segment that gave no answer, and for those alone', () => {
    const verdict = judgeWords(['out', 'gone'], ['unsure', 'out']);
    expect(verdict).toMatchObject({ waits: [{ segmentId: 'gone/1' }, { segmentId: 'unsure/2' }] });
  });

  test('a verdict is overdue only where all that it waits for is', () => {
    const view = segment({ filterBranch: wantsLead }); // HubSpot says in, the values say out
    const late = { include: ['1', '2'], memberOf: ['1', '2'], ageMs: 900_000 };
    const other = { readable: false, reason: 'segmentMissing' } as const;
    const both = new Map<string, SegmentView>([
      ['1', view],
      ['2', view],
    ]);
    const one = new Map<string, SegmentView>([
      ['1', view],
      ['2', other],
    ]);
    expect(judgeCustomer({ ...late, segments: both })).toMatchObject({ kind: 'undecided', overdue: true });
    expect(judgeCustomer({ ...late, segments: one })).toMatchObject({ kind: 'undecided', overdue: false });
  });
});

test('HubSpot is believed only for the values read, for a settled record or past a deadline that says so', () => {
  const world = fc.record({
    stage: fc.constantFrom('customer', 'lead', null),
    filter: fc.constantFrom(filters.wantsCustomer, filters.unknown, filters.history, undefined),
    isMember: fc.boolean(),
    isExcluded: fc.boolean(),
    ageMs: fc.integer({ min: -5_000, max: 1_000_000 }),
    complete: fc.boolean(),
    evidenceUnchanged: fc.boolean(),
    onTimeout: fc.constantFrom('hold', 'trustHubSpot'),
  });
  fc.assert(
    fc.property(world, ({ stage, filter, isMember, isExcluded, ageMs, complete, evidenceUnchanged, onTimeout }) => {
      const { kind } = judgeCustomer({
        record: { properties: { stage }, modifiedAtMs: changedAtMs, memberOf: new Set(isMember ? ['1'] : []) },
        include: isExcluded ? [] : ['1'],
        exclude: isExcluded ? ['1'] : [],
        segments: new Map([['1', segment({ complete, filterBranch: filter })]]),
        ageMs,
        evidenceUnchanged,
        gate: { ...gateSettings, onTimeout },
      });
      const known = filter === filters.wantsCustomer;
      const agrees = known && (stage === 'customer') === isMember;
      const settled = !known && ageMs >= gateSettings.settleMs;
      const unmoved = filter === filters.unknown && evidenceUnchanged;
      const late = onTimeout === 'trustHubSpot' && ageMs >= gateSettings.reevaluationTimeoutMs;
      const believed = complete && (agrees || settled || unmoved || late);
      expect(kind).toBe(believed ? (isMember === isExcluded ? 'closed' : 'open') : 'undecided');
    }),
    { numRuns: 2_000 },
  );
});
