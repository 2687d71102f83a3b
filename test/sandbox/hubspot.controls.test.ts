import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { ConnectionCut } from '../../sandbox/common/faults.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { isCustomer, rootOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

async function control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${stage.url}/_sandbox${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const create = (email: string) =>
  stage.client.crm.contacts.basicApi.create({ properties: { email }, associations: [] });
const emails = () =>
  stage.sandbox.recordIds('contacts').map((id) => stage.sandbox.record('contacts', id)?.properties['email']);

describe('people', () => {
  test('create, edit and archive under their own name, without traffic', async () => {
    const created = await control('POST', '/people/contacts', { properties: { email: 'ann@example.com' } });
    expect(created).toMatchObject({ status: 201, body: { type: 'contacts', archived: false } });
    const { id } = created.body as { id: string };
    const edited = await control('PATCH', `/people/contacts/${id}`, { properties: { city: 'Graz' } });
    expect(edited.body).toMatchObject({ properties: { city: 'Graz' }, history: { city: [{ sourceType: 'CRM_UI' }] } });
    expect(await control('GET', '/records/contacts?email=ANN@example.com')).toMatchObject({
      body: { records: [{ id }] },
    });
    expect((await control('DELETE', `/people/contacts/${id}`)).status).toBe(204);
    expect(await control('GET', `/records/contacts/${id}`)).toMatchObject({ body: { archived: true } });
    expect(await control('GET', '/records/contacts')).toEqual({ status: 200, body: { ids: [] } });
    expect(await control('GET', '/traffic')).toEqual({
      status: 200,
      body: { calls: {}, writes: [], unmodelled: [], overruns: {} },
    });
  });

  test('are held to the same rules', async () => {
    const bad = await control('POST', '/people/contacts', { properties: { email: 'nobody' } });
    expect(bad).toMatchObject({ status: 400, body: { message: expect.stringContaining('INVALID_EMAIL') } });
    await create('ann@example.com');
    const taken = await control('POST', '/people/contacts', { properties: { email: 'ann@example.com' } });
    expect(taken.status).toBe(409);
    expect((await control('PATCH', '/people/contacts/1', { properties: {} })).status).toBe(404);
  });

  test('make, change and delete lists', async () => {
    const made = await control('POST', '/people/lists', { name: 'Customers', filterBranch: isCustomer });
    expect(made).toEqual({ status: 201, body: { listId: '1' } });
    const { body } = await control('POST', '/people/contacts', {
      properties: { firstname: 'Ann', lifecyclestage: 'customer' },
    });
    const { id } = body as { id: string };
    expect(await control('GET', `/evaluate/1/${id}`)).toEqual({ status: 200, body: { answer: 'true' } });
    expect(await control('GET', '/memberships/1')).toMatchObject({
      body: { processingStatus: 'PROCESSING', members: [] },
    });
    expect(await control('POST', '/evaluation/run')).toEqual({ status: 200, body: { evaluated: 2 } });
    expect(await control('GET', '/memberships/1')).toMatchObject({
      body: { processingStatus: 'COMPLETE', members: [{ recordId: id, joinedAt: '2026-01-05T09:00:00.000Z' }] },
    });
    expect((await control('PUT', `/memberships/1/${id}`, { member: false })).status).toBe(204);
    expect(await control('GET', '/memberships/1')).toMatchObject({ body: { members: [] } });
    const filterBranch = rootOf([{ filterType: 'PAGE_VIEW' }]);
    expect((await control('PUT', '/people/lists/1', { filterBranch })).status).toBe(400);
    expect((await control('PUT', '/people/lists/1', { filterBranch, unmodelled: 'keep' })).status).toBe(204);
    expect((await control('DELETE', '/people/lists/1')).status).toBe(204);
    expect((await control('GET', '/memberships/1')).status).toBe(404);
  });
});

test.each([
  ['PUT', '/evaluation', { delayMs: -1 }],
  ['PUT', '/evaluation', { manual: false }],
  ['PUT', '/search', {}],
  ['PUT', '/token', { accessToken: '' }],
  ['PUT', '/limits', { perHour: 5 }],
  ['PUT', '/faults', [{ fault: 'explode' }]],
  ['PUT', '/faults', [{ fault: 'cut', times: 0 }]],
  ['POST', '/people/contacts', { email: 'ann@example.com' }],
  ['POST', '/people/lists', { name: 5 }],
  ['GET', '/records/contacts?mail=x', undefined],
])('%s %s with %j is refused with what is wrong', async (method, path, body) => {
  const answer = await control(method, path, body);
  const problem = { path: expect.any(String), message: expect.any(String) };
  expect(answer).toMatchObject({ status: 400, body: { problems: expect.arrayContaining([problem]) } });
});

test('an unknown control is named', async () => {
  expect(await control('GET', '/bananas')).toEqual({
    status: 404,
    body: { message: 'GET /_sandbox/bananas is no control of this sandbox.' },
  });
});

test('traffic tells calls by route and API writes by field, until it is cleared', async () => {
  const { id } = await create('ann@example.com');
  await stage.client.crm.contacts.basicApi.update(id, { properties: { city: 'Graz', zip: '8010' } });
  expect((await control('GET', '/traffic')).body).toEqual({
    calls: { 'POST /crm/v3/objects/{type}': 1, 'PATCH /crm/v3/objects/{type}/{id}': 1 },
    writes: [
      { type: 'contacts', id, field: 'email', kind: 'create' },
      { type: 'contacts', id, field: 'city', kind: 'update' },
      { type: 'contacts', id, field: 'zip', kind: 'update' },
    ],
    unmodelled: [],
    overruns: {},
  });
  await control('DELETE', '/traffic');
  expect((await control('GET', '/traffic')).body).toEqual({ calls: {}, writes: [], unmodelled: [], overruns: {} });
});

test('the token, the pace, the lag and the limits change at run time', async () => {
  await control('PUT', '/token', { accessToken: 'pat-new' });
  await expect(create('ann@example.com')).rejects.toMatchObject({ code: 401 });
  await control('PUT', '/token', { accessToken: 'pat-sandbox' });
  expect((await control('PUT', '/evaluation', { delayMs: 5 })).body).toEqual({ pace: { delayMs: 5 }, pending: 0 });
  expect((await control('PUT', '/evaluation', { manual: true })).body).toEqual({ pace: { manual: true }, pending: 0 });
  await control('PUT', '/search', { lagMs: 1000 });
  await create('ann@example.com');
  expect((await stage.client.crm.contacts.searchApi.doSearch({})).total).toBe(0);
  await control('PUT', '/limits', { searchPerSecond: 1 });
  await stage.client.crm.contacts.searchApi.doSearch({});
  await expect(stage.client.crm.contacts.searchApi.doSearch({})).rejects.toMatchObject({ code: 429 });
});

describe('a fault', () => {
  const contacts = '/crm/v3/objects/contacts';
  const post = (email: string, signal?: AbortSignal) =>
    fetch(`${stage.url}${contacts}`, {
      method: 'POST',
      headers: { authorization: 'Bearer pat-sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({ properties: { email } }),
      ...(signal && { signal }),
    });

  test('cuts the socket before or after the call is done, as often as asked and where it matches', async () => {
    await control('PUT', '/faults', [
      { match: { method: 'POST', pathPrefix: contacts }, fault: 'cut' },
      { match: { method: 'POST', pathPrefix: contacts }, fault: 'applyThenCut', times: 2 },
    ]);
    await stage.client.crm.owners.ownersApi.getPage();
    for (const email of ['lost@example.com', 'ann@example.com', 'bo@example.com']) {
      await expect(create(email)).rejects.toThrow('fetch failed');
    }
    expect((await control('GET', '/faults')).body).toEqual({ rules: [] });
    await create('cy@example.com');
    expect(emails()).toEqual(['ann@example.com', 'bo@example.com', 'cy@example.com']);
  });

  test.each([
    ['hangBeforeHeaders', []],
    ['applyThenHang', ['ann@example.com']],
  ] as const)('%s: nothing comes until the client gives up', async (fault, written) => {
    stage.sandbox.faults.set([{ fault }]);
    const gaveUp = new AbortController();
    const answer = post('ann@example.com', gaveUp.signal);
    await until(() => stage.sandbox.faults.remaining().length === 0 && emails().length === written.length);
    gaveUp.abort(new Error('gave up'));
    await expect(answer).rejects.toThrow('gave up');
    expect(emails()).toEqual(written);
  });

  test('hangMidBody: headers and half the body come, then nothing until the client gives up', async () => {
    stage.sandbox.faults.set([{ fault: 'hangMidBody' }]);
    const gaveUp = new AbortController();
    const answer = await post('ann@example.com', gaveUp.signal);
    const reader = answer.body?.getReader();
    const half = await reader?.read();
    expect([answer.status, half?.done]).toEqual([201, false]);
    expect(half?.value?.length).toBeLessThan(Number(answer.headers.get('content-length')));
    const rest = reader?.read();
    gaveUp.abort(new Error('gave up'));
    await expect(rest).rejects.toThrow('gave up');
    expect(emails()).toEqual(['ann@example.com']);
  });

  test("answers in HubSpot's place with any status and body", async () => {
    stage.sandbox.faults.set([
      { fault: { status: 502, body: '<html>Bad gateway</html>' } },
      { fault: { status: 423, body: { status: 'error', message: 'locked' }, headers: { 'retry-after': '2' } } },
      { fault: { status: 503 } },
    ]);
    const [html, json, bare] = [await post('a@example.com'), await post('a@example.com'), await post('a@example.com')];
    expect([html.status, html.headers.get('content-type'), await html.text()]).toEqual([
      502,
      'text/html',
      '<html>Bad gateway</html>',
    ]);
    expect([json.status, json.headers.get('retry-after'), await json.json()]).toEqual([
      423,
      '2',
      { status: 'error', message: 'locked' },
    ]);
    expect([bare.status, await bare.text()]).toEqual([503, '']);
    expect(emails()).toEqual([]);
  });

  test('cutMidBody: half the body comes, then the connection ends', async () => {
    stage.sandbox.faults.set([{ fault: 'cutMidBody' }]);
    const answer = await post('ann@example.com');
    expect(answer.status).toBe(201);
    await expect(answer.text()).rejects.toThrow('terminated');
    expect(emails()).toEqual(['ann@example.com']);
  });

  test('an answer of its own after the call was done, or one that HubSpot has', async () => {
    stage.sandbox.faults.set([
      { fault: { status: 502, body: 'Bad gateway', applied: true } },
      { fault: { preset: 'burst', applied: true } },
      { fault: { preset: 'expired' } },
    ]);
    expect((await post('ann@example.com')).status).toBe(502);
    const burst = await post('bo@example.com');
    expect([burst.status, await burst.json()]).toMatchObject([429, { policyName: 'TEN_SECONDLY_ROLLING' }]);
    expect(await (await post('cy@example.com')).json()).toMatchObject({ category: 'EXPIRED_AUTHENTICATION' });
    expect(emails()).toEqual(['ann@example.com', 'bo@example.com']);
    expect(() => stage.sandbox.faults.set([{ fault: { preset: 'flood' } }])).toThrow("no preset 'flood'");
    expect(await control('PUT', '/faults', [{ fault: { preset: 'flood' } }])).toMatchObject({ status: 400 });
  });

  test('with a probability hits that share of the calls, the same ones for one seed, as long as it stands', async () => {
    const hits = async (seed: number) => {
      stage.sandbox.faults.set([{ times: null, probability: 0.3, seed, fault: { status: 503 } }]);
      const statuses: number[] = [];
      for (let i = 0; i < 40; i++) statuses.push((await post(`p${seed}.${i}@example.com`)).status);
      return statuses;
    };
    const first = await hits(1);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(4);
    expect(first.filter((status) => status === 503).length).toBeLessThan(25);
    stage.sandbox.faults.clear();
    for (const id of stage.sandbox.recordIds('contacts')) stage.sandbox.people.archive('contacts', id);
    expect(await hits(1)).toEqual(first);
    expect(stage.sandbox.faults.remaining()).toMatchObject([{ times: null }]);
  });

  test('latencyMs: the call is done at once and answered later', async () => {
    stage.sandbox.faults.set([{ fault: { latencyMs: 100 } }]);
    const answer = post('ann@example.com');
    await until(() => emails().length === 1);
    stage.time.advance(100);
    expect((await answer).status).toBe(201);
  });

  test('without sockets rejects for a cut, waits on its own clock for a delay, and ends with the caller for a hang', async () => {
    const time = new ManualTime();
    const sandbox = createHubSpotSandbox({ clock: time, timers: time });
    const ask = async (signal?: AbortSignal) =>
      sandbox.door.fetch(
        new Request('http://hubspot.test/crm/v3/owners', {
          headers: { authorization: 'Bearer pat-sandbox' },
          ...(signal && { signal }),
        }),
      );
    sandbox.faults.set([{ fault: 'cut' }, { fault: { delayMs: 5000 } }, { fault: 'hangBeforeHeaders' }]);
    await expect(ask()).rejects.toBeInstanceOf(ConnectionCut);
    const late = ask();
    expect(sandbox.traffic.calls.size).toBe(0);
    time.advance(5000);
    expect((await late).status).toBe(200);
    const gaveUp = new AbortController();
    const hung = ask(gaveUp.signal);
    gaveUp.abort();
    await expect(hung).rejects.toBeInstanceOf(ConnectionCut);
    sandbox.stop();
  });
});

/** Resolves once the sandbox, in this same process, has come so far. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
