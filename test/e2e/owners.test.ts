import { expect, test } from '@jest/globals';
import { customersInStep, type InStep } from './people.ts';
import { contactSettings, until, useWorld } from './world.ts';

/** Ada is known to both by her address, Bruno to HubSpot alone, the team by the table. */
const world = useWorld(async (made) => {
  const { rep } = made.salesforce.users;
  made.salesforce.editUser(rep, { Email: 'ADA@example.com' });
  made.salesforce.addQueue('Support');
  made.hubspot.setOwner({
    id: '77',
    email: 'team@example.com',
    firstName: 'Team',
    lastName: '',
    userId: null,
    type: 'QUEUE',
  });
  await made.apply(
    contactSettings(
      ['owner: { table: { team@example.com: ada.b@example.com } }'].map((line) =>
        line.replace('ada.b@example.com', made.salesforce.users.integration),
      ),
    ),
  );
});
const ada = '41629779';
const bruno = '41629780';

const ownerInHubSpot = ({ hubspotId }: InStep) =>
  world().hubspot.record('contacts', hubspotId)?.properties['hubspot_owner_id'];
const ownerInSalesforce = ({ salesforceId }: InStep) => world().salesforce.record('Contact', salesforceId)?.['OwnerId'];

test('an owner crosses by email and by table, and one without an active user is set back (AT11)', async () => {
  const [person] = (await customersInStep(world(), ['ann'])) as [InStep];
  const { rep, integration, administrator } = world().salesforce.users;
  // Whoever made it owns it, and the table says who that is in HubSpot.
  await until(async () => ownerInHubSpot(person) === '77');
  world().hubspot.people.edit('contacts', person.hubspotId, { hubspot_owner_id: ada });
  await until(async () => ownerInSalesforce(person) === rep);

  world().hubspot.people.edit('contacts', person.hubspotId, { hubspot_owner_id: bruno });
  await until(async () => ownerInHubSpot(person) === ada);
  expect(ownerInSalesforce(person)).toBe(rep);

  world().hubspot.people.edit('contacts', person.hubspotId, { hubspot_owner_id: '' });
  await until(async () => ownerInHubSpot(person) === ada);
  world().salesforce.people.update('Contact', person.salesforceId, { OwnerId: integration });
  await until(async () => ownerInHubSpot(person) === '77');
  world().salesforce.people.update('Contact', person.salesforceId, { OwnerId: administrator, Title: 'Seen' });
  await until(async () => world().hubspot.record('contacts', person.hubspotId)?.properties['jobtitle'] === 'Seen');
  expect(ownerInHubSpot(person)).toBe('77');
});

test('a new Salesforce record gets the owner that HubSpot names', async () => {
  const { id } = world().hubspot.people.create('contacts', {
    email: 'bob@example.com',
    lastname: 'B',
    hubspot_owner_id: ada,
  });
  const [made] = await until(async () => {
    const found = world().salesforce.records('Contact', { email: 'bob@example.com' });
    return found.length > 0 && found;
  });
  expect([id.length > 0, made?.['OwnerId']]).toEqual([true, world().salesforce.users.rep]);
});

test('names in the table that lead to nobody are problems', async () => {
  const result = await world().tandem.applySettings(
    contactSettings(['owner: { table: { nobody@example.com: Support } }']),
  );
  expect(result).toMatchObject({
    applied: false,
    problems: [{ path: 'objects.contacts.owner.table.nobody@example.com', expected: 'an owner in HubSpot' }],
  });
});
