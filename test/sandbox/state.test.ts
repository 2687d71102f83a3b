import { expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { isCustomer } from './hubspot-client.ts';

test('a HubSpot account that was dumped and loaded goes on as the other one', async () => {
  const time = new ManualTime();
  const first = createHubSpotSandbox({ clock: time, timers: time });
  const { people } = first;
  const ann = people.create('contacts', { email: 'ann@example.com', lifecyclestage: 'customer' });
  const bo = people.create('contacts', { email: 'bo@example.com' });
  const cy = people.create('contacts', { email: 'cy@example.com', city: 'Graz' });
  time.advance(1000);
  people.edit('contacts', ann.id, { city: 'Linz' });
  people.archive('contacts', bo.id);
  people.merge('contacts', ann.id, cy.id);
  const company = people.create('companies', { name: 'Acme' });
  people.associate({ type: 'contacts', id: ann.id }, { type: 'companies', id: company.id }, 'Primary');
  const listId = people.createList({ name: 'Customers', filterBranch: isCustomer });
  first.runEvaluation();
  first.setOwner({ id: '9', email: 'q@example.com', firstName: 'Q', lastName: '', userId: null, type: 'QUEUE' });

  const second = createHubSpotSandbox({ clock: time, timers: time });
  second.people.create('contacts', { email: 'nobody@example.com' });
  second.load(JSON.parse(JSON.stringify(first.dump())));
  second.runEvaluation();
  expect(second.dump()).toEqual(JSON.parse(JSON.stringify(first.dump())));
  expect(second.record('contacts', ann.id)).toEqual(first.record('contacts', ann.id));
  expect(second.record('contacts', cy.id)?.id).toBe(ann.id);
  expect(second.memberships(listId).members).toEqual(first.memberships(listId).members);
  expect(second.recordBy('contacts', 'email', 'cy@example.com')?.id).toBe(ann.id);
  expect(() => second.people.create('contacts', { email: 'ann@example.com' })).toThrow('already exists');
  expect(second.people.create('contacts', { email: 'dan@example.com' }).id).toBe(
    first.people.create('contacts', { email: 'dan@example.com' }).id,
  );
  second.people.edit('contacts', ann.id, { lifecyclestage: '' });
  second.runEvaluation();
  expect(second.memberships(listId).members).toEqual([]);
  first.stop();
  second.stop();
});

test('a Salesforce org that was dumped and loaded goes on as the other one', () => {
  const time = new ManualTime();
  const first = createSalesforceSandbox({ clock: time });
  first.addObject({ name: 'Widget__c', autoNumber: 4 });
  first.addField({ object: 'Contact', name: 'Ref__c', type: 'text', length: 9, externalId: true, unique: true });
  first.hideField('Contact', 'Title', true);
  const ann = first.people.create('Contact', { LastName: 'Ann', Email: 'ann@x.example', Ref__c: 'A' });
  const bob = first.people.create('Contact', { LastName: 'Bob' });
  first.people.remove('Contact', bob);
  first.people.create('Widget__c', {});

  const second = createSalesforceSandbox({ clock: time });
  second.load(JSON.parse(JSON.stringify(first.dump())));
  expect(second.dump()).toEqual(first.dump());
  expect(second.record('Contact', ann)).toEqual(first.record('Contact', ann));
  expect(second.record('Contact', bob)).toMatchObject({ IsDeleted: true });
  const made = [first, second].map((org) => org.record('Widget__c', org.people.create('Widget__c', {})));
  expect(made[0]).toEqual(made[1]);
  expect(made[0]).toMatchObject({ Name: '0002' });
  expect(() => second.people.create('Contact', { LastName: 'X', Ref__c: 'a' })).toThrow('duplicate value');
});

test.each([
  ['HubSpot', () => createHubSpotSandbox()],
  ['Salesforce', () => createSalesforceSandbox()],
])('%s: a state that is none is refused with what is wrong', async (_, create) => {
  const { door } = create();
  const put = async (body: unknown) =>
    door.fetch(new Request('http://sandbox.test/_sandbox/state', { method: 'PUT', body: JSON.stringify(body) }));
  expect((await put({ version: 2 })).status).toBe(400);
  const answer = await put({ version: 1 });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("can't be loaded")]);
  const dumped = await door.fetch(new Request('http://sandbox.test/_sandbox/state'));
  expect((await put(await dumped.json())).status).toBe(204);
});

test.each([
  {
    vendor: 'HubSpot',
    create: (name: string) => {
      const made = createHubSpotSandbox();
      made.people.create('contacts', { email: `${name}@example.com` });
      return made;
    },
    broken: { lists: null },
  },
  {
    vendor: 'Salesforce',
    create: (name: string) => {
      const made = createSalesforceSandbox();
      made.people.create('Contact', { LastName: name });
      return made;
    },
    broken: { rows: [['Contact', { Id: '0035e0000Bao01mAQA' }], null] },
  },
])('$vendor: a state that breaks off in the middle changes nothing', async ({ create, broken }) => {
  const own = create('ann');
  const before = structuredClone(own.dump());
  const state = { ...create('bo').dump(), ...broken };
  const request = { method: 'PUT', body: JSON.stringify(state) };
  const answer = await own.door.fetch(new Request('http://sandbox.test/_sandbox/state', request));
  expect(answer.status).toBe(400);
  expect(own.dump()).toEqual(before);
});
