import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSettings } from '../../core/settings/parse.ts';
import type { Problem } from '../../core/settings/problem.ts';
import { readStoredSettings } from '../../core/settings/stored.ts';

const email = '- { hubspot: email, salesforce: Email, rule: twoWay }';

/** A file with one object whose fields, and whatever else is given, are put in. */
const contacts = (rest = '', fields: readonly string[] = [email]) =>
  ['version: 1', 'objects:', '  contacts:', ...rest.split('\n').map((line) => `    ${line}`), '    fields:']
    .concat(fields.map((field) => `      ${field}`))
    .join('\n');

const problemsOf = (yaml: string) =>
  parseSettings(yaml).problems.map(({ path, found, expected }) => ({ path, found, expected }));
const pathsOf = (yaml: string) => parseSettings(yaml).problems.map(({ path }) => path);

describe('settings that can run', () => {
  test('fill in every default', () => {
    const { settings, problems } = parseSettings(contacts());
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      keys: { hubspot: 'tandem_salesforce_id', salesforce: 'Tandem_HubSpot_Id__c' },
      objects: {
        contacts: {
          name: 'contacts',
          hubspot: { type: 'contacts', typeId: '0-1' },
          salesforce: { types: ['Contact', 'Lead'], create: [{ type: 'Contact' }] },
          direction: 'both',
          create: { hubspot: 'always', salesforce: 'members' },
          gate: {
            settleMs: 60_000,
            reevaluationTimeoutMs: 900_000,
            onTimeout: 'hold',
            firstSync: 'writeBack',
            importEvaluation: 'afterEmail',
            exit: 'freeze',
          },
          deletes: {
            fromHubSpot: 'nothing',
            fromSalesforce: 'nothing',
            hubspotMark: 'salesforcedeleted',
            salesforceMark: 'HubSpot_Deleted__c',
          },
          match: [{ hubspot: 'email', salesforce: 'Email' }],
          segments: { include: [], exclude: [] },
          onBadValue: 'failField',
          fields: [{ hubspot: 'email', salesforce: { Contact: 'Email', Lead: 'Email' }, rule: 'twoWay' }],
        },
      },
      polling: { hubspotMs: 10_000, salesforceMs: 30_000 },
      schedules: [],
    });
  });

  test('take what an object says before the defaults, key by key', () => {
    const yaml = `version: 1
defaults:
  create: { hubspot: never, salesforce: never }
  gate: { settleSeconds: 5, onTimeout: trustHubSpot }
objects:
  contacts:
    create: { hubspot: members }
    gate: { settleSeconds: 0.5 }
    fields:
      ${email}`;
    const contacts = parseSettings(yaml).settings?.objects['contacts'];
    expect(contacts?.create).toEqual({ hubspot: 'members', salesforce: 'never' });
    expect(contacts?.gate).toMatchObject({ settleMs: 500, onTimeout: 'trustHubSpot', reevaluationTimeoutMs: 900_000 });
  });

  test('create nothing on the side that a direction closes', () => {
    const { settings } = parseSettings(contacts('direction: toHubSpot'));
    expect(settings?.objects['contacts']?.create).toEqual({ hubspot: 'always', salesforce: 'never' });
  });

  test('keep ids, names, value tables and blanks as they are written', () => {
    const { settings, problems } = parseSettings(
      contacts(
        'salesforce: { types: [Lead], create: [{ when: { lifecyclestage: [customer] }, type: Lead }] }\nsegments: { include: [42, Customers], exclude: ["7"] }',
        [
          email,
          '- { hubspot: status, salesforce: { Lead: Status }, rule: preferSalesforce, values: [[NEW, Open]] }',
          "- { hubspot: company, salesforce: Company, rule: preferHubSpot, whenBlank: { salesforce: '(none)' } }",
        ],
      ),
    );
    expect(problems).toEqual([]);
    expect(settings?.objects['contacts']).toMatchObject({
      salesforce: { create: [{ when: { lifecyclestage: ['customer'] }, type: 'Lead' }] },
      segments: { include: ['42', 'Customers'], exclude: ['7'] },
      fields: [{}, { values: [['NEW', 'Open']] }, { whenBlank: { salesforce: '(none)' } }],
    });
  });

  test('know companies, deals, tickets and custom objects', () => {
    const yaml = `version: 1
objects:
  companies: { fields: [{ hubspot: name, salesforce: Name, rule: twoWay }] }
  deals: { fields: [{ hubspot: dealname, salesforce: Name, rule: twoWay }] }
  cases: { hubspot: tickets, fields: [{ hubspot: subject, salesforce: Subject, rule: twoWay }] }
  widgets:
    hubspot: 2-123
    salesforce: { types: [Widget__c] }
    match: [{ hubspot: serial, salesforce: Serial__c }]
    fields: [{ hubspot: serial, salesforce: Serial__c, rule: twoWay }]`;
    const { settings, problems } = parseSettings(yaml);
    expect(problems).toEqual([]);
    const types = Object.values(settings?.objects ?? {}).map(({ hubspot, salesforce }) => [
      hubspot.typeId,
      ...salesforce.types,
    ]);
    expect(types).toEqual([
      ['0-2', 'Account'],
      ['0-3', 'Opportunity'],
      ['0-5', 'Case'],
      ['2-123', 'Widget__c'],
    ]);
  });

  test('survive being stored as JSON', () => {
    const { settings } = parseSettings(
      contacts('segments: { include: [42] }', [
        email,
        "- { hubspot: company, salesforce: { Lead: Company }, rule: preferHubSpot, values: [[a, b]], whenBlank: { salesforce: '-' } }",
      ]),
    );
    expect(readStoredSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  test('are not read from anything that is no settings', () => {
    expect(() => readStoredSettings({ objects: {} })).toThrow('keys, polling');
  });
});

describe('problems', () => {
  test('are all listed at once, each with path, line, found and expected, in the order of the file', () => {
    const yaml = `version: 2
defaults: { direction: sideways }
objects:
  contacts:
    segments: { include: [{}] }
    felds: []
    fields:
      - { hubspot: email, salesforce: Email, rule: twoway }
      - { hubspot: firstname, salesforce: Name, rule: twoWay }
      - { hubspot: lastname, salesforce: Name, rule: alwaysHubspot }
polling: { hubspot: 10 seconds }`;
    const { problems, settings } = parseSettings(yaml);
    expect(settings).toBeUndefined();
    expect(problems).toEqual([
      { line: 1, path: 'version', found: '2', expected: '1' },
      { line: 2, path: 'defaults.direction', found: 'sideways', expected: 'one of both, toHubSpot, toSalesforce' },
      { line: 5, path: 'objects.contacts.segments.include[0]', found: '{}', expected: "a segment's id or exact name" },
      {
        line: 6,
        path: 'objects.contacts.felds',
        found: 'the key felds',
        expected: expect.stringContaining('; did you mean fields?'),
      },
      {
        line: 8,
        path: 'objects.contacts.fields[email].rule',
        found: 'twoway',
        expected: expect.stringMatching(/^one of twoWay, .*; did you mean twoWay\?$/),
      },
      {
        line: 10,
        path: 'objects.contacts.fields[lastname].rule',
        found: 'alwaysHubspot',
        expected: expect.stringContaining('; did you mean alwaysHubSpot?'),
      },
      {
        line: 10,
        path: 'objects.contacts.fields[lastname].salesforce',
        found: 'Contact.Name',
        expected: 'each Salesforce field once per type; firstname has it already',
      },
      {
        line: 10,
        path: 'objects.contacts.fields[lastname].salesforce',
        found: 'Lead.Name',
        expected: 'each Salesforce field once per type; firstname has it already',
      },
      { line: 11, path: 'polling.hubspot', found: '10 seconds', expected: 'a duration such as 10s, 15m or 2h' },
    ]);
  });

  test('leave what is right readable, for the check against both systems', () => {
    const { readable } = parseSettings(
      contacts('felds: 1', ['- { hubspot: email, salesforce: Email, rule: twoway }', '- 7']),
    );
    expect(readable?.objects['contacts']?.fields).toEqual([
      { hubspot: 'email', salesforce: { Contact: 'Email', Lead: 'Email' }, rule: 'none' },
    ]);
  });

  test.each([
    ['', ['']],
    ['just text', ['']],
    ['version: 1', ['objects']],
    ['version: 1\nobjects: {}', ['objects']],
    ['version: 1\nobjects:', ['objects']],
    ['version: 1\nobjects: { contacts: }', ['objects.contacts']],
    ['version: 1\nobjects: { contacts: { fields: [] } }', ['objects.contacts.fields']],
    ['version: 1\nobjects: { contacts: {} }', ['objects.contacts.fields']],
    ['version: 1\nversion: 1\nobjects: [', ['', '']],
    ['version: 1\nobjects: { "9 lives": {} }', ['objects.9 lives']],
  ])('are named for %j', (yaml, paths) => {
    expect(pathsOf(yaml)).toEqual(expect.arrayContaining(paths));
    expect(parseSettings(yaml).settings).toBeUndefined();
  });

  test('are data for whatever stands in the file, and never a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (part, object, field) => {
        const files = [
          part,
          { version: 1, objects: { contacts: object } },
          { objects: { a: { fields: [field, part] } } },
        ];
        for (const file of files) {
          const { settings, problems } = parseSettings(JSON.stringify(file));
          expect(problems.length === 0).toBe(settings !== undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('name the line of a fault in the YAML itself', () => {
    expect(parseSettings('version: 1\nobjects:\n  contacts: [}').problems[0]).toMatchObject({
      line: 3,
      expected: 'YAML that can be read',
    });
  });

  test('refuse an alias that grows without end', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]`;
    expect(parseSettings(bomb)).toMatchObject({ problems: [{ path: '', expected: 'YAML that can be read' }] });
  });

  test.each([
    ['limits: {}', 'limits'],
    ['defaults: { import: {} }', 'defaults.import'],
  ])('say that %s is not supported yet', (line, path) => {
    expect(problemsOf(`${contacts()}\n${line}`)).toEqual([
      { path, found: expect.any(String), expected: 'no such key: it is not supported yet; leave it out' },
    ]);
  });

  test.each([['import: { evaluate: projected }', 'objects.contacts.import']])(
    'say that %s of an object is not supported yet',
    (line, path) => {
      expect(problemsOf(contacts(line))).toEqual([
        { path, found: expect.any(String), expected: expect.stringContaining('not supported yet') },
      ]);
    },
  );
});

describe('settings that contradict themselves', () => {
  const only = (yaml: string): Omit<Problem, 'line'> => {
    const problems = problemsOf(yaml);
    expect(problems).toHaveLength(1);
    return problems[0] ?? { path: '', found: '', expected: '' };
  };
  const mapping = (text: string) => contacts('', [email, `- { ${text} }`]);

  test.each([
    [
      'a property mapped twice',
      mapping('hubspot: email, salesforce: FirstName, rule: none'),
      'objects.contacts.fields[1]',
      'fields[0] has it already',
    ],
    [
      'a type that is not listed',
      mapping('hubspot: a, salesforce: { Account: Name }, rule: twoWay'),
      'objects.contacts.fields[a].salesforce.Account',
      'one of the types Contact, Lead',
    ],
    [
      'no Salesforce field',
      mapping('hubspot: a, salesforce: {}, rule: twoWay'),
      'objects.contacts.fields[a].salesforce',
      'at least one type',
    ],
    [
      "HubSpot's key mapped",
      mapping('hubspot: tandem_salesforce_id, salesforce: A, rule: twoWay'),
      'objects.contacts.fields[tandem_salesforce_id].hubspot',
      'id of the counterpart',
    ],
    [
      "Salesforce's key mapped",
      mapping('hubspot: a, salesforce: tandem_hubspot_id__c, rule: twoWay'),
      'objects.contacts.fields[a].salesforce',
      'id of the counterpart',
    ],
    [
      'a HubSpot value translated twice',
      mapping('hubspot: a, salesforce: A, rule: twoWay, values: [[x, 1a], [x, 2a]]'),
      'objects.contacts.fields[a].values[1]',
      'each HubSpot value once',
    ],
    [
      'a Salesforce value translated twice',
      mapping('hubspot: a, salesforce: A, rule: twoWay, values: [[x, 1a], [y, 1a]]'),
      'objects.contacts.fields[a].values[1]',
      'each Salesforce value once',
    ],
    [
      'a number among values',
      mapping('hubspot: a, salesforce: A, rule: twoWay, values: [[x, 1]]'),
      'objects.contacts.fields[a].values[0][1]',
      'in quotes',
    ],
    [
      'a blank value where nothing is written',
      mapping('hubspot: a, salesforce: A, rule: alwaysSalesforce, whenBlank: { salesforce: x }'),
      'objects.contacts.fields[a].whenBlank.salesforce',
      'never writes there',
    ],
    [
      'a rule that the direction closes',
      contacts('direction: toHubSpot', [email, '- { hubspot: a, salesforce: A, rule: alwaysHubSpot }']),
      'objects.contacts.fields[a].rule',
      'direction toHubSpot',
    ],
    [
      'creation where the direction writes nothing',
      contacts('direction: toSalesforce\ncreate: { hubspot: members }'),
      'objects.contacts.create.hubspot',
      'never, as direction toSalesforce',
    ],
    [
      'a match that is not mapped',
      contacts('match: [{ hubspot: phone, salesforce: Phone }]'),
      'objects.contacts.match[0]',
      'a field mapping of phone to Phone',
    ],
    [
      'a match that one type lacks',
      contacts('', ['- { hubspot: email, salesforce: { Lead: Email }, rule: twoWay }']),
      'objects.contacts.match[0]',
      'for each Salesforce type',
    ],
    [
      'a created type that is not listed',
      contacts('salesforce: { create: [{ type: Account }] }'),
      'objects.contacts.salesforce.create[0].type',
      'one of the types Contact, Lead',
    ],
    [
      'a creation row that is never reached',
      contacts('salesforce: { create: [{ type: Lead }, { type: Contact }] }'),
      'objects.contacts.salesforce.create[1]',
      'no row after row 0',
    ],
    [
      'no type',
      contacts('salesforce: { types: [] }'),
      'objects.contacts.salesforce.types',
      'at least one Salesforce type',
    ],
    [
      'a type twice',
      contacts('salesforce: { types: [Lead, lead] }'),
      'objects.contacts.salesforce.types',
      'each Salesforce type once',
    ],
    [
      'a segment twice',
      contacts('segments: { include: [42], exclude: ["42"] }'),
      'objects.contacts.segments.exclude[0]',
      'each segment once',
    ],
    [
      'creation outside a segment',
      contacts('segments: { include: [42] }\ncreate: { salesforce: always }'),
      'objects.contacts.create.salesforce',
      'members or never',
    ],
    [
      'an unknown HubSpot type',
      contacts('hubspot: kontakte\nsalesforce: { types: [Lead] }\nmatch: []'),
      'objects.contacts.hubspot',
      "a custom object's type id",
    ],
  ])('%s', (_name, yaml, path, expected) => {
    const problem = only(yaml);
    expect(problem.path).toBe(path);
    expect(problem.expected).toContain(expected);
  });

  test('one HubSpot type in two objects', () => {
    const yaml = `${contacts()}\n  people: { hubspot: contacts, salesforce: { types: [Person__c] }, match: [], fields: [{ hubspot: a, salesforce: A, rule: twoWay }] }`;
    expect(only(yaml)).toMatchObject({
      path: 'objects.people.hubspot',
      expected: expect.stringContaining('contacts has it'),
    });
  });
});
