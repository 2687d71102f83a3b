import { afterEach, expect, test } from '@jest/globals';
import { createHubSpot, createSalesforce, openDoor } from '../../crm/index.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';

const shut: (() => void)[] = [];
afterEach(() => {
  for (const close of shut.splice(0)) close();
});

/** Nobody listens on these ports: what gets an answer came through the door. */
test('both adapters reach a sandbox in this process without sockets, tokens included', async () => {
  const hubspot = createHubSpotSandbox();
  const salesforce = createSalesforceSandbox();
  shut.push(openDoor('http://127.0.0.1:2', hubspot.door), openDoor('http://127.0.0.1:3', salesforce.door));
  shut.push(() => hubspot.stop());

  const access = { requestTimeoutMs: 5_000 };
  const hs = createHubSpot({ ...access, baseUrl: 'http://127.0.0.1:2', accessToken: hubspot.accessToken });
  const auth = { clientId: 'sandbox', clientSecret: 'sandbox' };
  const sf = createSalesforce({ ...access, loginUrl: 'http://127.0.0.1:3', auth });

  const rows = [{ key: 'a', properties: { email: 'ada@example.com' } }];
  expect(await hs.writer.create('contacts', rows)).toMatchObject([{ key: 'a', ok: true }]);
  expect(await hs.reader.count('contacts')).toBe(1);
  const id = salesforce.people.create('Contact', { LastName: 'Lovelace' });
  expect(await sf.writer.update('Contact', [{ key: 'b', id, fields: { Title: 'x' } }])).toMatchObject([{ ok: true }]);
  expect((await sf.reader.readRecords('Contact', [id], ['Title'])).get(id)?.fields).toEqual({ Title: 'x' });
});
