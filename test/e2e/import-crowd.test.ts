import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type CrowdRow, contactsOf, expectedContacts, makeCrowd, wrongRows } from './import-crowd.ts';
import { type EndedRun, run } from './runs.ts';
import { countSettled } from './settled.ts';
import { contactSettings, useWorld } from './world.ts';

/** A crowd in a world of its own, which one import has gone through. */
function importedCrowd(crowd: { readonly records: number; readonly order?: number }) {
  let rows: CrowdRow[] = [];
  let ended: EndedRun | undefined;
  const world = useWorld(async (made) => {
    rows = makeCrowd(made, crowd);
    await made.apply(contactSettings([`segments: { include: [${made.createSegment()}] }`]));
  });
  beforeAll(async () => {
    ended = await run(world(), 'import', 'first');
  }, 300_000);
  return { world, rows: () => rows, ended: () => ended };
}

const countBy = <T>(rows: readonly T[], key: (row: T) => string): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(rows, key)].map(([name, group]) => [name, group.length]));

describe('an import of 2,000 records of people', () => {
  const { world, rows, ended } = importedCrowd({ records: 2_000 });

  test('comes to what the table says of each row', async () => {
    expect(await wrongRows(world().ledger, rows())).toEqual([]);
  });

  test('leaves in HubSpot what the table says, and nobody else', () => {
    const wanted = expectedContacts(rows());
    const found = contactsOf(world());
    expect(found.size).toBe(wanted.length);
    const wrong = wanted.filter((contact) => !isDeepStrictEqual(contact, found.get(contact['email'] ?? '')));
    expect(wrong).toEqual([]);
  });

  test.each(['Contact', 'Lead'])('counts what its records of %s came to', (wanted) => {
    const counts = ended()?.counts ?? {};
    const expected = rows().filter(({ type }) => type === wanted);
    expect(countSettled(counts[`full fields, ${wanted}`])).toEqual(countBy(expected, (row) => row.expected));
    const sum = Object.values(counts[`identity, ${wanted}`] ?? {}).reduce((a, b) => a + b, 0);
    expect(sum).toBe(expected.length);
  });

  test('lists the duplicates', () => {
    const duplicates = rows().filter(({ expected }) => expected === 'skipped:duplicate');
    const listed = ended()?.rows.map(({ ref, outcome, reason }) => `${ref.id} ${outcome}:${reason}`);
    expect(listed?.sort()).toEqual(duplicates.map(({ id, expected }) => `${id} ${expected}`).sort());
  });

  test('writes nothing on either side when it is done again', async () => {
    await world().twoMorePolls();
    world().clearTraffic();
    await run(world(), 'import', 'second');
    expect(world().writes('hubspot')).toEqual([]);
    expect(world().writes('salesforce')).toEqual([]);
  }, 300_000);
});

describe('the same people, whose records have other ids and so stand on other pages', () => {
  const { world, rows } = importedCrowd({ records: 1_200, order: 7 });

  test('come to the same: among records with one email the same one is chosen', async () => {
    expect(await wrongRows(world().ledger, rows())).toEqual([]);
    const found = contactsOf(world());
    const wanted = expectedContacts(rows());
    expect(wanted.filter((contact) => !isDeepStrictEqual(contact, found.get(contact['email'] ?? '')))).toEqual([]);
  });
});
