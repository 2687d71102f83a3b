import { describe, expect, test } from '@jest/globals';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Who belongs to a company in Berlin, by any association or as its primary one. */
const inBerlin = (associationTypeId: 1 | 279) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filters: [],
      filterBranches: [
        {
          filterBranchType: 'ASSOCIATION',
          objectTypeId: '0-2',
          operator: 'IN_LIST',
          associationTypeId,
          associationCategory: 'HUBSPOT_DEFINED',
          filterBranches: [],
          filters: [
            {
              filterType: 'PROPERTY',
              property: 'city',
              operation: { operationType: 'MULTISTRING', operator: 'IS_EQUAL_TO', values: ['Berlin'] },
            },
          ],
        },
      ],
    },
  ],
});

/** A contact of a company, in step as a member. */
async function memberOf(world: World, name: string) {
  const company = world.hubspot.people.create('companies', { name: `${name} Ltd`, city: 'Berlin' });
  const contact = world.hubspot.people.create('contacts', { email: `${name}@example.com`, lastname: name });
  const [from, to] = [
    { type: 'contacts', id: contact.id },
    { type: 'companies', id: company.id },
  ] as const;
  world.hubspot.people.associate(from, to, 'Primary');
  world.hubspot.runEvaluation();
  const ref = world.ref('hubspot', contact.id);
  await world.tandem.syncNow(ref);
  const pair = await until(async () => (await world.tandem.getRecord(ref)).pair);
  await world.twoMorePolls();
  await world.atRest();
  return { ref, from, to, salesforceId: pair.salesforceId };
}

describe.each([279, 1] as const)('a segment that asks for associated companies (type %i)', (type) => {
  const world = useWorld(async (made) => {
    const segment = made.createSegment(inBerlin(type));
    await made.apply(contactSettings([`segments: { include: [${segment}] }`, 'gate: { settleSeconds: 3600 }']));
  });

  test('is judged by their values: members cross without a wait, and no longer once the company has moved', async () => {
    const ann = await memberOf(world(), 'ann');
    const first = world().hubspot.people.edit('contacts', ann.from.id, { jobtitle: 'CTO' });
    expect((await world().decidedFor(ann.ref, first.updatedAt)).outcome.kind).toMatch(/synced|unchanged/);
    expect(world().salesforce.record('Contact', ann.salesforceId)).toMatchObject({ Title: 'CTO' });

    world().hubspot.people.edit('companies', ann.to.id, { city: 'Paris' });
    const second = world().hubspot.people.edit('contacts', ann.from.id, { jobtitle: 'CEO' });
    expect((await world().decided(ann.ref, second.updatedAt)).outcome).toEqual({
      kind: 'waiting',
      reason: 'segmentNotReevaluated',
    });
    world().hubspot.runEvaluation();
    expect((await world().decidedFor(ann.ref, second.updatedAt)).outcome).toEqual({
      kind: 'skipped',
      reason: 'notInSegment',
    });
    expect(world().salesforce.record('Contact', ann.salesforceId)).toMatchObject({ Title: 'CTO' });
  });

  test('is joined when the company alone changes: the contact syncs although nothing of its own has changed', async () => {
    const { hubspot, salesforce } = world();
    const company = hubspot.people.create('companies', { name: 'Cleo Ltd', city: 'Paris' });
    const { id } = hubspot.people.create('contacts', { email: 'cleo@example.com', lastname: 'cleo' });
    hubspot.people.associate({ type: 'contacts', id }, { type: 'companies', id: company.id }, 'Primary');
    hubspot.runEvaluation();
    await world().decidedFor(world().ref('hubspot', id));
    expect(salesforce.records('Contact', { email: 'cleo@example.com' })).toEqual([]);
    hubspot.people.edit('companies', company.id, { city: 'Berlin' });
    hubspot.runEvaluation();
    await until(async () => salesforce.records('Contact', { email: 'cleo@example.com' }).length === 1);
  });

  test('is left by whoever no longer belongs to the company', async () => {
    const bea = await memberOf(world(), 'bea');
    world().hubspot.people.dissociate(bea.from, bea.to);
    const edited = world().hubspot.people.edit('contacts', bea.from.id, { jobtitle: 'CEO' });
    expect((await world().decided(bea.ref, edited.updatedAt)).outcome).toEqual({
      kind: 'waiting',
      reason: 'segmentNotReevaluated',
    });
    expect((world().salesforce.record('Contact', bea.salesforceId) ?? {})['Title'] ?? null).toBeNull();
  });
});
