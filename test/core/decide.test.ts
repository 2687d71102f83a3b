import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createdType, hasLeft, type Permission, permission, type Situation } from '../../core/decide.ts';
import type { Verdict } from '../../core/gate.ts';
import { describeOutcome } from '../../core/outcome.ts';
import { createPolicies, directions, type ObjectSettings } from '../../core/settings/settings.ts';
import { gateSettings } from './gate-world.ts';

const contacts: ObjectSettings = {
  name: 'contacts',
  hubspot: { type: 'contacts', typeId: '0-1' },
  salesforce: { types: ['Contact', 'Lead'], create: [{ when: { stage: ['customer'] }, type: 'Contact' }] },
  direction: 'both',
  create: { hubspot: 'always', salesforce: 'members' },
  gate: gateSettings,
  match: [{ hubspot: 'email', salesforce: 'Email' }],
  segments: { include: ['1'], exclude: [] },
  fields: [],
};

const verdicts: Record<string, Verdict | undefined> = {
  open: { kind: 'open', basis: 'open', segmentVersion: '7' },
  closed: { kind: 'closed', segmentId: '1', segmentVersion: '7' },
  undecided: { kind: 'undecided', reason: 'segmentNotReevaluated', waits: [], overdue: false },
  none: undefined,
};

function describePermission(permitted: Permission): string {
  if (permitted.kind === 'stop') return describeOutcome(permitted.outcome);
  const words = ['sync', permitted.direction];
  if (permitted.creates) words.push(`creates ${permitted.creates}`);
  if (permitted.createType) words.push(permitted.createType);
  if (permitted.exception) words.push(`by ${permitted.exception}`);
  return words.join(' ');
}

// "records": which sides exist ("old" and "new" Salesforce records: created before or after the object was enabled);
// "direction", "create": the settings for the system in which a record would be created or filled.
const table = `
  records            pair verdict   direction    create  | permission
  none               no   none      both         always  | failed (missingRecord)
  none               yes  open      both         always  | failed (missingRecord)
  hubspot            yes  open      both         always  | failed (missingRecord)
  old                yes  none      both         always  | failed (missingRecord)
  hubspot+converted  yes  open      both         always  | skipped (converted)
  converted          no   none      both         always  | skipped (converted)

  hubspot+old        yes  open      both         always  | sync both
  hubspot+old        yes  open      toHubSpot    always  | sync toHubSpot
  hubspot+old        yes  open      toSalesforce never   | sync toSalesforce
  hubspot+old        no   open      both         never   | sync both
  hubspot+old        yes  closed    both         always  | skipped (notInSegment)
  hubspot+old        yes  undecided both         always  | waiting (segmentNotReevaluated)
  hubspot+old        yes  none      both         always  | skipped (notInSegment)

  hubspot+new        no   closed    both         always  | sync toHubSpot by autoCreate
  hubspot+new        no   closed    toHubSpot    always  | sync toHubSpot by autoCreate
  hubspot+new        no   closed    toSalesforce always  | skipped (notInSegment)
  hubspot+new        no   closed    both         members | skipped (notInSegment)
  hubspot+new        no   closed    both         never   | skipped (notInSegment)
  hubspot+old        no   closed    both         always  | skipped (notInSegment)
  hubspot+new        yes  closed    both         always  | skipped (notInSegment)
  hubspot+new        no   undecided both         always  | waiting (segmentNotReevaluated)
  hubspot+new        no   open      both         always  | sync both

  hubspot            no   open      both         members | sync both creates salesforce Contact
  hubspot            no   open      both         always  | sync both creates salesforce Contact
  hubspot            no   open      toSalesforce members | sync toSalesforce creates salesforce Contact
  hubspot            no   open      toHubSpot    members | skipped (createOff)
  hubspot            no   open      both         never   | skipped (createOff)
  hubspot-unfit      no   open      both         members | skipped (createOff)
  hubspot-nameless   no   open      both         members | skipped (noMatchValue)
  hubspot            no   closed    both         always  | skipped (notInSegment)
  hubspot            no   undecided both         always  | waiting (segmentNotReevaluated)

  new                no   none      both         always  | sync both creates hubspot by autoCreate
  new                no   none      toHubSpot    always  | sync toHubSpot creates hubspot by autoCreate
  new                no   none      toSalesforce always  | skipped (createOff)
  new                no   none      both         members | skipped (notInSegment)
  new                no   none      both         never   | skipped (createOff)
  old                no   none      both         always  | skipped (notInSegment)
  new-nameless       no   none      both         always  | skipped (noMatchValue)
  old                no   open      both         always  | sync both creates hubspot
  old                no   open      both         members | sync both creates hubspot
  old                no   open      both         never   | skipped (createOff)`;

const rows = table
  .split('\n')
  .slice(2)
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [state = '', expected = ''] = line.split('|');
    const [records = '', pair, verdict = '', direction, create] = state.trim().split(/\s+/);
    const name = state.trim().replaceAll(/\s+/g, ' ');
    return { name, records, pair, verdict, direction, create, expected: expected.trim() };
  });

describe('records, pair, verdict, direction, create', () => {
  test.each(rows)('$name: $expected', ({ records, pair, verdict, direction, create, expected }) => {
    const hasHubSpot = records.includes('hubspot');
    const hasSalesforce = ['old', 'new', 'converted'].some((word) => records.split(/[+-]/).includes(word));
    const policy = createPolicies.find((name) => name === create) ?? 'never';
    const situation: Situation = {
      object: {
        ...contacts,
        direction: directions.find((name) => name === direction) ?? 'both',
        create: hasSalesforce ? { hubspot: policy, salesforce: 'never' } : { hubspot: 'never', salesforce: policy },
      },
      paired: pair === 'yes',
      hubspot: hasHubSpot ? { stage: records.endsWith('unfit') ? 'lead' : 'customer' } : undefined,
      salesforce: hasSalesforce
        ? { createdSinceEnabled: records.includes('new'), isConverted: records.includes('converted') }
        : undefined,
      hasMatchValue: !records.endsWith('nameless'),
      verdict: verdicts[verdict],
    };
    expect(describePermission(permission(situation))).toBe(expected);
  });
});

test('without an open verdict Salesforce is never written, whatever the situation', () => {
  const situation: fc.Arbitrary<Situation> = fc.record({
    object: fc
      .record({
        direction: fc.constantFrom(...directions),
        create: fc.record({
          hubspot: fc.constantFrom(...createPolicies),
          salesforce: fc.constantFrom(...createPolicies),
        }),
      })
      .map((settings) => ({ ...contacts, ...settings })),
    paired: fc.boolean(),
    hubspot: fc.constantFrom({ stage: 'customer' }, undefined),
    salesforce: fc.option(fc.record({ createdSinceEnabled: fc.boolean(), isConverted: fc.boolean() }), {
      nil: undefined,
    }),
    hasMatchValue: fc.boolean(),
    verdict: fc.constantFrom(verdicts['closed'], verdicts['undecided'], undefined),
  });
  fc.assert(
    fc.property(situation, (given) => {
      const permitted = permission(given);
      if (permitted.kind === 'stop') return;
      expect(permitted.exception).toBe('autoCreate');
      expect(permitted.creates ?? permitted.direction).toBe(given.hubspot ? 'toHubSpot' : 'hubspot');
      expect(given).toMatchObject({ paired: false, salesforce: { createdSinceEnabled: true } });
      expect(given.object.create.hubspot).toBe('always');
    }),
    { numRuns: 2_000 },
  );
});

describe('the first sync of a record that was just created in HubSpot', () => {
  const created = {
    paired: false,
    hubspot: {},
    salesforce: { createdSinceEnabled: true, isConverted: false },
    hasMatchValue: true,
    isFirstSync: true,
  };
  test.each([
    { firstSync: 'writeBack', direction: 'both', verdict: 'closed', expected: 'sync toSalesforce by firstSync' },
    { firstSync: 'writeBack', direction: 'both', verdict: 'undecided', expected: 'sync toSalesforce by firstSync' },
    { firstSync: 'writeBack', direction: 'both', verdict: 'open', expected: 'sync both' },
    {
      firstSync: 'writeBack',
      direction: 'toHubSpot',
      verdict: 'undecided',
      expected: 'waiting (segmentNotReevaluated)',
    },
    { firstSync: 'guarded', direction: 'both', verdict: 'undecided', expected: 'waiting (segmentNotReevaluated)' },
    { firstSync: 'guarded', direction: 'both', verdict: 'closed', expected: 'sync toHubSpot by autoCreate' },
  ] as const)('with $firstSync, $direction, $verdict: $expected', ({ firstSync, direction, verdict, expected }) => {
    const object = { ...contacts, direction, gate: { ...contacts.gate, firstSync } };
    const permitted = permission({ ...created, object, verdict: verdicts[verdict] });
    expect(describePermission(permitted)).toBe(expected);
  });
});

describe('a record that would belong to its segment with the values of Salesforce', () => {
  const old = { createdSinceEnabled: false, isConverted: false };
  const asked = { paired: true, salesforce: old, hasMatchValue: true };
  test.each([
    { hubspot: undefined, would: 'true', create: 'members', expected: 'sync both creates hubspot by projected' },
    { hubspot: undefined, would: 'unknown', create: 'members', expected: 'skipped (notInSegment)' },
    { hubspot: undefined, would: 'false', create: 'members', expected: 'skipped (notInSegment)' },
    { hubspot: undefined, would: 'true', create: 'never', expected: 'skipped (createOff)' },
    { hubspot: {}, would: 'true', create: 'members', expected: 'sync toHubSpot by projected' },
    { hubspot: {}, would: 'unknown', create: 'members', expected: 'skipped (notInSegment)' },
  ] as const)('with $hubspot in HubSpot, $would, $create: $expected', ({ hubspot, would, create, expected }) => {
    const object: ObjectSettings = { ...contacts, create: { hubspot: create, salesforce: 'members' } };
    const situation = { ...asked, object, paired: hubspot !== undefined, hubspot, wouldBelong: would };
    const verdict = hubspot ? verdicts['closed'] : undefined;
    expect(describePermission(permission({ ...situation, verdict }))).toBe(expected);
  });

  test('writes nothing to HubSpot where nothing goes there', () => {
    const object: ObjectSettings = { ...contacts, direction: 'toSalesforce' };
    const verdict = verdicts['closed'];
    const permitted = permission({ ...asked, object, hubspot: {}, wouldBelong: 'true', verdict });
    expect(describePermission(permitted)).toBe('skipped (notInSegment)');
  });
});

describe('a record has left its segment', () => {
  const { open, closed, undecided } = verdicts;
  test.each([
    ['that is outside and was in by the same filter', closed, { verdict: 'open', segmentVersion: '7' }, true],
    ['not where it was outside before', closed, { verdict: 'closed', segmentVersion: '7' }, false],
    ['not by an edit of the filter', closed, { verdict: 'open', segmentVersion: '6' }, false],
    ['not by the choice of a segment', closed, { verdict: 'open', segmentVersion: undefined }, false],
    ['not where nothing was decided before', closed, undefined, false],
    ['not while it is in', open, { verdict: 'open', segmentVersion: '7' }, false],
    ['not while it waits', undecided, { verdict: 'open', segmentVersion: '7' }, false],
  ] as const)('%s', (_, verdict, before, left) => {
    expect(hasLeft({ verdict, before })).toBe(left);
  });
});

describe('the type that is created', () => {
  const typed: ObjectSettings = {
    ...contacts,
    salesforce: {
      types: ['Contact', 'Lead'],
      create: [
        { when: { stage: ['customer', 'partner'], country: ['DE'] }, type: 'Contact' },
        { when: { stage: [''] }, type: 'Blank' },
        { when: {}, type: 'Lead' },
      ],
    },
  };
  const people: [Record<string, string | null>, string][] = [
    [{ stage: 'customer', country: 'DE' }, 'Contact'],
    [{ stage: 'partner', country: 'DE' }, 'Contact'],
    [{ stage: 'customer', country: 'FR' }, 'Lead'],
    [{ stage: 'customer' }, 'Lead'],
    [{ stage: null }, 'Blank'],
    [{}, 'Blank'],
  ];

  test.each(people)('for %j is %s', (properties, type) => {
    expect(createdType(typed, properties)).toBe(type);
  });

  test('is the first row without a condition, and none where no row fits', () => {
    const create = [{ type: 'Lead' }, { type: 'Contact' }];
    expect(createdType({ ...contacts, salesforce: { types: [], create } }, {})).toBe('Lead');
    expect(createdType({ ...contacts, salesforce: { types: [], create: [] } }, {})).toBeUndefined();
  });
});
