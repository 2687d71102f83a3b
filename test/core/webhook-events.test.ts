import { expect, test } from '@jest/globals';
import { parseSettings } from '../../core/settings/parse.ts';
import { noticesOf, webhookEvents } from '../../core/webhook-events.ts';

const { settings } = parseSettings(`version: 1
objects:
  people: { hubspot: contacts, salesforce: { types: [Contact] }, fields: [{ hubspot: email, salesforce: Email, rule: twoWay }] }
  widgets: { hubspot: 2-7, salesforce: { types: [Widget__c] }, fields: [{ hubspot: serial, salesforce: Serial__c, rule: twoWay }] }`);

const told = { eventId: 1, portalId: 33, occurredAt: 1_462_216_307_945, attemptNumber: 0 };
const refs = (event: object) => {
  if (!settings) throw new Error('The settings are wrong.');
  return noticesOf(webhookEvents.parse([{ ...told, ...event }]), settings, '33').map(
    ({ ref }) => `${ref.object}/${ref.id}`,
  );
};

test.each([
  ['a change', { subscriptionType: 'contact.propertyChange', objectId: 5, propertyName: 'city' }, ['people/5']],
  ['the older name of the type', { eventType: 'contact.creation', objectId: 5 }, ['people/5']],
  [
    'a merge',
    { subscriptionType: 'contact.merge', objectId: 5, primaryObjectId: 5, mergedObjectIds: [7] },
    ['people/5', 'people/7'],
  ],
  ['a custom object', { subscriptionType: 'object.creation', objectTypeId: '2-7', objectId: 9 }, ['widgets/9']],
  ['an object that is not synced', { subscriptionType: 'deal.creation', objectId: 9 }, []],
  ['a custom object that is not synced', { subscriptionType: 'object.creation', objectTypeId: '2-8', objectId: 9 }, []],
  ["another account's", { subscriptionType: 'contact.creation', objectId: 5, portalId: 34 }, []],
])('%s', (_, event, expected) => expect(refs(event)).toEqual(expected));

test('a repeat has the same key, whatever the number of the attempt, and another event another', () => {
  if (!settings) throw new Error('The settings are wrong.');
  const change = { ...told, subscriptionType: 'contact.propertyChange', objectId: 5, propertyName: 'city' };
  const events = [
    change,
    { ...change, attemptNumber: 3 },
    { ...change, eventId: 2 },
    { ...change, propertyName: 'zip' },
  ];
  const keys = noticesOf(webhookEvents.parse(events), settings, '33').map(({ key }) => key);
  expect([keys[0] === keys[1], new Set(keys).size]).toEqual([true, 3]);
});
