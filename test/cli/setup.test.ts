import { describe, expect, test } from '@jest/globals';
import type { FieldInfo } from '../../crm/types.ts';
import type { SetUpSystems } from '../../workers/set-up.ts';
import { field } from '../core/settings-catalog.ts';
import { withCommandLine } from './command-line.ts';

const line = withCommandLine();

const yaml = `version: 1
objects:
  contacts:
    fields: [{ hubspot: email, salesforce: Email, rule: twoWay }]`;

const info = (changes: Partial<FieldInfo>): FieldInfo => ({
  ...field(changes),
  name: 'Tandem_HubSpot_Id__c',
  length: 32,
  precision: 0,
  scale: 0,
  requiredOnCreate: false,
});

function systems(fields: Readonly<Record<string, FieldInfo>>) {
  const made: unknown[] = [];
  const both: SetUpSystems = {
    hubspot: {
      createUniqueProperty: async (...asked) => {
        made.push(asked);
        return made.length === 1 ? 'created' : 'present';
      },
    },
    salesforce: {
      fields: async (type) =>
        new Map(Object.entries(fields).flatMap(([of, one]) => (of === type ? [[one.name, one]] : []))),
    },
  };
  return { made, services: { systems: async () => both } };
}

const key = info({ unique: true, externalId: true });

describe('tandem setup', () => {
  test("makes HubSpot's property and says what an admin clicks where Salesforce lacks the field", async () => {
    line.write('tandem.yaml', yaml);
    const { made, services } = systems({ Contact: key, Lead: info({ externalId: true }) });
    const { status, out } = await line.run(['setup'], services);
    expect(status).toBe(1);
    expect(made).toEqual([['contacts', 'tandem_salesforce_id', 'Tandem: Salesforce id']]);
    expect(out).toMatch(/^HubSpot +contacts +tandem_salesforce_id +created$/m);
    expect(out).toMatch(/^Salesforce +Contact +Tandem_HubSpot_Id__c +present$/m);
    expect(out).toMatch(/^Salesforce +Lead +Tandem_HubSpot_Id__c +wrong$/m);
    expect(out).toContain('Setup, Object Manager, Lead, Fields & Relationships, New.');
    expect(out).not.toContain('Object Manager, Contact');
    expect(out).toContain('Field Name Tandem_HubSpot_Id.');
    expect(out).toContain('run `tandem setup` again');
  });

  test('is done when both are there, and does nothing the second time', async () => {
    line.write('tandem.yaml', yaml);
    const { services } = systems({ Contact: key, Lead: key });
    await line.run(['setup'], services);
    const { status, out } = await line.run(['setup', '--json'], services);
    expect([status, JSON.parse(out)]).toEqual([
      0,
      {
        hubspot: [{ type: 'contacts', property: 'tandem_salesforce_id', result: 'present' }],
        salesforce: ['Contact', 'Lead'].map((type) => ({ type, field: 'Tandem_HubSpot_Id__c', result: 'present' })),
      },
    ]);
  });

  test("passes on what HubSpot's adapter says of a property that cannot be used", async () => {
    line.write('tandem.yaml', yaml);
    const { services } = systems({});
    const refusing = {
      ...(await services.systems()),
      hubspot: { createUniqueProperty: () => Promise.reject(new Error('It is a number.')) },
    };
    const { status, err } = await line.run(['setup'], { systems: async () => refusing });
    expect([status, err]).toEqual([1, 'It is a number.']);
  });
});
