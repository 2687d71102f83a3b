import { describe, expect, test } from '@jest/globals';
import type { RecordRef } from '../../core/record-ref.ts';
import { customersInStep, type InStep } from '../e2e/people.ts';
import { until } from '../e2e/world.ts';
import { calls } from '../support/doorkeeper.ts';
import { customersOnly, type Installation, useInstallation } from './installation.ts';

const toSalesforce = (id: string): RecordRef => ({ system: 'salesforce', object: 'contacts', id });

/** Nothing is open any more: what was cut off has been read again. */
const allSettled = async (made: Installation, ref: RecordRef) =>
  await until(async () => {
    const { writes } = await made.tandem.getRecord(ref);
    return writes.length > 0 && writes.every(({ ok, code }) => ok !== null || code !== null) ? writes : undefined;
  });

describe("a worker that is killed between a system's answer and its note", () => {
  let known: InStep;
  let fromHubSpot: string;
  let fromSalesforce: string;
  const installation = useInstallation(async (made) => {
    await customersOnly(made);
    [known] = (await customersInStep(made, ['ann'])) as [InStep];
    made.clearTraffic();
    const held = [
      made.doors.salesforce.hold('after', calls('PATCH', `/sobjects/Contact/${known.salesforceId}`)),
      made.doors.salesforce.hold('after', calls('PATCH', '/composite/sobjects/Contact/Tandem_HubSpot_Id__c')),
      made.doors.hubspot.hold('after', calls('POST', '/contacts/batch/create')),
    ];
    made.hubspot.people.edit('contacts', known.hubspotId, { jobtitle: 'CEO' });
    const bea = { email: 'bea@example.com', lastname: 'Bell', jobtitle: 'CFO', lifecyclestage: 'customer' };
    fromHubSpot = made.hubspot.people.create('contacts', bea).id;
    made.hubspot.runEvaluation();
    const cleo = { Email: 'cleo@example.com', LastName: 'Stone', Title: 'COO' };
    fromSalesforce = made.salesforce.people.create('Contact', cleo);

    for (const call of held) await call.here; // all three are done, and Tandem knows of none
    await made.kill();
    for (const call of held) call.cut();
    await made.start();
  });

  test('does not write the same value again', async () => {
    const made = installation();
    const writes = await allSettled(made, known.ref);
    expect(writes[0]).toMatchObject({ kind: 'update', fields: ['Title'], ok: null, code: 'READ_AGAIN' });
    expect(made.salesforce.record('Contact', known.salesforceId)).toMatchObject({ Title: 'CEO' });
    expect(made.writes('salesforce', known.salesforceId)).toEqual(['Title']);
  });

  test('does not create a Salesforce record twice', async () => {
    const made = installation();
    const ref: RecordRef = { system: 'hubspot', object: 'contacts', id: fromHubSpot };
    const pair = await until(async () => (await made.tandem.getRecord(ref)).pair);
    const contacts = made.salesforce.records('Contact', { email: 'bea@example.com' });
    expect(contacts).toMatchObject([{ Id: pair.salesforceId, LastName: 'Bell', Title: 'CFO' }]);
    const created = made.salesforce.traffic.writes.filter(({ kind }) => kind === 'create');
    expect(new Set(created.map(({ id }) => id))).toEqual(new Set([pair.salesforceId]));
    expect(await allSettled(made, ref)).toMatchObject([{ kind: 'create', ok: null, code: 'READ_AGAIN' }]);
  });

  test('does not create a HubSpot record twice', async () => {
    const made = installation();
    const ref = toSalesforce(fromSalesforce);
    const pair = await until(async () => (await made.tandem.getRecord(ref)).pair);
    const contact = made.hubspot.recordBy('contacts', 'email', 'cleo@example.com');
    expect(contact).toMatchObject({ id: pair.hubspotId, properties: { lastname: 'Stone', jobtitle: 'COO' } });
    const created = made.hubspot.traffic.writes.filter(({ kind }) => kind === 'create');
    expect(new Set(created.map(({ id }) => id))).toEqual(new Set([pair.hubspotId]));
    expect(await allSettled(made, ref)).toMatchObject([{ kind: 'create', ok: null, code: 'READ_AGAIN' }]);
  });

  test('keeps the three of them in step from then on', async () => {
    const made = installation();
    made.salesforce.people.update('Contact', known.salesforceId, { Title: 'Owner' });
    await until(async () => made.hubspot.record('contacts', known.hubspotId)?.properties['jobtitle'] === 'Owner');
    const paired = await made.tandem.getRecord({ system: 'hubspot', object: 'contacts', id: fromHubSpot });
    made.hubspot.people.edit('contacts', fromHubSpot, { jobtitle: 'Owner' });
    await until(async () => {
      return made.salesforce.record('Contact', paired.pair?.salesforceId ?? '')?.['Title'] === 'Owner';
    });
  });
});
