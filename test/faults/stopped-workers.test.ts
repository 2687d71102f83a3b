import { describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from '../e2e/people.ts';
import { until } from '../e2e/world.ts';
import { calls } from '../support/doorkeeper.ts';
import { customersOnly, type Installation, useInstallation } from './installation.ts';

describe('a worker that is asked to stop in the middle of a sync', () => {
  const installation = useInstallation(customersOnly);

  /** An edit whose write is at Salesforce. */
  async function writing(made: Installation, name: string, when: 'before' | 'after') {
    const [person] = (await customersInStep(made, [name])) as [InStep];
    made.clearTraffic();
    const write = made.doors.salesforce.hold(when, calls('PATCH', `/sobjects/Contact/${person.salesforceId}`));
    made.hubspot.people.edit('contacts', person.hubspotId, { jobtitle: 'CEO' });
    await write.here;
    return { person, write };
  }
  const titleOf = (made: Installation, { salesforceId }: InStep) =>
    made.salesforce.record('Contact', salesforceId)?.['Title'];

  test('ends it, with everything noted', async () => {
    const made = installation();
    const { person, write } = await writing(made, 'ann', 'before');
    const stopped = made.terminate();
    write.release();
    expect(await stopped).toBe(0);

    expect(titleOf(made, person)).toBe('CEO');
    const noted = await made.inLedger(async (ledger) => ({
      open: await ledger.writes.open(),
      leases: (await ledger.counts()).leases,
      base: (await ledger.pairs.byIds('contacts', 'hubspot', [person.hubspotId])).get(person.hubspotId)?.base,
    }));
    expect(noted).toMatchObject({ open: [], leases: 0, base: { jobtitle: 'CEO' } });

    await made.start();
    made.hubspot.people.edit('contacts', person.hubspotId, { firstname: 'Anna' });
    await until(async () => made.salesforce.record('Contact', person.salesforceId)?.['FirstName'] === 'Anna');
    expect(made.writes('salesforce', person.salesforceId)).toEqual(['Title', 'FirstName']);
  });

  test('leaves it to the next worker where the system does not answer', async () => {
    const made = installation();
    const { person, write } = await writing(made, 'bea', 'after');
    expect(await made.terminate()).toBe(0); // the longest request bounds it
    write.cut();

    const open = await made.inLedger((ledger) => ledger.writes.open());
    expect(open).toMatchObject([{ kind: 'update', recordId: person.salesforceId, after: { Title: 'CEO' } }]);
    await made.start();
    await until(async () => {
      const { writes } = await made.tandem.getRecord(person.ref);
      return writes[0]?.code === 'READ_AGAIN';
    });
    expect(titleOf(made, person)).toBe('CEO');
    expect(made.writes('salesforce', person.salesforceId)).toEqual(['Title']);
  });
});
