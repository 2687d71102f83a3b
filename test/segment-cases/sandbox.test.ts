import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { type Case, cases, now, refused, root, zone } from './cases.ts';

let time: ManualTime;
let sandbox: HubSpotSandbox;

const optionValues = ['red', 'blue', 'green', 'darkred', 'Red', 'lead', 'customer', 'New', 'a', 'b'];
const kinds: readonly (readonly [name: string, type: string, fieldType: string])[] = [
  ['p_text', 'string', 'text'],
  ['p_text_2', 'string', 'text'],
  ['p_number', 'number', 'number'],
  ['p_bool', 'bool', 'booleancheckbox'],
  ['p_options', 'enumeration', 'checkbox'],
  ['p_date', 'date', 'date'],
  ['p_datetime', 'datetime', 'date'],
  ['p_other', 'datetime', 'date'],
];

beforeEach(async () => {
  time = new ManualTime('2026-01-01T00:00:00.000Z');
  sandbox = createHubSpotSandbox({ clock: time, timers: time, timeZone: zone });
  sandbox.setEvaluation({ manual: true });
  for (const [name, type, fieldType] of kinds) {
    const options =
      type === 'enumeration'
        ? optionValues.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false }))
        : undefined;
    const body = { name, label: name, type, fieldType, groupName: 'contactinformation', ...(options && { options }) };
    const request = new Request('http://hubspot.test/crm/v3/properties/contacts', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${sandbox.accessToken}`, 'content-type': 'application/json' },
    });
    expect((await sandbox.door.fetch(request)).status).toBe(201);
  }
});
afterEach(() => sandbox.stop());

function moveTo(instant: string): void {
  time.advance(Date.parse(instant) - time.now());
}

/** Puts the record, what belongs to it and its past into the account; answers its id. */
function settle({ record, changedAt, deals = [], companies = [] }: Case): string {
  const { people } = sandbox;
  const { id } = people.create('contacts', { email: 'ann@example.com' });
  if (changedAt !== undefined) moveTo(changedAt);
  for (const [property, versions] of Object.entries(record)) {
    for (const version of versions) people.edit('contacts', id, { [property]: version });
  }
  for (const [type, others] of [
    ['deals', deals],
    ['companies', companies],
  ] as const) {
    for (const properties of others) {
      const needed = type === 'deals' ? { dealname: 'D', pipeline: 'default' } : {};
      const other = people.create(type, { ...needed, ...properties });
      people.associate({ type: 'contacts', id }, { type, id: other.id });
    }
  }
  moveTo(now);
  return id;
}

test.each(cases)('example $at is $expected', (example) => {
  const id = settle(example);
  const nothing = root([{ filterType: 'CONSTANT', shouldAccept: false }]);
  for (let listId = 1; listId < 9; listId++) sandbox.people.createList({ name: `${listId}`, filterBranch: nothing });
  const list9 = sandbox.people.createList({ name: '9', filterBranch: nothing });
  expect(list9).toBe('9');
  sandbox.runEvaluation();
  if (example.inList9 !== undefined) sandbox.forceMembership('9', id, example.inList9);
  const made = sandbox.people.createList({ name: 'example', filterBranch: example.branch, unmodelled: 'keep' });
  expect(sandbox.evaluate(made, id)).toBe(example.expected);
});

test('example 61.1 is refused', () => {
  expect(() => sandbox.people.createList({ name: 'refused', filterBranch: refused })).toThrow('IS_NOT_EQUAL_TO');
});

test('every row of the examples is here', () => {
  const rows = new Set(cases.map(({ at }) => Number(at.split('.')[0])));
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
});
