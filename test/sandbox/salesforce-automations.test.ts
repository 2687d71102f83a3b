import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

describe('ETags', () => {
  test('accounts alone have them, and they move with every change', async () => {
    const account = org.sandbox.people.create('Account', { Name: 'Acme' });
    const contact = org.sandbox.people.create('Contact', { LastName: 'Ann' });
    const tag = async () => (await org.call('GET', `/sobjects/Account/${account}`)).headers.get('etag') ?? '';
    const first = await tag();
    expect(first).toMatch(/^"[A-Za-z0-9+/]+=*-gzip"$/);
    expect((await org.call('GET', `/sobjects/Contact/${contact}`)).headers.has('etag')).toBe(false);
    const patch = (id: string, type: string, headers: Record<string, string>) =>
      org.call('PATCH', `/sobjects/${type}/${id}`, { body: { Phone: '1' }, headers });
    expect((await patch(account, 'Account', { 'if-match': '"other"' })).status).toBe(412);
    expect((await patch(account, 'Account', { 'if-none-match': first })).status).toBe(412);
    expect((await patch(account, 'Account', { 'if-match': `"x", ${first}` })).status).toBe(204);
    expect(await tag()).not.toBe(first);
    expect((await patch(account, 'Account', { 'if-match': first })).status).toBe(412);
    expect(
      (await org.call('GET', `/sobjects/Account/${account}`, { headers: { 'if-none-match': await tag() } })).status,
    ).toBe(304);
    expect((await patch(contact, 'Contact', { 'if-match': '"other"' })).status).toBe(204);
  });
});

test('a locked row refuses as many writes by API clients as asked, and no person', async () => {
  const ids = ['Ann', 'Bob'].map((LastName) => org.sandbox.people.create('Contact', { LastName }));
  expect((await org.call('PUT', '/_sandbox/locks', { body: [{ id: ids[0], times: 2 }] })).status).toBe(204);
  const update = () =>
    org.connection.update(
      'Contact',
      ids.map((Id) => ({ Id, Phone: '1' })),
    );
  for (const isLocked of [true, false]) {
    const [ann, bob] = await update();
    expect([ann?.success, bob?.success]).toEqual([!isLocked, true]);
    if (isLocked) {
      org.sandbox.people.update('Contact', String(ids[0]), { Phone: '2' });
      expect(await refusalOf(org.connection.destroy('Contact', String(ids[0])))).toMatchObject({
        errorCode: 'UNABLE_TO_LOCK_ROW',
      });
    }
  }
});

test('a trigger writes a field in another form, whoever saves the record', async () => {
  await org.call('PUT', '/_sandbox/triggers', { body: [{ object: 'Contact', field: 'Phone', pattern: '[^+0-9]' }] });
  const { id } = await org.connection.create('Contact', { LastName: 'Ann', Phone: '+43 (1) 23' });
  expect(org.sandbox.record('Contact', String(id))).toMatchObject({ Phone: '+43123' });
  org.sandbox.people.update('Contact', String(id), { Phone: '0-0-7' });
  expect(org.sandbox.record('Contact', String(id))).toMatchObject({ Phone: '007' });
  org.sandbox.people.update('Contact', String(id), { Phone: '-' });
  expect(org.sandbox.record('Contact', String(id))).toMatchObject({ Phone: null });
});

test('assignment rules give away what API clients make, unless they say no', async () => {
  const { rep, integration } = org.sandbox.users;
  await org.call('PUT', '/_sandbox/assignment-rules', { body: [{ object: 'Lead', ownerId: rep }] });
  const lead = { LastName: 'L', Company: 'C' };
  const owner = async (headers: Record<string, string>) => {
    const { body } = await org.call('POST', '/sobjects/Lead', { body: lead, headers });
    return org.sandbox.record('Lead', (body as { id: string }).id)?.['OwnerId'];
  };
  expect(await owner({})).toBe(rep);
  expect(await owner({ 'sforce-auto-assign': 'FALSE' })).toBe(integration);
  expect(
    org.sandbox.record('Contact', String((await org.connection.create('Contact', { LastName: 'A' })).id)),
  ).toMatchObject({
    OwnerId: integration,
  });
});

test('what was in the recycle bin is gone when it is emptied', async () => {
  const id = org.sandbox.people.create('Contact', { LastName: 'Ann' });
  org.sandbox.people.remove('Contact', id);
  const all = async () =>
    (
      (await org.call('GET', `/queryAll?q=${encodeURIComponent('SELECT Id FROM Contact')}`)).body as {
        totalSize: number;
      }
    ).totalSize;
  expect(await all()).toBe(1);
  expect((await org.call('DELETE', '/_sandbox/recycle-bin')).status).toBe(204);
  expect(await all()).toBe(0);
  expect((await org.call('GET', `/sobjects/Contact/${id}`)).body).toMatchObject([{ errorCode: 'NOT_FOUND' }]);
});

test('the limits of the day, of the app and of what runs at once', async () => {
  expect((await org.call('GET', '/limits')).body).toMatchObject({
    DailyApiRequests: { Max: 100_000, Remaining: 99_999 },
    DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
    DailyBulkV2QueryJobs: { Max: 10_000 },
    DailyBulkV2QueryFileStorageMB: {},
  });
  await org.call('PUT', '/_sandbox/app-limit', { body: { app: { name: 'tandem', limit: 250 } } });
  expect((await org.call('GET', '/limits')).headers.get('sforce-limit-info')).toBe(
    'api-usage=2/100000; per-app-api-usage=2/250(appName=tandem)',
  );
  await org.call('PUT', '/_sandbox/faults', { body: [{ fault: { preset: 'concurrent' } }] });
  expect(await org.call('GET', '/limits')).toMatchObject({
    status: 403,
    body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: expect.stringContaining('ConcurrentRequests') }],
  });
});

test('calls beyond the day are refused and counted', async () => {
  const small = await openOrg({ dailyLimit: 1 });
  await small.call('GET', '/limits');
  expect((await small.call('GET', '/limits')).status).toBe(403);
  expect(small.sandbox.traffic.report().overruns).toEqual({ day: 1 });
  await small.close();
});
