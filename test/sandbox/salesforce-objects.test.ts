import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as answers from '../contracts/salesforce-answers.ts';
import { as, type Org, openOrg, refusalOf } from './salesforce-org.ts';

let org: Org;
beforeEach(async () => {
  org = await openOrg();
});
afterEach(() => org.close());

const create = async (type: string, fields: object): Promise<string> => {
  const made = await org.connection.create(type, fields as never);
  return String((made as { id?: string }).id);
};
const read = async (type: string, id: string) => (await org.connection.retrieve(type, id)) as Record<string, unknown>;

describe('an opportunity', () => {
  const sale = { Name: 'Tea', StageName: 'Proposal', CloseDate: '2026-06-30', Amount: 1200.5 };

  test('has its probability, and whether it is closed and won, by its stage', async () => {
    const id = await create('Opportunity', sale);
    expect(await read('Opportunity', id)).toMatchObject({ Probability: 75, IsClosed: false, IsWon: false });
    await org.connection.update('Opportunity', { Id: id, StageName: 'Closed Won' } as never);
    expect(await read('Opportunity', id)).toMatchObject({ Probability: 100, IsClosed: true, IsWon: true });
    const { records } = await org.connection.query('SELECT Id FROM Opportunity WHERE IsWon = true AND Amount > 1000');
    expect(records.map(({ Id }) => Id)).toEqual([id]);
  });

  test.each([
    ['a name', { StageName: 'Proposal', CloseDate: '2026-06-30' }, 'REQUIRED_FIELD_MISSING'],
    ['a stage', { Name: 'Tea', CloseDate: '2026-06-30' }, 'REQUIRED_FIELD_MISSING'],
    ['a day of closing', { Name: 'Tea', StageName: 'Proposal' }, 'REQUIRED_FIELD_MISSING'],
    ['a stage that there is', { ...sale, StageName: 'Nowhere' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    ['a queue as owner', { ...sale, OwnerId: 'queue' }, 'INVALID_CROSS_REFERENCE_KEY'],
  ])('is not created without %s', async (what, fields, code) => {
    const given = what === 'a queue as owner' ? { ...fields, OwnerId: org.sandbox.addQueue('Sales') } : fields;
    expect((await refusalOf(org.connection.create('Opportunity', given as never))).errorCode).toBe(code);
  });
});

describe('a case', () => {
  test('is numbered, and closed by its status', async () => {
    const ids = [await create('Case', { Subject: 'Cold' }), await create('Case', { Subject: 'Late' })];
    const rows = await Promise.all(ids.map((id) => read('Case', id)));
    expect(rows.map(({ CaseNumber, Status, IsClosed }) => [CaseNumber, Status, IsClosed])).toEqual([
      ['00000001', 'New', false],
      ['00000002', 'New', false],
    ]);
    await org.connection.update('Case', { Id: ids[0] ?? '', Status: 'Closed' } as never);
    expect(await read('Case', ids[0] ?? '')).toMatchObject({ IsClosed: true });
    const number = org.connection.update('Case', { Id: ids[0] ?? '', CaseNumber: '7' } as never);
    expect((await refusalOf(number)).errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });
});

describe('a queue', () => {
  test('owns a case, and is told from a user in a query', async () => {
    const queue = org.sandbox.addQueue('Support');
    const [theirs, ours] = [await create('Case', { OwnerId: queue }), await create('Case', {})];
    const soql = 'SELECT Id, Owner.Name, Owner.Type, Owner.Email FROM Case ORDER BY CaseNumber';
    const { records } = await org.connection.query<Record<string, unknown>>(soql);
    expect(records.map(({ Id, Owner }) => [Id, Owner])).toEqual([
      [
        theirs,
        {
          attributes: { type: 'Name', url: `/services/data/v67.0/sobjects/Group/${queue}` },
          Name: 'Support',
          Type: 'Queue',
          Email: null,
        },
      ],
      [ours, expect.objectContaining({ Type: 'User', Email: 'integration@sandbox.example' })],
    ]);
    const queues = await org.connection.query("SELECT Id, DeveloperName FROM Group WHERE Type = 'Queue'");
    expect(queues.records.map(({ Id }) => Id)).toEqual([queue]);
  });

  test('owns no contact', async () => {
    const OwnerId = org.sandbox.addQueue('Support');
    const made = org.connection.create('Contact', { LastName: 'A', OwnerId } as never);
    expect((await refusalOf(made)).errorCode).toBe('INVALID_CROSS_REFERENCE_KEY');
  });

  test('and a user can not be made by API clients', async () => {
    for (const type of ['Group', 'User']) {
      const made = org.connection.create(type, { Name: 'x' } as never);
      expect((await refusalOf(made)).errorCode).toBe('INSUFFICIENT_ACCESS_OR_READONLY');
    }
  });
});

test('a user who leaves can be given nothing any more', async () => {
  const user = org.sandbox.addUser({ Username: 'u@x.example', LastName: 'U', Alias: 'u', Email: 'u@x.example' });
  await create('Account', { Name: 'A', OwnerId: user });
  org.sandbox.editUser(user, { IsActive: false });
  const made = org.connection.create('Account', { Name: 'B', OwnerId: user } as never);
  expect((await refusalOf(made)).errorCode).toBe('INACTIVE_OWNER_OR_USER');
});

describe('a custom object', () => {
  beforeEach(() => {
    org.sandbox.addObject({ name: 'Widget__c', autoNumber: 4 });
    org.sandbox.addField({ object: 'Widget__c', name: 'Serial__c', type: 'text', externalId: true, unique: true });
    org.sandbox.addField({ object: 'Widget__c', name: 'Price__c', type: 'currency', scale: 2 });
    org.sandbox.addField({ object: 'Widget__c', name: 'Account__c', type: 'lookup', referenceTo: 'Account' });
    org.sandbox.addField({ object: 'Widget__c', name: 'Kind__c', type: 'picklist', values: ['a'], required: true });
  });

  test('is described as the administrator made it', async () => {
    const widget = as(answers.describe, await org.connection.describe('Widget__c'));
    const field = (name: string) => widget.fields.find((each) => each.name === name);
    expect(widget).toMatchObject({ custom: true, label: 'Widget' });
    expect(field('Name')).toMatchObject({ autoNumber: true, createable: false });
    expect(field('Account__c')).toMatchObject({ relationshipName: 'Account__r', referenceTo: ['Account'] });
    expect(field('Price__c')).toMatchObject({ type: 'currency', scale: 2 });
    expect(field('Kind__c')).toMatchObject({ nillable: false });
  });

  test('is written, upserted by its key and queried with its parent', async () => {
    const account = await create('Account', { Name: 'Acme' });
    const rows = [{ Serial__c: 's1', Kind__c: 'a', Account__c: account, Price__c: 2.5 }];
    const [made] = await org.connection.upsert('Widget__c', rows as never, 'Serial__c');
    expect(made).toMatchObject({ success: true, created: true });
    const [again] = await org.connection.upsert('Widget__c', rows as never, 'Serial__c');
    expect(again).toMatchObject({ success: true, created: false });
    const soql = "SELECT Name, Price__c, Account__r.Name FROM Widget__c WHERE Account__r.Name = 'Acme'";
    const { records } = await org.connection.query<Record<string, unknown>>(soql);
    expect(records).toMatchObject([{ Name: '0001', Price__c: 2.5, Account__r: { Name: 'Acme' } }]);
    const lacking = org.connection.create('Widget__c', { Serial__c: 's2' } as never);
    expect((await refusalOf(lacking)).errorCode).toBe('REQUIRED_FIELD_MISSING');
  });

  test('has a name of its own', () => {
    expect(() => org.sandbox.addObject({ name: 'Widget__c' })).toThrow('There is already an object named Widget__c.');
  });
});

test('conversion makes an opportunity where it is asked for', async () => {
  const lead = org.sandbox.people.create('Lead', { LastName: 'A', Company: 'Acme', LeadSource: 'Web' });
  const { accountId, opportunityId } = org.sandbox.people.convertLead(lead, { opportunityName: 'Acme deal' });
  expect(await read('Opportunity', opportunityId ?? '')).toMatchObject({
    Name: 'Acme deal',
    AccountId: accountId,
    StageName: 'Prospecting',
    LeadSource: 'Web',
  });
  expect(org.sandbox.record('Lead', lead)).toMatchObject({ ConvertedOpportunityId: opportunityId });
});

test('a merge gives the winner what belonged to the others', async () => {
  const [winner, loser] = [await create('Account', { Name: 'A' }), await create('Account', { Name: 'B' })];
  const contact = await create('Contact', { LastName: 'C', AccountId: loser });
  const sale = await create('Opportunity', {
    Name: 'S',
    StageName: 'Proposal',
    CloseDate: '2026-06-30',
    AccountId: loser,
  });
  org.sandbox.people.merge('Account', winner, [loser]);
  expect(await read('Contact', contact)).toMatchObject({ AccountId: winner });
  expect(await read('Opportunity', sale)).toMatchObject({ AccountId: winner });
  const { records } = await org.connection.query<Record<string, unknown>>(
    'SELECT Id, MasterRecordId, IsDeleted FROM Account WHERE IsDeleted = true',
    { scanAll: true },
  );
  expect(records).toMatchObject([{ Id: loser, MasterRecordId: winner, IsDeleted: true }]);
});
