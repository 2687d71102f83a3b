import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type CrowdRow, contactsOf, expectedContacts, makeCrowd, wrongRows } from '../e2e/import-crowd.ts';
import { startRun } from '../e2e/runs.ts';
import { until } from '../e2e/world.ts';
import { customersOnly, type Installation, useInstallation } from './installation.ts';

const kills = 2;

/** Calls of an import to HubSpot so far: searches are the poll's. */
const callsOf = ({ hubspot }: Installation): number =>
  [...hubspot.traffic.calls].reduce((sum, [route, n]) => (route.includes('/batch/') ? sum + n : sum), 0);

/** Numbers between 0 and 1, the same for the same seed. */
function* randomOf(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe.each([1, 2, 3])('an import whose worker is killed at moments of seed %i', (seed) => {
  let rows: CrowdRow[] = [];
  const installation = useInstallation(async (made) => {
    rows = makeCrowd(made, { records: 300, order: seed });
    await customersOnly(made);
    made.clearTraffic();
  });

  test('ends as if nothing had happened, and nothing is made twice', async () => {
    const made = installation();
    const { name, temporal } = made;
    const random = randomOf(seed);
    // A page is given up, and tried again, seven and a half seconds after its start.
    const timing = { gatherMs: 50, syncMs: 1_500, lookMs: 200, retryMs: [200, 500, 1_000] };
    const handle = await startRun({ installation: name, temporal }, 'import', 'killed', { timing });
    for (let n = 0; n < kills; n += 1) {
      const moment = callsOf(made) + 1 + Math.floor(random.next().value * 12);
      await until(async () => callsOf(made) >= moment);
      await made.kill();
      await made.start();
    }
    await handle.result();
    await made.terminate();

    const wanted = expectedContacts(rows);
    const found = contactsOf(made);
    expect(wanted.filter((contact) => !isDeepStrictEqual(contact, found.get(contact['email'] ?? '')))).toEqual([]);
    expect(made.hubspot.recordIds('contacts')).toHaveLength(wanted.length);
    expect(made.salesforce.traffic.writes.filter(({ kind }) => kind === 'create')).toEqual([]);
    await made.inLedger(async (ledger) => {
      expect(await wrongRows(ledger, rows)).toEqual([]);
      expect(await ledger.writes.open()).toEqual([]);
    });
  }, 300_000);
});
