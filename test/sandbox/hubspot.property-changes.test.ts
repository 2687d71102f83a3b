import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { call, oneFilter, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

describe('a property of the account', () => {
  const api = () => stage.client.crm.properties;
  const shirt = {
    name: 'shirt',
    label: 'Shirt',
    type: 'enumeration' as never,
    fieldType: 'select' as never,
    groupName: 'contactinformation',
    options: ['S', 'M'].map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
  };
  const option = (value: string) => ({ label: value, value, displayOrder: 0, hidden: false });

  test('is changed: the options that are given replace all there were', async () => {
    await api().coreApi.create('contacts', shirt);
    const changed = await api().coreApi.update('contacts', 'shirt', { label: 'Size', options: [option('L')] });
    expect([changed.label, changed.options.map(({ value }) => value)]).toEqual(['Size', ['L']]);
    const taken = await refusalOf(
      stage.client.crm.contacts.basicApi.create({ properties: { firstname: 'A', shirt: 'S' }, associations: [] }),
    );
    expect(taken.body.errors?.[0]?.code).toBe('INVALID_OPTION');
  });

  test('is archived, seen only among the archived, and back with its values when it is made again', async () => {
    await api().coreApi.create('contacts', shirt);
    const { id } = stage.sandbox.people.create('contacts', { firstname: 'A', shirt: 'M' });
    await api().coreApi.archive('contacts', 'shirt');
    expect(await refusalOf(api().coreApi.getByName('contacts', 'shirt'))).toMatchObject({ code: 404 });
    const { body } = await call(stage, 'GET', '/crm/v3/properties/contacts?archived=true');
    expect((body as { results: { name: string }[] }).results.map(({ name }) => name)).toEqual(['shirt']);
    const read = () => stage.client.crm.contacts.basicApi.getById(id, ['shirt']);
    expect((await read()).properties).not.toHaveProperty('shirt');
    await api().coreApi.create('contacts', shirt);
    expect((await read()).properties['shirt']).toBe('M');
  });

  test('stays while a list reads it, and one of HubSpot’s own stays anyhow', async () => {
    await api().coreApi.create('contacts', shirt);
    const operation = { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' };
    stage.sandbox.people.createList({ name: 'x', filterBranch: oneFilter('shirt', operation) });
    expect(await refusalOf(api().coreApi.archive('contacts', 'shirt'))).toMatchObject({
      code: 400,
      body: { subCategory: 'PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE' },
    });
    expect(await refusalOf(api().coreApi.archive('contacts', 'firstname'))).toMatchObject({ code: 400 });
    expect(await refusalOf(api().coreApi.update('contacts', 'firstname', { label: 'x' }))).toMatchObject({ code: 400 });
  });

  test('is made, read and archived in batches, the unknown told apart', async () => {
    const inputs = [shirt, { ...shirt, name: 'shoe' }];
    expect((await api().batchApi.create('contacts', { inputs })).results).toHaveLength(2);
    const path = '/crm/v3/properties/contacts/batch/read';
    const names = ['shirt', 'none'].map((name) => ({ name }));
    const { status, body } = await call(stage, 'POST', path, { inputs: names, archived: false });
    expect(status).toBe(207);
    expect(body).toMatchObject({ results: [{ name: 'shirt' }], numErrors: 1 });
    await api().batchApi.archive('contacts', { inputs: [{ name: 'shirt' }, { name: 'shoe' }] });
    expect(await refusalOf(api().coreApi.getByName('contacts', 'shoe'))).toMatchObject({ code: 404 });
  });

  test('stands in a group, which is made, renamed and removed when it is empty', async () => {
    const group = await api().groupsApi.create('contacts', { name: 'wardrobe', label: 'Wardrobe', displayOrder: 3 });
    expect(group).toMatchObject({ name: 'wardrobe', label: 'Wardrobe', archived: false });
    await api().coreApi.create('contacts', { ...shirt, groupName: 'wardrobe' });
    expect((await api().groupsApi.update('contacts', 'wardrobe', { label: 'Closet' })).label).toBe('Closet');
    expect((await api().groupsApi.getByName('contacts', 'wardrobe')).label).toBe('Closet');
    expect((await api().groupsApi.getAll('contacts')).results.map(({ name }) => name)).toContain('wardrobe');
    expect(await refusalOf(api().groupsApi.archive('contacts', 'wardrobe'))).toMatchObject({ code: 400 });
    await api().coreApi.archive('contacts', 'shirt');
    await api().groupsApi.archive('contacts', 'wardrobe');
    expect(await refusalOf(api().groupsApi.getByName('contacts', 'wardrobe'))).toMatchObject({ code: 404 });
    expect(await refusalOf(api().groupsApi.create('contacts', { name: 'sales_properties', label: 'x' }))).toMatchObject(
      {
        code: 409,
      },
    );
  });
});

describe('an admin who changes the schema while others work', () => {
  const control = async (method: string, path: string, body?: unknown) =>
    (await call(stage, method, `/_sandbox/people/properties${path}`, body)).status;
  const create = (properties: Record<string, string>) =>
    stage.client.crm.contacts.basicApi.create({ properties, associations: [] });

  test('takes a property away, after which writes of it are refused, and brings it back', async () => {
    const shirt = { name: 'shirt', type: 'enumeration', fieldType: 'select', options: ['S', 'M'] };
    expect(await control('POST', '/contacts', shirt)).toBe(201);
    expect((await create({ email: 'ann@example.com', shirt: 'S' })).properties).toMatchObject({
      email: 'ann@example.com',
    });
    stage.sandbox.traffic.clear();
    expect(await control('DELETE', '/contacts/shirt')).toBe(204);
    expect(stage.sandbox.traffic.report().calls).toEqual({});
    const refused = await refusalOf(create({ email: 'bo@example.com', shirt: 'S' }));
    expect(refused.body.errors?.[0]?.code).toBe('PROPERTY_DOESNT_EXIST');
    expect(await control('POST', '/contacts', shirt)).toBe(201);
    await create({ email: 'bo@example.com', shirt: 'M' });
  });

  test.each([
    ['a property that HubSpot defines', 'DELETE', '/contacts/email', undefined],
    ['one that is not there', 'DELETE', '/contacts/nothing', undefined],
    ['a name that is taken', 'POST', '/contacts', { name: 'email' }],
    ['a type that is none', 'POST', '/contacts', { name: 'a', type: 'colour' }],
  ])('is refused %s', async (_, method, path, body) => {
    expect(await control(method, path, body)).toBeGreaterThanOrEqual(400);
  });
});
