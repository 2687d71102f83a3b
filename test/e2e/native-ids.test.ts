import { expect, test } from '@jest/globals';
import { longAgo } from './runs.ts';
import { contactSettings, until, useWorld } from './world.ts';

const adopting = contactSettings().replace('objects:', 'keys: { native: adopt }\nobjects:');

const world = useWorld(async (made) => {
  made.hubspot.people.createProperty('contacts', { name: 'salesforcecontactid' });
  made.hubspot.people.createProperty('contacts', { name: 'salesforceleadid' });
  await made.apply(adopting);
});

/** Two records whose emails have gone apart since HubSpot's own integration paired them. */
function leftBehind(name: string, idOf: (id: string) => string = (id) => id) {
  const { salesforce, hubspot } = world();
  const salesforceId = salesforce.people.create('Contact', { LastName: name, Email: `${name}@old.example` }, longAgo);
  const { id: hubspotId } = hubspot.people.create('contacts', {
    email: `${name}@new.example`,
    lastname: name,
    salesforcecontactid: idOf(salesforceId),
  });
  return { salesforceId, hubspotId, ref: world().ref('hubspot', hubspotId) };
}
const pairOf = async (ref: ReturnType<typeof leftBehind>['ref']) => (await world().tandem.getRecord(ref)).pair;

test.each([
  ['an id', (id: string) => id],
  ['an id in its shorter form', (id: string) => id.slice(0, 15)],
])(
  'a HubSpot record is paired with the Salesforce record of which it carries %s, whatever their emails',
  async (_, idOf) => {
    const { ref, salesforceId } = leftBehind(`ann${idOf('x'.repeat(18)).length}`, idOf);
    await world().tandem.syncNow(ref);
    await until(async () => (await pairOf(ref))?.salesforceId === salesforceId);
  },
);

test('and found from the Salesforce side, so that nobody is created twice', async () => {
  await world().tandem.pause('everything', 'HubSpot is not to be looked at first');
  const { ref, salesforceId, hubspotId } = leftBehind('bea');
  await world().tandem.syncNow(world().ref('salesforce', salesforceId));
  await until(async () => (await pairOf(ref))?.salesforceId === salesforceId);
  expect(world().hubspot.recordBy('contacts', 'email', 'bea@old.example')?.id ?? hubspotId).toBe(hubspotId);
  await world().tandem.resume('everything');
});

test('what is no id, or of a record that is gone, leads nowhere, and the match by value holds', async () => {
  const { salesforce, hubspot } = world();
  const email = 'cleo@example.com';
  const there = salesforce.people.create('Contact', { LastName: 'Cleo', Email: email }, longAgo);
  const ids = { salesforcecontactid: '003000000000001AAA', salesforceleadid: 'none' };
  const { id } = hubspot.people.create('contacts', { email, lastname: 'Cleo', ...ids });
  await world().tandem.syncNow(world().ref('hubspot', id));
  await until(async () => (await pairOf(world().ref('hubspot', id)))?.salesforceId === there);
});

test('settings that adopt ids where there are none are refused', async () => {
  const { hubspot } = world();
  hubspot.people.archiveProperty('contacts', 'salesforcecontactid');
  hubspot.people.archiveProperty('contacts', 'salesforceleadid');
  expect(await world().tandem.applySettings(adopting)).toMatchObject({
    applied: false,
    problems: [{ path: 'keys.native', found: expect.stringContaining('salesforcecontactid') }],
  });
});
