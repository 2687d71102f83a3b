import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  compareDecimals,
  fromHubSpot,
  fromSalesforce,
  instantMs,
  type Kind,
  toHubSpot,
  toSalesforce,
  translateFromSalesforce,
  translateToSalesforce,
} from '../../core/values.ts';

const decomposed = 'Jose\u0301';

/** Per kind: a canonical form, how HubSpot may spell it, how Salesforce may spell it. */
const spellings: readonly (readonly [Kind, string | null, readonly (string | null)[], readonly unknown[]])[] = [
  ['text', 'Ann', ['Ann', ' Ann', 'Ann \n'], ['Ann', 'Ann  ']],
  ['text', null, [null, '', '  ', '\n'], [null, '', undefined, ' ']],
  ['text', 'José', ['José', decomposed], ['José', decomposed]],
  ['text', 'a  b\n\nc', ['a  b\n\nc', 'a  b\r\n\r\nc'], ['a  b\r\n\r\nc', 'a  b\r\rc']],
  ['text', '42', ['42'], ['42', 42]],
  ['text', 'ab', ['a\u0000b'], ['ab']],
  ['text', 'a\ufffd', ['a\ud83d'], ['a\ud83d']],
  ['email', 'ann@example.com', ['Ann@Example.com', ' ann@example.com'], ['ANN@EXAMPLE.COM ']],
  ['email', null, [null, ''], [null, '']],
  ['number', '12', ['12', '12.0', '012', '+12', ' 12 ', '1.2e1', '12.'], [12, 12.0, '12.00']],
  ['number', '0.3', ['0.30', '.3', '3e-1'], [0.3, '0.30']],
  ['number', '1000', ['1e3', '1E+3', '1000'], [1e3]],
  ['number', '0', ['0', '-0', '0.00', '0e7'], [0, -0]],
  ['number', '-7.05', ['-7.050', '-0.705e1'], [-7.05]],
  [
    'number',
    '123456789012345678901234567890.1',
    ['123456789012345678901234567890.10'],
    ['123456789012345678901234567890.1'],
  ],
  ['number', '1000000000000000000000', ['1000000000000000000000'], [1e21]],
  ['number', '0.0000001', ['0.0000001'], [1e-7]],
  ['number', null, [null, '', ' '], [null]],
  ['boolean', 'true', ['true', 'TRUE'], [true, 'true']],
  ['boolean', 'false', ['false', null, ''], [false, null]],
  ['date', '2024-02-29', ['2024-02-29', '1709164800000', '2024-02-29T00:00:00Z'], ['2024-02-29']],
  ['date', '1969-12-31', ['1969-12-31', '-86400000'], ['1969-12-31']],
  ['date', null, [null, ''], [null]],
  [
    'datetime',
    '2026-11-18T15:00:07.000Z',
    ['2026-11-18T15:00:07Z', '2026-11-18T15:00:07.999Z', '1795014007123', '2026-11-18T16:00:07+01:00'],
    ['2026-11-18T15:00:07.000+0000', '2026-11-18T10:00:07.000-0500'],
  ],
  ['datetime', '1969-12-31T23:59:59.000Z', ['1969-12-31T23:59:59.500Z', '-500'], ['1969-12-31T23:59:59.000+0000']],
  [
    'hubspotDay@UTC',
    '2026-11-18',
    ['2026-11-18', '1794960000000'],
    ['2026-11-18T00:00:00.000+0000', '2026-11-18T23:59:59.000+0000'],
  ],
  ['picklist', 'Open', ['Open', 'Open '], ['Open']],
  ['picklist', 'open', ['open'], ['open']],
  ['picklist', null, [null, ''], [null]],
  ['multipicklist', 'a;b', ['a;b', 'b;a', ';a;b', 'a;;b;a'], ['b;a', 'a; b']],
  ['multipicklist', null, [null, '', ';'], [null]],
];

describe('canonical form', () => {
  it.each(spellings)('%s %j is one value in every spelling', (kind, canonical, hubspot, salesforce) => {
    for (const raw of hubspot) expect([raw, fromHubSpot(kind, raw)]).toEqual([raw, canonical]);
    for (const raw of salesforce) expect([raw, fromSalesforce(kind, raw)]).toEqual([raw, canonical]);
  });

  it.each(spellings)('%s %j survives being written to either system', (kind, canonical) => {
    expect(fromHubSpot(kind, toHubSpot(kind, canonical))).toBe(canonical);
    expect(fromSalesforce(kind, toSalesforce(kind, canonical))).toBe(canonical);
  });

  it.each<[Kind, readonly string[]]>([
    ['number', ['abc', '1,000', '1.2.3', '0x10', 'NaN', 'Infinity', '1e999999', '--1', '.', 'e5']],
    ['boolean', ['yes', '1', 'wahr']],
    [
      'date',
      [
        '2026-02-30',
        '2026-13-01',
        '18.11.2026',
        '1709164800001',
        '2024-02-29T12:00:00Z',
        '99999-01-01',
        '253402300800000',
      ],
    ],
    [
      'datetime',
      [
        '2026-11-18',
        'yesterday',
        '2026-11-18T25:00:00Z',
        '2026-02-30T10:00:00Z',
        '2026-11-18T10:00:00',
        '253402300800000',
      ],
    ],
    ['hubspotDay@UTC', ['today']],
  ])('%s has no form for %j', (kind, raws) => {
    for (const raw of raws) {
      expect([raw, fromHubSpot(kind, raw)]).toEqual([raw, undefined]);
      expect([raw, fromSalesforce(kind, raw)]).toEqual([raw, undefined]);
    }
  });

  it('keeps an instant in Salesforce from passing for a HubSpot day with a time', () => {
    expect(fromHubSpot('hubspotDay@UTC', '2026-11-18T12:00:00Z')).toBeUndefined();
  });

  it('has no form for structures (a compound address)', () => {
    expect(fromSalesforce('text', { city: 'Bonn' })).toBeUndefined();
    expect(fromSalesforce('picklist', ['a'])).toBeUndefined();
  });

  const kinds = spellings.map(([kind]) => kind);
  it('is idempotent for any text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'binary' }), (kind, raw) => {
        const once = fromHubSpot(kind, raw);
        fc.pre(once !== undefined);
        expect(fromHubSpot(kind, toHubSpot(kind, once))).toBe(once);
        expect(fromSalesforce(kind, toSalesforce(kind, once))).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads every double exactly, and writes it back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const canonical = fromSalesforce('number', number);
        expect(Number(canonical)).toBe(number === 0 ? 0 : number);
        expect(toSalesforce('number', canonical ?? null)).toBe(number === 0 ? 0 : number);
        expect(canonical).not.toMatch(/e/i);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads any instant to the second, from milliseconds and from ISO alike', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = `${date.toISOString().slice(0, 19)}.000Z`;
          expect(fromHubSpot('datetime', String(date.getTime()))).toBe(iso);
          expect(fromHubSpot('datetime', date.toISOString())).toBe(iso);
          expect(fromSalesforce('datetime', date.toISOString().replace('Z', '+0000'))).toBe(iso);
        },
      ),
    );
  });
});

describe('what is sent', () => {
  it('clears with an empty text in HubSpot and with null in Salesforce', () => {
    expect(toHubSpot('text', null)).toBe('');
    expect(toSalesforce('text', null)).toBeNull();
    expect(toSalesforce('boolean', null)).toBe(false);
  });

  it('is a JSON number where that holds every digit, else its digits', () => {
    expect(toSalesforce('number', '12.5')).toBe(12.5);
    expect(toSalesforce('number', '9007199254740993')).toBe('9007199254740993');
  });

  it('is a whole instant where Salesforce keeps one for a HubSpot day', () => {
    expect(toSalesforce('hubspotDay@UTC', '2026-11-18')).toBe('2026-11-18T00:00:00.000Z');
  });
});

describe('decimals', () => {
  it.each([
    ['9', '10', -1],
    ['100', '100', 0],
    ['-0.5', '0', -1],
    ['-2', '-10', 1],
    ['0.30001', '0.3', 1],
    ['9007199254740993', '9007199254740992', 1],
  ])('%s against %s gives %i', (a, b, order) => {
    expect(compareDecimals(a, b)).toBe(order);
    expect(compareDecimals(b, a)).toBe(order === 0 ? 0 : -order);
  });
});

describe('instants', () => {
  it('are read in both spellings of a zone', () => {
    expect(instantMs('2026-11-18T15:00:00.250+0000')).toBe(Date.UTC(2026, 10, 18, 15, 0, 0, 250));
    expect(instantMs('2026-11-18T15:00:00+02:00')).toBe(Date.UTC(2026, 10, 18, 13));
    expect(instantMs('2026-11-18')).toBeUndefined();
  });
});

describe('the table of values', () => {
  const table = [
    ['NEW', 'Open'],
    ['UNQUALIFIED', 'Open'],
    ['OPEN', 'Working'],
    ['OPEN', 'Contacted'],
  ] as const;

  it('translates both ways, the first pair counting', () => {
    expect(translateToSalesforce(table, 'UNQUALIFIED')).toBe('Open');
    expect(translateFromSalesforce(table, 'Open')).toBe('NEW');
    expect(translateToSalesforce(table, 'OPEN')).toBe('Working');
    expect(translateFromSalesforce(table, 'Contacted')).toBe('OPEN');
  });

  it('has no answer for a value that stands in no pair, and leaves blanks blank', () => {
    expect(translateToSalesforce(table, 'new')).toBeUndefined();
    expect(translateFromSalesforce(table, 'NEW')).toBeUndefined();
    expect(translateToSalesforce(table, null)).toBeNull();
    expect(translateFromSalesforce(table, null)).toBeNull();
  });

  it('changes nothing where there is none', () => {
    expect(translateToSalesforce(undefined, 'x')).toBe('x');
    expect(translateFromSalesforce([], 'x')).toBe('x');
  });

  it('translates several options one by one, and all or none', () => {
    expect(translateToSalesforce(table, 'NEW;OPEN')).toBe('Open;Working');
    expect(translateFromSalesforce(table, 'Working;Contacted;Open')).toBe('NEW;OPEN');
    expect(translateToSalesforce(table, 'NEW;LOST')).toBeUndefined();
  });
});
