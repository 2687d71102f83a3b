import { describe, expect, test } from '@jest/globals';
import { catalogNeeds } from '../../core/settings/catalog.ts';
import { checkAgainst } from '../../core/settings/check.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import { overlapPolicies } from '../../core/settings/settings.ts';
import { readStoredSettings } from '../../core/settings/stored.ts';
import { catalog } from './settings-catalog.ts';

const file = (...rows: readonly string[]) =>
  [
    'version: 1',
    'objects:',
    '  contacts:',
    '    segments: { include: [42] }',
    '    fields: [{ hubspot: email, salesforce: Email, rule: twoWay }]',
    '  companies: { fields: [{ hubspot: name, salesforce: Name, rule: twoWay }] }',
    ...(rows.length > 0 ? ['schedules:', ...rows.map((row) => `  - ${row}`)] : []),
  ].join('\n');

const nightly = "{ name: nightly, resync: { object: contacts, segment: 42 }, cron: '0 3 * * *' }";
const withCron = (cron: string, rest = '') =>
  `{ name: nightly, resync: { object: contacts }, cron: ${JSON.stringify(cron)}${rest} }`;

const problemsOf = (...rows: readonly string[]) =>
  parseSettings(file(...rows)).problems.map(({ path, found, expected }) => ({ path, found, expected }));

describe('schedules that can run', () => {
  test('are none where the file has none', () => {
    expect(parseSettings(file()).settings?.schedules).toEqual([]);
  });

  test('fill in UTC and skip', () => {
    expect(parseSettings(file(nightly)).settings?.schedules).toEqual([
      {
        name: 'nightly',
        run: { kind: 'resync', object: 'contacts', segmentId: '42' },
        cron: '0 3 * * *',
        timezone: 'UTC',
        overlap: 'skip',
      },
    ]);
  });

  test('become one for each object of a reconcile', () => {
    const { settings, problems } = parseSettings(
      file(
        "{ name: compare, reconcile: [contacts, companies], cron: '30  1 * * MON-FRI', timezone: europe/berlin, overlap: bufferOne }",
        "{ name: alone, reconcile: [companies], cron: '0 2 1 * *' }",
      ),
    );
    expect(problems).toEqual([]);
    const clock = { cron: '30 1 * * MON-FRI', timezone: 'Europe/Berlin', overlap: 'bufferOne' };
    expect(settings?.schedules).toEqual([
      { name: 'compare-contacts', run: { kind: 'reconcile', object: 'contacts' }, ...clock },
      { name: 'compare-companies', run: { kind: 'reconcile', object: 'companies' }, ...clock },
      {
        name: 'alone',
        run: { kind: 'reconcile', object: 'companies' },
        cron: '0 2 1 * *',
        timezone: 'UTC',
        overlap: 'skip',
      },
    ]);
  });

  test.each(overlapPolicies)('take the overlap policy %s', (overlap) => {
    expect(problemsOf(withCron('0 3 * * *', `, overlap: ${overlap}`))).toEqual([]);
  });

  test.each(['*/15 * * * *', '0 0-6/2,12 1,15 JAN-mar *', '59 23 * * 7', '0 3 * * FRI-7', '0 3 29 2 *'])(
    'take the cron line %s',
    (cron) => {
      expect(problemsOf(withCron(cron))).toEqual([]);
    },
  );

  test('survive being stored, and are none in a version from before there were any', () => {
    const { settings } = parseSettings(file(nightly, "{ name: compare, reconcile: [contacts], cron: '0 1 * * *' }"));
    const stored = JSON.parse(JSON.stringify(settings)) as { schedules?: unknown };
    expect(readStoredSettings(stored)).toEqual(settings);
    delete stored.schedules;
    expect(readStoredSettings(stored).schedules).toEqual([]);
  });
});

describe('schedules with a fault', () => {
  test.each([
    ['0 3 * *', '4 fields'],
    ['0 0 3 * * *', '6 fields'],
    ['@daily', 'one field'],
    ['61 * * * *', 'Invalid value for minute: 61'],
    ['0 24 * * *', 'Invalid value for hour: 24'],
    ['0 3 * * 8', 'Invalid value for dayOfWeek: 8'],
    ['0 3 * * MOO', 'configuration entry 5'],
    ['0 3 L * *', 'L in it'],
    ['0 3 ? * *', '? in it'],
    ['0 3 * * 1#2', '1#2 in it'],
    ['0 3 * * FRI-SUN', 'write 7 for the Sunday'],
    ['5-1 * * * *', 'From value is larger'],
    ['*/0 * * * *', 'illegal stepping'],
    ['0 3 30 2 *', 'a day that never comes'],
    ['soon', 'one field'],
  ])('refuse the cron line %s', (cron, fault) => {
    const [problem, ...others] = parseSettings(file(withCron(cron))).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path: 'schedules[nightly].cron', line: 8 });
    expect(problem?.found).toContain(`${cron} (`);
    expect(problem?.found).toContain(fault);
    expect(problem?.expected).toContain('five fields: minute, hour, day of month, month and weekday');
  });

  test.each(['Europe/Berlni', 'Mars/Base', '+02:00', 'Local', 'CEST'])('refuse the time zone %s', (timezone) => {
    expect(problemsOf(withCron('0 3 * * *', `, timezone: '${timezone}'`))).toEqual([
      {
        path: 'schedules[nightly].timezone',
        found: timezone,
        expected: expect.stringMatching(/^a time zone by its IANA name, such as Europe\/Berlin/),
      },
    ]);
  });

  test('say which time zone was meant', () => {
    const [problem] = problemsOf(withCron('0 3 * * *', ', timezone: Europe/Berlni'));
    expect(problem?.expected).toMatch(/did you mean Europe\/Berlin\?$/);
  });

  test.each([
    ["{ name: x, cron: '0 3 * * *' }", 'schedules[x]', 'neither resync nor reconcile'],
    [
      "{ name: x, resync: { object: contacts }, reconcile: [contacts], cron: '0 3 * * *' }",
      'schedules[x]',
      'resync and reconcile',
    ],
    ["{ name: x, resync: { object: contatcs }, cron: '0 3 * * *' }", 'schedules[x].resync.object', 'contatcs'],
    ["{ name: x, resync: { object: constructor }, cron: '0 3 * * *' }", 'schedules[x].resync.object', 'constructor'],
    ["{ name: x, resync: { object: companies }, cron: '0 3 * * *' }", 'schedules[x].resync.segment', 'nothing'],
    ["{ name: x, reconcile: [], cron: '0 3 * * *' }", 'schedules[x].reconcile', 'no object'],
    ["{ name: x, reconcile: [contacts, deals], cron: '0 3 * * *' }", 'schedules[x].reconcile[1]', 'deals'],
    ["{ name: 'my nightly', resync: { object: contacts }, cron: '0 3 * * *' }", 'schedules[0].name', 'my nightly'],
    ["{ name: x, resync: { object: contacts }, cron: '0 3 * * *', overlap: wait }", 'schedules[x].overlap', 'wait'],
    ['{ name: x, resync: { object: contacts } }', 'schedules[x].cron', 'nothing'],
    ["{ name: x, resync: { object: contacts }, cron: '0 3 * * *', every: 1h }", 'schedules[x].every', 'the key every'],
  ])('refuse %s', (row, path, found) => {
    expect(problemsOf(row)).toEqual([{ path, found, expected: expect.any(String) }]);
  });

  test('refuse a name that stands twice, also where it comes from a reconcile of several', () => {
    expect(
      problemsOf(
        "{ name: compare-contacts, resync: { object: contacts }, cron: '0 3 * * *' }",
        "{ name: Compare, reconcile: [contacts, companies], cron: '0 3 * * *' }",
        nightly,
        nightly,
      ).map(({ path, found, expected }) => [path, found, expected]),
    ).toEqual([
      ['schedules[Compare].name', 'Compare-contacts', 'each name once; schedules[compare-contacts] has it already'],
      ['schedules[3].name', 'nightly', 'each name once; schedules[2] has it already'],
    ]);
  });

  test('refuse an object that a reconcile names twice', () => {
    expect(problemsOf("{ name: x, reconcile: [contacts, contacts], cron: '0 3 * * *' }")).toEqual([
      { path: 'schedules[x].reconcile[1]', found: 'contacts', expected: 'each object once' },
    ]);
  });

  test('are listed all at once, with those of the rest of the file', () => {
    const { problems } = parseSettings(
      file(
        "{ name: x, resync: { object: people }, cron: '99 3 * * *', timezone: Nowhere }",
        "{ name: y, reconcile: [people], cron: '0 3 * *' }",
      ).replace('twoWay', 'never'),
    );
    expect(problems.map(({ path, line }) => [path, line])).toEqual([
      ['objects.contacts.fields[email].rule', 5],
      ['schedules[x].cron', 8],
      ['schedules[x].timezone', 8],
      ['schedules[x].resync.object', 8],
      ['schedules[y].cron', 9],
      ['schedules[y].reconcile[0]', 9],
    ]);
  });
});

describe('segments of schedules, against HubSpot', () => {
  const checked = (segment: string) => {
    const yaml = `version: 1
objects:
  contacts: { fields: [{ hubspot: email, salesforce: Email, rule: twoWay }] }
schedules:
  - { name: nightly, resync: { object: contacts, segment: ${segment} }, cron: '0 3 * * *' }`;
    const { settings, problems } = parseSettings(yaml);
    if (!settings) throw new Error(JSON.stringify(problems));
    return { ...checkAgainst(settings, catalog), needs: catalogNeeds(settings) };
  };

  test('are asked for, although the object itself has none', () => {
    expect(checked('customers').needs).toMatchObject({ segmentTypeIds: ['0-1'], segmentIds: [] });
    expect(checked('42').needs).toMatchObject({ segmentTypeIds: ['0-1'], segmentIds: ['42'] });
  });

  test.each(['customers', '42'])('become ids: %s', (segment) => {
    const { settings, problems } = checked(segment);
    expect(problems).toEqual([]);
    expect(settings.schedules).toMatchObject([{ run: { kind: 'resync', object: 'contacts', segmentId: '42' } }]);
  });

  test.each([
    ['43', '43 "Fair visitors", which is static (MANUAL)'],
    ['Large companies', '45 "Large companies", which is of type 0-2'],
    ['Twice', '"Twice", the name of segments 46, 47'],
    ['99', '99, which HubSpot does not have'],
    ['Custmers', 'Custmers, which HubSpot does not have'],
  ])('are refused: %s', (segment, found) => {
    expect(checked(segment).problems).toEqual([
      { path: 'schedules[nightly].resync.segment', found, expected: expect.any(String) },
    ]);
  });
});
