import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
let acme: string;
let lone: string;

beforeAll(async () => {
  org = await openOrg();
  const { people } = org.sandbox;
  acme = people.create('Account', { Name: 'Acme', AnnualRevenue: 10 });
  lone = people.create('Account', { Name: 'Lone', AnnualRevenue: 30 });
  for (const [LastName, Email] of [
    ['Ann', 'ann@x.example'],
    ['Bob', null],
    ['Cid', 'cid@x.example'],
  ]) {
    people.create('Contact', { LastName, Email, AccountId: acme });
  }
  for (const Status of ['Open', 'Open', 'Working']) people.create('Lead', { LastName: 'L', Company: 'C', Status });
  org.sandbox.addObject({ name: 'Widget__c' });
  org.sandbox.addField({ object: 'Widget__c', name: 'Owner_Account__c', type: 'lookup', referenceTo: 'Account' });
  people.create('Widget__c', { Name: 'W', Owner_Account__c: acme });
});
afterAll(() => org.close());

const names = async (soql: string) =>
  (await org.connection.query<{ Name?: string; LastName?: string }>(soql)).records.map(
    ({ Name, LastName }) => Name ?? LastName,
  );

describe('semi-joins', () => {
  test.each([
    ['SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact)', ['Acme']],
    ['SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact WHERE Email != null)', ['Lone']],
    [
      "SELECT LastName FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'Acme') AND Email = null",
      ['Bob'],
    ],
    ["SELECT LastName FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = 'Lone')", []],
    ['SELECT LastName FROM Lead WHERE ConvertedAccountId NOT IN (SELECT Id FROM Account)', []],
  ])('%s', async (soql, expected) => expect(await names(soql)).toEqual(expected));

  test.each([
    ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId, Id FROM Contact)', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 1)', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE Name IN (SELECT LastName FROM Contact)', 'INVALID_QUERY_FILTER_OPERATOR'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT Nope FROM Contact)', 'INVALID_FIELD'],
    ['SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Nope)', 'INVALID_TYPE'],
    [
      'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE AccountId IN (SELECT Id FROM Account))',
      'MALFORMED_QUERY',
    ],
  ])('%s is %s', async (soql, errorCode) =>
    expect(await refusalOf(org.connection.query(soql))).toMatchObject({ errorCode }),
  );
});

describe('subqueries of child records', () => {
  test('show the children of each, in their order, and null where there are none', async () => {
    const { records } = await org.connection.query(
      'SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE Email != null ORDER BY LastName DESC), (SELECT Name FROM Widgets__r) FROM Account ORDER BY Name',
    );
    expect(records).toMatchObject([
      {
        Name: 'Acme',
        Contacts: {
          totalSize: 2,
          done: true,
          records: [{ LastName: 'Cid', Account: { Name: 'Acme' } }, { LastName: 'Ann' }],
        },
        Widgets__r: { totalSize: 1, records: [{ Name: 'W' }] },
      },
      { Name: 'Lone', Contacts: null, Widgets__r: null },
    ]);
  });

  test('relationships stand in the description of the parent, unknown ones are refused', async () => {
    const { childRelationships } = await org.connection.sobject('Account').describe();
    expect(childRelationships).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ childSObject: 'Contact', field: 'AccountId', relationshipName: 'Contacts' }),
        expect.objectContaining({ childSObject: 'Widget__c', relationshipName: 'Widgets__r' }),
      ]),
    );
    const refused = await refusalOf(org.connection.query('SELECT Id, (SELECT Id FROM Friends) FROM Account'));
    expect(refused).toMatchObject({ errorCode: 'INVALID_TYPE', message: expect.stringContaining("'Friends'") });
  });
});

describe('groups', () => {
  const groups = async (soql: string) =>
    (await org.connection.query(soql)).records.map((record) =>
      Object.entries(record).flatMap(([name, value]) => (name === 'attributes' ? [] : [value])),
    );
  test.each([
    ['SELECT Status, COUNT(Id) n FROM Lead GROUP BY Status HAVING COUNT(Id) > 1', [['Open', 2]]],
    ["SELECT Status FROM Lead GROUP BY Status HAVING Status != 'Open'", [['Working']]],
    ['SELECT Status FROM Lead GROUP BY Status HAVING NOT (COUNT(Id) > 1)', [['Working']]],
    [
      'SELECT Status, COUNT(Id) n FROM Lead GROUP BY Status ORDER BY COUNT(Id) DESC',
      [
        ['Open', 2],
        ['Working', 1],
      ],
    ],
    ['SELECT Status FROM Lead GROUP BY Status ORDER BY Status DESC LIMIT 1', [['Working']]],
    ['SELECT SUM(AnnualRevenue), AVG(AnnualRevenue) FROM Account', [[40, 20]]],
  ])('%s', async (soql, expected) => expect(await groups(soql)).toEqual(expected));

  test('a field that is not grouped is refused in HAVING too', async () =>
    expect(
      await refusalOf(org.connection.query("SELECT Status FROM Lead GROUP BY Status HAVING Company = 'C'")),
    ).toMatchObject({ errorCode: 'MALFORMED_QUERY' }));
});

describe('foreign keys by external id', () => {
  beforeAll(() => {
    org.sandbox.addField({ object: 'Account', name: 'Ref__c', type: 'text', length: 10, externalId: true });
    org.sandbox.people.update('Account', acme, { Ref__c: 'A1' });
    for (const id of ['B', 'B']) org.sandbox.people.create('Account', { Name: id, Ref__c: id });
  });

  test('point at the record that has it, alone and in a collection', async () => {
    const one = await org.connection.create('Contact', { LastName: 'Dan', Account: { Ref__c: 'a1' } });
    expect(org.sandbox.record('Contact', String(one.id))).toMatchObject({ AccountId: acme });
    const many = await org.connection.update('Contact', [
      { Id: String(one.id), Account: { attributes: { type: 'Account' }, Ref__c: 'A1' } },
      { Id: String(one.id), Account: { Ref__c: 'none' } },
      { Id: String(one.id), Account: { Ref__c: 'B' } },
      { Id: String(one.id), Account: { Name: 'Acme' } },
      { Id: String(one.id), Nope: { Ref__c: 'A1' } },
    ]);
    expect(many.map(({ success, errors }) => [success, errors[0]?.message])).toEqual([
      [true, undefined],
      [false, 'Foreign key external ID: none not found for field Ref__c in entity Account'],
      [false, 'Foreign key external ID: b found more than once for field Ref__c in entity Account'],
      [false, 'Foreign key external ID: Name is not an external id of Account'],
      [false, "No such column 'Nope' on sobject of type Contact"],
    ]);
  });

  test('an object in the place of a value is refused', async () =>
    expect(await org.call('PATCH', `/sobjects/Account/${lone}`, { body: { Name: { a: 1 } } })).toMatchObject({
      status: 400,
    }));
});
