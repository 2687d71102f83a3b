import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  canonicalDecimal,
  fromHubSpot,
  fromSalesforce,
  misfit,
  rounded,
  toHubSpot,
  toSalesforce,
  truncated,
} from '../../core/values.ts';

describe('what a field can hold', () => {
  test.each([
    ['a text that fits', { length: 3 }, 'abc', undefined],
    ['a text that is too long', { length: 3 }, 'abcd', 'tooLong'],
    ['a blank', { length: 0, options: [] }, null, undefined],
    ['an option', { options: ['a', 'b'] }, 'a;b', undefined],
    ['an option that is none', { options: ['a', 'b'] }, 'a;c', 'notAnOption'],
    ['a number with as many digits as there may be', { precision: 5, scale: 2 }, 999.99, undefined],
    ['a number with more', { precision: 5, scale: 2 }, 1000, 'outOfRange'],
    ['a negative number with more', { precision: 5, scale: 2 }, '-1000.00', 'outOfRange'],
    ['a fraction where nothing stands before the point', { precision: 2, scale: 2 }, '0.5', undefined],
    ['anything where nothing is known', undefined, 'x'.repeat(100_000), undefined],
  ] as const)('%s', (_, limits, raw, expected) => expect(misfit(limits, raw)).toBe(expected));

  test.each([
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['0.004', 2, '0'],
    ['12', 2, '12'],
    ['9.99', 1, '10'],
    ['0.5', 0, '1'],
    ['-0.4', 0, '0'],
  ])('%s with %d places is %s', (value, scale, expected) => expect(rounded(value, scale)).toBe(expected));

  test('rounding moves a number by half a unit of the last place at most, and twice is as once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(6), fc.nat(6), (digits, places, scale) => {
        const value = canonicalDecimal(`${digits}e-${places}`) ?? '';
        const short = rounded(value, scale);
        expect(Math.abs(Number(short) - Number(value))).toBeLessThanOrEqual(0.5 * 10 ** -scale + 1e-9);
        expect(rounded(short, scale)).toBe(short);
      }),
    );
  });

  test('a text is cut without leaving half a character or white space behind', () => {
    expect(truncated('ab💥', 3)).toBe('ab');
    expect(truncated('ab cd', 3)).toBe('ab');
  });
});

describe('a day on one side and an instant on the other meet in a zone', () => {
  const berlin = 'salesforceDay@Europe/Berlin';
  test.each([
    ['2026-03-01T23:00:00Z', '2026-03-02'],
    ['2026-03-01T22:59:59Z', '2026-03-01'],
    ['2026-07-01T22:00:00.000Z', '2026-07-02'],
    ['2026-07-01', '2026-07-01'],
  ])('HubSpot at %s is the day %s', (instant, day) => expect(fromHubSpot(berlin, instant)).toBe(day));

  test.each([
    ['Europe/Berlin', '2026-03-02', '2026-03-01T23:00:00.000Z'],
    ['Europe/Berlin', '2026-07-02', '2026-07-01T22:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    ['UTC', '2026-03-09', '2026-03-09T00:00:00.000Z'],
  ])('in %s the day %s begins at %s', (zone, day, instant) => {
    expect(toHubSpot(`salesforceDay@${zone}`, day)).toBe(instant);
    expect(toSalesforce(`hubspotDay@${zone}`, day)).toBe(instant);
  });

  test('what is written is read as the same day, in every zone and both ways', () => {
    const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati', 'America/Los_Angeles'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 40_000 }), (zone, days) => {
        const day = new Date(days * 86_400_000).toISOString().slice(0, 10);
        expect(fromHubSpot(`salesforceDay@${zone}`, toHubSpot(`salesforceDay@${zone}`, day))).toBe(day);
        expect(fromSalesforce(`hubspotDay@${zone}`, toSalesforce(`hubspotDay@${zone}`, day))).toBe(day);
      }),
    );
  });
});
