import { describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from '../e2e/people.ts';
import { until } from '../e2e/world.ts';
import { calls } from '../support/doorkeeper.ts';
import { customersOnly, useInstallation } from './installation.ts';

describe('a worker that is killed before it has read', () => {
  const installation = useInstallation(customersOnly);

  test('holds nothing up after its restart: neither the record that it leased nor the polls', async () => {
    const made = installation();
    const [ann, bea] = (await customersInStep(made, ['ann', 'bea'])) as [InStep, InStep];
    made.clearTraffic();
    const read = made.doors.hubspot.hold('before', calls('POST', '/contacts/batch/read'));
    made.hubspot.people.edit('contacts', ann.hubspotId, { jobtitle: 'CEO' });
    await read.here; // leases are held
    const polls = [
      made.doors.hubspot.hold('before', calls('POST', '/contacts/search')),
      made.doors.salesforce.hold('before', calls('GET', 'SystemModstamp')),
    ];
    for (const poll of polls) await poll.here;

    await made.kill();
    for (const call of [read, ...polls]) call.cut();
    made.hubspot.people.edit('contacts', bea.hubspotId, { jobtitle: 'CFO' });
    await made.start();

    const titleOf = ({ salesforceId }: InStep) => made.salesforce.record('Contact', salesforceId)?.['Title'];
    await until(async () => titleOf(ann) === 'CEO');
    await until(async () => titleOf(bea) === 'CFO');
    made.salesforce.people.update('Contact', bea.salesforceId, { FirstName: 'Beatrice' });
    await until(async () => made.hubspot.record('contacts', bea.hubspotId)?.properties['firstname'] === 'Beatrice');
    expect(made.writes('salesforce', ann.salesforceId)).toEqual(['Title']);
    expect(made.writes('salesforce', bea.salesforceId)).toEqual(['Title']);
  });
});
