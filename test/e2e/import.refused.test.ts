import { beforeAll, describe, expect, test } from '@jest/globals';
import { type EndedRun, liveRests, run } from './runs.ts';
import { useWorld } from './world.ts';

const settings = [
  'version: 1',
  'objects:',
  '  contacts:',
  '    salesforce: { types: [Contact, Lead], create: [{ type: Contact }] }',
  '    match: [{ hubspot: email, salesforce: Email }]',
  '    fields:',
  '      - { hubspot: email, salesforce: Email, rule: twoWay }',
  '      - { hubspot: lastname, salesforce: LastName, rule: twoWay }',
  '      - { hubspot: jobtitle, salesforce: Title, rule: twoWay }',
  '      - { hubspot: interests, salesforce: Interests__c, rule: preferSalesforce }',
  'polling: { hubspot: 1s, salesforce: 1s }',
].join('\n');

/** A contact whom HubSpot knows by this title. */
const titles = { rule: 'Forbidden', tooLong: 'x'.repeat(200), lockedTwice: 'CFO', locked: 'COO', fine: 'CTO' };

describe('an import of records that the other system refuses', () => {
  const ids: Record<string, string> = {};
  let ended: EndedRun | undefined;
  const world = useWorld(async (made) => {
    const { hubspot, salesforce } = made;
    await made.apply(settings);
    await liveRests(made);
    for (const [name, jobtitle] of Object.entries(titles)) {
      const email = `${name}@example.com`;
      ids[name] = salesforce.people.create('Contact', { LastName: 'Stone', Email: email });
      hubspot.people.create('contacts', { email, jobtitle });
    }
    const lead = (name: string, fields: Readonly<Record<string, unknown>>): void => {
      const shared = { LastName: 'Stone', Company: 'Stone', Title: 'CTO', Email: `${name}@example.com` };
      ids[name] = salesforce.people.create('Lead', { ...shared, ...fields });
    };
    lead('badOption', { Interests__c: 'Events' }); // HubSpot writes its options in small letters
    for (let n = 0; n < 20; n += 1) lead(`fine${n}`, {});
    const onTitle = { object: 'Contact', field: 'Title', when: 'equals' } as const;
    const isLocked = { ...onTitle, code: 'UNABLE_TO_LOCK_ROW' };
    salesforce.rules.set([
      { ...onTitle, value: titles.rule },
      { ...isLocked, value: titles.lockedTwice, times: 2 },
      { ...isLocked, value: titles.locked },
    ]);
  });
  beforeAll(async () => {
    ended = await run(world(), 'import', 'first');
  }, 300_000);

  test('lists each of them with its category, and nothing else', () => {
    expect(ended?.rows.map(({ ref, outcome, reason }) => [ref.system, ref.id, outcome, reason])).toEqual(
      [
        ['salesforce', ids['rule'], 'failed', 'customCode'],
        ['salesforce', ids['tooLong'], 'failed', 'propertyValues'],
        ['salesforce', ids['locked'], 'failed', 'locked'],
        ['salesforce', ids['badOption'], 'failed', 'propertyValues'],
      ].sort((a, b) => String(a[1]).localeCompare(String(b[1]))),
    );
  });

  test('tries a record again that was locked', () => {
    expect(world().salesforce.record('Contact', ids['lockedTwice'] ?? '')).toMatchObject({ Title: 'CFO' });
  });

  test('brings the records beside them into step', () => {
    const failed = { 'failed:customCode': 1, 'failed:propertyValues': 1, 'failed:locked': 1 };
    expect(ended?.counts).toEqual({
      'identity, Contact': { unchanged: 5 },
      'identity, Lead': { synced: 21 },
      'full fields, Contact': { ...failed, synced: 2 },
      'full fields, Lead': { 'failed:propertyValues': 1, synced: 20 },
    });
    expect(world().salesforce.record('Contact', ids['fine'] ?? '')).toMatchObject({ Title: 'CTO' });
    for (let n = 0; n < 20; n += 1) {
      const properties = world().hubspot.recordBy('contacts', 'email', `fine${n}@example.com`)?.properties;
      expect(properties).toMatchObject({ lastname: 'Stone', jobtitle: 'CTO' });
    }
  });

  test("tries again by a person's word what failed in it, and nothing else", async () => {
    const { salesforce, tandem } = world();
    salesforce.rules.set([]);
    world().clearTraffic();
    const { records, runs } = await tandem.retryRun(ended?.runId ?? '');
    expect([records, runs.length]).toEqual([4, 1]);
    const results = await Promise.all(runs.map((run) => run.result()));
    expect(results.map(({ counts }) => counts[0]?.counts)).toEqual([{ synced: 2, 'failed:propertyValues': 2 }]);
    expect(salesforce.record('Contact', ids['rule'] ?? '')).toMatchObject({ Title: titles.rule });
    expect(salesforce.record('Contact', ids['locked'] ?? '')).toMatchObject({ Title: titles.locked });
    expect(world().writes('salesforce', ids['fine'])).toEqual([]);
    await expect(tandem.retryRun('acme/import/contacts/other/1')).rejects.toMatchObject({ code: 'NoSuchRun' });
  });
});
