import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
let known: string;
beforeEach(async () => {
  org = await openOrg();
  known = org.sandbox.people.create('Contact', { LastName: 'Lee', Email: 'ann@example.com' });
});
afterEach(() => org.close());

const rule = { object: 'Contact', name: 'Contacts_DR', match: ['Email'], action: 'allow' } as const;
const twin = { LastName: 'Other', Email: 'Ann@Example.com' };
const insist = { headers: { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' } };

test('nobody is a duplicate before a rule says so', async () => {
  expect(await org.connection.create('Contact', twin)).toMatchObject({ success: true });
});

describe('a duplicate rule', () => {
  test('refuses a record with what it found, under the key that Salesforce misspells', async () => {
    org.sandbox.duplicates.set([rule]);
    const { status, body } = await org.call('POST', '/sobjects/Contact', { body: twin });
    expect(status).toBe(400);
    const message = "You're creating a duplicate record. We recommend you use an existing record instead.";
    expect(body).toEqual([
      {
        duplicateResut: {
          allowSave: true,
          duplicateRule: 'Contacts_DR',
          duplicateRuleEntityType: 'Contact',
          errorMessage: message,
          matchResults: [
            {
              entityType: 'Contact',
              errors: [],
              matchEngine: 'ExactMatchEngine',
              matchRecords: [
                {
                  additionalInformation: [],
                  fieldDiffs: [],
                  matchConfidence: 100,
                  record: {
                    attributes: { type: 'Contact', url: `/services/data/v67.0/sobjects/Contact/${known}` },
                    Id: known,
                  },
                },
              ],
              rule: 'Contacts_DR_MR',
              size: 1,
              success: true,
            },
          ],
        },
        errorCode: 'DUPLICATES_DETECTED',
        message,
      },
    ]);
    const { name } = await refusalOf(org.connection.create('Contact', twin));
    expect(name).toBe('DUPLICATES_DETECTED');
  });

  test('that only alerts lets through who insists, and one that blocks nobody', async () => {
    org.sandbox.duplicates.set([rule]);
    expect(await org.connection.create('Contact', twin, insist)).toMatchObject({ success: true });
    org.sandbox.duplicates.set([{ ...rule, action: 'block' }]);
    expect((await refusalOf(org.connection.create('Contact', twin, insist))).errorCode).toBe('DUPLICATES_DETECTED');
  });

  test('refuses one row of a collection, without details', async () => {
    org.sandbox.duplicates.set([rule]);
    const answers = await org.connection.create('Contact', [{ LastName: 'New' }, twin]);
    expect(answers).toMatchObject([{ success: true }, { success: false }]);
    const [, refused] = answers;
    expect(refused?.errors).toEqual([expect.objectContaining({ statusCode: 'DUPLICATES_DETECTED', fields: [] })]);
  });

  test('looks in other objects where it is told to', async () => {
    org.sandbox.duplicates.set([{ ...rule, object: 'Lead', against: ['Lead', 'Contact'] }]);
    const lead = { LastName: 'A', Company: 'B', Email: 'ann@example.com' };
    const { body } = await org.call('POST', '/sobjects/Lead', { body: lead });
    expect(body).toMatchObject([{ duplicateResut: { matchResults: [{ entityType: 'Contact' }] } }]);
  });

  test('finds nothing in blanks, in deleted records, or in the record itself', async () => {
    org.sandbox.duplicates.set([rule]);
    expect(await org.connection.create('Contact', { LastName: 'No email' })).toMatchObject({ success: true });
    expect(await org.connection.create('Contact', { LastName: 'None either' })).toMatchObject({ success: true });
    expect(await org.connection.update('Contact', { Id: known, Title: 'x' })).toMatchObject({ success: true });
    org.sandbox.people.remove('Contact', known);
    expect(await org.connection.create('Contact', twin)).toMatchObject({ success: true });
  });

  test('shows what it found where it is asked to', async () => {
    org.sandbox.duplicates.set([rule]);
    const headers = { 'Sforce-Duplicate-Rule-Header': 'includeRecordDetails=true' };
    const { body } = await org.call('POST', '/sobjects/Contact', { body: twin, headers });
    expect(JSON.stringify(body)).toContain('"LastName":"Lee"');
  });
});
