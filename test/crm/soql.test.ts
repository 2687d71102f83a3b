import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { all, inLists, name, text } from '../../crm/salesforce/soql.ts';

describe('text', () => {
  test.each([
    ["O'Neil", String.raw`'O\'Neil'`],
    ['back\\slash', String.raw`'back\\slash'`],
    ["\\' OR Id != '", String.raw`'\\\' OR Id != \''`],
    ['a\nb\tc\rd"', String.raw`'a\nb\tc\rd\"'`],
    ['half \ud83d', "'half \ufffd'"],
    ['', "''"],
  ])('%j', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test('never ends before its value does', () => {
    const unescapedQuote = /(?<!\\)(?:\\\\)*'/;
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(text(value).slice(1, -1)).not.toMatch(unescapedQuote);
        expect(text(value).slice(1, -1)).not.toMatch(/(?<!\\)(?:\\\\)*\\$/);
      }),
    );
  });
});

describe('name', () => {
  test.each(['Contact', 'Owner.Email', 'Tandem_HubSpot_Id__c', 'ns__Field__c'])('takes %s', (identifier) => {
    expect(name(identifier)).toBe(identifier);
  });

  test.each(['', 'Id FROM', "a'b", 'a,b', '1a', 'a.', 'a..b', 'a\n', 'é'])('refuses %j', (identifier) => {
    expect(() => name(identifier)).toThrow('is no name of a type or field');
  });
});

describe('all', () => {
  test('keeps conditions apart, so that an OR in one does not open the other', () => {
    expect(all("A = '1' OR B = '2'", undefined, "Id > 'x'")).toBe(" WHERE (A = '1' OR B = '2') AND (Id > 'x')");
    expect(all(undefined)).toBe('');
  });
});

describe('inLists', () => {
  test('cuts lists by their length in an address and leaves out nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 60 }), (values) => {
        const rest = 'SELECT Id FROM Contact WHERE Email IN ()';
        const lists = inLists(values, rest);
        expect(lists.join(',')).toBe(values.map(text).join(','));
        for (const list of lists) {
          const isOne = values.some((value) => text(value) === list);
          expect(isOne || encodeURIComponent(rest + list).length <= 8_000).toBe(true);
        }
      }),
    );
  });

  test('puts at least 200 ids into one query of twenty fields', () => {
    const ids = Array.from({ length: 200 }, (_, i) => `003000000000${String(i).padStart(3, '0')}AAA`);
    const fields = Array.from({ length: 20 }, (_, i) => `Some_Custom_Field_${i}__c`).join(',');
    expect(inLists(ids, `SELECT Id,${fields} FROM Contact WHERE Id IN () ORDER BY CreatedDate, Id`)).toHaveLength(1);
  });
});
