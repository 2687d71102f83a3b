import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Door } from '../../sandbox/common/host.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { isCustomer } from './hubspot-client.ts';

let hubspot: HubSpotSandbox;
let salesforce: SalesforceSandbox;
beforeEach(() => {
  hubspot = createHubSpotSandbox();
  salesforce = createSalesforceSandbox();
});

async function get(door: Door, path: string, headers: Record<string, string> = {}) {
  const response = await door.fetch(new Request(`http://sandbox.test${path}`, { headers }));
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}
const json = async (door: Door, path: string) => JSON.parse((await get(door, path)).text) as Record<string, unknown>;

describe('the page of a sandbox', () => {
  test('is one file that needs nothing from elsewhere and holds no value of a record', async () => {
    hubspot.people.create('contacts', { email: 'ann@example.com', lastname: '<script>canary</script>' });
    salesforce.people.create('Contact', { LastName: '<script>canary</script>' });
    for (const { door } of [hubspot, salesforce]) {
      const { status, type, text } = await get(door, '/_sandbox');
      expect([status, type]).toEqual([200, expect.stringContaining('text/html')]);
      expect(text).not.toMatch(/https?:\/\/|src=|canary|innerHTML/);
    }
  });

  test('searches the live records by what tells them apart, without regard to case', async () => {
    const { id } = hubspot.people.create('contacts', { email: 'ann@example.com', lastname: 'Berg' });
    hubspot.people.archive('contacts', hubspot.people.create('contacts', { email: 'berg@example.com' }).id);
    const found = await json(hubspot.door, '/_sandbox/page/search?type=contacts&text=BERG');
    expect(found).toMatchObject({ count: 1, rows: [{ id }] });
    const contact = salesforce.people.create('Contact', { LastName: 'Berg', Email: 'ann@example.com' });
    expect(await json(salesforce.door, '/_sandbox/page/search?type=Contact&text=berg')).toEqual({
      columns: ['Name', 'Email', 'Title'],
      rows: [{ id: contact, values: ['Berg', 'ann@example.com', ''] }],
      count: 1,
    });
  });

  test('shows at most a hundred records, and how many there are', async () => {
    for (let n = 0; n < 120; n += 1) hubspot.people.create('contacts', { email: `p${n}@example.com` });
    const { rows, count } = await json(hubspot.door, '/_sandbox/page/search?type=contacts');
    expect([(rows as unknown[]).length, count]).toEqual([100, 120]);
  });

  test('shows a record with what a person may change, and what they change', async () => {
    const { id } = hubspot.people.create('contacts', { email: 'ann@example.com', jobtitle: 'CTO' });
    const { fields } = await json(hubspot.door, `/_sandbox/page/record/contacts/${id}`);
    expect(fields).toContainEqual({ name: 'jobtitle', value: 'CTO', writable: true });
    expect(fields).toContainEqual({ name: 'hs_object_id', value: id, writable: false });
    const contact = salesforce.people.create('Contact', { LastName: 'Berg', Title: 'CTO' });
    const there = await json(salesforce.door, `/_sandbox/page/record/Contact/${contact}`);
    expect(there['fields']).toContainEqual({ name: 'Title', value: 'CTO', writable: true });
    expect(there['fields']).toContainEqual({ name: 'Name', value: 'Berg', writable: false });
  });

  test('shows the segments with their filter and members', async () => {
    const { id } = hubspot.people.create('contacts', { email: 'ann@example.com', lifecyclestage: 'customer' });
    const listId = hubspot.people.createList({ name: 'Customers', filterBranch: isCustomer });
    hubspot.runEvaluation();
    expect(await json(hubspot.door, '/_sandbox/page/segments')).toMatchObject({
      segments: [{ listId, name: 'Customers', processingStatus: 'COMPLETE', filterBranch: isCustomer, members: [id] }],
    });
  });

  test('tells the calls of clients in their order, and none of its own', async () => {
    const authorization = `Bearer ${hubspot.accessToken}`;
    await get(hubspot.door, '/crm/v3/objects/contacts?limit=2', { authorization });
    await get(hubspot.door, '/_sandbox/page/segments');
    await get(hubspot.door, '/crm/v3/objects/contacts');
    const calls = [
      { n: 1, method: 'GET', path: '/crm/v3/objects/contacts?limit=2', status: 200 },
      { n: 2, method: 'GET', path: '/crm/v3/objects/contacts', status: 401 },
    ];
    expect(await json(hubspot.door, '/_sandbox/page/calls')).toMatchObject({ calls });
    expect(await json(hubspot.door, '/_sandbox/page/calls?after=1')).toMatchObject({ calls: [calls[1]] });
    await get(salesforce.door, '/services/data/v60.0/limits');
    expect(await json(salesforce.door, '/_sandbox/page/calls')).toMatchObject({ calls: [{ status: 401 }] });
  });

  test.each([
    ['/_sandbox/page/search?type=nothing', 404],
    ['/_sandbox/page/search', 400],
    ['/_sandbox/page/record/contacts/1', 404],
    ['/_sandbox/page/record/__proto__/1', 404],
    ['/_sandbox/page/calls?after=x', 400],
  ])('answers %s with %i and a message', async (path, status) => {
    for (const { door } of [hubspot, salesforce]) {
      const answer = await get(door, path);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([
        status,
        { message: expect.any(String), ...(status === 400 && { problems: expect.any(Array) }) },
      ]);
    }
  });
});
