import { describe, expect, test } from '@jest/globals';
import { customersInStep, type InStep } from '../e2e/people.ts';
import { until } from '../e2e/world.ts';
import { customersOnly, type Installation, useInstallation } from './installation.ts';

describe('a worker that is killed while records wait for their segment', () => {
  const installation = useInstallation(customersOnly);
  const isWaiting = { kind: 'waiting', reason: 'segmentNotReevaluated' };
  const titleOf = (made: Installation, { salesforceId }: InStep) =>
    made.salesforce.record('Contact', salesforceId)?.['Title'];

  test('goes on with each of them after its restart, and finds what was edited meanwhile', async () => {
    const made = installation();
    const [leaver, comer, other] = (await customersInStep(made, ['ann', 'bea', 'cleo'])) as [InStep, InStep, InStep];
    const { people } = made.hubspot;
    people.edit('contacts', comer.hubspotId, { lifecyclestage: '' });
    made.hubspot.runEvaluation();
    await made.seen(comer.ref, { kind: 'skipped', reason: 'notInSegment' });
    made.clearTraffic();
    people.edit('contacts', leaver.hubspotId, { jobtitle: 'Disqualified', lifecyclestage: '' });
    people.edit('contacts', comer.hubspotId, { jobtitle: 'CFO', lifecyclestage: 'customer' });
    await made.seen(leaver.ref, isWaiting);
    await made.seen(comer.ref, isWaiting);

    await made.kill();
    made.hubspot.runEvaluation();
    people.edit('contacts', other.hubspotId, { jobtitle: 'CEO' });
    await made.start();

    await made.seen(leaver.ref, { kind: 'skipped', reason: 'notInSegment' });
    await until(async () => titleOf(made, comer) === 'CFO');
    await until(async () => titleOf(made, other) === 'CEO');
    expect(titleOf(made, leaver)).toBe('CTO');
    expect(made.writes('salesforce', leaver.salesforceId)).toEqual([]);
    expect(made.writes('salesforce', comer.salesforceId)).toEqual(['Title']);
    expect(made.writes('salesforce', other.salesforceId)).toEqual(['Title']);
    expect(made.writes('hubspot')).toEqual([]);
  });
});
