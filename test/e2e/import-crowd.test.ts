import { beforeAll, describe, expect, test } from '@jest/globals';
import { outcomeReason } from '../../core/outcome.ts';
import { refKey } from '../../core/record-ref.ts';
import { type CrowdRow, expectedContact, makeCrowd } from './import-crowd.ts';
import { type EndedRun, run } from './runs.ts';
import { contactSettings, useWorld, type World } from './world.ts';

const countBy = <T>(rows: readonly T[], key: (row: T) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([name, group]) => [name, group.length]));

/** All that the crowd's people are in HubSpot now, by email, without what HubSpot adds by itself. */
function contacts(world: World): Map<string, Record<string, string>> {
  return new Map(
    world.hubspot.recordIds('contacts').map((id) => {
      const {
        email = '',
        firstname,
        lastname,
        jobtitle,
        lifecyclestage,
      } = world.hubspot.record('contacts', id)?.properties ?? {};
      const shown = Object.entries({ email, firstname, lastname, jobtitle, lifecyclestage }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      return [email, Object.fromEntries(shown)];
    }),
  );
}

/** What the ledger says of each row, now. */
async function outcomes(world: World, rows: readonly CrowdRow[]): Promise<Map<string, string>> {
  const refs = rows.map(({ id }) => world.ref('salesforce', id));
  const latest = await world.ledger.decisions.latest(refs);
  return new Map(
    refs.map((ref) => {
      const outcome = latest.get(refKey(ref))?.outcome;
      const reason = outcome && outcomeReason(outcome);
      return [ref.id, `${outcome?.kind}${reason ? `:${reason}` : ''}`];
    }),
  );
}

/** An unchanged record is as good as a synced one: somebody else may have looked at it since. */
const settled = (outcome: string | undefined): string | undefined => (outcome === 'unchanged' ? 'synced' : outcome);

describe('an import of 2,000 records of people', () => {
  let rows: CrowdRow[] = [];
  let first: EndedRun;
  const world = useWorld(async (made) => {
    rows = makeCrowd(made, { records: 2_000 });
    await made.apply(contactSettings([`segments: { include: [${made.createSegment()}] }`]));
  });
  beforeAll(async () => {
    first = await run(world(), 'import', 'first');
  }, 240_000);

  test('comes to what the table says of each row', async () => {
    const seen = await outcomes(world(), rows);
    const wrong = rows.filter(({ id, expected }) => settled(seen.get(id)) !== expected);
    expect(wrong.map(({ id, ...row }) => ({ ...row, seen: seen.get(id) }))).toEqual([]);
  });

  test('leaves in HubSpot what the table says, and nobody else', () => {
    const chosen = rows.filter(({ expected }) => expected === 'synced' || expected === 'skipped:notInSegment');
    const wanted = chosen.map(expectedContact).filter((contact) => contact !== undefined);
    const found = contacts(world());
    expect(found.size).toBe(wanted.length);
    expect(
      wanted.filter((contact) => JSON.stringify(contact) !== JSON.stringify(found.get(contact['email'] ?? ''))),
    ).toEqual([]);
  });

  test('counts the same, and lists the duplicates', () => {
    const { 'full fields, Contact': contact = {}, 'full fields, Lead': lead = {} } = first.counts;
    expect(contact).toEqual(
      countBy(
        rows.filter(({ type }) => type === 'Contact'),
        ({ expected }) => expected,
      ),
    );
    expect(lead).toEqual(
      countBy(
        rows.filter(({ type }) => type === 'Lead'),
        ({ expected }) => expected,
      ),
    );
    const duplicates = rows.filter(({ expected }) => expected === 'skipped:duplicate').map(({ id }) => id);
    expect(first.rows.map(({ ref, outcome, reason }) => `${ref.id} ${outcome}:${reason}`).sort()).toEqual(
      duplicates.map((id) => `${id} skipped:duplicate`).sort(),
    );
  });

  test('writes nothing on either side when it is done again', async () => {
    await world().twoMorePolls();
    world().clearTraffic();
    await run(world(), 'import', 'second');
    expect(world().writes('hubspot')).toEqual([]);
    expect(world().writes('salesforce')).toEqual([]);
  }, 240_000);
});
