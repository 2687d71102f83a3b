import { beforeAll, describe, expect, test } from '@jest/globals';
import { apiToken, customersOnly, type Installation, useInstallation } from '../faults/installation.ts';
import { whatTemporalTells } from '../support/telling.ts';
import { until } from './world.ts';

/** Words that stand nowhere but in people's records, in refusals of the systems, and in credentials. */
const mark = 'qzxcanary';
let used = 0;
const canary = (): string => `${mark}${(used += 1)}`;
const phone = (): string => `+49 555 ${String((used += 1)).padStart(7, '0')} 77`;
const phoneMark = /\+49 ?555|49%20555/;

const person = (more: Record<string, string> = {}) => ({
  email: `${canary()}@${mark}.example.com`,
  firstname: canary(),
  lastname: canary(),
  jobtitle: canary(),
  phone: phone(),
  company: canary(), // not mapped
  lifecyclestage: 'customer',
  ...more,
});

describe('personal data and credentials', () => {
  const secrets = new Set([apiToken]);
  const installation = useInstallation(async (made) => {
    secrets.add(made.hubspot.accessToken);
    made.doors.salesforce.hold('before', (request) => {
      const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
      if (token) secrets.add(token);
      return false;
    });
    await customersOnly(made);
  }, 'trace');

  let records: unknown[] = [];
  beforeAll(async () => {
    records = await everythingThatHappens(installation());
  }, 300_000);

  const expectNone = (where: string, text: string): void => {
    const found = text.split('\n').filter((line) => line.toLowerCase().includes(mark) || phoneMark.test(line));
    const leaked = [...secrets].filter((secret) => text.includes(secret));
    expect({ where, found, leaked: leaked.length }).toEqual({ where, found: [], leaked: 0 });
  };

  test('stand in no history, search attribute, memo, summary or detail of any workflow', async () => {
    const made = installation();
    const told = await whatTemporalTells(made.temporal.client, made.name);
    for (const { id, text } of told) expectNone(id, text);
    expect(secrets.size).toBeGreaterThan(2);

    const all = told.map(({ text }) => text).join('\n');
    for (const type of ['recordSync', 'segmentWatch', 'pollChanges', 'applySettings', 'catchUp', 'importRecords']) {
      expect(all).toContain(type);
    }
    // What the test would find if it were there: ids, reasons, and the category of each refusal.
    for (const id of made.hubspot.recordIds('contacts').slice(0, 4)) expect(all).toContain(`"id":"${id}"`);
    const reasons = [
      'segmentNotReevaluated',
      'customCode',
      'propertyValues',
      'duplicates',
      'missingRecord',
      'HTTP_500',
    ];
    for (const reason of reasons) expect(all).toContain(reason);
  });

  test('stand in no line of the log, with everything logged', () => {
    const { log } = installation();
    const failed = JSON.parse(/^.*HTTP_500.*$/m.exec(log)?.[0] ?? '{}') as object;
    expect(failed).toMatchObject({ msg: 'Activity failed', reason: expect.stringContaining('connection') });
    expect(failed).toMatchObject({ workflow: expect.any(String), activity: expect.any(String), attempt: 1 });
    expectNone('log', log);
  });

  test('stand in no view of a record', () => {
    const views = JSON.stringify(records);
    expect(views).toContain('"fields":["');
    expectNone('records', views);
  });
});

/** Syncs, waits, conflicts, refusals and failures of many kinds, each with values that must stay where they belong. */
async function everythingThatHappens(made: Installation): Promise<unknown[]> {
  const { hubspot, salesforce, tandem } = made;
  const ref = (id: string) => ({ system: 'hubspot', object: 'contacts', id }) as const;
  const outcomeOf = async (id: string) => (await tandem.getRecord(ref(id))).decision?.outcome;
  const pairOf = async (id: string) => await until(async () => (await tandem.getRecord(ref(id))).pair);

  // Many at once, then both directions and both sides of one field.
  const ids = Array.from({ length: 30 }, () => hubspot.people.create('contacts', person()).id);
  const [both = '', leaver = '', ruled = '', long = '', taken = '', broken = ''] = ids;
  hubspot.runEvaluation();
  await Promise.all(ids.map(pairOf));
  const pair = await pairOf(both);
  salesforce.people.update('Contact', pair.salesforceId, { Title: canary() }, { at: Date.now() - 5_000 });
  hubspot.people.edit('contacts', both, { jobtitle: canary(), firstname: canary() });
  salesforce.people.create('Contact', { LastName: canary(), Email: `${canary()}@${mark}.example.com` });
  await until(async () => (await tandem.getRecord(ref(both))).writes.length > 1);

  // Waits.
  hubspot.people.edit('contacts', leaver, { jobtitle: canary(), lifecyclestage: '' });
  await until(async () => (await outcomeOf(leaver))?.kind === 'waiting');

  // Refusals that repeat the value, and systems that fail.
  const title = canary();
  salesforce.rules.set([
    { object: 'Contact', field: 'Title', when: 'equals', value: title, message: `${title} of ${mark}@example.com` },
  ]);
  hubspot.people.edit('contacts', ruled, { jobtitle: title });
  hubspot.people.edit('contacts', long, { jobtitle: canary().padEnd(200, 'x') });
  const other = hubspot.record('contacts', both)?.properties['email'];
  salesforce.people.update('Contact', (await pairOf(taken)).salesforceId, { Email: other });
  for (const id of [ruled, long, taken]) await until(async () => (await outcomeOf(id))?.kind === 'failed');
  await tandem.syncNow(ref('1'));
  const echo = { status: 500, body: `<html>${mark}: ${phone()}</html>` };
  const badRequest = {
    status: 400,
    body: { message: `${mark}@example.com`, category: 'X', errors: [{ message: mark }] },
  };
  hubspot.faults.set([
    { match: { pathPrefix: '/crm/v3/objects/contacts/search' }, fault: echo },
    { match: { pathPrefix: '/crm/v3/objects/contacts/batch/read' }, fault: echo },
    { match: { pathPrefix: '/crm/v3/objects/contacts/batch/read' }, fault: badRequest },
  ]);
  hubspot.people.edit('contacts', broken, { jobtitle: canary() });
  await until(async () => hubspot.faults.remaining().length === 0);
  salesforce.faults.set([
    {
      match: { method: 'PATCH' },
      fault: { status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: `${mark} ${phone()}` }] },
    },
  ]);
  hubspot.people.edit('contacts', broken, { jobtitle: canary() });
  await until(async () => salesforce.faults.remaining().length === 0);

  // A run with a condition that names somebody, and settings that are refused.
  const run = await tandem.startImport({ object: 'contacts', where: `LastName != '${canary()}'` });
  hubspot.runEvaluation(); // for the run waits for the one who waits
  await run.result();
  await tandem.applySettings('version: 1\nobjects: { contacts: { colour: red } }');
  return await Promise.all(ids.map((id) => tandem.getRecord(ref(id))));
}
