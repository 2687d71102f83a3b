import { beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordRef, System } from '../../core/record-ref.ts';
import type { FaultRule } from '../../sandbox/common/faults.ts';
import { customersInStep, type InStep, unpolledSettings } from '../e2e/people.ts';
import { contactSettings, until, useWorld, type World } from '../e2e/world.ts';

type Fault = FaultRule['fault'];

/** One write of each kind, by the route that it takes. */
const routes: Record<System, Record<'create' | 'update', NonNullable<FaultRule['match']>>> = {
  hubspot: {
    create: { method: 'POST', pathPrefix: '/crm/v3/objects/contacts/batch/create' },
    update: { method: 'POST', pathPrefix: '/crm/v3/objects/contacts/batch/update' },
  },
  salesforce: {
    create: { method: 'PATCH', pathPrefix: '/services/data/v67.0/composite/sobjects' },
    update: { method: 'PATCH', pathPrefix: '/services/data/v67.0/sobjects/Contact' },
  },
};

describe('a system that fails at a write', () => {
  const world = useWorld(async (made) => await made.apply(unpolledSettings()), { requestTimeoutMs: 2_000 });

  /** Four people, each with something to write: what each of them comes to is the same whatever goes wrong. */
  async function fourWrites(name: string, fault: Fault) {
    const { hubspot, salesforce, tandem } = world();
    const [first, second] = (await customersInStep(world(), [`${name}1`, `${name}2`])) as [InStep, InStep];
    world().clearTraffic();
    for (const system of ['hubspot', 'salesforce'] as const) {
      world()[system].faults.set([
        { match: routes[system].create, fault },
        { match: routes[system].update, fault },
      ]);
    }
    hubspot.people.edit('contacts', first.hubspotId, { jobtitle: 'CEO' });
    salesforce.people.update('Contact', second.salesforceId, { Title: 'COO' });
    const third = { email: `${name}3@example.com`, lastname: 'Bell', jobtitle: 'CFO' };
    const fourth = { Email: `${name}4@example.com`, LastName: 'Stone', Title: 'CIO' };
    const made: RecordRef[] = [
      world().ref('hubspot', hubspot.people.create('contacts', third).id),
      world().ref('salesforce', salesforce.people.create('Contact', fourth)),
    ];
    await Promise.all([first.ref, second.ref, ...made].map((ref) => tandem.syncNow(ref)));
    return { first, second, made };
  }

  const kinds: { name: string; fault: Fault }[] = [
    { name: 'answers500', fault: { status: 500, body: '<html>Something broke.</html>' } },
    { name: 'answers503', fault: { status: 503 } },
    { name: 'answers429', fault: { status: 429, headers: { 'retry-after': '1' }, body: { policyName: 'SECONDLY' } } },
    { name: 'cutsBefore', fault: 'cut' },
    { name: 'cutsAfter', fault: 'applyThenCut' },
    { name: 'hangsBefore', fault: 'hangBeforeHeaders' },
    { name: 'hangsAfter', fault: 'applyThenHang' },
    { name: 'answersHalf', fault: 'hangMidBody' },
  ];

  test.each(kinds)('$name: nothing is lost and nothing happens twice', async ({ name, fault }) => {
    const { first, second, made } = await fourWrites(name, fault);
    const { hubspot, salesforce, ledger } = world();
    expect([hubspot.faults.remaining(), salesforce.faults.remaining()]).toEqual([[], []]); // each has struck

    expect(salesforce.record('Contact', first.salesforceId)).toMatchObject({ Title: 'CEO' });
    expect(world().writes('salesforce', first.salesforceId)).toEqual(['Title']);
    expect(hubspot.record('contacts', second.hubspotId)?.properties).toMatchObject({ jobtitle: 'COO' });
    expect(world().writes('hubspot', second.hubspotId)).toEqual(['jobtitle']);

    const [third, fourth] = await Promise.all(made.map(async (ref) => (await world().tandem.getRecord(ref)).pair));
    const contacts = salesforce.records('Contact', { email: `${name}3@example.com` });
    expect(contacts).toMatchObject([{ Id: third?.salesforceId, LastName: 'Bell', Title: 'CFO' }]);
    const contact = hubspot.recordBy('contacts', 'email', `${name}4@example.com`);
    expect(contact).toMatchObject({ id: fourth?.hubspotId, properties: { lastname: 'Stone', jobtitle: 'CIO' } });
    for (const system of ['hubspot', 'salesforce'] as const) {
      const created = world()[system].traffic.writes.filter(({ kind }) => kind === 'create');
      expect(new Set(created.map(({ id }) => id)).size).toBe(1);
      expect(new Set(created.map(({ field }) => field)).size).toBe(created.length);
    }
    expect(await ledger.writes.open()).toEqual([]);
    expect((await ledger.counts()).failed).toEqual({});
  });
});

describe('a system that fails at a read', () => {
  const world = useWorld(async (made) => await made.apply(contactSettings()));
  let ann: InStep;
  beforeAll(async () => {
    [ann] = (await customersInStep(world(), ['ann'])) as [InStep];
  });

  const titleOf = (made: World) => made.salesforce.record('Contact', ann.salesforceId)?.['Title'];

  test.each([
    { what: "HubSpot's records", system: 'hubspot', match: { pathPrefix: '/crm/v3/objects/contacts/batch/read' } },
    { what: "HubSpot's poll", system: 'hubspot', match: { pathPrefix: '/crm/v3/objects/contacts/search' } },
    {
      what: "Salesforce's records and poll",
      system: 'salesforce',
      match: { pathPrefix: '/services/data/v67.0/query' },
    },
  ] as const)('$what: the change arrives all the same, once', async ({ what, system, match }) => {
    await world().twoMorePolls(); // so that nobody else looks at the record: what we wrote before has been seen
    await world().atRest();
    world().clearTraffic();
    world()[system].faults.set([
      { match, fault: { status: 503 } },
      { match, fault: 'cut' },
    ]);
    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: what });
    await until(async () => titleOf(world()) === what);
    await until(async () => world()[system].faults.remaining().length === 0);
    expect(world().writes('salesforce', ann.salesforceId)).toEqual(['Title']);
  });

  test('a session that has ended is replaced, and the change arrives', async () => {
    world().salesforce.expireTokens();
    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO' });
    await until(async () => titleOf(world()) === 'CEO');
  });
});
