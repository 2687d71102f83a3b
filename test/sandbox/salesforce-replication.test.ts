import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

const minute = 60_000;
const make = (LastName: string) => org.sandbox.people.create('Contact', { LastName });
const span = (start: string, end: string) =>
  `?start=${encodeURIComponent(`2026-01-05T${start}Z`)}&end=${encodeURIComponent(`2026-01-05T${end}Z`)}`;
const updated = async (start: string, end: string) =>
  as(answers.updated, (await org.call('GET', `/sobjects/Contact/updated/${span(start, end)}`)).body);

test('updated cuts both ends to whole minutes, and both belong to it', async () => {
  const atNine = make('A');
  org.time.advance(5 * minute);
  const atFive = make('B');
  org.time.advance(1_000);
  make('C');
  org.time.advance(10 * minute);
  expect(await updated('09:00:30', '09:05:59')).toEqual({
    ids: [atNine, atFive],
    latestDateCovered: '2026-01-05T09:05:00.000+0000',
  });
});

test('updated and deleted answer jsforce, which leaves the last slash out', async () => {
  const kept = make('A');
  const gone = make('B');
  org.time.advance(minute);
  org.sandbox.people.remove('Contact', gone);
  org.time.advance(minute);
  const contacts = org.connection.sobject('Contact');
  const [start, end] = ['2026-01-05T09:00:00Z', '2026-01-05T09:02:00Z'];
  expect(as(answers.updated, await contacts.updated(start, end)).ids).toEqual([kept]);
  expect(as(answers.deleted, await contacts.deleted(start, end))).toEqual({
    deletedRecords: [{ id: gone, deletedDate: '2026-01-05T09:01:00.000+0000' }],
    earliestDateAvailable: '2025-12-21T09:02:00.000+0000',
    latestDateCovered: '2026-01-05T09:02:00.000+0000',
  });
});

test('an end in the future covers no more than now', async () => {
  expect((await updated('08:00:00', '10:00:00')).latestDateCovered).toBe('2026-01-05T09:00:00.000+0000');
});

test('what is covered stays behind while a transaction is open, whose rows then come with old stamps', async () => {
  const { people } = org.sandbox;
  const transaction = org.sandbox.openTransaction();
  org.time.advance(minute);
  const hidden = people.create('Contact', { LastName: 'Hidden' }, { transaction });
  org.time.advance(4 * minute);
  const seen = make('Seen');
  org.time.advance(minute);
  expect(await updated('08:50:00', '09:06:00')).toEqual({
    ids: [seen],
    latestDateCovered: '2026-01-05T09:00:00.000+0000',
  });
  org.sandbox.commitTransaction(transaction);
  expect(await updated('08:50:00', '09:06:00')).toMatchObject({ latestDateCovered: '2026-01-05T09:06:00.000+0000' });
  expect(org.sandbox.record('Contact', hidden)).toMatchObject({ SystemModstamp: '2026-01-05T09:01:00.000+0000' });
});

test('a delayed commit shows an edit later, with the stamp of the edit', async () => {
  const id = make('Before');
  org.sandbox.delayCommits(3 * minute);
  org.time.advance(minute);
  org.sandbox.people.update('Contact', id, { LastName: 'After' });
  org.time.advance(2 * minute);
  const read = async () => (await org.connection.query('SELECT LastName, SystemModstamp FROM Contact')).records[0];
  expect(await read()).toMatchObject({ LastName: 'Before' });
  expect((await updated('08:50:00', '09:03:00')).latestDateCovered).toBe('2026-01-05T09:01:00.000+0000');
  org.time.advance(minute);
  expect(await read()).toMatchObject({ LastName: 'After', SystemModstamp: '2026-01-05T09:01:00.000+0000' });
});

test('a row that an open transaction has written is locked for API clients', async () => {
  const id = make('A');
  const transaction = org.sandbox.openTransaction();
  org.sandbox.people.update('Contact', id, { Title: 'theirs' }, { transaction });
  const write = () => org.connection.update('Contact', [{ Id: id, Title: 'ours' }]);
  expect(await write()).toMatchObject([{ errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW' }] }]);
  org.sandbox.commitTransaction(transaction);
  expect(await write()).toMatchObject([{ success: true }]);
});

test('merged records are deleted ones that name the record they became', async () => {
  const [winner, loser] = [make('A'), make('B')];
  org.time.advance(minute);
  org.sandbox.people.merge('Contact', winner, [loser]);
  const soql = 'SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true';
  expect((await org.connection.query(soql, { scanAll: true })).records).toMatchObject([
    { Id: loser, MasterRecordId: winner },
  ]);
  org.sandbox.people.undelete('Contact', loser);
  expect(org.sandbox.records('Contact')).toHaveLength(2);
});

describe('a span', () => {
  test.each([
    ['that ends before it starts', span('09:00:00', '08:00:00'), 'INVALID_REPLICATION_DATE'],
    ['shorter than a minute', span('09:00:05', '09:00:55'), 'INVALID_REPLICATION_DATE'],
    [
      'that starts more than 30 days ago',
      '?start=2025-12-01T00:00:00Z&end=2026-01-05T00:00:00Z',
      'INVALID_REPLICATION_DATE',
    ],
    ['that is no date', '?start=yesterday&end=2026-01-05T00:00:00Z', 'INVALID_REPLICATION_DATE'],
    ['without an end', '?start=2026-01-05T00:00:00Z', 'MISSING_ARGUMENT'],
  ])('%s is refused', async (_, query, errorCode) => {
    const reply = await org.call('GET', `/sobjects/Contact/updated${query}`);
    expect(as(answers.errors, reply.body)).toMatchObject([{ errorCode }]);
  });
});
