import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Listening, listen } from '../../workers/listen.ts';
import { runProgram, type ScriptProcess } from '../support/child.ts';
import { contactSettings, until, useWorld } from './world.ts';

const world = useWorld(async (made) => await made.apply(contactSettings()));

let tandemHttp: Listening;
let service: ScriptProcess;
let port = '';
beforeAll(async () => {
  tandemHttp = await listen(world().service.fetch, { host: '127.0.0.1', port: 0 }, 'take another port');
  const file = path.resolve('docs/example-service/service.ts');
  service = runProgram(process.execPath, ['--conditions=tandem-source', file], {
    env: {
      PORT: '0',
      TANDEM_URL: `http://127.0.0.1:${tandemHttp.port}`,
      TANDEM_API_TOKEN: 'test',
      TANDEM_INSTALLATION: world().installation,
      TEMPORAL_ADDRESS: world().temporal.address,
      TEMPORAL_NAMESPACE: world().temporal.namespace,
    },
  });
  await Promise.race([service.output.shows('listening on'), service.ended]);
  port = /port: (\d+)/.exec(service.output.text)?.[1] ?? `none: ${service.output.text}`;
}, 300_000);
afterAll(async () => await tandemHttp?.stop());

async function post(route: string, body: unknown = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`http://127.0.0.1:${port}${route}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const contact = (name: string) =>
  world().hubspot.people.create('contacts', { email: `${name}@example.com`, lastname: name });

test('an order syncs the contact, and answers at once with the workflow', async () => {
  const { id } = contact('ann');
  const { status, body } = await post('/orders', { orderId: 'o-1', contactId: id });
  expect([status, body]).toEqual([202, { workflowId: `${world().installation}/record/contacts/hubspot/${id}` }]);
  await until(async () => world().salesforce.records('Contact', { email: 'ann@example.com' }).length > 0);
});

test('an order that waits answers with the outcome', async () => {
  const { id } = contact('ben');
  const { status, body } = await post('/orders', { orderId: 'o-2', contactId: id, wait: true });
  expect([status, body]).toEqual([200, expect.objectContaining({ outcome: { kind: 'synced' } })]);
  expect(world().salesforce.records('Contact', { email: 'ben@example.com' })).toHaveLength(1);
});

test('a bad id is refused with a sentence', async () => {
  const { status, body } = await post('/orders', { orderId: 'o-3', contactId: 'x' });
  expect([status, body]).toEqual([400, { error: expect.stringContaining('a HubSpot id is a whole number') }]);
});

test("at night Salesforce's new people are imported", async () => {
  const fields = { LastName: 'Cleo', Company: 'C', Email: 'cleo@example.com' };
  const leadId = world().salesforce.people.create('Lead', fields);
  const { status, body } = await post('/nightly');
  expect([status, body]).toEqual([202, { workflowId: expect.stringContaining('/import/contacts/shop-') }]);
  await world().tandem.run(String(body['workflowId'])).result();
  const pair = (await world().ledger.pairs.byIds('contacts', 'salesforce', [leadId])).get(leadId);
  const imported = world().hubspot.record('contacts', pair?.hubspotId ?? '');
  expect(imported?.properties).toMatchObject({ email: 'cleo@example.com', lastname: 'Cleo' });
});

test('it ends when it is asked to', async () => {
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});
