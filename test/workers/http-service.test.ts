import { describe, expect, test } from '@jest/globals';
import { TandemApi } from '../../client/api.ts';
import { ApiError } from '../../client/api-error.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import { VendorError } from '../../crm/types.ts';
import type { HttpServiceDeps } from '../../workers/http-service.ts';
import { withLedger } from '../ledger/with-ledger.ts';
import { serviceInProcess } from './service-in-process.ts';
import { systemsWith } from './service-systems.ts';

const ledger = withLedger();

const yaml = `version: 1
objects:
  contacts:
    segments: { include: [42] }
    fields: [{ hubspot: email, salesforce: Email, rule: twoWay }]`;

const systems = systemsWith([
  { id: '42', name: 'Customers', size: 7 },
  { id: '43', name: 'Visitors', processingType: 'MANUAL' },
]);
const service = (changes: Partial<HttpServiceDeps> = {}) => serviceInProcess(ledger, { ...systems, ...changes });

const segmentsThat = (listSegments: HttpServiceDeps['hubspot']['listSegments']) => ({
  hubspot: { ...systemsWith().hubspot, listSegments },
});

async function applied(): Promise<void> {
  const { settings } = parseSettings(yaml);
  if (!settings) throw new Error('the settings of this test are wrong');
  const draft = await ledger.settings.saveDraft(yaml);
  await ledger.settings.activate({
    draft,
    replaces: undefined,
    settings,
    catalog: { hubspot: {}, salesforce: {}, segments: [] },
  });
}

const hubspot: RecordRef = { system: 'hubspot', object: 'contacts', id: '7' };
const salesforce: RecordRef = { system: 'salesforce', object: 'contacts', id: '003000000000001AAA' };

/** A pair whose HubSpot side waits for its segment, with one write behind it. */
async function paired(): Promise<void> {
  const holder = { owner: 'run/1', attempt: 1 };
  await ledger.leases.take(holder, [{ key: 'contacts/hubspot/7', ref: hubspot }], 60_000);
  const [id = ''] = await ledger.writes.intend(
    [
      {
        object: 'contacts',
        system: 'salesforce',
        recordId: salesforce.id,
        counterpartId: '7',
        kind: 'update',
        before: { Email: 'canary-old' },
        after: { Email: 'canary-new' },
        basis: 'open',
      },
    ],
    { holder, keys: ['contacts/hubspot/7'], needMs: 0, settingsVersion: 1 },
  );
  await ledger.closeBatch({
    holder,
    keys: ['contacts/hubspot/7'],
    rows: [
      {
        ref: hubspot,
        pair: { kind: 'open', hubspotId: '7', salesforceId: salesforce.id, salesforceType: 'Contact', base: {} },
        decision: {
          outcome: { kind: 'waiting', reason: 'segmentNotReevaluated' },
          verdict: 'undecided',
          segmentId: '42',
        },
        waits: [
          {
            ref: hubspot,
            segmentId: '42',
            expected: false,
            segmentVersion: '1',
            reason: 'segmentNotReevaluated',
            since: '2026-05-01T10:00:00.000Z',
            deadline: '2026-05-01T10:15:00.000Z',
            lookAgainAt: null,
            waiter: 'acme/record/contacts/hubspot/7',
          },
        ],
        conflicts: [],
      },
    ],
    results: [{ id, ok: true, vendorId: salesforce.id }],
  });
}

describe('the HTTP service', () => {
  test('is alive without a token, and says whether it is ready', async () => {
    const { app } = service();
    expect((await app.request('/health/live')).status).toBe(200);
    const ready = await app.request('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, problems: [] }]);
  });

  test('answers 503 with the reasons while it is not ready', async () => {
    const { app } = service({ ready: async () => ['Temporal does not answer.'] });
    const ready = await app.request('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ready: false, problems: ['Temporal does not answer.'] },
    ]);
  });

  test('is not ready where it cannot find out', async () => {
    const failure = new Error('canary');
    const { app, logged } = service({ ready: () => Promise.reject(failure) });
    const ready = await app.request('/health/ready');
    expect(ready.status).toBe(503);
    expect(await ready.text()).not.toContain('canary');
    expect(logged).toEqual([failure]);
  });

  test.each([[undefined], ['Bearer wrong'], ['Bearer '], ['right'], ['Basic right']])(
    'refuses the authorization %j everywhere under /api',
    async (authorization) => {
      const { app } = service();
      for (const path of ['/api/settings', '/api/health', '/api/nothing']) {
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await app.request(path, { headers });
        expect(answer.status).toBe(401);
      }
    },
  );

  test('names a path that does not exist', async () => {
    const { app } = service();
    const answer = await app.request('/nowhere');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { name: 'NotFound', message: 'There is nothing at GET /nowhere.' } },
    ]);
  });

  test('stores a draft, which changes nothing that runs', async () => {
    const { api } = service();
    const { draft } = await api.saveDraft(yaml);
    expect((await ledger.settings.draft(draft))?.text).toBe(yaml);
    expect(await api.settings()).toBeUndefined();
  });

  test.each([
    ['empty', '  \n', 'BadDraft'],
    ['that no database keeps', 'a\0b', 'BadDraft'],
    ['too large', 'x'.repeat(1024 * 1024 + 1), 'TooLarge'],
  ])('refuses a draft that is %s', async (_what, text, code) => {
    await expect(service().api.saveDraft(text)).rejects.toMatchObject({ name: 'ApiError', code });
  });

  test('answers with the settings that run', async () => {
    await applied();
    expect(await service().api.settings()).toEqual({
      version: 1,
      draft: expect.any(Number),
      activatedAt: expect.any(String),
      yaml,
    });
  });

  test('shows a record from either side, without a field value', async () => {
    await applied();
    await paired();
    const { api } = service();
    const view = await api.record(hubspot);
    expect(view).toMatchObject({
      ref: hubspot,
      workflowId: 'acme/record/contacts/hubspot/7',
      pair: { hubspotId: '7', salesforceId: salesforce.id, salesforceType: 'Contact' },
      decision: {
        outcome: { kind: 'waiting', reason: 'segmentNotReevaluated' },
        verdict: 'undecided',
        segmentId: '42',
      },
      waits: [{ segmentId: '42', expected: false, reason: 'segmentNotReevaluated' }],
      writes: [{ system: 'salesforce', kind: 'update', fields: ['Email'], basis: 'open', ok: true }],
    });
    expect(await api.record(salesforce)).toEqual({ ...view, ref: salesforce });
    expect(JSON.stringify(view)).not.toContain('canary');
  });

  test('names the workflow by the HubSpot side once a record is paired, and by the record itself before', async () => {
    await applied();
    const { api } = service();
    expect(await api.workflowRef(salesforce)).toEqual(salesforce);
    await paired();
    expect(await api.workflowRef(salesforce)).toEqual(hubspot);
    expect(await api.workflowId(salesforce)).toBe('acme/record/contacts/hubspot/7');
  });

  test('takes a Salesforce id of 15 characters for the same record', async () => {
    await applied();
    await paired();
    const { app } = service();
    const headers = { authorization: 'Bearer right' };
    const answer = await app.request('/api/records/contacts/salesforce/003000000000001/workflow', { headers });
    expect(await answer.json()).toEqual({ ref: hubspot, workflowId: 'acme/record/contacts/hubspot/7' });
  });

  test('shows a record that it knows nothing of', async () => {
    await applied();
    expect(await service().api.record({ ...hubspot, id: '8' })).toEqual({
      ref: { ...hubspot, id: '8' },
      workflowId: 'acme/record/contacts/hubspot/8',
      pair: null,
      decision: null,
      waits: [],
      writes: [],
    });
  });

  test.each([
    ['contacts/hubspot/abc', 'a HubSpot id is a whole number'],
    ['contacts/salesforce/1', '15 or 18 letters and digits'],
    ['contacts/pipedrive/1', 'expected "hubspot" or "salesforce"'],
    ['leads/hubspot/1', '"leads" is not in the settings; known: contacts'],
    ['constructor/hubspot/1', '"constructor" is not in the settings'],
  ])('refuses the record %s by name', async (path, sentence) => {
    await applied();
    const { app } = service();
    for (const end of ['', '/workflow']) {
      const answer = await app.request(`/api/records/${path}${end}`, { headers: { authorization: 'Bearer right' } });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ error: { name: 'BadRef', message: expect.stringContaining(sentence) } });
    }
  });

  test('knows no record before settings run', async () => {
    await expect(service().api.record(hubspot)).rejects.toMatchObject({ code: 'NoSettings', status: 404 });
  });

  test('lists the segments of an object, with the chosen ones', async () => {
    await applied();
    const { api } = service();
    const first = { version: '1/', trusted: false };
    expect(await api.segments('contacts')).toEqual([
      { id: '42', name: 'Customers', active: true, processingStatus: 'COMPLETE', chosen: true, size: 7, ...first },
      { id: '43', name: 'Visitors', active: false, processingStatus: 'COMPLETE', chosen: false, size: null, ...first },
    ]);
    await expect(api.segments('__proto__')).rejects.toMatchObject({ code: 'UnknownObject', status: 400 });
  });

  test('tells its health', async () => {
    await applied();
    await paired();
    const { api } = service({ ready: async () => ['Temporal does not answer.'] });
    expect(await api.health()).toMatchObject({
      installation: 'acme',
      problems: ['Temporal does not answer.'],
      settings: { version: 1 },
      counts: { pairs: 1, waits: 1, overdue: 1, openWrites: 0, failed: {} },
      compared: [{ object: 'contacts', at: null }],
      overdue: [{ ref: hubspot, segmentId: '42' }],
    });
  });

  test('keeps what went wrong inside to itself', async () => {
    const { api, logged } = service(segmentsThat(() => Promise.reject(new Error('canary'))));
    await applied();
    const error = await api.segments('contacts').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'Unexpected', status: 500 });
    expect(String(error)).not.toContain('canary');
    expect(logged).toHaveLength(1);
  });

  test("passes on what a vendor's refusal means", async () => {
    const refused = new VendorError({
      system: 'hubspot',
      category: 'rateLimit',
      code: 'SECONDLY',
      route: 'POST /crm/v3/lists/search',
    });
    const { api, logged } = service(segmentsThat(() => Promise.reject(refused)));
    await applied();
    await expect(api.segments('contacts')).rejects.toMatchObject({
      code: 'VendorError',
      status: 502,
      message: 'hubspot POST /crm/v3/lists/search: rateLimit (SECONDLY). The system asked us to slow down.',
    });
    expect(logged).toEqual([]);
  });

  test('tells a client with another token what to set', async () => {
    await expect(service().client('wrong').settings()).rejects.toThrow(
      "The Tandem service at http://tandem.test does not take this token: set TANDEM_API_TOKEN to the service's own, or TANDEM_DATA_DIR to its data folder.",
    );
  });
});

describe('the client of the API', () => {
  const api = (fetch: (request: Request) => Response | Promise<Response>) =>
    new TandemApi({ url: 'http://tandem.test/', token: 't', fetch });

  test('says what to do where nothing answers', async () => {
    const refused = api(() => Promise.reject(new TypeError('fetch failed')));
    await expect(refused.health()).rejects.toEqual(
      new ApiError(
        'Unreachable',
        'No Tandem service answers at http://tandem.test: start it with `tandem serve` or set TANDEM_URL.',
      ),
    );
  });

  test('says so where the answer does not come in time', async () => {
    const silent = api(() => Promise.reject(new DOMException('late', 'TimeoutError')));
    await expect(silent.health()).rejects.toMatchObject({ code: 'NoAnswer' });
  });

  test.each([
    ['a page', () => new Response('<html>')],
    ['another answer', () => Response.json({ hello: 1 })],
    ['another error', () => Response.json({ detail: 'x' }, { status: 500 })],
  ])('takes %s for no service of its kind', async (_what, fetch) => {
    await expect(api(fetch).settings()).rejects.toMatchObject({
      code: 'BadAnswer',
      message: expect.stringContaining('check TANDEM_URL'),
    });
  });

  test('sends nothing for a malformed ref', async () => {
    const never = api(() => {
      throw new Error('sent');
    });
    await expect(never.record({ ...hubspot, id: '../settings' })).rejects.toMatchObject({ name: 'BadRef' });
  });
});
