import { describe, expect, test } from '@jest/globals';
import type { RecordRef } from '../../core/record-ref.ts';
import { recordSyncId } from '../../workflows/ids.ts';
import type { RecordStatus } from '../../workflows/messages.ts';
import { calls } from '../support/doorkeeper.ts';
import { endOf, liveGoesOn, liveRests, longAgo, run, startRun } from './runs.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** Everyone whose email is known belongs to it. */
const withEmail = {
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: 'email',
          operation: { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' },
        },
      ],
    },
  ],
};

/** The workflow of this record has looked at it. */
async function hasLooked(world: World, ref: RecordRef): Promise<boolean> {
  try {
    const handle = world.temporal.client.workflow.getHandle(recordSyncId(world.installation, ref));
    return (await handle.query<RecordStatus>('status')).passes > 0;
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

describe('an import, a resync and live edits of one record', () => {
  let segment = '';
  const world = useWorld(
    async (made) => {
      segment = made.createSegment(withEmail);
      made.hubspot.setEvaluation({ delayMs: 50 });
      await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
    },
    { requestTimeoutMs: 20_000, timing: { syncMs: 60_000 } },
  );

  const moments = [
    { name: 'before the person is created', when: 'before', route: '/batch/create', isKnown: false },
    { name: 'when the person was just created', when: 'after', route: '/batch/create', isKnown: false },
    { name: 'before the fields are written', when: 'before', route: '/batch/update', isKnown: true },
    { name: 'when the fields were just written', when: 'after', route: '/batch/update', isKnown: true },
  ] as const;

  test.each(moments)('that meet $name all arrive, in one pair', async ({ when, route, isKnown }) => {
    const made = world();
    const name = `${when}-${isKnown ? 'known' : 'new'}`;
    const email = `${name}@example.com`;
    const fields = { LastName: 'Stone', Title: 'CTO', Email: email };
    const salesforceId = made.salesforce.people.create('Contact', fields, longAgo);
    await liveRests(made); // so that it is the import whose call is held
    if (isKnown) made.hubspot.people.create('contacts', { email });
    made.hubspot.runEvaluation();
    const held = made.doors.hubspot.hold(when, calls('POST', route));
    const started = await startRun(made, 'import', name);
    await held.here;
    await liveGoesOn(made);

    made.salesforce.people.update('Contact', salesforceId, { FirstName: 'Ann' });
    const hubspotId = made.hubspot.recordBy('contacts', 'email', email)?.id;
    if (hubspotId) made.hubspot.people.edit('contacts', hubspotId, { phone: '+49 30 7' });
    const resync = await startRun(made, 'resync', name, { segmentId: segment });
    const ref = isKnown ? made.ref('hubspot', hubspotId ?? '') : made.ref('salesforce', salesforceId);
    await until(() => hasLooked(made, ref));
    held.release();
    await Promise.all([endOf(made, started), endOf(made, resync)]);

    const contact = () => made.hubspot.recordBy('contacts', 'email', email);
    await until(
      async () => contact()?.properties['firstname'] === 'Ann' && contact()?.properties['jobtitle'] === 'CTO',
    );
    if (hubspotId) await until(async () => made.salesforce.record('Contact', salesforceId)?.['Phone'] === '+49 30 7');
    expect(made.salesforce.records('Contact', { email })).toHaveLength(1);
    const id = contact()?.id ?? '';
    expect(await made.ledger.pairs.history('contacts', 'hubspot', id)).toMatchObject([{ salesforceId, endedAt: null }]);
    expect(await made.ledger.pairs.history('contacts', 'salesforce', salesforceId)).toHaveLength(1);
    expect(made.hubspot.recordIds('contacts')).toHaveLength(
      moments.findIndex((moment) => moment.when === when && moment.route === route) + 1,
    );
  });

  test.each(['before', 'after'] as const)(
    'an edit that only met the import, %s the import wrote the same field, is not lost',
    async (when) => {
      const made = world();
      const email = `only-${when}@example.com`;
      const fields = { LastName: 'Stone', Title: 'CTO', Email: email };
      const salesforceId = made.salesforce.people.create('Contact', fields, longAgo);
      await liveRests(made);
      const { id } = made.hubspot.people.create('contacts', { email });
      made.hubspot.runEvaluation();
      const held = made.doors.hubspot.hold(when, calls('POST', '/batch/update'));
      const started = await startRun(made, 'import', `only-${when}`);
      await held.here;
      await liveGoesOn(made);
      made.salesforce.people.update('Contact', salesforceId, { Title: 'CEO' });
      await until(() => hasLooked(made, made.ref('hubspot', id)));
      await liveRests(made); // from here on only the import knows of the edit
      held.release();
      await endOf(made, started);
      await until(async () => made.hubspot.record('contacts', id)?.properties['jobtitle'] === 'CEO');
      expect(made.salesforce.record('Contact', salesforceId)).toMatchObject({ Title: 'CEO' });
      await liveGoesOn(made);
    },
  );

  test('come to rest', async () => {
    await world().twoMorePolls();
    world().clearTraffic();
    await run(world(), 'import', 'again');
    await world().twoMorePolls();
    expect([...world().writes('hubspot'), ...world().writes('salesforce')]).toEqual([]);
    expect(await world().ledger.counts()).toMatchObject({ openWrites: 0, waits: 0 });
  });
});
