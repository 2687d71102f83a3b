import { beforeEach, describe, expect, test } from '@jest/globals';
import { releaseLeases, sweepLeases } from '../../activities/sync/leases.ts';
import { refKey } from '../../core/record-ref.ts';
import { pollChangesId } from '../../workflows/ids.ts';
import { lookNowSignal, statusQuery, watchStatusQuery } from '../../workflows/messages.ts';
import { customersInStep, type InStep, unpolledSettings } from '../e2e/people.ts';
import { until, useWorld } from '../e2e/world.ts';
import { calls } from '../support/doorkeeper.ts';
import { engineOf } from './engine.ts';

const anHourMs = 3_600_000;

describe('a change that comes at a bad moment', () => {
  const world = useWorld(async (made) => await made.apply(unpolledSettings()));
  let ann: InStep;
  let people = 0;
  beforeEach(async () => {
    people += 1;
    [ann] = (await customersInStep(world(), [`ann${people}`])) as [InStep];
    world().clearTraffic();
  });

  const edit = (properties: Record<string, string>) =>
    world().hubspot.people.edit('contacts', ann.hubspotId, properties);
  const hubspot = () => world().hubspot.record('contacts', ann.hubspotId)?.properties;
  const salesforce = () => world().salesforce.record('Contact', ann.salesforceId);
  const conflicts = () => world().ledger.conflicts.ofRef(ann.ref);
  const synced = { outcome: { kind: 'synced' } };

  /** Holds the write of Salesforce's side until the test lets it go on. */
  const holdSalesforceWrite = (when: 'before' | 'after') =>
    world().doors.salesforce.hold(when, calls('PATCH', `/sobjects/Contact/${ann.salesforceId}`));

  test.each(['before', 'after'] as const)('during the write, %s it is done: the next pass writes it', async (when) => {
    edit({ jobtitle: 'CEO' });
    const write = holdSalesforceWrite(when);
    await world().tandem.reportChange(ann.ref);
    await write.here;
    edit({ jobtitle: 'CFO' });
    await world().tandem.reportChange(ann.ref); // has arrived while the only activity runs
    write.release();
    await until(async () => salesforce()?.['Title'] === 'CFO');
    expect(world().writes('salesforce', ann.salesforceId)).toEqual(['Title', 'Title']);
  });

  test('while somebody else holds the record: it is handed over when the holder is done', async () => {
    const holder = { owner: `other-run/${people}`, attempt: 1 };
    await world().ledger.leases.take(holder, [{ key: refKey(ann.ref) }], anHourMs);
    edit({ jobtitle: 'CEO' });
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject({ busy: true });
    expect(world().writes('salesforce')).toEqual([]);

    await releaseLeases(engineOf(world()), { ...holder, endsAtMs: 0 });
    await until(async () => salesforce()?.['Title'] === 'CEO');
    expect((await world().ledger.counts()).leases).toBe(0);
  });

  test('while a dead worker holds the record: the sweep hands it over', async () => {
    const holder = { owner: `dead-run/${people}`, attempt: 1 };
    await world().ledger.leases.take(holder, [{ key: refKey(ann.ref) }], anHourMs);
    edit({ jobtitle: 'CEO' });
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject({ busy: true });
    expect(await sweepLeases(engineOf(world()))).toBe(0); // it may be alive

    await world().ledger.leases.take(holder, [{ key: refKey(ann.ref) }], 0);
    expect(await sweepLeases(engineOf(world()))).toBe(1);
    await until(async () => salesforce()?.['Title'] === 'CEO');
  });

  test('on both sides at once, of different fields: both cross in one pass', async () => {
    edit({ jobtitle: 'CEO' });
    world().salesforce.people.update('Contact', ann.salesforceId, { FirstName: 'Anna' });
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject(synced);
    expect(salesforce()).toMatchObject({ Title: 'CEO', FirstName: 'Anna' });
    expect(hubspot()).toMatchObject({ jobtitle: 'CEO', firstname: 'Anna' });
    expect(world().writes('salesforce', ann.salesforceId)).toEqual(['Title']);
    expect(world().writes('hubspot', ann.hubspotId)).toEqual(['firstname']);
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject({ outcome: { kind: 'unchanged' } });
  });

  test('on both sides at once, of one field: the later one stands, the other is kept', async () => {
    world().salesforce.people.update('Contact', ann.salesforceId, { Title: 'COO' }, { at: Date.now() - 5_000 });
    edit({ jobtitle: 'CEO' });
    expect(await world().tandem.syncNow(ann.ref)).toMatchObject(synced);
    expect([hubspot()?.['jobtitle'], salesforce()?.['Title']]).toEqual(['CEO', 'CEO']);
    expect(await conflicts()).toMatchObject([{ field: 'jobtitle', kept: 'hubspot', lost: 'COO' }]);
  });

  test('in Salesforce between our read and our write, of another field: both arrive', async () => {
    edit({ jobtitle: 'CEO' });
    const write = holdSalesforceWrite('before');
    const syncing = world().tandem.syncNow(ann.ref);
    await write.here;
    world().salesforce.people.update('Contact', ann.salesforceId, { FirstName: 'Anna' }, { at: Date.now() + 2_000 });
    write.release();
    expect(await syncing).toMatchObject(synced);
    expect(salesforce()).toMatchObject({ Title: 'CEO', FirstName: 'Anna' });
    expect(hubspot()).toMatchObject({ jobtitle: 'CEO', firstname: 'Anna' });
    expect(world().salesforce.traffic.calls.get('PATCH /sobjects/{type}/{id}')).toBe(2); // refused with 412, then done
  });

  test('in Salesforce between our read and our write, of the same field: the later one stands, ours is kept', async () => {
    edit({ jobtitle: 'CEO' });
    const write = holdSalesforceWrite('before');
    const syncing = world().tandem.syncNow(ann.ref);
    await write.here;
    world().salesforce.people.update('Contact', ann.salesforceId, { Title: 'COO' }, { at: Date.now() + 2_000 });
    write.release();
    expect(await syncing).toMatchObject(synced);
    expect([hubspot()?.['jobtitle'], salesforce()?.['Title']]).toEqual(['COO', 'COO']);
    expect(await conflicts()).toMatchObject([{ field: 'jobtitle', kept: 'salesforce', lost: 'CEO' }]);
  });

  test('in HubSpot between our read and our write, of the same field: it is kept', async () => {
    world().salesforce.people.update('Contact', ann.salesforceId, { Title: 'COO' });
    const write = world().doors.hubspot.hold('before', calls('POST', '/contacts/batch/update'));
    const syncing = world().tandem.syncNow(ann.ref);
    await write.here;
    edit({ jobtitle: 'CEO' });
    write.release();
    expect(await syncing).toMatchObject(synced);
    expect([hubspot()?.['jobtitle'], salesforce()?.['Title']]).toEqual(['COO', 'COO']);
    expect(await conflicts()).toMatchObject([{ field: 'jobtitle', kept: 'salesforce', lost: 'CEO' }]);
  });

  test('in HubSpot between our read and our write, of another field: both arrive', async () => {
    world().salesforce.people.update('Contact', ann.salesforceId, { Title: 'COO' });
    const write = world().doors.hubspot.hold('before', calls('POST', '/contacts/batch/update'));
    await world().tandem.reportChange(ann.ref);
    await write.here;
    edit({ firstname: 'Anna' });
    await world().tandem.reportChange(ann.ref);
    write.release();
    await until(async () => salesforce()?.['FirstName'] === 'Anna');
    expect([hubspot()?.['jobtitle'], hubspot()?.['firstname'], salesforce()?.['Title']]).toEqual([
      'COO',
      'Anna',
      'COO',
    ]);
    expect(await conflicts()).toEqual([]);
  });

  test('in the second of an edit that has crossed already: the next poll finds it under the same stamp', async () => {
    const poll = world().temporal.client.workflow.getHandle(pollChangesId(world().installation, 'salesforce'));
    const editAndPoll = async (title: string) => {
      world().salesforce.people.update('Contact', ann.salesforceId, { Title: title }, { at: thatSecond });
      const { rounds } = await poll.query(watchStatusQuery);
      await poll.signal(lookNowSignal);
      await until(async () => (await poll.query(watchStatusQuery)).rounds > rounds);
      await until(async () => hubspot()?.['jobtitle'] === title);
    };
    const thatSecond = Date.now() + 60_000; // not over before this test is
    await editAndPoll('COO');
    await editAndPoll('CFO');
  });
});

describe('changes in one gathering window', () => {
  const world = useWorld(async (made) => await made.apply(unpolledSettings()), { timing: { gatherMs: anHourMs } });

  test('cost one sync, with the newest values', async () => {
    const [ann] = (await customersInStep(world(), ['ann'])) as [InStep];
    world().clearTraffic();
    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO' });
    const { workflowId } = await world().tandem.reportChange(ann.ref);
    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CFO' });
    await world().tandem.reportChange(ann.ref);
    const record = world().temporal.client.workflow.getHandle(workflowId);
    expect(await record.query(statusQuery)).toMatchObject({ state: 'gathering', passes: 0 });
    expect([...world().hubspot.traffic.calls.keys()].filter((route) => route.includes('batch/read'))).toEqual([]);

    expect(await world().tandem.syncNow(ann.ref)).toMatchObject({ outcome: { kind: 'synced' } }); // ends the window
    await record.result();
    expect(await record.query(statusQuery)).toMatchObject({ state: 'ended', passes: 1 });
    expect(world().salesforce.record('Contact', ann.salesforceId)).toMatchObject({ Title: 'CFO' });
    expect(world().writes('salesforce')).toEqual(['Title']);
    expect(world().hubspot.traffic.calls.get('POST /crm/v3/objects/{type}/batch/read')).toBe(1);
  });
});
