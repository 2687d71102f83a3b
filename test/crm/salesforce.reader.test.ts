import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { salesforceWorld } from './salesforce-world.ts';

let world: Awaited<ReturnType<typeof salesforceWorld>>;
beforeEach(async () => {
  world = await salesforceWorld();
});
afterEach(async () => {
  expect(world.sandbox.traffic.unmodelled).toEqual([]);
  await world.close();
});

const contact = (LastName: string, more: Record<string, unknown> = {}) =>
  world.sandbox.people.create('Contact', { LastName, ...more });

test('account names the org, the integration user and the instance', async () => {
  expect(await world.reader.account()).toEqual({
    orgId: world.sandbox.orgId,
    userId: world.sandbox.users.integration,
    instanceUrl: world.host.url,
  });
});

describe('readRecords', () => {
  test('answers by id with the fields as they were asked for, and leaves out what is missing or deleted', async () => {
    const ada = contact('Lovelace', { Email: 'Ada@example.com' });
    const gone = contact('Gone');
    world.sandbox.people.remove('Contact', gone);
    const records = await world.reader.readRecords('Contact', [ada, gone, '003000000000000AAA'], ['lastname', 'Phone']);
    expect([...records.values()]).toEqual([
      {
        id: ada,
        type: 'Contact',
        fields: { lastname: 'Lovelace', Phone: null },
        createdAt: '2026-01-05T09:00:00.000Z',
        modifiedAt: '2026-01-05T09:00:00.000Z',
      },
    ]);
  });

  test('reads a parent by its path', async () => {
    const ada = contact('Lovelace');
    const records = await world.reader.readRecords('Contact', [ada], ['Owner.Email']);
    expect(records.get(ada)?.fields).toEqual({ 'Owner.Email': 'ada@sandbox.example' });
  });

  test('tells whether a lead has been converted', async () => {
    const lead = world.sandbox.people.create('Lead', { LastName: 'Lovelace', Company: 'Engines' });
    world.sandbox.people.convertLead(lead);
    expect((await world.reader.readRecords('Lead', [lead], [])).get(lead)?.isConverted).toBe(true);
  });

  test('reads 400 records in two calls, and follows pages that Salesforce cuts short', async () => {
    const ids = Array.from({ length: 400 }, (_, i) => contact(`No ${i}`));
    expect((await world.reader.readRecords('Contact', ids, ['LastName'])).size).toBe(400);
    expect(world.calls('/query')).toBe(2);
    world.sandbox.setPageSize(100);
    expect((await world.reader.readRecords('Contact', ids, ['LastName'])).size).toBe(400);
    expect(world.calls('/query')).toBe(2 + 5);
  });

  test('makes no call for no ids', async () => {
    expect((await world.reader.readRecords('Contact', [], ['LastName'])).size).toBe(0);
    expect(world.calls('')).toBe(0);
  });

  test('fails with the field that does not exist', async () => {
    await expect(world.reader.readRecords('Contact', [contact('A')], ['Nope__c'])).rejects.toMatchObject({
      category: 'fieldMapping',
      code: 'INVALID_FIELD',
      names: ['Nope__c'],
      message: 'salesforce GET /query Contact: fieldMapping (INVALID_FIELD Nope__c)',
    });
  });

  test('sends no name that is none', async () => {
    await expect(world.reader.readRecords('Contact', ['003'], ["Id FROM Contact WHERE Name='"])).rejects.toThrow(
      'is no name of a type or field',
    );
    expect(world.calls('/query')).toBe(0);
  });
});

describe('findBy', () => {
  test('finds every record of a value, without regard to case, oldest first', async () => {
    const older = contact('One', { Email: 'same@example.com' });
    world.time.advance(1_000);
    const younger = contact('Two', { Email: 'SAME@example.com' });
    contact('Other', { Email: 'other@example.com' });
    const found = await world.reader.findBy('Contact', 'Email', ['Same@Example.com'], ['Email']);
    expect(found.map(({ id }) => id)).toEqual([older, younger]);
  });

  test('takes any value as a value', async () => {
    const value = String.raw`O'Neil\' OR Name LIKE '% "x"` + '\n\tü';
    const id = contact('Tricky', { Description: value });
    contact("O'Neil");
    expect((await world.reader.findBy('Contact', 'Title', ["' OR Id != '", '\\', "\\' OR Id != ''"], [])).length).toBe(
      0,
    );
    expect((await world.reader.readRecords('Contact', [id], ['Description'])).get(id)?.fields.Description).toBe(value);
  });

  test('splits a long list by the length of the address', async () => {
    const emails = Array.from({ length: 300 }, (_, i) => `${'ü'.repeat(20)}${i}@example.com`);
    const id = contact('Last', { Phone: emails.at(-1)?.slice(0, 40) });
    expect(
      (
        await world.reader.findBy(
          'Contact',
          'Phone',
          emails.map((e) => e.slice(0, 40)),
          [],
        )
      ).map((r) => r.id),
    ).toEqual([id]);
    expect(world.calls('/query')).toBeGreaterThan(5);
  });
});

describe('changedSince', () => {
  const all = async (since: string) => {
    const seen: string[] = [];
    let at: { modifiedAt: string; id: string } | undefined;
    for (;;) {
      const { rows, more } = await world.reader.changedSince('Contact', at?.modifiedAt ?? since, at?.id);
      seen.push(...rows.map(({ id }) => id));
      at = rows.at(-1) ?? at;
      if (!more) return seen;
    }
  };

  test('gives what changed at or after a moment, oldest change first, with both stamps', async () => {
    contact('Before');
    world.time.advance(10_000);
    const at = contact('At');
    world.time.advance(10_000);
    world.sandbox.people.update('Contact', at, { Title: 'x' });
    const after = contact('After');
    const { rows, more } = await world.reader.changedSince('Contact', '2026-01-05T09:00:10.000Z');
    expect(rows).toEqual(
      [at, after].sort().map((id) => ({
        id,
        modifiedAt: '2026-01-05T09:00:20.000Z',
        createdAt: id === at ? '2026-01-05T09:00:10.000Z' : '2026-01-05T09:00:20.000Z',
      })),
    );
    expect(more).toBe(false);
  });

  test('loses none where many records share one stamp and pages are short', async () => {
    world.sandbox.setPageSize(200);
    const ids = Array.from({ length: 700 }, (_, i) => contact(`No ${i}`));
    world.time.advance(1_000);
    ids.push(contact('Later'));
    expect(await all('2026-01-05T09:00:00.000Z')).toEqual(ids);
  });
});

test('coveredUntil stays behind a transaction that is still open', async () => {
  const covered = async () => {
    await world.reader.count('Contact'); // the clock is that of the newest answer
    return await world.reader.coveredUntil('Contact');
  };
  expect(await covered()).toBe('2026-01-05T09:00:00.000Z');
  const transaction = world.sandbox.openTransaction();
  world.sandbox.people.create('Contact', { LastName: 'Late' }, { transaction });
  world.time.advance(5 * 60_000);
  expect(await covered()).toBe('2026-01-05T09:00:00.000Z');
  world.sandbox.commitTransaction(transaction);
  expect(await covered()).toBe('2026-01-05T09:05:00.000Z');
});

test('coveredUntil asks for the clock only where no answer has shown it yet', async () => {
  await world.reader.coveredUntil('Contact');
  await world.reader.coveredUntil('Contact');
  expect([world.calls('GET /services/data'), world.calls('updated')]).toEqual([1, 2]);
});

test('ids pages by id under a condition, whatever the pages of Salesforce', async () => {
  const ids = Array.from({ length: 450 }, (_, i) => contact(`No ${i}`, { Title: i % 2 ? 'odd' : 'even' }));
  world.sandbox.setPageSize(200);
  const odd = ids.filter((_, i) => i % 2);
  const first = await world.reader.ids('Contact', "Title = 'odd' OR Title = 'strange'", undefined, 220);
  expect(first).toEqual(odd.slice(0, 220));
  expect(await world.reader.ids('Contact', "Title = 'odd'", first.at(-1), 220)).toEqual(odd.slice(220));
});

test('count counts, all or under a condition', async () => {
  for (const name of ['A', 'B', 'C']) contact(name);
  expect(await world.reader.count('Contact')).toBe(3);
  expect(await world.reader.count('Contact', "LastName = 'B'")).toBe(1);
});

describe('whereProblem', () => {
  test('is none where Salesforce takes the condition, whether a record fits or not', async () => {
    expect(await world.reader.whereProblem('Contact', "LastName = 'Nobody'")).toBeUndefined();
    contact('Lovelace');
    expect(await world.reader.whereProblem('Contact', "LastName LIKE 'Love%' AND Email = null")).toBeUndefined();
  });

  test.each([
    ["Statsu = 'Open'", "No such column 'Statsu' on entity 'Contact'"],
    ["LastName = 'Love", 'unexpected token'],
    ["LastName = 'A') OR (Id != null LIMIT 5", ''],
    ['LastName LIKE', ''],
  ])("is Salesforce's own words for %s", async (where, words) => {
    const said = await world.reader.whereProblem('Contact', where);
    expect(said).toEqual(expect.stringContaining(words));
    expect(said).not.toBe('');
  });

  test('differs by type', async () => {
    expect(await world.reader.whereProblem('Lead', "Company = 'Acme'")).toBeUndefined();
    expect(await world.reader.whereProblem('Contact', "Company = 'Acme'")).toContain("'Company'");
  });

  test('throws where the refusal does not speak of the condition', async () => {
    world.intercept(async () => Response.json([{ errorCode: 'SERVER_UNAVAILABLE', message: 'x' }], { status: 503 }));
    await expect(world.reader.whereProblem('Lead', 'Id != null')).rejects.toMatchObject({ name: 'VendorError' });
  });

  test('has the code where there are no words', async () => {
    world.intercept(async (request, answer) =>
      request.url.includes('/query') ? new Response('', { status: 400 }) : await answer(request),
    );
    expect(await world.reader.whereProblem('Lead', 'Id != null')).toBe('HTTP_400');
  });
});

test("now is Salesforce's clock, not ours", async () => {
  world.time.advance(86_400_000);
  expect(await world.reader.now()).toBe('2026-01-06T09:00:00.000Z');
});

describe('fields', () => {
  test('describes a type', async () => {
    const fields = await world.reader.fields('Lead');
    expect(fields.get('Company')).toMatchObject({
      type: 'string',
      createable: true,
      requiredOnCreate: true,
      length: 255,
    });
    expect(fields.get('Tandem_HubSpot_Id__c')).toMatchObject({
      unique: true,
      externalId: true,
      requiredOnCreate: false,
    });
    expect(fields.get('Status')?.picklist).toContain('Working');
    expect(fields.get('Name')).toMatchObject({ createable: false, updateable: false });
  });

  test('fails for a type that does not exist', async () => {
    await expect(world.reader.fields('Nope')).rejects.toMatchObject({ category: 'fieldMapping', code: 'NO_SUCH_TYPE' });
  });
});

test('usage tells the calls of the rolling day by the newest answer', async () => {
  expect(world.reader.usage()).toBeUndefined();
  await world.reader.count('Contact');
  await world.reader.count('Lead');
  expect(world.reader.usage()).toEqual({ used: 2, limit: 100_000 });
});
