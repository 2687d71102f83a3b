import { expect, test } from '@jest/globals';
import { Faults } from '../../sandbox/common/faults.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { checkedDoor } from './contract.ts';
import { hubspotContract } from './hubspot.ts';
import { salesforceContract } from './salesforce.ts';

const headers = { date: 'x', 'x-hubspot-correlation-id': 'x', 'content-type': 'application/json;charset=utf-8' };
const url = 'http://hubspot.test/crm/v3/objects/contacts';

test.each([
  ['a number where HubSpot sends a text', 'GET', '', 200, { results: [{ id: 5 }] }, 'results.0.id'],
  ['a field that HubSpot does not have', 'GET', '', 200, { results: [], count: 0 }, 'Unrecognized key'],
  ['a status of another call', 'POST', '', 200, {}, 'only 201'],
  ['a refusal in a form of its own', 'GET', '', 400, { error: 'no' }, 'correlationId'],
  ['a call that is in no contract', 'GET', '/1/secrets', 200, {}, 'not in the contract'],
])('%s is found', async (_, method, path, status, body, wrong) => {
  const door = { fetch: () => Response.json(body, { status, headers }) };
  const answer = await checkedDoor({ door, faults: new Faults() }, hubspotContract).fetch(
    new Request(url + path, { method }),
  );
  expect([answer.status, await answer.text()]).toEqual([599, expect.stringContaining(wrong)]);
});

test('what a fault rule answers is let through', async () => {
  const sandbox = createHubSpotSandbox();
  sandbox.faults.set([{ fault: { status: 502, body: 'Bad gateway' } }]);
  expect((await checkedDoor(sandbox, hubspotContract).fetch(new Request(url))).status).toBe(502);
  sandbox.stop();
});

test('every call that the sandboxes model has a contract', () => {
  expect(Object.keys(hubspotContract.calls).toSorted()).toEqual([...createHubSpotSandbox().calls].toSorted());
  const data = Object.keys(salesforceContract.calls).flatMap((name) => {
    const [method, path = ''] = name.split(' /services/data/{version}');
    return name.includes('{version}') ? [`${method} ${path || '/'}`] : [];
  });
  expect(data.toSorted()).toEqual([...createSalesforceSandbox().calls].toSorted());
});
