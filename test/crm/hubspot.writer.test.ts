import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot } from '../../crm/index.ts';
import type { VendorError } from '../../crm/types.ts';
import { serve } from '../../sandbox/common/host.ts';
import { hubspotWorld } from './hubspot-world.ts';

let world: Awaited<ReturnType<typeof hubspotWorld>>;
beforeEach(async () => {
  world = await hubspotWorld();
});
afterEach(async () => {
  expect(world.sandbox.traffic.unmodelled).toEqual([]);
  await world.close();
});

const contact = (properties: Record<string, string>): string => world.sandbox.people.create('contacts', properties).id;
const person = (n: number, properties: Record<string, string> = {}) => ({
  key: `row ${n}`,
  properties: { email: `n${n}@example.com`, ...properties },
});
const valueOf = (id: string, property: string) => world.sandbox.record('contacts', id)?.properties[property];
const dated = { date: 'Mon, 05 Jan 2026 09:00:00 GMT' };
const failure = async (work: Promise<unknown>): Promise<VendorError> => {
  try {
    await work;
  } catch (error) {
    return error as VendorError;
  }
  throw new Error('It did not fail.');
};

describe('create', () => {
  test('creates 100 per call and tells rows apart although HubSpot answers in its own order', async () => {
    const rows = Array.from({ length: 150 }, (_, i) => person(i));
    const results = await world.writer.create('contacts', rows);
    expect(world.calls('batch/create')).toBe(2);
    for (const [i, result] of results.entries()) {
      expect(result).toMatchObject({
        key: `row ${i}`,
        ok: true,
        created: true,
        modifiedAt: '2026-01-05T09:00:00.000Z',
      });
      expect(result.ok && valueOf(result.id, 'email')).toBe(`n${i}@example.com`);
    }
  });

  test('decides each row by itself, with the code and the property that was refused', async () => {
    const existing = contact({ email: 'n2@example.com' });
    const results = await world.writer.create('contacts', [
      person(1),
      person(2),
      person(3, { email: 'no email' }),
      person(4, { lifecyclestage: 'emperor' }),
      person(5, { nonsense: 'x' }),
      person(6, { hs_object_id: '5' }),
    ]);
    expect(results).toEqual([
      expect.objectContaining({ key: 'row 1', ok: true }),
      { key: 'row 2', ok: false, category: 'duplicates', code: 'CONFLICT', existingId: existing },
      { key: 'row 3', ok: false, category: 'propertyValues', code: 'INVALID_EMAIL', names: ['email'] },
      { key: 'row 4', ok: false, category: 'propertyValues', code: 'INVALID_OPTION', names: ['lifecyclestage'] },
      { key: 'row 5', ok: false, category: 'fieldMapping', code: 'PROPERTY_DOESNT_EXIST', names: ['nonsense'] },
      { key: 'row 6', ok: false, category: 'fieldMapping', code: 'READ_ONLY_VALUE', names: ['hs_object_id'] },
    ]);
    expect(world.calls('batch/create')).toBe(1);
  });

  test('knows its rows also where HubSpot leaves the trace ids out of its results', async () => {
    world.intercept(async (request, answer) => {
      const text = await (await answer(request)).text();
      return new Response(text.replaceAll(/"objectWriteTraceId":"row \d+"/g, '"x":0'), { status: 201, headers: dated });
    });
    const same = { firstname: 'Same' };
    const results = await world.writer.create('contacts', [person(1, same), person(2, same), person(3, same)]);
    for (const [i, result] of results.entries()) {
      expect(result.ok && valueOf(result.id, 'email')).toBe(`n${i + 1}@example.com`);
    }
  });
});

describe('update', () => {
  test('writes by id; a missing record is a result', async () => {
    const ids = Array.from({ length: 101 }, (_, i) => contact({ email: `n${i}@example.com` }));
    const rows = [...ids, '77777777'].map((id) => ({ key: `key ${id}`, id, properties: { firstname: 'New' } }));
    const results = await world.writer.update('contacts', rows);
    expect(results.slice(0, -1)).toEqual(
      ids.map((id) => expect.objectContaining({ key: `key ${id}`, ok: true, id, created: false })),
    );
    expect(results.at(-1)).toEqual({
      key: 'key 77777777',
      ok: false,
      category: 'missingRecord',
      code: 'OBJECT_NOT_FOUND',
    });
    expect(world.calls('batch/update')).toBe(2);
  });

  test('a row that HubSpot drops without a word is missing, and may have arrived', async () => {
    const [a, b] = [contact({ email: 'a@example.com' }), contact({ email: 'b@example.com' })];
    world.intercept(async (request, answer) => {
      const body = (await (await answer(request)).json()) as { results: { id: string }[] };
      return Response.json({ ...body, results: body.results.filter(({ id }) => id !== a) }, { headers: dated });
    });
    const rows = [a, b].map((id) => ({ key: id, id, properties: { firstname: 'New' } }));
    expect(await world.writer.update('contacts', rows)).toEqual([
      { key: a, ok: false, category: 'missingRecord', code: 'MISSING_IN_ANSWER', mayHaveArrived: true },
      expect.objectContaining({ key: b, ok: true }),
    ]);
  });

  test('two rows of one record are written one after the other, in their order', async () => {
    const id = contact({ email: 'a@example.com' });
    const results = await world.writer.update('contacts', [
      { key: 'first', id, properties: { firstname: 'First', lastname: 'Kept' } },
      { key: 'second', id, properties: { firstname: 'Second' } },
    ]);
    expect(results.map(({ key, ok }) => [key, ok])).toEqual([
      ['first', true],
      ['second', true],
    ]);
    expect([valueOf(id, 'firstname'), valueOf(id, 'lastname')]).toEqual(['Second', 'Kept']);
  });
});

describe('a whole batch refused', () => {
  const refuseWith = (status: number, body: unknown, poison: string) => {
    let calls = 0;
    world.intercept(async (request, answer) => {
      calls += 1;
      const isBad = (await request.clone().text()).includes(poison);
      return isBad ? Response.json(body, { status, headers: dated }) : await answer(request);
    });
    return () => calls;
  };

  test.each([
    [400, { message: 'Invalid input JSON on line 3, column 9' }, 'unexpected', 'HTTP_400'],
    [409, { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 55' }, 'duplicates', 'CONFLICT'],
  ] as const)('for one row (%i) is halved until that row stands alone', async (status, body, category, code) => {
    const calls = refuseWith(status, body, 'poison');
    const rows = Array.from({ length: 100 }, (_, i) => person(i, i === 61 ? { firstname: 'poison' } : {}));
    const results = await world.writer.create('contacts', rows);
    expect(results.filter(({ ok }) => !ok)).toEqual([expect.objectContaining({ key: 'row 61', category, code })]);
    expect(world.sandbox.recordIds('contacts')).toHaveLength(99);
    expect(calls()).toBeLessThanOrEqual(1 + 14);
  });

  test('for a property that does not exist costs one further call, however many rows carry it', async () => {
    const body = {
      category: 'VALIDATION_ERROR',
      message: 'x',
      errors: [{ message: 'x', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['nonsense'] } }],
    };
    const calls = refuseWith(400, body, 'nonsense');
    const rows = Array.from({ length: 100 }, (_, i) => person(i, i % 2 ? { nonsense: 'x' } : {}));
    const results = await world.writer.create('contacts', rows);
    expect(results.filter(({ ok }) => ok)).toHaveLength(50);
    expect(results.find(({ key }) => key === 'row 1')).toMatchObject({
      code: 'PROPERTY_DOESNT_EXIST',
      names: ['nonsense'],
    });
    expect(calls()).toBe(2);
  });

  test.each([401, 403, 423, 429])(
    'with %i speaks of the call: it fails, and no row is tried by itself',
    async (status) => {
      const calls = refuseWith(status, {}, 'n0@');
      await failure(world.writer.create('contacts', [person(0), person(1)]));
      expect(calls()).toBe(1);
    },
  );
});

describe('a write that fails as a call', () => {
  test.each([
    ['a server error', { status: 500, body: {} }, 'HTTP_500'],
    ['a cut connection', 'applyThenCut', 'NETWORK'],
    ['half an answer', 'hangMidBody', 'TIMEOUT'],
    ['no answer', 'applyThenHang', 'TIMEOUT'],
  ] as const)('may have arrived after %s, and says what was settled before', async (_, fault, code) => {
    const { writer } = createHubSpot({ ...world.access, requestTimeoutMs: 1_000 });
    const rows = Array.from({ length: 250 }, (_, i) => person(i));
    world.sandbox.faults.set([{ fault: { delayMs: 0 } }, { fault }]);
    const error = await failure(writer.create('contacts', rows));
    expect(error).toMatchObject({ name: 'VendorError', category: 'connection', code, mayHaveArrived: true });
    expect(error.settled.map(({ key }) => key)).toEqual(rows.slice(0, 100).map(({ key }) => key));
    expect(error.settled.every(({ ok }) => ok)).toBe(true);
    expect(world.calls('batch/create')).toBeLessThanOrEqual(2);
  });

  test('never arrived where there was nobody to connect to', async () => {
    const closed = await serve({ fetch: () => new Response() });
    await closed.close();
    const { writer } = createHubSpot({ ...world.access, baseUrl: closed.url });
    const error = await failure(writer.create('contacts', [person(1)]));
    expect(error).toMatchObject({ category: 'connection', code: 'NETWORK', mayHaveArrived: false });
  });

  test('never arrived where a limit stood in the way', async () => {
    world.sandbox.setLimits({ per10Seconds: 0 });
    const error = await failure(world.writer.create('contacts', [person(1)]));
    expect(error).toMatchObject({ category: 'rateLimit', mayHaveArrived: false, retryAfterMs: 10_000 });
  });
});
