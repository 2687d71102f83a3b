import { beforeAll, describe, expect, test } from '@jest/globals';
import { ApiError } from '../../client/api-error.ts';
import { BadRef, type RecordRef } from '../../core/record-ref.ts';
import { pollChangesId } from '../../workflows/ids.ts';
import { pauseSignal, resumeSignal, watchStatusQuery } from '../../workflows/messages.ts';
import { customersInStep, type InStep, unpolledSettings } from './people.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Workflows of the installation, by type; all of them unless told. */
const workflows = async ({ temporal, installation }: World, type?: string): Promise<number> => {
  const query = `TaskQueue STARTS_WITH "${installation}/"${type ? ` AND WorkflowType = "${type}"` : ''}`;
  return (await temporal.client.workflow.count(query)).count;
};

describe('a record that a system refuses', () => {
  const world = useWorld(async (made) => await made.apply(contactSettings()));
  const titleOf = ({ salesforceId }: InStep) => world().salesforce.record('Contact', salesforceId)?.['Title'];
  const outcomeOf = async ({ ref }: InStep) => (await world().tandem.getRecord(ref)).decision?.outcome;
  let people: InStep[] = [];
  beforeAll(async () => {
    people = await customersInStep(
      world(),
      Array.from({ length: 30 }, (_, i) => `person${i}`),
    );
  });

  test('fails with its category among many in one page, its neighbours sync, and mended it syncs', async () => {
    const [refused, ...neighbours] = people as [InStep, ...InStep[]];
    const pages = await workflows(world(), 'catchUp');
    world().salesforce.rules.set([{ object: 'Contact', field: 'Title', when: 'equals', value: 'No' }]);
    world().clearTraffic();
    const poll = world().temporal.client.workflow.getHandle(pollChangesId(world().installation, 'hubspot'));
    await poll.signal(pauseSignal, { reason: 'edits that are to be found by one poll' });
    await until(async () => (await poll.query(watchStatusQuery)).state === 'paused');
    for (const { hubspotId } of neighbours) world().hubspot.people.edit('contacts', hubspotId, { jobtitle: 'Yes' });
    world().hubspot.people.edit('contacts', refused.hubspotId, { jobtitle: 'No' });
    await poll.signal(resumeSignal, { reason: 'all edits are made' });

    for (const neighbour of neighbours) await until(async () => titleOf(neighbour) === 'Yes');
    await until(async () => (await outcomeOf(refused))?.kind === 'failed');
    expect(await outcomeOf(refused)).toEqual({ kind: 'failed', category: 'customCode' });
    expect(titleOf(refused)).toBe('CTO');
    await until(async () => (await workflows(world(), 'catchUp')) > pages); // lists of workflows lag behind
    expect((await world().ledger.counts()).failed).toEqual({ customCode: 1 });

    world().hubspot.people.edit('contacts', refused.hubspotId, { jobtitle: 'Perhaps' });
    await until(async () => titleOf(refused) === 'Perhaps');
    await until(async () => (await outcomeOf(refused))?.kind !== 'failed');
    expect((await world().ledger.counts()).failed).toEqual({});
  });

  test('fails with its category alone, and is not sent again before something changes', async () => {
    const [refused, neighbour] = people.slice(2) as [InStep, InStep];
    const tooLong = 'x'.repeat(200);
    await world().twoMorePolls();
    await world().atRest();
    const edited = world().hubspot.people.edit('contacts', refused.hubspotId, { jobtitle: tooLong });
    world().hubspot.people.edit('contacts', neighbour.hubspotId, { jobtitle: 'Fine' });
    await until(async () => titleOf(neighbour) === 'Fine');
    const decision = await world().decidedFor(refused.ref, edited.updatedAt);
    expect(decision.outcome).toEqual({ kind: 'failed', category: 'propertyValues' });
    // Salesforce says itself how long a title may be: it is not asked.
    const sent = world().writes('salesforce', refused.salesforceId);
    await world().twoMorePolls();
    expect(world().writes('salesforce', refused.salesforceId)).toEqual(sent);

    world().hubspot.people.edit('contacts', refused.hubspotId, { jobtitle: 'Short' });
    await until(async () => titleOf(refused) === 'Short');
  });

  test('loses the field that a system refuses, and keeps the others', async () => {
    const [person] = people.slice(6) as [InStep];
    world().salesforce.rules.set([
      { object: 'Contact', field: 'Phone', when: 'startsWith', value: 'x', atField: true },
    ]);
    const edited = world().hubspot.people.edit('contacts', person.hubspotId, { phone: 'x1', firstname: 'Other' });
    await until(async () => world().salesforce.record('Contact', person.salesforceId)?.['FirstName'] === 'Other');
    expect((await world().decidedFor(person.ref, edited.updatedAt)).outcome).toEqual({
      kind: 'failed',
      category: 'propertyValues',
    });
    expect(world().salesforce.record('Contact', person.salesforceId)?.['Phone']).toBeNull();
    world().salesforce.rules.set([]);
    world().hubspot.people.edit('contacts', person.hubspotId, { phone: '1' });
    await until(async () => world().salesforce.record('Contact', person.salesforceId)?.['Phone'] === '1');
  });

  test('fails where HubSpot has its email already, and the two people stay apart', async () => {
    const [one, other] = people.slice(4) as [InStep, InStep];
    world().salesforce.people.update('Contact', one.salesforceId, { Email: other.email });
    await until(async () => (await outcomeOf(one))?.kind === 'failed');
    expect(await outcomeOf(one)).toEqual({ kind: 'failed', category: 'duplicates' });
    expect(world().hubspot.record('contacts', one.hubspotId)?.properties['email']).toBe(one.email);
    expect((await world().tandem.getRecord(other.ref)).pair).toMatchObject({ salesforceId: other.salesforceId });

    world().salesforce.people.update('Contact', one.salesforceId, { Email: one.email });
    await until(async () => (await outcomeOf(one))?.kind !== 'failed');
  });
});

describe('a record that is not there', () => {
  const world = useWorld(async (made) => await made.apply(unpolledSettings()));
  const missing = { outcome: { kind: 'failed', category: 'missingRecord' } };
  const deleted = { outcome: { kind: 'skipped', reason: 'deleted' } };

  test.each([
    { system: 'hubspot', id: '123456789' },
    { system: 'salesforce', id: '0035e0000BZZZZZ' },
  ] as const)('and never was fails as missing ($system)', async ({ system, id }) => {
    expect(await world().tandem.syncNow(world().ref(system, id))).toMatchObject(missing);
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
  });

  test('any more is told as deleted from either side, and nobody is created in its place', async () => {
    const [ann, bea] = (await customersInStep(world(), ['ann', 'bea'])) as [InStep, InStep];
    world().clearTraffic();
    world().hubspot.people.archive('contacts', ann.hubspotId);
    world().salesforce.people.remove('Contact', bea.salesforceId);
    for (const { hubspotId, salesforceId } of [ann, bea]) {
      expect(await world().tandem.syncNow(world().ref('hubspot', hubspotId))).toMatchObject(deleted);
      expect(await world().tandem.syncNow(world().ref('salesforce', salesforceId))).toMatchObject(deleted);
    }
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
  });
});

describe('a caller who is mistaken', () => {
  const world = useWorld();
  const good: RecordRef = { system: 'hubspot', object: 'contacts', id: '1' };

  /** Every call of the client library that takes a record. */
  const callsWith = (ref: RecordRef) => [
    () => world().tandem.reportChange(ref),
    () => world().tandem.segmentReevaluated('1', ref),
    () => world().tandem.syncNow(ref),
    () => world().tandem.getRecord(ref),
  ];

  test('about the settings hears that there are none, and starts nothing', async () => {
    for (const call of callsWith(good)) await expect(call()).rejects.toMatchObject({ code: 'NoSettings' });
    expect(await workflows(world())).toBe(0);
  });

  test.each([
    { what: 'a HubSpot id', ref: { ...good, id: 'abc' } },
    { what: 'a HubSpot id', ref: { ...good, id: '1/../2' } },
    { what: 'a Salesforce id', ref: { ...good, system: 'salesforce', id: '0035e0000Bao006AQB' } },
    { what: 'a system', ref: { ...good, system: 'sugar' } },
    { what: 'an object', ref: { ...good, object: 'no object' } },
    { what: 'everything', ref: 'contacts/hubspot/1' },
  ])('about $what hears it by name, and starts nothing', async ({ ref }) => {
    if (!(await world().ledger.settings.current())) await world().apply(unpolledSettings());
    for (const call of callsWith(ref as unknown as RecordRef)) await expect(call()).rejects.toBeInstanceOf(BadRef);
    expect(await workflows(world(), 'recordSync')).toBe(0);
  });

  test('about the name of an object hears which ones there are, and starts nothing', async () => {
    for (const call of callsWith({ ...good, object: 'widgets' })) {
      const error = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ code: 'BadRef', message: expect.stringContaining('known: contacts') });
    }
    expect(await workflows(world(), 'recordSync')).toBe(0);
  });

  test('about none of this starts a workflow', async () => {
    await world().tandem.reportChange(good);
    // Lists of workflows come a moment late.
    await until(async () => (await workflows(world(), 'recordSync')) > 0);
    expect(await workflows(world(), 'recordSync')).toBe(1);
  });
});

describe('settings that do not fit', () => {
  const world = useWorld(undefined, { withoutKeys: true });

  test('without the two id fields are refused, and the command that makes them is named', async () => {
    const result = await world().tandem.applySettings(contactSettings());
    expect(result).toMatchObject({
      applied: false,
      problems: [
        { path: 'keys.hubspot', expected: expect.stringContaining('tandem setup') },
        { path: 'keys.salesforce', expected: expect.stringContaining('tandem setup') },
        { path: 'keys.salesforce', expected: expect.stringContaining('tandem setup') },
      ],
    });
    expect(await world().ledger.settings.current()).toBeUndefined();
    const poll = world().temporal.client.workflow.getHandle(pollChangesId(world().installation, 'hubspot'));
    await expect(poll.describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  test('apply when the fields are there', async () => {
    await world().addKeys();
    await world().apply(contactSettings());
    expect(await world().ledger.settings.current()).toMatchObject({ version: 1 });
  });

  test('in several ways are told all of them at once, and the version before runs on', async () => {
    const { people } = world().hubspot;
    const still = people.createList({ name: 'Still', processingType: 'MANUAL' });
    const yaml = [
      contactSettings([`segments: { include: [${still}, 99999, Nobody] }`, 'colour: red'])
        .replace('salesforce: FirstName, rule: twoWay', 'salesforce: FirstName, rule: bothWays')
        .replace('hubspot: jobtitle, salesforce: Title', 'hubspot: jobtitel, salesforce: Titel'),
    ].join('\n');
    const result = await world().tandem.applySettings(yaml);
    if (result.applied) throw new Error('These settings fit nothing.');
    for (const problem of result.problems) {
      expect(problem).toMatchObject({ found: expect.stringMatching(/./), expected: expect.stringMatching(/./) });
    }
    const at = result.problems.map(({ path, found }) => `${path}: ${found}`);
    expect(at).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^objects\.contacts.*colour/),
        expect.stringMatching(/^objects\.contacts\.fields\[firstname\]\.rule: bothWays/),
        expect.stringMatching(/^objects\.contacts\.fields\[jobtitel\]\.hubspot/),
        expect.stringMatching(/^objects\.contacts\.fields\[jobtitel\]\.salesforce/),
        expect.stringMatching(new RegExp(`^objects\\.contacts\\.segments\\.include.*${still}`)),
        expect.stringMatching(/^objects\.contacts\.segments\.include.*99999/),
        expect.stringMatching(/^objects\.contacts\.segments\.include.*Nobody/),
      ]),
    );
    expect(await world().ledger.settings.current()).toMatchObject({ version: 1 });
  });
});
