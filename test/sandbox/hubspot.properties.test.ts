import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { errorBody } from '../contracts/hubspot-answers.ts';
import { call, createUniqueProperty, refusalOf, type Stage, startStage } from './hubspot-client.ts';

const propertyBody = z.strictObject({
  name: z.string(),
  label: z.string(),
  type: z.enum(['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string']),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string(),
  options: z.array(
    z.strictObject({ label: z.string(), value: z.string(), displayOrder: z.number(), hidden: z.boolean() }),
  ),
  displayOrder: z.number(),
  hasUniqueValue: z.boolean(),
  hidden: z.boolean(),
  formField: z.boolean(),
  calculated: z.boolean(),
  externalOptions: z.boolean(),
  referencedObjectType: z.string().optional(),
  hubspotDefined: z.boolean(),
  archived: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdUserId: z.null(),
  updatedUserId: z.null(),
  dataSensitivity: z.string(),
  modificationMetadata: z.strictObject({
    archivable: z.boolean(),
    readOnlyDefinition: z.boolean(),
    readOnlyValue: z.boolean(),
    readOnlyOptions: z.boolean().optional(),
  }),
});

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  expect(stage.sandbox.traffic.unmodelled).toEqual([]);
  await stage.close();
});

test('all properties of contacts are listed, none of them unique yet', async () => {
  const { body } = await call(stage, 'GET', '/crm/v3/properties/contacts');
  const properties = z.strictObject({ results: z.array(propertyBody) }).parse(body).results;
  expect(properties.filter(({ hasUniqueValue }) => hasUniqueValue)).toEqual([]);
  const byName = new Map(properties.map((property) => [property.name, property]));
  expect(byName.get('hubspot_owner_id')).toMatchObject({
    type: 'enumeration',
    options: [],
    referencedObjectType: 'OWNER',
  });
  expect(byName.get('lastmodifieddate')?.modificationMetadata.readOnlyValue).toBe(true);
  expect(byName.get('lifecyclestage')?.options.map(({ value }) => value)).toContain('customer');
});

test("a property is read by name, through HubSpot's client", async () => {
  const property = await stage.client.crm.properties.coreApi.getByName('contacts', 'email');
  expect(property).toMatchObject({ name: 'email', type: 'string', modificationMetadata: { readOnlyValue: false } });
  const { code, body } = await refusalOf(stage.client.crm.properties.coreApi.getByName('contacts', 'no_such'));
  expect([code, body.category]).toEqual([404, 'OBJECT_NOT_FOUND']);
});

test('a unique property is created once, and tells records apart from then on', async () => {
  await createUniqueProperty(stage, 'crm_key');
  const again = await call(stage, 'POST', '/crm/v3/properties/contacts', {
    name: 'crm_key',
    label: 'x',
    type: 'string',
    fieldType: 'text',
    groupName: 'contactinformation',
  });
  expect([again.status, errorBody.parse(again.body)]).toEqual([
    409,
    expect.objectContaining({
      category: 'OBJECT_ALREADY_EXISTS',
      subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
      message: "A property named 'crm_key' already exists.",
    }),
  ]);
  const { id } = stage.sandbox.people.create('contacts', { firstname: 'Ann', crm_key: 'K1' });
  const found = await call(stage, 'GET', '/crm/v3/objects/contacts/k1?idProperty=crm_key');
  expect(found).toMatchObject({ status: 200, body: { id } });
});

test.each([
  ['a name with capitals', { name: 'CrmKey' }],
  ['a group that does not exist', { groupName: 'no_such_group' }],
  ['a type that does not exist', { type: 'text' }],
  ['no label', { label: undefined }],
])('%s is refused', async (_, change) => {
  const draft = {
    name: 'key',
    label: 'x',
    type: 'string',
    fieldType: 'text',
    groupName: 'contactinformation',
    ...change,
  };
  expect((await call(stage, 'POST', '/crm/v3/properties/contacts', draft)).status).toBe(400);
});

test('an eleventh unique property is refused', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `key_${index}`);
  const outcomes = await Promise.allSettled(names.map((name) => createUniqueProperty(stage, name)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(9);
});

test('owners are listed and found by e-mail, the account tells its zone', async () => {
  const { results } = await stage.client.crm.owners.ownersApi.getPage('ada@example.com');
  expect(results).toMatchObject([{ id: '41629779', userId: 9586504, email: 'ada@example.com' }]);
  expect((await stage.client.crm.owners.ownersApi.getPage()).results).toHaveLength(2);
  expect((await stage.client.crm.owners.ownersApi.getById(9586504, 'userId')).id).toBe('41629779');
  const { body } = await call(stage, 'GET', '/account-info/v3/details');
  expect(body).toMatchObject({
    portalId: stage.sandbox.portalId,
    timeZone: 'America/New_York',
    utcOffset: '-05:00',
    utcOffsetMilliseconds: -18_000_000,
    uiDomain: 'app.hubspot.com',
  });
});
