import { expect, test } from '@jest/globals';
import { customersInStep } from './people.ts';
import { contactSettings, until, useWorld } from './world.ts';

const withoutTests = (condition: string) =>
  contactSettings().replace('types: [Contact, Lead],', `types: [Contact, Lead], where: { Contact: "${condition}" },`);

const world = useWorld(async (made) => await made.apply(withoutTests("LeadSource != 'Test'")));

test('R21: a Salesforce record that does not meet the condition crosses in neither direction, until it does', async () => {
  const [person] = await customersInStep(world(), ['ann']);
  if (!person) throw new Error('There is nobody.');
  const { hubspot, salesforce } = world();
  salesforce.people.update('Contact', person.salesforceId, { LeadSource: 'Test', Title: 'Tester' });
  const stamp = String(salesforce.record('Contact', person.salesforceId)?.['LastModifiedDate']);
  const there = { system: 'salesforce', object: 'contacts', id: person.salesforceId } as const;
  expect((await world().decided(there, stamp)).outcome).toEqual({ kind: 'skipped', reason: 'salesforceCondition' });
  const edited = hubspot.people.edit('contacts', person.hubspotId, { firstname: 'Anna' });
  expect((await world().decided(person.ref, edited.updatedAt)).outcome).toMatchObject({ kind: 'skipped' });
  expect(
    world()
      .writes('hubspot', person.hubspotId)
      .filter((name) => name === 'jobtitle'),
  ).toEqual([]);
  expect(hubspot.record('contacts', person.hubspotId)?.properties['jobtitle']).toBe('CTO');
  expect(salesforce.record('Contact', person.salesforceId)).toMatchObject({ FirstName: 'ann' });

  salesforce.people.update('Contact', person.salesforceId, { LeadSource: 'Web' });
  await until(async () => salesforce.record('Contact', person.salesforceId)?.['FirstName'] === 'Anna');
  await until(async () => hubspot.record('contacts', person.hubspotId)?.properties['jobtitle'] === 'Tester');
});

test('one that does not meet it is not created in HubSpot', async () => {
  const { salesforce, hubspot } = world();
  const id = salesforce.people.create('Contact', { LastName: 'T', Email: 't@example.com', LeadSource: 'Test' });
  const there = { system: 'salesforce', object: 'contacts', id } as const;
  const since = String(salesforce.record('Contact', id)?.['CreatedDate']);
  expect((await world().decided(there, since)).outcome).toEqual({ kind: 'skipped', reason: 'salesforceCondition' });
  expect(hubspot.recordBy('contacts', 'email', 't@example.com')).toBeUndefined();
});

test('a condition that Salesforce does not take is refused, in its own words', async () => {
  const result = await world().tandem.applySettings(withoutTests("Colour = 'red'"));
  expect(result).toMatchObject({
    applied: false,
    problems: [
      {
        path: 'objects.contacts.salesforce.where.Contact',
        found: "Colour = 'red'",
        expected: expect.stringContaining("No such column 'Colour'"),
      },
    ],
  });
});
