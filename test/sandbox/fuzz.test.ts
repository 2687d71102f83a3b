import './no-proxy.ts';
import { expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import type { Door } from '../../sandbox/common/host.ts';
import { randomFrom } from '../../sandbox/common/random.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';

/** Things that are put where something else is expected. */
const junk: readonly unknown[] = [
  null,
  0,
  -1,
  1e21,
  true,
  '',
  ' ',
  'x',
  'x'.repeat(300),
  '1',
  '9901',
  "'; DROP",
  '\u0000',
  '💥',
  '2026-13-45',
  '__proto__',
  'constructor',
  [],
  [null],
  [[]],
  {},
  { id: '1' },
  { id: 5 },
  { inputs: [{}] },
];

const keys =
  'inputs properties id idProperty filterGroups filters sorts limit after types to from records attributes allOrNone ids fields compositeRequest url method referenceId body name filterBranch processingType objectTypeId listIds email Name LastName Id'.split(
    ' ',
  );
const segments =
  'contacts companies deals 0-1 2-1 9901 1 nope email Contact Lead Account Id 003000000000001 %00 %F0%9F a%2Fb constructor __proto__ batch read'.split(
    ' ',
  );
const queries =
  'q limit after properties idProperty archived listIds includeFilters fields ids start end count foo associations'.split(
    ' ',
  );
const soql = [
  'SELECT',
  'SELECT Id FROM Contact WHERE',
  'SELECT Id FROM Contact WHERE Id IN (SELECT Id FROM Lead',
  'SELECT Id, (SELECT Id FROM Contact) FROM Contact',
  'SELECT COUNT(Id) FROM Contact GROUP BY ROLLUP(LastName)',
  'SELECT TYPEOF Owner WHEN User THEN Id END FROM Contact',
  "SELECT Id FROM Contact WHERE LastName = 'a' OR Email = 'b' AND Phone = 'c'",
  'SELECT Id FROM Contact WHERE CreatedDate = LAST_N_FISCAL_YEARS:x',
  'SELECT Id FROM Contact ORDER BY LIMIT 0',
  'SELECT Id FROM Contact LIMIT -1',
  'SELECT DISTANCE(a, b) FROM Contact',
  "SELECT Id FROM Contact WHERE LastName LIKE '\\\\'",
];

interface Target {
  readonly door: Door;
  readonly calls: readonly string[];
  readonly base: string;
  readonly authorization: string;
}

async function attack({ door, calls, base, authorization }: Target, seed: number, times: number): Promise<string[]> {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (depth: number): unknown => {
    if (depth === 0 || random() < 0.4) return pick(junk);
    if (random() < 0.3) return Array.from({ length: Math.floor(random() * 3) }, () => value(depth - 1));
    return Object.fromEntries(
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => [pick(keys), value(depth - 1)]),
    );
  };
  const bad: string[] = [];
  for (let i = 0; i < times; i++) {
    const [method = '', route = ''] = pick(calls).split(' ');
    const path = route.replaceAll(/\{\w+\}/g, () => pick(segments));
    const query = new URLSearchParams();
    while (random() < 0.5) query.append(pick(queries), random() < 0.3 ? pick(soql) : String(pick(junk)));
    const hasBody = method !== 'GET' && random() < 0.95;
    const body = random() < 0.1 ? '{"a":' : JSON.stringify(value(4));
    const request = new Request(`${base}${path}?${query.toString()}`, {
      method,
      headers: {
        authorization: random() < 0.97 ? authorization : 'Bearer nobody',
        ...(hasBody && random() < 0.95 && { 'content-type': 'application/json' }),
        ...(random() < 0.05 && { 'if-modified-since': 'yesterday', 'sforce-query-options': 'batchSize=x' }),
      },
      ...(hasBody && { body }),
    });
    const answer = await door.fetch(request);
    const text = await answer.text();
    if (answer.status >= 500 || /\bat .+\.ts:\d+/.test(text)) {
      bad.push(
        `${method} ${path}?${query.toString()} ${hasBody ? body : ''} -> ${answer.status} ${text.slice(0, 200)}`,
      );
    }
  }
  return bad;
}

const rounds = Number(process.env['SANDBOX_FUZZ'] ?? 4000);

test('HubSpot: no request, however malformed, ends in a crash or shows how the sandbox is made', async () => {
  const time = new ManualTime();
  const sandbox = createHubSpotSandbox({ clock: time, timers: time });
  for (let i = 0; i < 5; i++) sandbox.people.create('contacts', { email: `p${i}@example.com` });
  const target = {
    door: sandbox.door,
    calls: sandbox.calls,
    base: 'http://hubspot.test',
    authorization: 'Bearer pat-sandbox',
  };
  expect(await attack(target, 1, rounds)).toEqual([]);
  sandbox.stop();
});

test('Salesforce: no request, however malformed, ends in a crash or shows how the sandbox is made', async () => {
  const time = new ManualTime();
  const sandbox = createSalesforceSandbox({ clock: time });
  for (let i = 0; i < 5; i++) sandbox.people.create('Contact', { LastName: `P${i}` });
  const form = 'grant_type=client_credentials&client_id=sandbox&client_secret=sandbox';
  const granted = await sandbox.door.fetch(
    new Request('http://salesforce.test/services/oauth2/token', { method: 'POST', body: form }),
  );
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const calls = sandbox.calls.map((call) => call.replace(' /', ' /services/data/v67.0/'));
  const target = { door: sandbox.door, calls, base: 'http://salesforce.test', authorization: `Bearer ${token}` };
  expect(await attack(target, 2, rounds)).toEqual([]);
});
