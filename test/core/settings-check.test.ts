import { describe, expect, test } from '@jest/globals';
import { catalogNeeds } from '../../core/settings/catalog.ts';
import { checkAgainst } from '../../core/settings/check.ts';
import { kinds } from '../../core/settings/kinds.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { catalog, field } from './settings-catalog.ts';

const email = '{ hubspot: email, salesforce: Email, rule: twoWay }';

function contacts(rest: string, ...fields: string[]): Settings {
  const yaml = `version: 1
objects:
  contacts: { ${rest ? `${rest}, ` : ''}fields: [${[email, ...fields].join(', ')}] }`;
  const { settings, problems } = parseSettings(yaml);
  if (!settings) throw new Error(JSON.stringify(problems));
  return settings;
}

const check = (rest: string, ...fields: string[]) => checkAgainst(contacts(rest, ...fields), catalog).problems;

describe('checking settings against both systems', () => {
  test('finds nothing wrong with settings that fit, and answers them with ids for names', () => {
    const settings = contacts(
      'segments: { include: [customers], exclude: [46] }',
      '{ hubspot: hs_lead_status, salesforce: { Lead: Status }, rule: preferSalesforce, values: [[NEW, Open], [OPEN, Working]] }',
    );
    const answer = checkAgainst(settings, catalog);
    expect(answer.problems).toEqual([]);
    expect(answer.settings.objects['contacts']?.segments).toEqual({ include: ['42'], exclude: ['46'] });
    expect(checkAgainst(answer.settings, catalog)).toEqual(answer);
  });

  test('asks for the types, the segments by id, and all segments of a type that names one', () => {
    expect(catalogNeeds(contacts('segments: { include: [Customers, 43] }'))).toEqual({
      hubspot: ['contacts'],
      salesforce: ['Contact', 'Lead'],
      segmentTypeIds: ['0-1'],
      segmentIds: ['43'],
    });
    expect(catalogNeeds(contacts('')).segmentTypeIds).toEqual([]);
  });

  test('names a field that neither system has, once per system, with what was meant', () => {
    expect(check('', '{ hubspot: frstname, salesforce: FirstNam, rule: twoWay }')).toEqual([
      {
        path: 'objects.contacts.fields[frstname].hubspot',
        found: 'frstname',
        expected: "a property of HubSpot's contacts; did you mean firstname?",
      },
      {
        path: 'objects.contacts.fields[frstname].salesforce',
        found: 'Contact.FirstNam',
        expected: "a field of Salesforce's Contact; did you mean FirstName?",
      },
      {
        path: 'objects.contacts.fields[frstname].salesforce',
        found: 'Lead.FirstNam',
        expected: "a field of Salesforce's Lead; did you mean FirstName?",
      },
    ]);
  });

  test.each([
    [
      'types that cannot hold the same',
      '{ hubspot: firstname, salesforce: { Lead: IsActive__c }, rule: twoWay }',
      'fields[firstname]',
      'same values',
    ],
    [
      'a calculated HubSpot property',
      '{ hubspot: score, salesforce: { Lead: Score__c }, rule: alwaysSalesforce }',
      'fields[score].rule',
      'alwaysHubSpot or none',
    ],
    [
      'a calculated Salesforce field',
      '{ hubspot: score, salesforce: { Lead: Score__c }, rule: alwaysHubSpot }',
      'fields[score].rule',
      'alwaysSalesforce or none',
    ],
    [
      'a read-only HubSpot property',
      '{ hubspot: createdate, salesforce: { Lead: CreatedDate }, rule: alwaysSalesforce }',
      'fields[createdate].rule',
      'never writes to HubSpot',
    ],
    [
      'a HubSpot option that does not exist',
      '{ hubspot: hs_lead_status, salesforce: { Lead: Status }, rule: twoWay, values: [[NEU, Open]] }',
      'fields[hs_lead_status].values[0]',
      'did you mean NEW?',
    ],
    [
      'a Salesforce value that is refused',
      '{ hubspot: hs_lead_status, salesforce: { Lead: Status }, rule: twoWay, values: [[NEW, Opn]] }',
      'fields[hs_lead_status].values[0]',
      'did you mean Open?',
    ],
  ])('refuses %s', (_name, mapping, path, expected) => {
    const problems = check('', mapping);
    expect(problems).toEqual([
      { path: `objects.contacts.${path}`, found: expect.any(String), expected: expect.stringContaining(expected) },
    ]);
  });

  test('takes a read-only field that no rule writes to', () => {
    expect(check('', '{ hubspot: createdate, salesforce: { Lead: CreatedDate }, rule: none }')).toEqual([]);
  });

  test.each([
    [
      'missing, by id',
      '99',
      '99, which HubSpot does not have',
      'the id or exact name of an active segment of contacts',
    ],
    [
      'missing, by name',
      'Custmers',
      'Custmers, which HubSpot does not have',
      'the id or exact name of an active segment of contacts; did you mean Customers?',
    ],
    [
      'static, by id',
      '43',
      '43 "Fair visitors", which is static (MANUAL)',
      "an active segment of contacts: a static one does not follow the records' data",
    ],
    [
      'static, by name',
      'snapshot of may',
      '44 "Snapshot of May", which is static (SNAPSHOT)',
      "an active segment of contacts: a static one does not follow the records' data",
    ],
    ['foreign, by id', '45', '45 "Large companies", which is of type 0-2', 'an active segment of contacts (0-1)'],
    [
      'foreign, by name',
      'Large companies',
      '45 "Large companies", which is of type 0-2',
      'an active segment of contacts (0-1)',
    ],
    ['ambiguous', 'Twice', '"Twice", the name of segments 46, 47', 'the id of one of them'],
  ])('refuses a segment that is %s', (_name, segment, found, expected) => {
    expect(check(`segments: { exclude: [42, ${segment}] }`)).toEqual([
      { path: 'objects.contacts.segments.exclude[1]', found, expected },
    ]);
  });

  test('refuses one segment under its id and its name', () => {
    expect(check('segments: { include: [42], exclude: [Customers] }')).toEqual([
      {
        path: 'objects.contacts.segments.exclude[0]',
        found: 'Customers',
        expected: 'each segment once; 42 is the same one',
      },
    ]);
  });

  test('names `tandem setup` where the id fields are missing', () => {
    const { tandem_salesforce_id: _property, ...properties } = catalog.hubspot['contacts'] ?? {};
    const { Tandem_HubSpot_Id__c: _field, ...lead } = catalog.salesforce['Lead'] ?? {};
    const bare = { ...catalog, hubspot: { contacts: properties }, salesforce: { ...catalog.salesforce, Lead: lead } };
    expect(checkAgainst(contacts(''), bare).problems).toEqual([
      {
        path: 'keys.hubspot',
        found: 'no tandem_salesforce_id on contacts',
        expected: expect.stringContaining('`tandem setup`'),
      },
      {
        path: 'keys.salesforce',
        found: 'no Tandem_HubSpot_Id__c on Lead',
        expected: expect.stringContaining('`tandem setup`'),
      },
    ]);
  });

  test('refuses id fields that do not keep values unique', () => {
    const settings = { ...contacts(''), keys: { hubspot: 'firstname', salesforce: 'FirstName' } };
    expect(checkAgainst(settings, catalog).problems.map(({ found }) => found)).toEqual([
      'firstname, which is not a unique text',
      'Contact.FirstName, which is not a unique external id in text that we may write',
      'Lead.FirstName, which is not a unique external id in text that we may write',
    ]);
  });

  test.each([
    ['no external id', { externalId: false }],
    ['not unique', { unique: false }],
    ['not writable', { createable: false }],
    ['no text', { type: 'double' }],
  ])('refuses a Salesforce id field that is %s', (_what, change) => {
    const key = field({ unique: true, externalId: true, ...change });
    const lead = { ...catalog.salesforce['Lead'], Tandem_HubSpot_Id__c: key };
    const { problems } = checkAgainst(contacts(''), { ...catalog, salesforce: { ...catalog.salesforce, Lead: lead } });
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ['keys.salesforce', expect.stringContaining('Lead.Tandem_HubSpot_Id__c, which is no')],
    ]);
  });

  test('names types that a system does not show, and then nothing about their fields', () => {
    const { problems } = checkAgainst(contacts(''), {
      hubspot: {},
      salesforce: { Lead: catalog.salesforce['Lead'] ?? {} },
      segments: [],
    });
    expect(problems.map(({ path, found }) => [path, found])).toEqual([
      ['objects.contacts.hubspot', 'contacts'],
      ['objects.contacts.salesforce.types', 'Contact'],
    ]);
  });

  test('checks what decides the type of a new record', () => {
    const rows =
      'salesforce: { create: [{ when: { lifecyclestage: [custmer], nosuch: [x] }, type: Contact }, { type: Lead }] }';
    expect(check(rows).map(({ path, expected }) => [path, expected])).toEqual([
      [
        'objects.contacts.salesforce.create[0].when.lifecyclestage',
        "an option of HubSpot's lifecyclestage; did you mean customer?",
      ],
      ['objects.contacts.salesforce.create[0].when.nosuch', "a property of HubSpot's contacts"],
    ]);
  });

  test('refuses to match by a property that is not unique', () => {
    const problems = check(
      'match: [{ hubspot: lastname, salesforce: LastName }]',
      '{ hubspot: lastname, salesforce: LastName, rule: twoWay }',
    );
    expect(problems).toEqual([
      { path: 'objects.contacts.match[0].hubspot', found: 'lastname', expected: 'a property with unique values' },
    ]);
  });

  test('gives each mapped property its kind, per Salesforce type', () => {
    const settings = contacts('', '{ hubspot: hs_lead_status, salesforce: { Lead: Status }, rule: twoWay }');
    expect(kinds(settings, catalog, 'contacts', 'Lead')).toEqual({ email: 'email', hs_lead_status: 'picklist' });
    expect(kinds(settings, catalog, 'contacts', 'Contact')).toEqual({ email: 'email' });
    expect(kinds(settings, catalog, 'nosuch', 'Contact')).toEqual({});
  });
});
