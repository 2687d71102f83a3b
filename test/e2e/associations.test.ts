import { expect, test } from '@jest/globals';
import type { RecordRef } from '../../core/record-ref.ts';
import { until, useWorld, type World } from './world.ts';

const settings = (more: { readonly companies?: boolean; readonly associations?: boolean } = {}): string => {
  const { companies = true, associations = true } = more;
  const lines = [
    'version: 1',
    'objects:',
    ...(companies ? ['  companies:', '    fields: [{ hubspot: name, salesforce: Name, rule: twoWay }]'] : []),
    '  contacts:',
    '    salesforce: { types: [Contact] }',
    '    fields:',
    '      - { hubspot: email, salesforce: Email, rule: twoWay }',
    '      - { hubspot: lastname, salesforce: LastName, rule: twoWay }',
    ...(associations
      ? ['    associations: [{ to: companies, label: Primary, salesforce: { Contact: AccountId } }]']
      : []),
    '  deals:',
    '    fields:',
    '      - { hubspot: dealname, salesforce: Name, rule: twoWay }',
    '      - { hubspot: dealstage, salesforce: StageName, rule: alwaysHubSpot, values: [[qualifiedtobuy, Qualification]] }',
    "      - { hubspot: closedate, salesforce: CloseDate, rule: alwaysHubSpot, whenBlank: { salesforce: '2030-01-01' } }",
    ...(companies && associations
      ? ['    associations: [{ to: companies, label: Primary, salesforce: { Opportunity: AccountId } }]']
      : []),
    'polling: { hubspot: 1s, salesforce: 1s }',
  ];
  return lines.join('\n');
};

const world = useWorld(async (made) => {
  await made.addKeys('companies', ['Account']);
  await made.addKeys('deals', ['Opportunity']);
  await made.apply(settings());
});

const pairOf = async (object: string, id: string, system: RecordRef['system'] = 'hubspot') =>
  await until(async () => (await world().tandem.getRecord({ system, object, id })).pair);
const company = async (name: string) => {
  const { id } = world().hubspot.people.create('companies', { name });
  return { id, accountId: (await pairOf('companies', id)).salesforceId };
};
const primaryOf = (made: World, type: string, id: string): string | undefined =>
  made.hubspot.associated(type, id, 'companies', 'Primary')[0];

test('a primary company and AccountId agree, whichever side says so, and follow both ways', async () => {
  const { hubspot, salesforce } = world();
  const [acme, beta] = [await company('Acme'), await company('Beta')];
  const { id } = hubspot.people.create('contacts', { email: 'ann@example.com', lastname: 'A' });
  hubspot.people.associate({ type: 'contacts', id }, { type: 'companies', id: acme.id }, 'Primary');
  const { salesforceId } = await pairOf('contacts', id);
  await world().tandem.syncNow({ system: 'hubspot', object: 'contacts', id });
  await until(async () => salesforce.record('Contact', salesforceId)?.['AccountId'] === acme.accountId);

  salesforce.people.update('Contact', salesforceId, { AccountId: beta.accountId });
  await until(async () => primaryOf(world(), 'contacts', id) === beta.id);
  hubspot.people.associate({ type: 'contacts', id }, { type: 'companies', id: acme.id }, 'Primary');
  await world().tandem.syncNow({ system: 'hubspot', object: 'contacts', id });
  await until(async () => salesforce.record('Contact', salesforceId)?.['AccountId'] === acme.accountId);

  salesforce.people.update('Contact', salesforceId, { AccountId: null });
  await until(async () => primaryOf(world(), 'contacts', id) === undefined);
});

test('a record that Salesforce made is associated as soon as it is there', async () => {
  const { salesforce } = world();
  const acme = await company('Made there');
  const contactId = salesforce.people.create('Contact', {
    LastName: 'Bob',
    Email: 'bob@example.com',
    AccountId: acme.accountId,
  });
  const { hubspotId } = await pairOf('contacts', contactId, 'salesforce');
  await until(async () => primaryOf(world(), 'contacts', hubspotId) === acme.id);
});

test('a child whose parent has no pair yet waits for it, and is not lost', async () => {
  const { hubspot, salesforce } = world();
  salesforce.rules.set([{ object: 'Account', field: 'Name', when: 'equals', value: 'Late' }]);
  const { id: late } = hubspot.people.create('companies', { name: 'Late' });
  const { id } = hubspot.people.create('contacts', { email: 'cy@example.com', lastname: 'C' });
  hubspot.people.associate({ type: 'contacts', id }, { type: 'companies', id: late }, 'Primary');
  const { salesforceId } = await pairOf('contacts', id);
  await world().tandem.syncNow({ system: 'hubspot', object: 'contacts', id });
  expect(salesforce.record('Contact', salesforceId)?.['AccountId']).toBeNull();
  salesforce.rules.set([]);
  hubspot.people.edit('companies', late, { phone: '1' });
  const { salesforceId: accountId } = await pairOf('companies', late);
  await until(async () => salesforce.record('Contact', salesforceId)?.['AccountId'] === accountId);
});

test('AT26: an opportunity keeps its account when companies are switched on later', async () => {
  const { hubspot, salesforce } = world();
  await world().apply(settings({ companies: false, associations: false }));
  const account = salesforce.people.create('Account', { Name: 'Old friend' });
  const { id } = hubspot.people.create('deals', { dealname: 'Kept', dealstage: 'qualifiedtobuy', pipeline: 'default' });
  const { salesforceId } = await pairOf('deals', id);
  salesforce.people.update('Opportunity', salesforceId, { AccountId: account });
  await world().atRest();
  await world().apply(settings());
  hubspot.people.edit('deals', id, { dealname: 'Kept on' });
  await until(async () => salesforce.record('Opportunity', salesforceId)?.['Name'] === 'Kept on');
  expect(salesforce.record('Opportunity', salesforceId)?.['AccountId']).toBe(account);
});

test.each([
  ['associations: [{ to: nobody, salesforce: { Contact: AccountId } }]', 'objects.contacts.associations[0].to'],
  [
    'associations: [{ to: companies, salesforce: { Lead: AccountId } }]',
    'objects.contacts.associations[0].salesforce.Lead',
  ],
  [
    'associations: [{ to: companies, salesforce: { Contact: Title } }]',
    'objects.contacts.associations[0].salesforce.Contact',
  ],
])('%s is refused with the place', async (line, path) => {
  const yaml = settings().replace(/associations: .*AccountId \} \}\]/, line);
  expect(await world().tandem.applySettings(yaml)).toMatchObject({ applied: false, problems: [{ path }] });
});
