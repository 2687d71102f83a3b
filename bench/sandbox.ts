import { ManualTime } from '../sandbox/common/clock.ts';
import type { Door } from '../sandbox/common/host.ts';
import { createHubSpotSandbox } from '../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../sandbox/salesforce/salesforce-sandbox.ts';
import { seedWorld } from '../sandbox/world/world.ts';

/**
 * What the sandboxes cost: `node --expose-gc bench/sandbox.ts [records]` fills both with so many people, default
 * 100,000 on each side, tells the memory and how long batch reads take, beside the same with 1,000 people.
 */
const records = Number(process.argv[2] ?? 100_000);
const few = 1000;
const rounds = 200;

interface Figures {
  readonly heapMb: number;
  readonly seconds: number;
  readonly hubspotMs: number;
  readonly salesforceMs: number;
  readonly queryMs: number;
}

const heapMb = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
};

async function median(work: (round: number) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work(round);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[rounds / 2] ?? 0;
}

async function ask(door: Door, url: string, init: RequestInit): Promise<void> {
  const answer = await door.fetch(new Request(url, init));
  await answer.text();
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}.`);
}

async function measure(people: number): Promise<Figures> {
  const before = heapMb();
  const start = performance.now();
  const time = new ManualTime();
  const hubspot = createHubSpotSandbox({ clock: time, timers: time });
  const salesforce = createSalesforceSandbox({ clock: time });
  const inhabitants = seedWorld({
    hubspot: { createContact: (properties) => hubspot.people.create('contacts', properties).id },
    salesforce: { create: (type, fields) => salesforce.people.create(type, fields) },
    seed: 1,
    records: people,
  });
  const seconds = (performance.now() - start) / 1000;
  const contacts = inhabitants.flatMap(({ hubspotId }) => hubspotId ?? []);
  const sides = inhabitants.flatMap((inhabitant) => inhabitant.salesforce.filter(({ type }) => type === 'Contact'));
  const used = heapMb() - before;

  const spread = <T>(list: readonly T[], round: number): T[] =>
    Array.from({ length: 100 }, (_, i) => list[((round * 100 + i) * 7919) % list.length] as T);
  const token = { authorization: `Bearer ${hubspot.accessToken}`, 'content-type': 'application/json' };
  const hubspotMs = await median((round) =>
    ask(hubspot.door, 'http://hubspot.test/crm/v3/objects/contacts/batch/read', {
      method: 'POST',
      headers: token,
      body: JSON.stringify({
        inputs: spread(contacts, round).map((id) => ({ id })),
        properties: ['email', 'firstname', 'lastname', 'lifecyclestage', 'city', 'phone'],
      }),
    }),
  );
  const granted = await salesforce.door.fetch(
    new Request('http://salesforce.test/services/oauth2/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=sandbox&client_secret=sandbox',
    }),
  );
  const { access_token: session } = (await granted.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${session}`, 'content-type': 'application/json' };
  const base = 'http://salesforce.test/services/data/v67.0';
  const salesforceMs = await median((round) =>
    ask(salesforce.door, `${base}/composite/sobjects/Contact`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        ids: spread(sides, round).map(({ id }) => id),
        fields: ['Id', 'Email', 'FirstName', 'LastName', 'Phone'],
      }),
    }),
  );
  const queryMs = await median((round) => {
    const ids = spread(sides, round).map(({ id }) => `'${id}'`);
    const soql = `SELECT Id, Email, LastName FROM Contact WHERE Id IN (${ids.join(',')})`;
    return ask(salesforce.door, `${base}/query?q=${encodeURIComponent(soql)}`, { headers });
  });
  hubspot.stop();
  return { heapMb: used, seconds, hubspotMs, salesforceMs, queryMs };
}

const small = await measure(few);
const large = await measure(records);
const rows: readonly (readonly [string, keyof Figures, number])[] = [
  ['memory of both sides, MB', 'heapMb', 0],
  ['filling both, s', 'seconds', 1],
  ['HubSpot batch read of 100, median ms', 'hubspotMs', 2],
  ['Salesforce retrieve of 100, median ms', 'salesforceMs', 2],
  ['SOQL of 100 ids, median ms', 'queryMs', 2],
];
const count = (n: number): string => n.toLocaleString('en');
process.stdout.write(
  `| | ${count(few)} people a side | ${count(records)} people a side | ratio |\n|---|---:|---:|---:|\n`,
);
for (const [name, figure, digits] of rows) {
  const [a, b] = [small[figure], large[figure]];
  process.stdout.write(`| ${name} | ${a.toFixed(digits)} | ${b.toFixed(digits)} | ${(b / a).toFixed(1)} |\n`);
}
