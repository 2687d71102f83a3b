import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { batchBody, recordBody } from '../contracts/hubspot-answers.ts';
import { call, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

const contacts = () => stage.client.crm.contacts.basicApi;
const create = async (properties: Record<string, string>): Promise<string> =>
  (await contacts().create({ properties, associations: [] })).id;
const merge = (primaryObjectId: string, objectIdToMerge: string) =>
  contacts().merge({ primaryObjectId, objectIdToMerge });

describe('a merge', () => {
  test('keeps what the primary record holds, and fills its blanks', async () => {
    const winner = await create({ email: 'a@example.com', firstname: 'Ann' });
    const other = await create({ email: 'b@example.com', firstname: 'Bea', lastname: 'Lee' });
    const merged = await merge(winner, other);
    expect(merged.id).toBe(winner);
    const { properties } = await contacts().getById(winner, [
      'email',
      'firstname',
      'lastname',
      'hs_merged_object_ids',
      'hs_additional_emails',
    ]);
    expect(properties).toMatchObject({
      email: 'a@example.com',
      firstname: 'Ann',
      lastname: 'Lee',
      hs_merged_object_ids: other,
      hs_additional_emails: 'b@example.com',
    });
  });

  test('leaves the absorbed id to stand for the winner, in a read and in an update', async () => {
    const [winner, other] = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
    await merge(winner, other);
    expect((await contacts().getById(other)).id).toBe(winner);
    expect((await contacts().update(other, { properties: { firstname: 'Cay' } })).id).toBe(winner);
    const [third] = [await create({ email: 'c@example.com' })];
    await merge(third, winner);
    expect((await contacts().getById(other)).id).toBe(third);
  });

  test('lets a batch update of an absorbed id vanish without a word', async () => {
    const [winner, other] = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
    await merge(winner, other);
    const last = await create({ email: 'c@example.com' });
    const inputs = [other, last].map((id) => ({ id, properties: { firstname: 'Dee' }, objectWriteTraceId: id }));
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/update', { inputs });
    expect(status).toBe(200);
    expect(batchBody.parse(body).results.map(({ id }) => id)).toEqual([last]);
    expect((await contacts().getById(winner, ['firstname'])).properties['firstname']).toBeNull();
  });

  test('keeps both addresses taken, and lets the contact be found by each', async () => {
    const [winner, other] = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
    await merge(winner, other);
    const refusal = await refusalOf(contacts().create({ properties: { email: 'B@example.com' }, associations: [] }));
    expect(refusal).toMatchObject({
      code: 409,
      body: { message: `Contact already exists. Existing ID: ${winner}`, category: 'CONFLICT' },
    });
    const found = await contacts().getById('b@example.com', [], [], [], false, 'email');
    expect(found.id).toBe(winner);
  });

  test('takes the absorbed record out of lists, search and the archive', async () => {
    const [winner, other] = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
    await merge(winner, other);
    expect((await contacts().getPage()).results.map(({ id }) => id)).toEqual([winner]);
    expect((await contacts().getPage(10, undefined, [], [], [], true)).results).toEqual([]);
    const { status, body } = await call(stage, 'POST', '/crm/v3/objects/contacts/search', { filterGroups: [] });
    expect({ status, total: (body as { total: number }).total }).toEqual({ status: 200, total: 1 });
  });

  test('is refused of a record with itself, or with one that is not there', async () => {
    const only = await create({ email: 'a@example.com' });
    expect(await refusalOf(merge(only, only))).toMatchObject({ code: 400 });
    expect(await refusalOf(merge(only, '1'))).toMatchObject({ code: 404 });
  });

  test('ends at 250', async () => {
    const winner = await create({ email: 'a@example.com' });
    for (let i = 0; i < 250; i += 1) {
      const other = stage.sandbox.people.create('contacts', { firstname: `x${i}` }).id;
      stage.sandbox.people.merge('contacts', winner, other);
    }
    const { status } = await call(stage, 'POST', '/crm/v3/objects/contacts/merge', {
      primaryObjectId: winner,
      objectIdToMerge: await create({ firstname: 'one more' }),
    });
    expect(status).toBe(414);
  });

  test('of any type is a call of that type', async () => {
    const deal = { dealname: 'x', pipeline: 'default', dealstage: 'closedwon' };
    const made = [deal, deal].map((properties) => stage.sandbox.people.create('deals', properties));
    const [primaryObjectId, objectIdToMerge] = made.map(({ id }) => id);
    const answer = await call(stage, 'POST', '/crm/v3/objects/deals/merge', { primaryObjectId, objectIdToMerge });
    expect(recordBody.parse(answer.body).id).toBe(primaryObjectId);
  });
});

test('an erased contact is gone for good, its address free', async () => {
  const id = await create({ email: 'a@example.com' });
  await contacts().purge({ objectId: 'a@example.com', idProperty: 'email' });
  expect(await refusalOf(contacts().getById(id))).toMatchObject({ code: 404 });
  expect((await contacts().getPage(10, undefined, [], [], [], true)).results).toEqual([]);
  expect(await refusalOf(contacts().purge({ objectId: id }))).toMatchObject({ code: 404 });
  await create({ email: 'a@example.com' });
});

test('a person restores an archived record within 90 days, if nobody has taken its address', async () => {
  const id = await create({ email: 'a@example.com', firstname: 'Ann' });
  await contacts().archive(id);
  expect(stage.sandbox.people.restore('contacts', id).properties['firstname']).toBe('Ann');
  expect((await contacts().getById('a@example.com', [], [], [], false, 'email')).id).toBe(id);
  await contacts().archive(id);
  const twin = await create({ email: 'a@example.com' });
  expect(() => stage.sandbox.people.restore('contacts', id)).toThrow(`Existing ID: ${twin}`);
  await contacts().archive(twin);
  stage.time.advance(91 * 86_400_000);
  expect(() => stage.sandbox.people.restore('contacts', id)).toThrow('resource not found');
});

test.each([
  [false, { firstname: 'Ann', lastname: 'Poe' }],
  [true, { firstname: null, lastname: 'Poe' }],
])('an upsert by email that leaves values out clears them: %s', async (clears, expected) => {
  const id = await create({ email: 'a@example.com', firstname: 'Ann', lastname: 'Lee' });
  stage.sandbox.setUpsertByEmailClears(clears);
  const inputs = [{ id: 'a@example.com', idProperty: 'email', properties: { lastname: 'Poe' } }];
  const { status } = await call(stage, 'POST', '/crm/v3/objects/contacts/batch/upsert', { inputs });
  expect(status).toBe(200);
  expect((await contacts().getById(id, ['firstname', 'lastname'])).properties).toMatchObject(expected);
});

test('a mass edit stamps all of its records alike', async () => {
  const ids = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
  stage.time.advance(5_000);
  stage.sandbox.people.editMany('contacts', ids, { firstname: 'All' });
  const stamps = ids.map((id) => stage.sandbox.record('contacts', id)?.updatedAt);
  expect(new Set(stamps)).toEqual(new Set([new Date(stage.time.now()).toISOString()]));
});

describe('a further address', () => {
  test('is free again when its contact is archived, and taken when it is back', async () => {
    const id = await create({ email: 'a@example.com' });
    stage.sandbox.people.addEmail(id, 'Second@example.com');
    await contacts().archive(id);
    const byEmail = contacts().getById('second@example.com', [], [], [], false, 'email');
    expect(await refusalOf(byEmail)).toMatchObject({ code: 404 });
    const other = await create({ email: 'second@example.com' });
    expect(() => stage.sandbox.people.restore('contacts', id)).toThrow(`Existing ID: ${other}`);
    await contacts().archive(other);
    stage.sandbox.people.restore('contacts', id);
    expect((await contacts().getById('second@example.com', [], [], [], false, 'email')).id).toBe(id);
  });

  test('is an address', async () => {
    const id = await create({ email: 'a@example.com' });
    expect(() => stage.sandbox.people.addEmail(id, 'not an address')).toThrow('Property values were not valid');
  });
});

test('the id of a record that was merged away archives nobody', async () => {
  const [winner, other] = [await create({ email: 'a@example.com' }), await create({ email: 'b@example.com' })];
  await merge(winner, other);
  await contacts().archive(other);
  expect((await contacts().getById(winner)).id).toBe(winner);
});
