import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
let ids: Record<string, string>;

beforeAll(async () => {
  org = await openOrg();
  org.sandbox.addField({
    object: 'Contact',
    name: 'Code__c',
    type: 'text',
    length: 20,
    unique: true,
    caseSensitive: true,
  });
  const { people, users } = org.sandbox;
  const acme = people.create('Account', { Name: 'Acme', OwnerId: users.rep });
  const add = (fields: Record<string, unknown>) => {
    org.time.advance(60_000);
    return people.create('Contact', fields);
  };
  ids = {
    ann: add({
      LastName: 'Ann',
      Email: 'Ann@x.example',
      Score__c: 1,
      AccountId: acme,
      Code__c: 'aB',
      Interests__c: 'Analytics;Events',
    }),
    bob: add({
      LastName: "O'Bob",
      Email: 'bob@x.example',
      Score__c: 2.5,
      HasOptedOutOfEmail: true,
      Renewal_Date__c: '2026-01-05',
    }),
    eva: add({
      LastName: 'Éva 50%',
      Score__c: 10,
      OwnerId: users.rep,
      Renewal_Date__c: '2026-01-06',
      Title: 'back\\slash',
    }),
    ivo: add({ LastName: 'ivo', Email: 'ivo@x.example', Title: 'a_b', Interests__c: 'Automation' }),
  };
  const gone = add({ LastName: 'Gone', Email: 'gone@x.example' });
  people.remove('Contact', gone);
});
afterAll(() => org.close());

const find = async (where: string): Promise<string[]> => {
  const { records } = await org.connection.query<{ Id: string }>(`SELECT Id FROM Contact WHERE ${where}`);
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return records.map(({ Id }) => names.get(Id ?? '') ?? '?').sort();
};

describe('a condition', () => {
  test.each([
    ["Email = 'ANN@X.EXAMPLE'", ['ann']],
    ["Email != 'ann@x.example'", ['bob', 'eva', 'ivo']],
    ['Email = null', ['eva']],
    ["Email = ''", ['eva']],
    ['Email != null', ['ann', 'bob', 'ivo']],
    ["Email IN ('ann@x.example', 'IVO@x.example', 'nobody@x.example')", ['ann', 'ivo']],
    ["Email NOT IN ('ann@x.example')", ['bob', 'eva', 'ivo']],
    ["LastName = 'O\\'Bob'", ['bob']],
    ["Title = 'back\\\\slash'", ['eva']],
    ["LastName LIKE 'A%'", ['ann']],
    ["LastName LIKE 'IV_'", ['ivo']],
    ["Title LIKE '%a\\_b%'", ['ivo']],
    ["LastName LIKE '%50\\%'", ['eva']],
    ["LastName LIKE '%5\\%'", []],
    ["LastName LIKE 'O\\_Bob'", []],
    ["LastName LIKE 'O_Bob'", ['bob']],
    ["(NOT LastName LIKE 'a%')", ['bob', 'eva', 'ivo']],
    ["Code__c = 'aB'", ['ann']],
    ["Code__c = 'AB'", []],
    ['Score__c > 1 AND Score__c <= 10', ['bob', 'eva']],
    ['Score__c < 100', ['ann', 'bob', 'eva']],
    ['HasOptedOutOfEmail = true', ['bob']],
    ['HasOptedOutOfEmail = FALSE', ['ann', 'eva', 'ivo']],
    ['Renewal_Date__c = 2026-01-05', ['bob']],
    ['Renewal_Date__c > 2026-01-05', ['eva']],
    ['Renewal_Date__c = TODAY', ['bob']],
    ['Renewal_Date__c <= NEXT_N_DAYS:1', ['bob', 'eva']],
    ['SystemModstamp > 2026-01-05T09:02:00Z', ['eva', 'ivo']],
    ['SystemModstamp >= 2026-01-05T10:02:00.000+01:00', ['bob', 'eva', 'ivo']],
    ["Interests__c INCLUDES ('Analytics;Events', 'Golf')", ['ann']],
    ["Interests__c INCLUDES ('Analytics', 'Automation')", ['ann', 'ivo']],
    ["Interests__c EXCLUDES ('Analytics')", ['bob', 'eva', 'ivo']],
    ["Account.Name = 'acme'", ['ann']],
    ["Account.Owner.Email = 'rita@sandbox.example'", ['ann']],
    ["Owner.Email LIKE 'RITA@%'", ['eva']],
    ["(LastName = 'Ann' OR LastName = 'ivo') AND Email LIKE '%x.example'", ['ann', 'ivo']],
    ["LastName = 'Ann' OR (Score__c > 2 AND (NOT Email = null))", ['ann', 'bob']],
    ["NOT (LastName = 'Ann' OR LastName = 'ivo')", ['bob', 'eva']],
    ["(((LastName = 'Ann')))", ['ann']],
    ['IsDeleted = false', ['ann', 'bob', 'eva', 'ivo']],
    ["Name LIKE '%\\u00c9va%'", ['eva']],
  ])('%s', async (where, expected) => {
    expect(await find(where)).toEqual(expected);
  });

  test('on an id takes both forms', async () => {
    expect(await find(`Id IN ('${ids.ann}', '${ids.bob?.slice(0, 15)}')`)).toEqual(['ann', 'bob']);
    expect(await find(`Id > '${ids.bob}'`)).toEqual(['eva', 'ivo']);
  });
});

describe('an order', () => {
  const order = async (by: string) => {
    const { records } = await org.connection.query<{ LastName: string }>(`SELECT LastName FROM Contact ORDER BY ${by}`);
    return records.map(({ LastName }) => LastName);
  };

  test.each([
    ['SystemModstamp DESC, Id', ['ivo', 'Éva 50%', "O'Bob", 'Ann']],
    ['Score__c', ['ivo', 'Ann', "O'Bob", 'Éva 50%']],
    ['Score__c ASC NULLS LAST', ['Ann', "O'Bob", 'Éva 50%', 'ivo']],
    ['Score__c DESC NULLS LAST', ['Éva 50%', "O'Bob", 'Ann', 'ivo']],
    ['LastName LIMIT 2', ['Ann', 'ivo']],
    ['LastName LIMIT 2 OFFSET 1', ['ivo', "O'Bob"]],
  ])('by %s', async (by, expected) => {
    expect(await order(by)).toEqual(expected);
  });
});

describe('a selection', () => {
  test('of parents gives objects of their own, or null', async () => {
    const soql =
      "SELECT Id, Account.Name, Account.Owner.Name, Owner.Email FROM Contact WHERE Email LIKE '%x.example' LIMIT 2";
    const { body } = await org.call('GET', `/query?q=${encodeURIComponent(soql)}`);
    const { records } = as(answers.page, body);
    expect(records).toMatchObject([
      {
        Account: { attributes: { type: 'Account' }, Name: 'Acme', Owner: { Name: 'Rita Salesworth' } },
        Owner: { Email: 'ada@sandbox.example' },
      },
      { Account: null },
    ]);
  });

  test('of COUNT() is a size without records', async () => {
    expect(await org.connection.query('SELECT COUNT() FROM Contact WHERE Email != null')).toMatchObject({
      totalSize: 3,
      records: [],
    });
  });

  test('of functions is one record, even where nothing is found', async () => {
    const soql = 'SELECT COUNT(Id), MAX(Score__c) most, MIN(SystemModstamp) FROM Contact';
    expect((await org.connection.query(soql)).records).toEqual([
      { attributes: { type: 'AggregateResult' }, expr0: 4, most: 10, expr1: '2026-01-05T09:01:00.000+0000' },
    ]);
    expect((await org.connection.query(`${soql} WHERE Email = 'x@y.example'`)).records).toMatchObject([
      { expr0: 0, most: null },
    ]);
  });

  test('of groups is one record per group', async () => {
    const soql = 'SELECT HasOptedOutOfEmail, COUNT(Id) n FROM Contact GROUP BY HasOptedOutOfEmail';
    expect((await org.connection.query(soql)).records).toMatchObject([
      { HasOptedOutOfEmail: false, n: 3 },
      { HasOptedOutOfEmail: true, n: 1 },
    ]);
  });

  test('of FIELDS(ALL) gives every field, with a limit only', async () => {
    const { records } = await org.connection.query("SELECT FIELDS(ALL) FROM Contact WHERE LastName = 'Ann' LIMIT 1");
    expect(records[0]).toMatchObject({ LastName: 'Ann', Code__c: 'aB', IsDeleted: false });
    expect(await refusalOf(org.connection.query('SELECT FIELDS(ALL) FROM Contact'))).toMatchObject({
      errorCode: 'MALFORMED_QUERY',
    });
  });

  test('finds deleted rows with queryAll alone', async () => {
    const soql = "SELECT Id, IsDeleted FROM Contact WHERE Email = 'gone@x.example'";
    expect((await org.connection.query(soql)).records).toEqual([]);
    expect((await org.connection.query(soql, { scanAll: true })).records).toMatchObject([{ IsDeleted: true }]);
  });

  test('does not see a field that is hidden from the integration user', async () => {
    org.sandbox.hideField('Contact', 'Code__c', true);
    expect(await refusalOf(org.connection.query('SELECT Code__c FROM Contact'))).toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
    expect((await org.connection.describe('Contact')).fields.map(({ name }) => name)).not.toContain('Code__c');
    org.sandbox.hideField('Contact', 'Code__c', false);
  });
});

describe('a query', () => {
  const advice =
    "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";

  test.each([
    [
      'SELECT Nope FROM Contact',
      'INVALID_FIELD',
      `\nSELECT Nope FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Contact'. ${advice}`,
    ],
    ["SELECT Id FROM Contact WHERE Nope = 'x'", 'INVALID_FIELD', "No such column 'Nope' on entity 'Contact'."],
    ['SELECT Boss.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Boss' in field path."],
    ['SELECT Id, id FROM Contact', 'INVALID_FIELD', 'duplicate field selected: Id'],
    ['SELECT Id FROM Nope__c', 'INVALID_TYPE', "sObject type 'Nope__c' is not supported."],
    ['SELECT Id FRM Contact', 'MALFORMED_QUERY', 'unexpected token'],
    ['SELECT Id FROM Contact ALL ROWS', 'MALFORMED_QUERY', "unexpected token: 'ROWS'"],
    ['', 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null'],
    [
      "SELECT Id FROM Contact WHERE LastName = 'a' AND LastName = 'b' OR LastName = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ["SELECT Id FROM Contact WHERE LastName = 'a\\d'", 'MALFORMED_QUERY', 'Invalid string literal'],
    [
      "SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
      'INVALID_FIELD',
      "value of filter criterion for field 'SystemModstamp' must be of type dateTime and should not be enclosed in quotes",
    ],
    [
      'SELECT Id FROM Contact WHERE LastName = 5',
      'INVALID_FIELD',
      "value of filter criterion for field 'LastName' must be of type string and should be enclosed in quotes",
    ],
    ["SELECT Id FROM Contact WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: abc'],
    ["SELECT Id FROM Contact WHERE Score__c LIKE '1%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator'],
    ['SELECT LastName, COUNT(Id) FROM Contact', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: LastName'],
    ['SELECT Id FROM Contact OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
  ])('%s is refused', async (soql, errorCode, message) => {
    const reply = await org.call('GET', `/query?q=${encodeURIComponent(soql)}`);
    expect(reply.status).toBe(400);
    const [error] = as(answers.errors, reply.body);
    expect(error?.errorCode).toBe(errorCode);
    expect(error?.message).toContain(message);
  });
});

describe('paging', () => {
  test('gives every record once, by locators that jsforce follows', async () => {
    org.sandbox.setPageSize(3);
    const first = as(answers.page, (await org.call('GET', '/query?q=SELECT+Id+FROM+Contact+ORDER+BY+Id')).body);
    expect(first).toMatchObject({ totalSize: 4, done: false, records: { length: 3 } });
    const path = String(first.nextRecordsUrl).replace('/services/data/v67.0', '');
    const second = (await org.call('GET', path)).body;
    expect(as(answers.page, second)).toMatchObject({ totalSize: 4, done: true, records: [{ Id: ids.ivo }] });
    expect((await org.call('GET', path)).body).toEqual(second);
    const all = await org.connection.query('SELECT Id FROM Contact ORDER BY Id', { autoFetch: true });
    expect(all.records.map(({ Id }) => Id)).toEqual(Object.values(ids));
    org.sandbox.setPageSize(undefined);
  });

  test('shows on a later page what was found at first, whatever has changed since', async () => {
    org.sandbox.setPageSize(3);
    const { nextRecordsUrl } = await org.connection.query('SELECT Id, Title FROM Contact ORDER BY Id');
    org.sandbox.people.update('Contact', String(ids.ivo), { Title: 'changed' });
    const { records } = await org.connection.queryMore(String(nextRecordsUrl));
    expect(records).toMatchObject([{ Title: 'a_b' }]);
    org.sandbox.people.update('Contact', String(ids.ivo), { Title: 'a_b' });
    org.sandbox.setPageSize(undefined);
  });

  test('asks again from the start when a locator has gone', async () => {
    org.sandbox.setPageSize(3);
    const { nextRecordsUrl } = await org.connection.query('SELECT Id FROM Contact');
    org.sandbox.setPageSize(undefined);
    org.sandbox.expireLocators();
    expect(await refusalOf(org.connection.queryMore(String(nextRecordsUrl)))).toMatchObject({
      errorCode: 'INVALID_QUERY_LOCATOR',
    });
  });

  test('is as short as the client asks, but not shorter than 200', async () => {
    const { people } = org.sandbox;
    for (let i = 0; i < 201; i += 1) people.create('Account', { Name: `Account ${i}` });
    const headers = { 'Sforce-Query-Options': 'batchSize=10' };
    const { body } = await org.call('GET', '/query?q=SELECT+Id+FROM+Account', { headers });
    expect(as(answers.page, body)).toMatchObject({ totalSize: 202, done: false, records: { length: 200 } });
  });
});
