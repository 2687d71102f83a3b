import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { VendorError } from '../../crm/types.ts';
import { keyField, salesforceWorld } from './salesforce-world.ts';

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
const person = (n: number, fields: Record<string, unknown> = { LastName: `No ${n}` }) => ({
  key: `row ${n}`,
  keyValue: `${n}`,
  fields,
});
const failure = async (work: Promise<unknown>): Promise<VendorError> => {
  try {
    await work;
  } catch (error) {
    return error as VendorError;
  }
  throw new Error('It did not fail.');
};

describe('create', () => {
  test('creates by our external id, 200 per call, and finds again what it made', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => person(i));
    const first = await world.writer.create('Contact', keyField, rows);
    expect(first).toHaveLength(250);
    expect(first.every((row) => row.ok && row.created)).toBe(true);
    expect(world.calls('PATCH')).toBe(2);
    const again = await world.writer.create('Contact', keyField, rows.slice(0, 2));
    expect(again).toEqual(first.slice(0, 2).map((row) => ({ ...row, created: false })));
    expect(world.sandbox.records('Contact')).toHaveLength(250);
  });

  test('decides each row by itself and says which field was refused', async () => {
    const results = await world.writer.create('Contact', keyField, [
      person(1),
      person(2, { FirstName: 'Nameless' }),
      person(3, { LastName: 'x', Email: 'no email' }),
    ]);
    expect(results).toEqual([
      { key: 'row 1', ok: true, created: true, id: expect.stringMatching(/^003\w{15}$/) },
      { key: 'row 2', ok: false, category: 'propertyValues', code: 'REQUIRED_FIELD_MISSING', names: ['LastName'] },
      { key: 'row 3', ok: false, category: 'propertyValues', code: 'INVALID_EMAIL_ADDRESS', names: ['Email'] },
    ]);
  });

  test('names the record that stands in the way', async () => {
    world.sandbox.addField({ object: 'Contact', name: 'Badge__c', type: 'text', length: 20, unique: true });
    const holder = contact('Holder', { Badge__c: 'B1' });
    expect(await world.writer.create('Contact', keyField, [person(1, { LastName: 'x', Badge__c: 'B1' })])).toEqual([
      {
        key: 'row 1',
        ok: false,
        category: 'duplicates',
        code: 'DUPLICATE_VALUE',
        existingId: holder,
      },
    ]);
  });

  test('fails as a whole, in one call, where the external id field does not exist', async () => {
    const error = await failure(world.writer.create('Contact', 'Nope__c', [person(1), person(2)]));
    expect(error).toMatchObject({ category: 'fieldMapping', code: 'NO_SUCH_EXTERNAL_ID', mayHaveArrived: false });
    expect(world.calls('PATCH')).toBe(1);
  });

  test('sends nothing for a row without a key value', async () => {
    const rows = [{ ...person(1), keyValue: '' }];
    await expect(world.writer.create('Contact', keyField, rows)).rejects.toThrow("can't be created without a value");
    expect(world.calls('')).toBe(0);
  });
});

describe('update', () => {
  test('writes by id, 200 per call, with a result per row', async () => {
    const ids = Array.from({ length: 201 }, (_, i) => contact(`No ${i}`));
    world.sandbox.rules.set([{ object: 'Contact', field: 'Title', when: 'equals', value: 'forbidden' }]);
    const rows = ids.map((id, i) => ({ key: `row ${i}`, id, fields: { Title: i === 7 ? 'forbidden' : 'fine' } }));
    const results = await world.writer.update('Contact', rows);
    expect(results.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ key: 'row 7', category: 'customCode', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }),
    ]);
    expect(world.sandbox.records('Contact').filter(({ Title }) => Title === 'fine')).toHaveLength(200);
    expect(world.calls('PATCH')).toBe(2);
  });

  test('tells a locked row from one that a trigger refused', async () => {
    const [a, b] = [contact('A'), contact('B')];
    world.sandbox.rules.set([
      { object: 'Contact', field: 'LastName', when: 'equals', value: 'A', code: 'UNABLE_TO_LOCK_ROW' },
      {
        object: 'Contact',
        field: 'LastName',
        when: 'equals',
        value: 'B',
        code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
        message: 'ContactTrigger: execution of AfterUpdate caused by: UNABLE_TO_LOCK_ROW, unable to obtain access',
      },
    ]);
    const fields = { Title: 'x' };
    expect(
      await world.writer.update(
        'Contact',
        [a, b].map((id) => ({ key: id, id, fields })),
      ),
    ).toMatchObject([
      { key: a, category: 'locked', code: 'UNABLE_TO_LOCK_ROW' },
      { key: b, category: 'locked', code: 'UNABLE_TO_LOCK_ROW' },
    ]);
  });

  test('says of a deleted record that it is missing', async () => {
    const id = contact('Gone');
    world.sandbox.people.remove('Contact', id);
    expect(await world.writer.update('Contact', [{ key: 'x', id, fields: { Title: 'y' } }])).toMatchObject([
      { key: 'x', ok: false, category: 'missingRecord', code: 'ENTITY_IS_DELETED' },
    ]);
  });

  test('writes only what nobody has changed since, where that is asked', async () => {
    const [untouched, edited] = [contact('A'), contact('B')];
    world.time.advance(5_000);
    world.sandbox.people.update('Contact', edited, { Title: 'theirs' });
    const results = await world.writer.update(
      'Contact',
      [untouched, edited].map((id) => ({
        key: id,
        id,
        fields: { Title: 'ours' },
        ifUnmodifiedSince: '2026-01-05T09:00:00.000Z',
      })),
    );
    expect(new Map(results.map((row) => [row.key, row]))).toEqual(
      new Map([
        [untouched, { key: untouched, ok: true, id: untouched, created: false }],
        [edited, { key: edited, ok: false, category: 'changedMeanwhile', code: 'HTTP_412' }],
      ]),
    );
    expect(world.sandbox.record('Contact', edited)?.Title).toBe('theirs');
    expect(world.sandbox.record('Contact', untouched)?.Title).toBe('ours');
  });

  test('mixes rows with and without a condition', async () => {
    const [a, b] = [contact('A'), contact('B')];
    const ifUnmodifiedSince = '2026-01-05T09:00:00.000Z';
    const results = await world.writer.update('Contact', [
      { key: 'a', id: a, fields: { Title: 'x' }, ifUnmodifiedSince },
      { key: 'b', id: b, fields: { Email: 'no email' } },
    ]);
    expect(new Map(results.map(({ key, ok }) => [key, ok]))).toEqual(
      new Map([
        ['a', true],
        ['b', false],
      ]),
    );
  });

  test('a conditional row that is refused is a result too', async () => {
    const id = contact('A');
    const ifUnmodifiedSince = '2026-01-05T09:00:00.000Z';
    const rows = [{ key: 'a', id, fields: { Email: 'no email' }, ifUnmodifiedSince }];
    expect(await world.writer.update('Contact', rows)).toEqual([
      { key: 'a', ok: false, category: 'propertyValues', code: 'INVALID_EMAIL_ADDRESS', names: ['Email'] },
    ]);
  });
});

test('updates leave the owner alone, creates go through assignment rules; both say who writes', async () => {
  const seen: (string | null)[][] = [];
  world.intercept(async (request, answer) => {
    const header = (name: string) => request.headers.get(name);
    if (request.method === 'PATCH') seen.push([header('sforce-auto-assign'), header('sforce-call-options')]);
    return await answer(request);
  });
  const id = contact('A');
  await world.writer.create('Contact', keyField, [person(1)]);
  await world.writer.update('Contact', [{ key: 'x', id, fields: { Title: 'y' } }]);
  expect(seen).toEqual([
    [null, 'client=tandem/1'],
    ['FALSE', 'client=tandem/1'],
  ]);
});

describe('a write that fails as a call', () => {
  const rows = Array.from({ length: 450 }, (_, i) => person(i));

  test.each([
    [
      'an error of the server',
      { status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'later' }] },
      'SERVER_UNAVAILABLE',
    ],
    ['a page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }, 'HTTP_502'],
    ['a cut connection', 'applyThenCut', 'NETWORK'],
  ] as const)('may have arrived after %s, and says what was settled before', async (_, fault, code) => {
    world.sandbox.faults.set([
      { match: { method: 'PATCH' }, fault: { delayMs: 0 } },
      { match: { method: 'PATCH' }, fault },
    ]);
    const error = await failure(world.writer.create('Contact', keyField, rows));
    expect(error).toMatchObject({ name: 'VendorError', category: 'connection', code, mayHaveArrived: true });
    expect(error.settled.map(({ key }) => key)).toEqual(rows.slice(0, 200).map(({ key }) => key));
    expect(world.calls('PATCH')).toBe(2);
  });

  test.each([
    ['TotalRequests Limit exceeded.', 'budget', 'REQUEST_LIMIT_EXCEEDED', 3_600_000],
    [
      'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
      'rateLimit',
      'REQUEST_LIMIT_EXCEEDED_CONCURRENT',
      10_000,
    ],
  ] as const)('"%s" is %s', async (message, category, code, retryAfterMs) => {
    world.sandbox.faults.set([
      { match: { method: 'PATCH' }, fault: { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }] } },
    ]);
    const error = await failure(world.writer.create('Contact', keyField, [person(1)]));
    expect(error).toMatchObject({ category, code, retryAfterMs, mayHaveArrived: false });
  });

  test('an answer with another number of results tells nothing of any row', async () => {
    world.intercept(async (request, answer) => {
      const full = await answer(request);
      return request.method === 'PATCH' ? Response.json(((await full.json()) as unknown[]).slice(1)) : full;
    });
    const error = await failure(world.writer.create('Contact', keyField, [person(1), person(2)]));
    expect(error).toMatchObject({ category: 'unexpected', code: 'BAD_ANSWER', mayHaveArrived: true });
  });
});

test('a whole collection refused for one row is halved until that row stands alone', async () => {
  let calls = 0;
  world.intercept(async (request, answer) => {
    if (request.method !== 'PATCH') return await answer(request);
    calls += 1;
    const isBad = (await request.clone().text()).includes('"poison"');
    const refusal = [{ errorCode: 'JSON_PARSER_ERROR', message: 'poison' }];
    return isBad ? Response.json(refusal, { status: 400, headers: { date: 'now' } }) : await answer(request);
  });
  const rows = Array.from({ length: 200 }, (_, i) => person(i, { LastName: i === 77 ? 'poison' : `No ${i}` }));
  const results = await world.writer.create('Contact', keyField, rows);
  expect(results.filter(({ ok }) => !ok)).toEqual([
    { key: 'row 77', ok: false, category: 'unexpected', code: 'JSON_PARSER_ERROR' },
  ]);
  expect(world.sandbox.records('Contact')).toHaveLength(199);
  expect(calls).toBeLessThanOrEqual(1 + 2 * 8);
});
