import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batchBody, recordBody } from '../contracts/hubspot-answers.ts';
import { call, refusalOf, type Stage, startStage } from './hubspot-client.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** One record of each kind as HubSpot takes it, what its answers always show, and what a create may not lack. */
const kinds: readonly {
  readonly type: string;
  readonly typeId: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly always: readonly string[];
  readonly lacking: readonly Readonly<Record<string, string>>[];
}[] = [
  {
    type: 'companies',
    typeId: '0-2',
    properties: { name: 'Acme', domain: 'acme.example' },
    always: ['createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    lacking: [{ city: 'Bonn' }],
  },
  {
    type: 'deals',
    typeId: '0-3',
    properties: { dealname: 'Tea', pipeline: 'default', dealstage: 'closedwon', amount: '12.50' },
    always: ['createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    lacking: [{ dealname: 'Tea', pipeline: 'default' }, { dealname: 'Tea', dealstage: 'closedwon' }, { amount: '1' }],
  },
  {
    type: 'tickets',
    typeId: '0-5',
    properties: { subject: 'Cold tea', hs_pipeline: '0', hs_pipeline_stage: '1' },
    always: ['createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    lacking: [{ subject: 'Cold tea' }, { hs_pipeline_stage: '1' }],
  },
];

describe.each(kinds)('$type', ({ type, typeId, properties, always, lacking }) => {
  const objects = () => stage.client.crm.objects;

  test('are created, read by name and by type id, changed, listed and archived', async () => {
    const made = await objects().basicApi.create(type, { properties, associations: [] });
    expect(made.properties).toMatchObject(properties);
    expect(Object.keys(made.properties)).toEqual(expect.arrayContaining([...always]));
    const { body, status } = await call(stage, 'GET', `/crm/v3/objects/${typeId}/${made.id}`);
    expect(status).toBe(200);
    const shown = recordBody.parse(body);
    expect(shown.url).toContain(`/record/${typeId}/${made.id}`);
    expect(Object.keys(shown.properties)).toEqual(expect.arrayContaining([...always]));

    const [name] = Object.keys(properties) as [string];
    stage.time.advance(1_000);
    const changed = await objects().basicApi.update(type, made.id, { properties: { [name]: 'Another' } });
    expect(changed.properties[name]).toBe('Another');
    expect(changed.updatedAt.getTime()).toBe(stage.time.now());
    const page = await objects().basicApi.getPage(type, 10);
    expect(page.results.map(({ id }) => id)).toContain(made.id);
    await objects().basicApi.archive(type, made.id);
    expect(await refusalOf(objects().basicApi.getById(type, made.id))).toMatchObject({ code: 404 });
  });

  test.each(lacking)('are not created with no more than %j', async (some) => {
    const refusal = await refusalOf(objects().basicApi.create(type, { properties: some, associations: [] }));
    expect(refusal.code).toBe(400);
    expect(refusal.body.errors?.[0]?.code).toBe('MISSING_REQUIRED_PROPERTY');
  });

  test('go through batches and are found by search, by the time of their last change', async () => {
    const since = stage.time.now();
    const path = `/crm/v3/objects/${type}/batch/create`;
    const inputs = ['a', 'b'].map((objectWriteTraceId) => ({ properties, objectWriteTraceId }));
    const { status, body } = await call(stage, 'POST', path, { inputs });
    expect(status).toBe(201);
    const ids = batchBody.parse(body).results.map(({ id }) => id);
    const found = await objects().searchApi.doSearch(type, {
      filterGroups: [
        { filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE' as never, value: String(since) }] },
      ],
      sorts: ['hs_lastmodifieddate'],
      properties: [],
      limit: 100,
      after: '0',
    });
    expect(found.results.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });
});

test('a domain tells no company from another', async () => {
  const properties = { domain: 'twice.example' };
  const first = await stage.client.crm.companies.basicApi.create({ properties, associations: [] });
  const second = await stage.client.crm.companies.basicApi.create({ properties, associations: [] });
  expect(second.id).not.toBe(first.id);
});

test.each([
  ['deals', 'dealstage', { dealname: 'x', pipeline: 'default', dealstage: 'nowhere' }],
  ['tickets', 'hs_pipeline_stage', { subject: 'x', hs_pipeline_stage: '9' }],
])('%s take only stages that there are', async (type, name, properties) => {
  const refusal = await refusalOf(stage.client.crm.objects.basicApi.create(type, { properties, associations: [] }));
  expect(refusal.body.errors).toEqual([
    expect.objectContaining({ code: 'INVALID_OPTION', context: { propertyName: [name] } }),
  ]);
});

describe('pipelines', () => {
  test('of tickets are listed with the states of their stages', async () => {
    const { results } = await stage.client.crm.pipelines.pipelinesApi.getAll('tickets');
    expect(results.map(({ id }) => id)).toEqual(['0']);
    expect(results[0]?.stages.map(({ id, metadata }) => [id, metadata?.['ticketState']])).toEqual([
      ['1', 'OPEN'],
      ['2', 'OPEN'],
      ['3', 'OPEN'],
      ['4', 'CLOSED'],
    ]);
  });

  test('and their stages are read by id', async () => {
    const { pipelinesApi, pipelineStagesApi } = stage.client.crm.pipelines;
    expect((await pipelinesApi.getById('deals', 'default')).label).toBe('Sales Pipeline');
    expect((await pipelineStagesApi.getAll('deals', 'default')).results).toHaveLength(7);
    expect((await pipelineStagesApi.getById('deals', 'default', 'closedwon')).label).toBe('Closed Won');
    expect(await refusalOf(pipelinesApi.getById('deals', 'none'))).toMatchObject({ code: 404 });
    expect(await refusalOf(pipelineStagesApi.getById('deals', 'default', 'none'))).toMatchObject({ code: 404 });
  });
});

describe('custom objects', () => {
  const egg = {
    name: 'cars',
    labels: { singular: 'Car', plural: 'Cars' },
    primaryDisplayProperty: 'model',
    secondaryDisplayProperties: [],
    requiredProperties: ['model'],
    searchableProperties: ['model'],
    associatedObjects: [],
    properties: [
      { name: 'model', label: 'Model', type: 'string', fieldType: 'text' },
      { name: 'vin', label: 'VIN', type: 'string', fieldType: 'text', hasUniqueValue: true },
    ],
  };

  test('are defined by a schema, and their records are reached by name, type id and full name', async () => {
    const { coreApi } = stage.client.crm.schemas;
    const schema = await coreApi.create(egg as never);
    expect(schema.objectTypeId).toMatch(/^2-\d+$/);
    expect(schema.fullyQualifiedName).toBe(`p${stage.sandbox.portalId}_cars`);
    expect(schema.requiredProperties).toEqual(['model']);
    expect((await coreApi.getAll(false)).results.map(({ name }) => name)).toEqual(['cars']);
    expect((await coreApi.getById('cars')).id).toBe(schema.id);

    const { basicApi } = stage.client.crm.objects;
    const made = await basicApi.create('cars', { properties: { model: 'T', vin: '1' }, associations: [] });
    expect(Object.keys(made.properties)).toEqual(
      expect.arrayContaining(['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']),
    );
    for (const name of [schema.objectTypeId ?? '', schema.fullyQualifiedName ?? '']) {
      expect((await basicApi.getById(name, made.id, ['model'])).properties['model']).toBe('T');
    }
    const twice = refusalOf(basicApi.create('cars', { properties: { model: 'U', vin: '1' }, associations: [] }));
    expect((await twice).body.errors?.[0]?.code).toBe('CONFLICTING_UNIQUE_VALUE');
    expect(await refusalOf(basicApi.create('cars', { properties: { vin: '2' }, associations: [] }))).toMatchObject({
      code: 400,
    });
    expect(await refusalOf(coreApi.create(egg as never))).toMatchObject({ code: 409 });
    expect(await refusalOf(coreApi.getById('boats'))).toMatchObject({ code: 404 });
  });

  test.each([
    ['a display property that it lacks', { ...egg, name: 'a', primaryDisplayProperty: 'none' }],
    ['a required property that it lacks', { ...egg, name: 'b', requiredProperties: ['none'] }],
  ])('are refused with %s', async (_, wrong) => {
    expect(await refusalOf(stage.client.crm.schemas.coreApi.create(wrong as never))).toMatchObject({ code: 400 });
  });

  test('that nobody defined are unknown', async () => {
    const { code, body } = await refusalOf(stage.client.crm.objects.basicApi.getPage('boats'));
    expect({ code, message: body.message }).toEqual({ code: 400, message: 'Unable to infer object type from: boats' });
  });
});
