import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { recordBody } from '../contracts/hubspot-answers.ts';
import { call, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
let person: string;
let acme: string;
let zenith: string;
beforeEach(async () => {
  stage = await startStage();
  const { people } = stage.sandbox;
  person = people.create('contacts', { email: 'ann@example.com' }).id;
  acme = people.create('companies', { name: 'Acme' }).id;
  zenith = people.create('companies', { name: 'Zenith' }).id;
});
afterEach(() => stage.close());

const basic = () => stage.client.crm.associations.v4.basicApi;
const batch = () => stage.client.crm.associations.v4.batchApi;
const defined = (associationTypeId: number) => [{ associationCategory: 'HUBSPOT_DEFINED' as never, associationTypeId }];

const typeBody = z.strictObject({
  category: z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED']),
  typeId: z.number(),
  label: z.string().nullable(),
});
const toBody = z.strictObject({ toObjectId: z.number(), associationTypes: z.array(typeBody).min(1) });
const pageBody = z.strictObject({
  results: z.array(toBody),
  paging: z.strictObject({ next: z.strictObject({ after: z.string() }) }).optional(),
});

/** Type ids by the other record, as HubSpot answers on the wire. */
async function typesOf(type: string, id: string, to: string): Promise<Record<string, number[]>> {
  const { status, body } = await call(stage, 'GET', `/crm/v4/objects/${type}/${id}/associations/${to}`);
  expect(status).toBe(200);
  const { results } = pageBody.parse(body);
  return Object.fromEntries(
    results.map(({ toObjectId, associationTypes }) => [
      toObjectId,
      associationTypes.map(({ typeId }) => typeId).sort((a, b) => a - b),
    ]),
  );
}

describe('one pair', () => {
  test('is associated by default, and stands at both ends', async () => {
    const answer = await basic().createDefault('contacts', person, 'companies', acme);
    expect(answer.results.map(({ associationSpec }) => associationSpec.associationTypeId)).toEqual([279, 280]);
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279] });
    expect(await typesOf('companies', acme, 'contacts')).toEqual({ [person]: [280] });
  });

  test('gets the unlabelled type with each label, and just the labels of its last writing', async () => {
    await basic().create('contacts', person, 'companies', acme, defined(1));
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [1, 279] });
    expect(await typesOf('companies', acme, 'contacts')).toEqual({ [person]: [2, 280] });
    await basic().create('contacts', person, 'companies', acme, []);
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279] });
  });

  test('has ids as numbers on the wire', async () => {
    const path = `/crm/v4/objects/contacts/${person}/associations/companies/${acme}`;
    const { status, body } = await call(stage, 'PUT', path, defined(1));
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        fromObjectTypeId: '0-1',
        fromObjectId: Number(person),
        toObjectTypeId: '0-2',
        toObjectId: Number(acme),
        labels: ['Primary'],
      },
    });
  });

  test('ends with all its types', async () => {
    await basic().create('contacts', person, 'companies', acme, defined(1));
    await basic().archive('contacts', person, 'companies', acme);
    expect(await typesOf('contacts', person, 'companies')).toEqual({});
    expect(await typesOf('companies', acme, 'contacts')).toEqual({});
  });

  test('is refused of records and types that are not there', async () => {
    expect(await refusalOf(basic().createDefault('contacts', '1', 'companies', acme))).toMatchObject({ code: 404 });
    const wrong = basic().create('contacts', person, 'companies', acme, defined(5));
    expect(await refusalOf(wrong)).toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
  });
});

test('only one company is the primary one: a new one takes its place', async () => {
  await basic().create('contacts', person, 'companies', acme, defined(1));
  await basic().create('contacts', person, 'companies', zenith, defined(1));
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279], [zenith]: [1, 279] });
  const other = stage.sandbox.people.create('contacts', { email: 'bo@example.com' }).id;
  await basic().create('contacts', other, 'companies', zenith, defined(1));
  expect(await typesOf('companies', zenith, 'contacts')).toEqual({ [person]: [2, 280], [other]: [2, 280] });
});

test('a list of associations comes in pages', async () => {
  await basic().createDefault('contacts', person, 'companies', acme);
  await basic().createDefault('contacts', person, 'companies', zenith);
  const path = `/crm/v4/objects/contacts/${person}/associations/companies?limit=1`;
  const first = pageBody.parse((await call(stage, 'GET', path)).body);
  expect(first.results.map(({ toObjectId }) => toObjectId)).toEqual([Number(acme)]);
  const next = pageBody.parse((await call(stage, 'GET', `${path}&after=${first.paging?.next.after}`)).body);
  expect(next.results.map(({ toObjectId }) => toObjectId)).toEqual([Number(zenith)]);
  expect(next.paging).toBeUndefined();
});

describe('batches', () => {
  test('read many records, and tell those that have nothing as errors of a 207', async () => {
    await basic().createDefault('contacts', person, 'companies', acme);
    const path = '/crm/v4/associations/contacts/companies/batch/read';
    const { status, body } = await call(stage, 'POST', path, { inputs: [{ id: person }, { id: '7' }] });
    expect(status).toBe(207);
    expect(body).toMatchObject({
      status: 'COMPLETE',
      results: [{ from: { id: person }, to: [{ toObjectId: Number(acme) }] }],
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'OBJECT_NOT_FOUND',
          subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
          message: 'No company is associated with contact 7.',
          context: { fromObjectId: ['7'], fromObjectType: ['contact'], toObjectType: ['company'] },
        },
      ],
    });
  });

  test('create, by type or by default, and archive', async () => {
    const to = [acme, zenith].map((id) => ({ _from: { id: person }, to: { id }, types: defined(279) }));
    expect((await batch().create('contacts', 'companies', { inputs: to })).results).toHaveLength(2);
    await batch().archive('contacts', 'companies', { inputs: [{ _from: { id: person }, to: [{ id: acme }] }] });
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [zenith]: [279] });
    await batch().createDefault('contacts', 'companies', { inputs: [{ _from: { id: person }, to: { id: acme } }] });
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279], [zenith]: [279] });
  });

  test('archive a label and leave the rest; the unlabelled type takes all with it', async () => {
    await basic().create('contacts', person, 'companies', acme, defined(1));
    const inputs = (typeId: number) => [{ _from: { id: person }, to: { id: acme }, types: defined(typeId) }];
    await batch().archiveLabels('contacts', 'companies', { inputs: inputs(1) });
    expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279] });
    await basic().create('contacts', person, 'companies', acme, defined(1));
    await batch().archiveLabels('contacts', 'companies', { inputs: inputs(279) });
    expect(await typesOf('contacts', person, 'companies')).toEqual({});
  });

  test.each([
    ['read', 1001, { id: '1' }],
    ['create', 2001, { from: { id: '1' }, to: { id: '2' }, types: [] }],
    ['archive', 101, { from: { id: '1' }, to: [] }],
  ])('%s refuse %d inputs', async (name, count, input) => {
    const path = `/crm/v4/associations/contacts/companies/batch/${name}`;
    const { status } = await call(stage, 'POST', path, { inputs: Array.from({ length: count }, () => input) });
    expect(status).toBe(400);
  });
});

test('labels of the account are made, used, renamed and taken away', async () => {
  const { definitionsApi } = stage.client.crm.associations.v4.schema;
  const made = await definitionsApi.create('contacts', 'companies', {
    label: 'Buyer',
    name: 'buyer',
    inverseLabel: 'Bought by',
  });
  const typeId = made.results[0]?.typeId ?? 0;
  expect(made.results.map(({ label }) => label)).toEqual(['Buyer', 'Bought by']);
  const own = [{ associationCategory: 'USER_DEFINED' as never, associationTypeId: typeId }];
  await basic().create('contacts', person, 'companies', acme, own);
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [typeId, 279].sort((a, b) => a - b) });
  await definitionsApi.update('contacts', 'companies', { associationTypeId: typeId, label: 'Payer' });
  const all = await definitionsApi.getAll('contacts', 'companies');
  expect(all.results.map(({ label }) => label)).toEqual([null, 'Primary', 'Payer']);
  await definitionsApi.remove('contacts', 'companies', typeId);
  expect((await definitionsApi.getAll('contacts', 'companies')).results).toHaveLength(2);
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279] });
});

test('a record is created with its associations, and read with them', async () => {
  const associations = [{ to: { id: acme }, types: defined(1) }];
  const { basicApi } = stage.client.crm.contacts;
  const made = await basicApi.create({ properties: { email: 'new@example.com' }, associations });
  expect(await typesOf('contacts', made.id, 'companies')).toEqual({ [acme]: [1, 279] });
  const { body } = await call(stage, 'GET', `/crm/v3/objects/contacts/${made.id}?associations=companies`);
  expect((body as { associations: unknown }).associations).toEqual({
    companies: {
      results: [
        { id: acme, type: 'contact_to_company' },
        { id: acme, type: 'contact_to_company_primary' },
      ],
    },
  });
  const lost = basicApi.create({
    properties: { email: 'lost@example.com' },
    associations: [{ to: { id: '1' }, types: defined(1) }] as never,
  });
  expect(await refusalOf(lost)).toMatchObject({ code: 404 });
  expect(stage.sandbox.recordBy('contacts', 'email', 'lost@example.com')).toBeUndefined();
});

test('a batch creates records with associations too', async () => {
  const inputs = [
    { properties: { email: 'b@example.com' }, associations: [{ to: { id: acme }, types: defined(279) }] },
  ];
  const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/create', { inputs });
  expect(status).toBe(201);
  const [made] = z.object({ results: z.array(recordBody) }).parse(body).results;
  expect(await typesOf('contacts', made?.id ?? '', 'companies')).toEqual({ [acme]: [279] });
});

test('an archived record is out of sight, and back when it is restored', async () => {
  await basic().createDefault('contacts', person, 'companies', acme);
  stage.sandbox.people.archive('companies', acme);
  expect(await typesOf('contacts', person, 'companies')).toEqual({});
  stage.sandbox.people.restore('companies', acme);
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [279] });
});

test('a merge brings what belonged to the absorbed record, and leaves the winner its primary company', async () => {
  const other = stage.sandbox.people.create('contacts', { email: 'bo@example.com' }).id;
  await basic().create('contacts', person, 'companies', acme, defined(1));
  await basic().create('contacts', other, 'companies', zenith, defined(1));
  stage.sandbox.people.merge('contacts', person, other);
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [1, 279], [zenith]: [279] });
});

test('people associate and dissociate by hand', async () => {
  const [from, to] = [
    { type: 'contacts', id: person },
    { type: 'companies', id: acme },
  ];
  stage.sandbox.people.associate(from, to, 'Primary');
  expect(await typesOf('contacts', person, 'companies')).toEqual({ [acme]: [1, 279] });
  stage.sandbox.people.dissociate(from, to);
  expect(await typesOf('contacts', person, 'companies')).toEqual({});
});

test('calls of associations are counted apart from all others', async () => {
  stage.sandbox.setLimits({ associationsPer10Seconds: 1 });
  await basic().getPage('contacts', person, 'companies');
  const refused = await refusalOf(basic().getPage('contacts', person, 'companies'));
  expect(refused).toMatchObject({ code: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' } });
  expect((await call(stage, 'GET', '/crm/v3/objects/contacts')).status).toBe(200);
});

test('the dated paths lead to the same', async () => {
  await basic().createDefault('contacts', person, 'companies', acme);
  const one = await call(stage, 'GET', `/crm/objects/2026-03/contacts/${person}/associations/companies`);
  expect(pageBody.parse(one.body).results).toHaveLength(1);
  const many = await call(stage, 'POST', '/crm/associations/2026-03/contacts/companies/batch/read', {
    inputs: [{ id: person }],
  });
  expect(many.status).toBe(200);
});
