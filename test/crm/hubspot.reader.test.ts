import { Client } from '@hubspot/api-client';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot } from '../../crm/index.ts';
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
const customers = {
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranchOperator: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: 'lifecyclestage',
          operation: {
            operationType: 'ENUMERATION',
            operator: 'IS_ANY_OF',
            values: ['customer'],
            includeObjectsWithNoValueSet: false,
          },
        },
      ],
    },
  ],
};
const segment = (name: string) => world.sandbox.people.createList({ name, filterBranch: customers });

interface Search {
  readonly filterGroups: { filters: { propertyName: string; operator: 'GT' | 'GTE' | 'EQ'; value: string }[] }[];
  readonly sorts: { propertyName: string }[];
  readonly limit: number;
}

/** A search that sorts by one property and gives records that are equal in it with the highest id first. */
function searchFrom(records: readonly { id: string; at: number }[], { filterGroups, sorts, limit }: Search): Response {
  const number = (record: { id: string; at: number }, property: string | undefined) =>
    property === 'hs_object_id' ? Number(record.id) : record.at;
  const fits = {
    GT: (a: number, b: number) => a > b,
    GTE: (a: number, b: number) => a >= b,
    EQ: (a: number, b: number) => a === b,
  };
  const by = sorts[0]?.propertyName;
  const found = records
    .filter((record) =>
      filterGroups.some(({ filters }) =>
        filters.every(({ propertyName, operator, value }) =>
          fits[operator](number(record, propertyName), Number(value)),
        ),
      ),
    )
    .sort((a, b) => number(a, by) - number(b, by) || Number(b.id) - Number(a.id));
  const results = found.slice(0, limit).map(({ id, at }) => {
    const stamp = new Date(at).toISOString();
    return { id, properties: { lastmodifieddate: stamp }, createdAt: stamp, updatedAt: stamp };
  });
  const paging = found.length > limit && { paging: { next: { after: String(limit) } } };
  return Response.json(
    { total: found.length, results, ...paging },
    { headers: { date: 'Mon, 05 Jan 2026 09:00:00 GMT' } },
  );
}

test('account names the portal and its time zone', async () => {
  expect(await world.reader.account()).toEqual({
    portalId: '21096543',
    timeZone: 'America/New_York',
    uiDomain: 'app.hubspot.com',
  });
});

test("now is HubSpot's clock, not ours", async () => {
  world.time.advance(86_400_000);
  expect(await world.reader.now()).toBe('2026-01-06T09:00:00.000Z');
});

describe('readRecords', () => {
  test('answers by id with the properties asked for, and leaves out what is missing or archived', async () => {
    const ada = contact({ email: 'Ada@example.com', lastname: 'Lovelace' });
    const gone = contact({ email: 'gone@example.com' });
    world.sandbox.people.archive('contacts', gone);
    world.time.advance(2_000);
    const asked = ['email', 'phone', 'no_such_property'];
    const { records, now } = await world.reader.readRecords('contacts', [ada, gone, '77777777'], asked);
    expect([...records]).toEqual([
      [
        ada,
        {
          id: ada,
          properties: { email: 'ada@example.com', phone: null },
          createdAt: '2026-01-05T09:00:00.000Z',
          modifiedAt: '2026-01-05T09:00:00.000Z',
        },
      ],
    ]);
    expect(now).toBe('2026-01-05T09:00:02.000Z');
  });

  test('reads 250 records in three calls, an id that stands twice once', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => contact({ email: `no${i}@example.com` }));
    const { records } = await world.reader.readRecords('contacts', [...ids, ...ids], ['email']);
    expect(records.size).toBe(250);
    expect(world.calls('batch/read')).toBe(3);
  });

  test('answers to the id of a record that was merged into another', async () => {
    const winner = contact({ email: 'ada@example.com' });
    world.intercept(async (request, answer) => {
      const full = await answer(request);
      const body = (await full.json()) as { results: { properties: object }[] };
      const results = body.results.map((r) => ({
        ...r,
        properties: { ...r.properties, hs_merged_object_ids: '500;501' },
      }));
      return Response.json(
        { ...body, results },
        { status: full.status, headers: { date: full.headers.get('date') ?? '' } },
      );
    });
    const { records } = await world.reader.readRecords('contacts', ['501', winner], ['email']);
    expect(records.get('501')).toEqual(records.get(winner));
    expect(records.get('501')).toMatchObject({ id: winner, properties: { email: 'ada@example.com' } });
    expect(records.has('500')).toBe(false);
  });

  test("tells HubSpot's clock also where there is nothing to read", async () => {
    expect(await world.reader.readRecords('contacts', [], ['email'])).toEqual({
      records: new Map(),
      now: '2026-01-05T09:00:00.000Z',
    });
  });
});

describe('readByUnique', () => {
  test('answers by the value asked for, in lower case', async () => {
    const ada = contact({ email: 'ada@example.com' });
    const asked = ['ADA@example.com', 'nobody@example.com'];
    const { records } = await world.reader.readByUnique('contacts', 'email', asked, ['email']);
    expect([...records.keys()]).toEqual(['ada@example.com']);
    expect(records.get('ada@example.com')?.id).toBe(ada);
  });

  test('reads by our own key', async () => {
    await world.reader.createUniqueProperty('contacts', 'tandem_salesforce_id', 'Salesforce id');
    const ada = contact({ email: 'ada@example.com', tandem_salesforce_id: '0035e0000Bao004AQA' });
    const found = await world.reader.readByUnique(
      'contacts',
      'tandem_salesforce_id',
      ['0035e0000Bao004AQA'],
      ['email'],
    );
    expect(found.records.get('0035e0000bao004aqa')?.id).toBe(ada);
  });
});

describe('segments', () => {
  test('come with definition and version, which moves with the definition; deleted and unknown ones are absent', async () => {
    const [kept, deleted] = [segment('Customers'), segment('Old')];
    world.sandbox.people.deleteList(deleted);
    const read = async () => (await world.reader.segments([kept, deleted, '99999'])).get(kept);
    const before = await read();
    expect(before).toMatchObject({
      id: kept,
      name: 'Customers',
      objectTypeId: '0-1',
      processingType: 'DYNAMIC',
      filterBranch: customers,
      size: 0,
    });
    expect((await world.reader.segments([kept, deleted, '99999'])).size).toBe(1);
    world.time.advance(1_000);
    world.sandbox.people.updateListFilters(kept, customers);
    expect((await read())?.version).not.toBe(before?.version);
  });

  test('keep parts of the definition that the client library does not know', async () => {
    const id = segment('Customers');
    world.intercept(async (request, answer) => {
      const full = await answer(request);
      const text = (await full.text()).replace('"operator":"IS_ANY_OF"', '"operator":"IS_ANY_OF","quantifier":"SOME"');
      return new Response(text, full);
    });
    const found = await world.reader.segments([id]);
    expect(JSON.stringify(found.get(id)?.filterBranch)).toContain('"quantifier":"SOME"');
  });

  test('are found by name, whatever its case and letters', async () => {
    const id = segment('Kunden / Größe: 100 %?');
    expect((await world.reader.segmentByName('0-1', 'kunden / größe: 100 %?'))?.id).toBe(id);
    expect(await world.reader.segmentByName('0-1', 'Nobody')).toBeUndefined();
  });

  test('are created, and answered as HubSpot stored them', async () => {
    const made = await world.reader.createSegment('0-1', 'Customers', customers);
    expect(made).toMatchObject({ name: 'Customers', processingType: 'DYNAMIC', objectTypeId: '0-1' });
    expect(made.filterBranch).toMatchObject({ filterBranches: [{ filters: [{ property: 'lifecyclestage' }] }] });
    const again = world.reader.createSegment('0-1', 'customers', customers);
    await expect(again).rejects.toMatchObject({ name: 'VendorError', category: 'duplicates' });
  });

  test('are created once where the answer is lost', async () => {
    world.intercept(async (request, answer) => {
      const full = await answer(request);
      return request.method === 'POST' ? new Response('', { status: 502 }) : full;
    });
    const made = await world.reader.createSegment('0-1', 'Customers', customers);
    world.intercept((request, answer) => answer(request));
    expect((await world.reader.listSegments('0-1')).map(({ id }) => id)).toEqual([made.id]);
  });

  test('are listed with their sizes', async () => {
    contact({ email: 'a@example.com', lifecyclestage: 'customer' });
    segment('Customers');
    world.sandbox.runEvaluation();
    expect(await world.reader.listSegments('0-1')).toMatchObject([{ name: 'Customers', size: 1 }]);
  });

  test('are listed on as many pages as there are', async () => {
    for (let i = 0; i < 501; i += 1) segment(`Segment ${i}`);
    expect(await world.reader.listSegments('0-1')).toHaveLength(501);
    expect(world.calls('lists/search')).toBe(2);
  });
});

describe('memberships', () => {
  test('tell the segments of each record as last evaluated; records in none have an empty list', async () => {
    const id = segment('Customers');
    const member = contact({ email: 'a@example.com', lifecyclestage: 'customer' });
    const other = contact({ email: 'b@example.com', lifecyclestage: 'lead' });
    expect((await world.reader.memberships('0-1', [member])).get(member)).toEqual(new Set());
    world.sandbox.runEvaluation();
    expect(await world.reader.memberships('0-1', [member, other])).toEqual(
      new Map([
        [member, new Set([id])],
        [other, new Set()],
      ]),
    );
  });

  test('say nothing of a record that a partial answer leaves out', async () => {
    const [a, b] = [contact({ email: 'a@example.com' }), contact({ email: 'b@example.com' })];
    const drop = (status: number) =>
      world.intercept(async (request, answer) => {
        const full = await answer(request);
        const body = (await full.json()) as { results: { recordId: string }[] };
        const results = body.results.filter(({ recordId }) => recordId !== b);
        return Response.json({ ...body, results }, { status, headers: { date: full.headers.get('date') ?? '' } });
      });
    drop(207);
    expect([...(await world.reader.memberships('0-1', [a, b])).keys()]).toEqual([a]);
    drop(200);
    expect((await world.reader.memberships('0-1', [a, b])).get(b)).toEqual(new Set());
  });

  test('page through members by id and through joins by time', async () => {
    const id = segment('Customers');
    const ids = Array.from({ length: 251 }, (_, i) =>
      contact({ email: `n${i}@example.com`, lifecyclestage: 'customer' }),
    );
    world.sandbox.runEvaluation();
    const members = await world.reader.members(id);
    expect(members.ids).toEqual(ids.slice(0, 250));
    expect(await world.reader.members(id, members.next)).toEqual({ ids: ids.slice(250) });
    const joins = await world.reader.joins(id);
    expect(joins.rows).toHaveLength(250);
    expect(joins.rows[0]?.joinedAt).toBe('2026-01-05T09:00:00.000Z');
    const rest = await world.reader.joins(id, joins.next);
    expect(rest.next).toBeUndefined();
    expect(new Set([...joins.rows, ...rest.rows].map(({ recordId }) => recordId))).toEqual(new Set(ids));
  });
});

describe('changedSince', () => {
  const all = async (since: string) => {
    const seen: string[] = [];
    let at: { modifiedAt: string; id: string } | undefined;
    for (;;) {
      const { rows, more } = await world.reader.changedSince('contacts', at?.modifiedAt ?? since, at?.id);
      seen.push(...rows.map(({ id }) => id));
      at = rows.at(-1) ?? at;
      if (!more) return seen;
    }
  };

  test('gives what changed at or after a moment, oldest change first, with both stamps', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => contact({ email: `${name}@example.com` }));
    world.time.advance(1_000);
    world.sandbox.people.edit('contacts', c ?? '', { firstname: 'x' });
    world.time.advance(1_000);
    world.sandbox.people.edit('contacts', b ?? '', { firstname: 'x' });
    const { rows, more } = await world.reader.changedSince('contacts', '2026-01-05T09:00:01.000Z');
    expect(rows).toEqual([
      { id: c, modifiedAt: '2026-01-05T09:00:01.000Z', createdAt: '2026-01-05T09:00:00.000Z' },
      { id: b, modifiedAt: '2026-01-05T09:00:02.000Z', createdAt: '2026-01-05T09:00:00.000Z' },
    ]);
    expect(more).toBe(false);
    expect(await all('2026-01-05T09:00:00.000Z')).toEqual([a, c, b]);
  });

  test.each([
    ['every record has a stamp of its own', 1],
    ['few share one', 7],
    ['more share one than a page holds', 450],
  ])('loses none and takes few calls where %s', async (_, perStamp) => {
    const ids = Array.from({ length: 900 }, (_, i) => {
      if (i % perStamp === 0) world.time.advance(10);
      return contact({ email: `n${i}@example.com` });
    });
    const seen = await all('2026-01-05T09:00:00.000Z');
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).toHaveLength(900);
    expect(world.calls('search')).toBeLessThanOrEqual(10);
  });

  test.each([7, 450])('loses none in whatever order records of one stamp come: %i of them', async (perStamp) => {
    const records = Array.from({ length: 900 }, (_, i) => ({
      id: String(9_900 + i),
      at: Date.parse('2026-01-05T09:00:00.000Z') + Math.floor(i / perStamp) * 10,
    }));
    world.intercept(async (request) => searchFrom(records, (await request.json()) as Search));
    const seen = await all('2026-01-05T09:00:00.000Z');
    expect(new Set(seen)).toEqual(new Set(records.map(({ id }) => id)));
    expect(seen).toHaveLength(900);
  });
});

test('count counts', async () => {
  for (let i = 0; i < 3; i += 1) contact({ email: `n${i}@example.com` });
  expect(await world.reader.count('contacts')).toBe(3);
});

test('history gives the versions of each property, newest first, with their source', async () => {
  const id = contact({ email: 'a@example.com', firstname: 'Ada' });
  world.time.advance(1_000);
  world.sandbox.people.edit('contacts', id, { firstname: '' });
  const history = await world.reader.history('contacts', id, ['firstname', 'lastname']);
  expect(history.get('firstname')).toMatchObject([
    { value: '', at: '2026-01-05T09:00:01.000Z', sourceType: 'CRM_UI' },
    { value: 'Ada', at: '2026-01-05T09:00:00.000Z', sourceType: 'CRM_UI' },
  ]);
  expect(history.get('lastname')).toEqual([]);
});

describe('properties', () => {
  test('are described', async () => {
    const properties = await world.reader.properties('contacts');
    expect(properties.get('email')).toMatchObject({ type: 'string', readOnly: false });
    expect(properties.get('lastmodifieddate')).toMatchObject({ type: 'datetime', readOnly: true });
    expect(properties.get('lifecyclestage')?.options).toContain('customer');
  });

  test('a unique one is created once', async () => {
    const create = () => world.reader.createUniqueProperty('contacts', 'tandem_salesforce_id', 'Salesforce id');
    expect(await create()).toBe('created');
    expect(await create()).toBe('present');
    expect((await world.reader.properties('contacts')).get('tandem_salesforce_id')).toMatchObject({
      type: 'string',
      unique: true,
    });
  });

  test('a unique one whose answer was lost is there all the same', async () => {
    world.sandbox.faults.set([{ match: { method: 'POST' }, fault: 'applyThenCut' }]);
    expect(await world.reader.createUniqueProperty('contacts', 'tandem_salesforce_id', 'x')).toBe('present');
  });

  test('one that is there and of no use is named', async () => {
    await expect(world.reader.createUniqueProperty('contacts', 'jobtitle', 'x')).rejects.toThrow(
      'HubSpot has a property "jobtitle" of contacts that is no unique text property',
    );
  });
});

describe('failures', () => {
  const dated = { headers: { date: 'Mon, 05 Jan 2026 09:00:00 GMT' } };

  test('a token that is not accepted', async () => {
    const { reader } = createHubSpot({ ...world.access, accessToken: 'pat-secret-canary' });
    await expect(reader.account()).rejects.toMatchObject({
      category: 'credentials',
      code: 'INVALID_AUTHENTICATION',
      message: 'hubspot GET /account-info/v3/details: credentials (INVALID_AUTHENTICATION)',
    });
  });

  test.each([
    [{ per10Seconds: 0 }, 'rateLimit', 'TEN_SECONDLY_ROLLING', 10_000],
    [{ perDay: 0 }, 'budget', 'DAILY', 3_600_000],
    [{ searchPerSecond: 0 }, 'rateLimit', 'SECONDLY', 1_000],
  ] as const)('a limit: %o', async (limits, category, code, retryAfterMs) => {
    world.sandbox.setLimits(limits);
    const call = 'searchPerSecond' in limits ? world.reader.count('contacts') : world.reader.account();
    await expect(call).rejects.toMatchObject({ category, code, retryAfterMs, mayHaveArrived: false });
  });

  test("waits as long as HubSpot's Retry-After says", async () => {
    world.sandbox.faults.set([{ fault: { status: 429, body: {}, headers: { 'retry-after': '7' } } }]);
    await expect(world.reader.account()).rejects.toMatchObject({ code: 'HTTP_429', retryAfterMs: 7_000 });
  });

  test('missing scopes are named', async () => {
    const body = {
      status: 'error',
      category: 'MISSING_SCOPES',
      message: "This app hasn't been granted all required scopes to make this call.",
      errors: [{ message: 'x', context: { requiredGranularScopes: ['crm.lists.read'] } }],
    };
    world.sandbox.faults.set([{ fault: { status: 403, body } }]);
    await expect(world.reader.segments(['1'])).rejects.toMatchObject({
      category: 'permissions',
      message: 'hubspot GET /crm/v3/lists: permissions (MISSING_SCOPES crm.lists.read)',
    });
  });

  test.each([
    ['a page of a proxy', new Response('<html>', { status: 200, ...dated }), 'connection', 'NOT_JSON'],
    ['another form', Response.json({ portalId: 7 }, dated), 'unexpected', 'BAD_ANSWER'],
    ['no body', new Response('', { status: 200, ...dated }), 'unexpected', 'BAD_ANSWER'],
    ['a server error', new Response('<html>', { status: 521 }), 'connection', 'HTTP_521'],
    ['a lock', Response.json({}, { status: 423 }), 'locked', 'HTTP_423'],
    ['a redirect', new Response(null, { status: 302, headers: { location: '/x' } }), 'unexpected', 'HTTP_302'],
  ])('an answer with %s', async (_, response, category, code) => {
    world.intercept(async () => response);
    await expect(world.reader.account()).rejects.toMatchObject({ name: 'VendorError', category, code });
  });

  test('a batch read of which a part failed for another reason than a missing record fails', async () => {
    const error = { status: 'error', category: 'MISSING_SCOPES', message: 'no', context: { ids: ['1'] } };
    world.intercept(async () => Response.json({ results: [], errors: [error] }, { status: 207, ...dated }));
    await expect(world.reader.readRecords('contacts', ['1'], [])).rejects.toMatchObject({ category: 'permissions' });
  });

  test('nothing is sent twice, also where another client in the process has its retries on', async () => {
    const other = new Client({ accessToken: 'x', basePath: world.host.url, numberOfApiCallRetries: 3 });
    expect(other).toBeDefined();
    world.sandbox.faults.set([{ fault: { status: 500, body: {} } }, { fault: 'cut' }]);
    await expect(world.reader.account()).rejects.toMatchObject({ code: 'HTTP_500' });
    await expect(world.reader.account()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(world.sandbox.faults.remaining()).toEqual([]);
    await expect(world.reader.account()).resolves.toBeDefined();
  });

  test.each(['http://api.example.com', 'nonsense'])('%s is refused as address', (baseUrl) => {
    expect(() => createHubSpot({ ...world.access, baseUrl })).toThrow('HUBSPOT_BASE_URL: expected');
  });
});
