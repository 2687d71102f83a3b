import { describe, expect, test } from '@jest/globals';
import type { RecordRef } from '../../core/record-ref.ts';
import { until, useWorld, type World } from './world.ts';

const property = (name: string, operation: object) => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    { filterBranchType: 'AND', filterBranches: [], filters: [{ filterType: 'PROPERTY', property: name, operation }] },
  ],
});
const anyOf = (name: string, ...values: string[]) =>
  property(name, { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values });
const atLeast = (name: string, value: number) =>
  property(name, { operationType: 'NUMBER', operator: 'IS_GREATER_THAN_OR_EQUAL_TO', value });

/** One synced object, how to make a member and a stranger of it in HubSpot, and what Salesforce calls its fields. */
interface Case {
  readonly object: string;
  readonly type: string;
  readonly salesforce: string;
  readonly settings: readonly string[];
  readonly segment: object;
  readonly member: Readonly<Record<string, string>>;
  readonly stranger: Readonly<Record<string, string>>;
  readonly edit: { readonly property: string; readonly field: string; readonly there: string; readonly back: string };
}

const cases: readonly Case[] = [
  {
    object: 'companies',
    type: 'companies',
    salesforce: 'Account',
    settings: [
      '{ hubspot: name, salesforce: Name, rule: twoWay }',
      '{ hubspot: phone, salesforce: Phone, rule: twoWay }',
      '{ hubspot: annualrevenue, salesforce: AnnualRevenue, rule: twoWay }',
    ],
    segment: atLeast('annualrevenue', 1000),
    member: { name: 'Acme', annualrevenue: '5000.50' },
    stranger: { name: 'Small', annualrevenue: '10' },
    edit: { property: 'phone', field: 'Phone', there: '+43 1', back: '+43 2' },
  },
  {
    object: 'deals',
    type: 'deals',
    salesforce: 'Opportunity',
    settings: [
      '{ hubspot: dealname, salesforce: Name, rule: twoWay }',
      '{ hubspot: amount, salesforce: Amount, rule: twoWay }',
      '{ hubspot: dealstage, salesforce: StageName, rule: twoWay, values: [[qualifiedtobuy, Qualification], [closedwon, Closed Won]] }',
      '{ hubspot: closedate, salesforce: CloseDate, rule: alwaysHubSpot, whenBlank: { salesforce: "2030-01-01" } }',
    ],
    segment: atLeast('amount', 1000),
    member: { dealname: 'Big', amount: '5000', dealstage: 'qualifiedtobuy', pipeline: 'default' },
    stranger: { dealname: 'Small', amount: '5', dealstage: 'qualifiedtobuy', pipeline: 'default' },
    edit: { property: 'dealname', field: 'Name', there: 'Bigger', back: 'Biggest' },
  },
  {
    object: 'tickets',
    type: 'tickets',
    salesforce: 'Case',
    settings: [
      '{ hubspot: subject, salesforce: Subject, rule: twoWay }',
      '{ hubspot: content, salesforce: Description, rule: twoWay }',
      '{ hubspot: hs_ticket_priority, salesforce: Priority, rule: twoWay, values: [[HIGH, High], [LOW, Low]] }',
    ],
    segment: anyOf('hs_ticket_priority', 'HIGH'),
    member: { subject: 'Fire', hs_ticket_priority: 'HIGH', hs_pipeline: '0', hs_pipeline_stage: '1' },
    stranger: { subject: 'Smoke', hs_ticket_priority: 'LOW', hs_pipeline: '0', hs_pipeline_stage: '1' },
    edit: { property: 'content', field: 'Description', there: 'It burns.', back: 'It burnt.' },
  },
  {
    object: 'widgets',
    type: '2-3456789',
    salesforce: 'Widget__c',
    settings: [
      '{ hubspot: serial, salesforce: Serial__c, rule: twoWay }',
      '{ hubspot: label, salesforce: Name, rule: twoWay }',
    ],
    segment: property('serial', { operationType: 'STRING', operator: 'STARTS_WITH', value: 'A' }),
    member: { serial: 'A1', label: 'Wheel' },
    stranger: { serial: 'B1', label: 'Axle' },
    edit: { property: 'label', field: 'Name', there: 'Big wheel', back: 'Bigger wheel' },
  },
];

async function addWidgets(world: World): Promise<void> {
  const { hubspot } = world;
  const answer = await hubspot.door.fetch(
    new Request('http://hubspot.test/crm-object-schemas/v3/schemas', {
      method: 'POST',
      headers: { authorization: `Bearer ${hubspot.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'widgets',
        labels: { singular: 'Widget', plural: 'Widgets' },
        primaryDisplayProperty: 'label',
        requiredProperties: ['serial'],
        properties: [
          { name: 'serial', label: 'Serial', type: 'string', fieldType: 'text', hasUniqueValue: true },
          { name: 'label', label: 'Label', type: 'string', fieldType: 'text' },
        ],
      }),
    }),
  );
  expect(await answer.json()).toMatchObject({ objectTypeId: '2-3456789' });
  world.salesforce.addObject({ name: 'Widget__c' });
  world.salesforce.addField({ object: 'Widget__c', name: 'Serial__c', type: 'text', length: 20 });
}

describe('AT17: every object honours its segment', () => {
  const segments = new Map<string, string>();
  const typeIds: Readonly<Record<string, string>> = { companies: '0-2', deals: '0-3', tickets: '0-5' };
  const world = useWorld(async (made) => {
    await addWidgets(made);
    for (const { object, type, salesforce, segment } of cases) {
      await made.addKeys(type, [salesforce]);
      const objectTypeId = typeIds[type] ?? type;
      segments.set(object, made.hubspot.people.createList({ name: object, objectTypeId, filterBranch: segment }));
    }
    made.hubspot.runEvaluation();
    await made.apply(
      [
        'version: 1',
        'objects:',
        ...cases.flatMap(({ object, type, salesforce, settings }) => [
          `  ${object}:`,
          `    hubspot: ${type}`,
          `    salesforce: { types: [${salesforce}] }`,
          `    segments: { include: ['${segments.get(object)}'] }`,
          ...(object === 'deals' ? ['    deletes: { fromSalesforce: archive }'] : []),
          ...(object === 'widgets' ? ['    match: [{ hubspot: serial, salesforce: Serial__c }]'] : []),
          '    fields:',
          ...settings.map((line) => `      - ${line}`),
        ]),
        'polling: { hubspot: 1s, salesforce: 1s }',
      ].join('\n'),
    );
  });

  test.each(cases)(
    '$object: a member crosses and stays in step both ways, a stranger does not',
    async ({ object, type, salesforce, member, stranger, edit, settings }) => {
      const { hubspot, tandem } = world();
      const [inside, outside] = [member, stranger].map((values) => hubspot.people.create(type, values).id) as [
        string,
        string,
      ];
      hubspot.runEvaluation();
      const ref = (id: string): RecordRef => ({ system: 'hubspot', object, id });
      const pair = await until(async () => (await tandem.getRecord(ref(inside))).pair);
      const there = () => world().salesforce.record(salesforce, pair.salesforceId);
      for (const [i, value] of Object.values(member).entries())
        if (i === 0) expect(Object.values(there() ?? {})).toContain(value);
      await until(async () => (await tandem.getRecord(ref(outside))).decision);
      expect((await tandem.getRecord(ref(outside))).decision?.outcome).toEqual({
        kind: 'skipped',
        reason: 'notInSegment',
      });
      expect(world().salesforce.records(salesforce)).toHaveLength(1);

      hubspot.people.edit(type, inside, { [edit.property]: edit.there });
      hubspot.runEvaluation();
      await until(async () => there()?.[edit.field] === edit.there);
      world().salesforce.people.update(salesforce, pair.salesforceId, { [edit.field]: edit.back });
      await until(async () => {
        hubspot.runEvaluation();
        return hubspot.record(type, inside)?.properties[edit.property] === edit.back;
      });
      expect(settings.length).toBeGreaterThan(0);
    },
    120_000,
  );

  test('AT9: a deal goes with its opportunity, and an opportunity stays when its deal goes', async () => {
    const { hubspot, salesforce, tandem } = world();
    const deal = { amount: '9000', dealstage: 'qualifiedtobuy', pipeline: 'default' };
    const [one, other] = ['One', 'Other'].map((dealname) => hubspot.people.create('deals', { ...deal, dealname }).id);
    hubspot.runEvaluation();
    const pairOf = async (id = '') =>
      await until(async () => (await tandem.getRecord({ system: 'hubspot', object: 'deals', id })).pair);
    salesforce.people.remove('Opportunity', (await pairOf(one)).salesforceId);
    await until(async () => hubspot.record('deals', one ?? '')?.archived);
    const { salesforceId } = await pairOf(other);
    hubspot.people.archive('deals', other ?? '');
    await tandem.syncNow({ system: 'hubspot', object: 'deals', id: other ?? '' });
    expect(salesforce.record('Opportunity', salesforceId)?.['IsDeleted']).toBe(false);
  }, 120_000);

  test('what Salesforce creates reaches HubSpot by the segment-free way of new records', async () => {
    const { salesforce, hubspot } = world();
    const id = salesforce.people.create('Account', { Name: 'Born there', Phone: '1' });
    await until(async () =>
      hubspot
        .recordIds('companies')
        .some((company) => hubspot.record('companies', company)?.properties['name'] === 'Born there'),
    );
    const pair = await until(
      async () => (await world().tandem.getRecord({ system: 'salesforce', object: 'companies', id })).pair,
    );
    expect(hubspot.record('companies', pair.hubspotId)?.properties).toMatchObject({ name: 'Born there', phone: '1' });
  }, 120_000);
});
