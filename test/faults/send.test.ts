import { beforeEach, describe, expect, test } from '@jest/globals';
import { OutOfTime, type SendContext, send, type Write } from '../../activities/send.ts';
import { permitFor, type Verdict } from '../../core/gate.ts';
import { PermitRefused } from '../../core/permit.ts';
import { refKey } from '../../core/record-ref.ts';
import { LeaseLost, SettingsMoved } from '../../ledger/holder.ts';
import { customersInStep, type InStep, unpolledSettings } from '../e2e/people.ts';
import { useWorld } from '../e2e/world.ts';
import { calls } from '../support/doorkeeper.ts';
import { engineOf } from './engine.ts';

const open: Verdict = { kind: 'open', basis: 'noSegment' };
const readId = 'this read';

describe('a write', () => {
  const world = useWorld(async (made) => await made.apply(unpolledSettings()));
  let ann: InStep;
  let people = 0;
  let context: SendContext;

  beforeEach(async () => {
    people += 1;
    [ann] = (await customersInStep(world(), [`ann${people}`])) as [InStep];
    const attempt = { owner: `run/${people}`, attempt: 1, endsAtMs: Date.now() + 60_000 };
    await world().ledger.leases.take(attempt, [{ key: refKey(ann.ref) }], 65_000);
    const { version } = (await world().ledger.settings.current()) ?? { version: 0 };
    const keyField = 'Tandem_HubSpot_Id__c';
    context = { engine: engineOf(world()), attempt, settingsVersion: version, keyField, results: [] };
    world().clearTraffic();
  });

  /** What `permitFor` is asked for the write below. */
  const permission = () => ({ target: 'salesforce', ref: ann.ref, readId }) as const;
  const toSalesforce = (changes: Partial<Write> = {}): Write => ({
    ...permission(),
    key: 'one',
    type: 'Contact',
    leases: [refKey(ann.ref)],
    permit: permitFor(permission(), open),
    id: ann.salesforceId,
    values: { Title: 'CEO' },
    before: { Title: 'CTO' },
    ...changes,
  });
  const toHubSpot = (changes: Partial<Write> = {}): Write => {
    const asked = { ...permission(), target: 'hubspot' } as const;
    const permit = permitFor(asked, open);
    const values = { jobtitle: 'CEO' };
    return { ...toSalesforce(), ...asked, permit, type: 'contacts', id: ann.hubspotId, values, ...changes };
  };

  const nothingLeft = (): void => {
    const routes = [...world().salesforce.traffic.calls.keys(), ...world().hubspot.traffic.calls.keys()];
    expect(routes.filter((route) => route !== 'POST /services/oauth2/token')).toEqual([]); // signing in is no write
    expect([...world().writes('salesforce'), ...world().writes('hubspot')]).toEqual([]);
  };

  test('with its permit, its lease and the settings that run leaves, and is noted before', async () => {
    const results = await send(context, [toSalesforce(), toHubSpot({ key: 'two' })]);
    expect([...results.values()]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(world().writes('salesforce', ann.salesforceId)).toEqual(['Title']);
    expect(world().writes('hubspot', ann.hubspotId)).toEqual(['jobtitle']);
    expect(await world().ledger.writes.open({ refs: [ann.ref] })).toHaveLength(2); // until the pass is closed
  });

  test.each(['salesforce', 'hubspot'] as const)('to %s without a permit of its own never leaves', async (target) => {
    const make = target === 'salesforce' ? toSalesforce : toHubSpot;
    const asked = { ...permission(), target };
    const foreign = (changes: object) => permitFor({ ...asked, ...changes }, open);
    const real = make().permit;
    const wrong = {
      missing: undefined,
      closed: permitFor(asked, { kind: 'closed', segmentId: '1', segmentVersion: '1' }),
      forged: real && { ...real },
      'another record': foreign({ ref: { ...ann.ref, id: '1' } }),
      'another system': foreign({ target: target === 'hubspot' ? 'salesforce' : 'hubspot' }),
      'another read': foreign({ readId: 'an older read' }),
    };
    for (const permit of Object.values(wrong)) {
      await expect(send(context, [make({ permit })])).rejects.toThrow(PermitRefused);
    }
    nothingLeft();
    expect(await world().ledger.writes.open({ refs: [ann.ref] })).toEqual([]);
  });

  test('leaves once per permit', async () => {
    const write = toSalesforce();
    await send(context, [write]);
    await expect(send(context, [write])).rejects.toThrow(PermitRefused);
    expect(world().writes('salesforce')).toEqual(['Title']);
  });

  test('whose lease a later attempt has taken over never leaves', async () => {
    await world().ledger.leases.take({ ...context.attempt, attempt: 2 }, [{ key: refKey(ann.ref) }], 65_000);
    await expect(send(context, [toSalesforce()])).rejects.toThrow(LeaseLost);
    nothingLeft();
  });

  test('whose lease ends before the request must never leaves', async () => {
    await world().ledger.leases.take(context.attempt, [{ key: refKey(ann.ref) }], 1_000);
    await expect(send(context, [toSalesforce()])).rejects.toThrow(LeaseLost);
    nothingLeft();
  });

  test('of an attempt that must be over before the request never leaves', async () => {
    const attempt = { ...context.attempt, endsAtMs: Date.now() + 1_000 };
    await expect(send({ ...context, attempt }, [toSalesforce()])).rejects.toThrow(OutOfTime);
    nothingLeft();
  });

  test('that was planned under other settings never leaves', async () => {
    await world().apply(unpolledSettings(['direction: both']));
    world().clearTraffic();
    await expect(send(context, [toSalesforce()])).rejects.toThrow(SettingsMoved);
    nothingLeft();
  });

  test('in the middle of a pass is planned anew when the settings move', async () => {
    await world().ledger.leases.release(context.attempt);
    await world().atRest(); // applying settings polls at once
    world().clearTraffic();
    world().hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO', firstname: 'Anna' });
    const read = world().doors.salesforce.hold('after', calls('GET', 'FROM Contact WHERE Id'));
    const syncing = world().tandem.syncNow(ann.ref);
    await read.here;
    await world().apply(unpolledSettings().replace(/^.*hubspot: jobtitle.*$/m, ''));
    read.release();

    expect(await syncing).toMatchObject({ outcome: { kind: 'synced' } });
    expect(world().writes('salesforce', ann.salesforceId)).toEqual(['FirstName']);
  });
});
