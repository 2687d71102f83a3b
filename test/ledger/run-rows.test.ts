import { describe, expect, test } from '@jest/globals';
import { close, contact, lead, row } from './people.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

describe('the list of a run', () => {
  test('holds each record once, with its newest outcome', async () => {
    const refused = { ref: lead(1), outcome: 'failed', reason: 'locked' };
    await ledger.runs.addRows('run/1', [refused, { ref: lead(2), outcome: 'skipped', reason: 'duplicate' }]);
    await ledger.runs.addRows('run/1', [{ ...refused, reason: 'propertyValues' }]);
    await ledger.runs.addRows('run/2', [refused]);
    expect(await ledger.runs.rows('run/1')).toEqual([
      { ref: lead(1), outcome: 'failed', reason: 'propertyValues' },
      { ref: lead(2), outcome: 'skipped', reason: 'duplicate' },
    ]);
    expect(await ledger.runs.rows('run/3')).toEqual([]);
  });
});

describe('pairs that were in step once', () => {
  test('come in pages, without those whose first sync is still to come', async () => {
    const open = (id: number, base?: Record<string, string>) =>
      row(contact(id), {
        pair: { kind: 'open', hubspotId: `${id}`, salesforceId: lead(id).id, salesforceType: 'Lead', base },
      });
    await close(ledger, open(1, { phone: '1' }), open(2), open(3, {}), open(4, { phone: '4' }));
    const first = await ledger.pairs.withBase('contacts', undefined, 2);
    expect(first).toEqual(['1', '3']);
    expect(await ledger.pairs.withBase('contacts', first.at(-1), 2)).toEqual(['4']);
    expect(await ledger.pairs.withBase('companies', undefined, 2)).toEqual([]);
    expect(await ledger.pairs.inStepByType('contacts')).toEqual(new Map([['Lead', 3]]));
    expect(await ledger.pairs.inStepByType('companies')).toEqual(new Map());
  });
});
