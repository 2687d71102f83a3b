import { beforeEach, describe, expect, test } from '@jest/globals';
import { VendorError } from '../../crm/types.ts';
import type { HttpServiceDeps } from '../../workers/http-service.ts';
import { activate } from '../ledger/activated.ts';
import { withLedger } from '../ledger/with-ledger.ts';
import { serviceInProcess } from './service-in-process.ts';
import { systemsWith } from './service-systems.ts';

const ledger = withLedger();

const yaml = `version: 1
objects:
  contacts:
    segments: { include: [42], exclude: [46] }
    fields: [{ hubspot: email, salesforce: Email, rule: twoWay }]
  companies: { fields: [{ hubspot: name, salesforce: Name, rule: twoWay }] }
schedules:
  - { name: nightly, resync: { object: contacts, segment: 42 }, cron: '0 3 * * *', timezone: Europe/Berlin }
  - { name: compare, reconcile: [contacts, companies], cron: '0 1 * * *' }`;

const systems = systemsWith([
  { id: '42', name: 'Customers', size: 7 },
  { id: '43', name: 'Visitors', processingType: 'MANUAL', size: 3 },
  { id: '44', name: 'Fresh', processingStatus: 'PROCESSING' },
  { id: '45', name: 'Large', objectTypeId: '0-2' },
  { id: '46', name: 'Untold' },
  { id: '47', name: 'Twice' },
  { id: '48', name: 'twice' },
]);

const service = (changes: Partial<HttpServiceDeps> = {}) => serviceInProcess(ledger, { ...systems, ...changes });

const applied = (): Promise<void> => activate(ledger, yaml);

const counting = {
  salesforce: {
    ...systems.salesforce,
    count: async (type: string, where?: string) => (type === 'Lead' ? 20 : 10) / (where === undefined ? 1 : 10),
    whereProblem: async () => undefined,
  },
};

describe('the preview of an import', () => {
  beforeEach(applied);

  test('counts the records of each type', async () => {
    expect(await service(counting).api.previewRun({ kind: 'import', object: 'contacts' })).toEqual({
      draft: null,
      segmentId: null,
      counts: [
        { what: 'Contact', records: 10 },
        { what: 'Lead', records: 20 },
      ],
    });
  });

  test('counts under a condition, and keeps it in a draft', async () => {
    const where = "LeadSource = 'Web'";
    const preview = await service(counting).api.previewRun({ kind: 'import', object: 'contacts', where });
    expect(preview.counts.map(({ records }) => records)).toEqual([1, 2]);
    expect((await ledger.settings.draft(preview.draft ?? 0))?.text).toBe(where);
  });

  test("refuses a condition in Salesforce's own words for each type that does not take it", async () => {
    const salesforce = {
      ...systems.salesforce,
      count: () => Promise.reject(new Error('counted')),
      whereProblem: async (type: string) => (type === 'Contact' ? `No such column 'Company' on ${type}` : undefined),
    };
    const { api, logged } = service({ salesforce });
    await expect(api.previewRun({ kind: 'import', object: 'contacts', where: "Company = 'X'" })).rejects.toMatchObject({
      code: 'BadCondition',
      status: 400,
      message: "Salesforce does not take the condition for Contact: No such column 'Company' on Contact",
    });
    expect(logged).toEqual([]);
  });

  test.each([
    ['  ', 'The condition is empty'],
    ['a\0b', 'The condition is empty'],
    [`Id = '${'x'.repeat(4_000)}'`, 'at most 4000 characters'],
  ])('refuses the condition %j before it asks anybody', async (where, sentence) => {
    const nobody = { salesforce: { ...systems.salesforce, count: unasked, whereProblem: unasked } };
    await expect(service(nobody).api.previewRun({ kind: 'import', object: 'contacts', where })).rejects.toMatchObject({
      code: 'BadCondition',
      message: expect.stringContaining(sentence),
    });
  });

  test('passes on that Salesforce does not answer', async () => {
    const detail = { system: 'salesforce', category: 'connection', code: 'TIMEOUT', route: 'GET /query Lead' } as const;
    const salesforce = { ...systems.salesforce, count: () => Promise.reject(new VendorError(detail)) };
    await expect(service({ salesforce }).api.previewRun({ kind: 'import', object: 'contacts' })).rejects.toMatchObject({
      code: 'VendorError',
      status: 502,
    });
  });
});

const unasked = (): Promise<never> => Promise.reject(new Error('somebody was asked'));

describe('the preview of a resync', () => {
  beforeEach(applied);

  test('counts the members of the included segments where none is named', async () => {
    expect(await service().api.previewRun({ kind: 'resync', object: 'contacts' })).toEqual({
      draft: null,
      segmentId: null,
      counts: [{ what: 'members of segment 42 "Customers"', records: 7 }],
    });
  });

  test.each(['46', 'untold'])('finds a segment by id or name (%s), whose size may be unknown', async (segment) => {
    expect(await service().api.previewRun({ kind: 'resync', object: 'contacts', segment })).toEqual({
      draft: null,
      segmentId: '46',
      counts: [{ what: 'members of segment 46 "Untold"', records: null }],
    });
  });

  test.each([
    ['contacts', '43', 'BadSegment', 400, '43 "Visitors", which is static'],
    ['contacts', '44', 'SegmentNotReady', 409, 'still evaluating segment 44 "Fresh" (PROCESSING)'],
    ['contacts', '45', 'BadSegment', 400, 'which is of type 0-2'],
    ['contacts', '99', 'BadSegment', 400, '99, which HubSpot does not have'],
    ['contacts', 'Custmers', 'BadSegment', 400, 'did you mean Customers?'],
    ['contacts', 'Twice', 'BadSegment', 400, 'the name of segments 47, 48'],
    ['companies', undefined, 'BadSegment', 400, 'companies includes no segment: name one'],
  ])('refuses, for %s, the segment %s', async (object, segment, code, status, sentence) => {
    const request = { kind: 'resync', object, ...(segment === undefined ? {} : { segment }) } as const;
    await expect(service().api.previewRun(request)).rejects.toMatchObject({
      code,
      status,
      message: expect.stringContaining(sentence),
    });
  });

  test('refuses an included segment that HubSpot has no longer', async () => {
    const gone = service(systemsWith([]));
    await expect(gone.api.previewRun({ kind: 'resync', object: 'contacts' })).rejects.toMatchObject({
      code: 'BadSegment',
      message: "Segment 42 does not exist in HubSpot, or can't be read with this token.",
    });
  });
});

describe('any preview', () => {
  test.each(['import', 'resync'] as const)('of %s refuses an object that the settings do not have', async (kind) => {
    await applied();
    for (const object of ['people', 'constructor', '']) {
      await expect(service().api.previewRun({ kind, object })).rejects.toMatchObject({
        code: 'UnknownObject',
        message: `"${object}" is not in the settings that run; known: contacts, companies.`,
      });
    }
  });

  test('is refused before settings run', async () => {
    await expect(service().api.previewRun({ kind: 'import', object: 'contacts' })).rejects.toMatchObject({
      code: 'NoSettings',
    });
  });

  test.each([
    'no JSON',
    '{}',
    '{"kind":"export","object":"contacts"}',
    '{"kind":"import"}',
    '{"kind":"import","object":"contacts","segment":"42"}',
    '{"kind":"resync","object":"contacts","where":"x"}',
    '{"kind":"resync","object":"contacts","segment":42}',
  ])('refuses the request %s', async (body) => {
    await applied();
    const headers = { authorization: 'Bearer right' };
    const answer = await service().app.request('/api/runs/preview', { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { name: 'BadRequest', message: expect.any(String) } },
    ]);
  });
});

describe('runs', () => {
  const id = 'acme/import/contacts/spring/01890f3e-0000-7000-8000-000000000001';
  const other = 'acme/reconcile/companies/nightly-2026-05-01T03:00:00Z/01890f3e-0000-7000-8000-000000000002';
  beforeEach(async () => {
    await ledger.runs.start({ id, kind: 'import', object: 'contacts', name: 'spring' });
    await ledger.runs.start({ id: other, kind: 'reconcile', object: 'companies', name: 'nightly' });
    await ledger.runs.finish(id, 'done', { 'identity, Lead/synced': 3, 'full fields, Lead/failed:duplicates': 1 });
  });

  test('are listed by kind, object and state, with the ids of their workflows', async () => {
    const { api } = service();
    expect((await api.runs()).map((run) => run.name).sort()).toEqual(['nightly', 'spring']);
    expect(await api.runs({ kind: 'import', object: 'contacts' })).toEqual([
      {
        id,
        workflowId: 'acme/import/contacts/spring',
        kind: 'import',
        object: 'contacts',
        name: 'spring',
        state: 'done',
        counts: { 'identity, Lead/synced': 3, 'full fields, Lead/failed:duplicates': 1 },
        startedAt: expect.any(String),
        endedAt: expect.any(String),
      },
    ]);
    expect((await api.runs({ state: 'running' })).map((run) => run.workflowId)).toEqual([
      'acme/reconcile/companies/nightly-2026-05-01T03:00:00Z',
    ]);
    expect(await api.runs({ limit: 1 })).toHaveLength(1);
  });

  test('are shown with the first records that were refused', async () => {
    const rows = Array.from({ length: 101 }, (_, i) => ({
      ref: { system: 'salesforce' as const, object: 'contacts', id: `00Q${String(i).padStart(15, '0')}` },
      outcome: 'failed',
      reason: 'duplicates',
    }));
    await ledger.runs.addRows(id, rows.slice(0, 2));
    const { api } = service();
    expect(await api.run(id)).toMatchObject({ id, state: 'done', rows: rows.slice(0, 2), moreRows: false });
    await ledger.runs.addRows(id, rows);
    const shown = await api.run(id);
    expect([shown.rows.length, shown.moreRows]).toEqual([100, true]);
    expect((await api.run(other)).endedAt).toBeNull();
  });

  test('that do not exist are named', async () => {
    await expect(service().api.run('acme/import/contacts/none/1')).rejects.toMatchObject({
      code: 'NoSuchRun',
      status: 404,
    });
  });

  test.each(['kind=export', 'limit=0', 'limit=many'])('are not listed by %s', async (query) => {
    const headers = { authorization: 'Bearer right' };
    expect((await service().app.request(`/api/runs?${query}`, { headers })).status).toBe(400);
  });
});

describe('schedules and what can be paused', () => {
  beforeEach(applied);

  test('schedules are those of the settings that run', async () => {
    const clock = { cron: '0 1 * * *', timezone: 'UTC', overlap: 'skip' };
    expect(await service().api.schedules()).toEqual([
      {
        name: 'nightly',
        run: { kind: 'resync', object: 'contacts', segmentId: '42' },
        cron: '0 3 * * *',
        timezone: 'Europe/Berlin',
        overlap: 'skip',
      },
      { name: 'compare-contacts', run: { kind: 'reconcile', object: 'contacts' }, ...clock },
      { name: 'compare-companies', run: { kind: 'reconcile', object: 'companies' }, ...clock },
    ]);
  });

  test('everything is polls, watches and running runs; an object has no polls', async () => {
    await ledger.runs.start({
      id: 'acme/import/contacts/spring/1',
      kind: 'import',
      object: 'contacts',
      name: 'spring',
    });
    await ledger.runs.start({ id: 'acme/resync/companies/a/2', kind: 'resync', object: 'companies', name: 'a' });
    await ledger.runs.start({ id: 'acme/resync/contacts/b/3', kind: 'resync', object: 'contacts', name: 'b' });
    await ledger.runs.finish('acme/resync/contacts/b/3', 'done', {});
    const { api } = service();
    const ids = async (object?: string) => (await api.workflows(object)).map(({ workflowId }) => workflowId).sort();
    const ofContacts = ['acme/import/contacts/spring', 'acme/segment/42', 'acme/segment/46'];
    expect(await ids()).toEqual(
      [...ofContacts, 'acme/poll/hubspot', 'acme/poll/salesforce', 'acme/resync/companies/a'].sort(),
    );
    expect(await ids('contacts')).toEqual(ofContacts);
    expect(await ids('companies')).toEqual(['acme/resync/companies/a']);
    await expect(api.workflows('people')).rejects.toMatchObject({ code: 'UnknownObject' });
  });
});
