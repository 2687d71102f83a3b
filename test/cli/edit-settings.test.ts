import { describe, expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { chooseSegment } from '../../cli/edit-settings.ts';

describe('choosing a segment in the settings text', () => {
  test.each([
    [
      'in a list on one line',
      'segments: { include: [1, 2], exclude: [3] } # why',
      'segments: { include: [42], exclude: [3] } # why',
    ],
    ['beside an exclusion', 'segments: { exclude: [3] } # why', 'segments: { include: [42], exclude: [3] } # why'],
    [
      'in a section of its own',
      'segments: # why\n      include: [1] # old',
      'segments: # why\n      include: [42] # old',
    ],
    [
      'in a section without one',
      'segments: # why\n      exclude: [1] # old',
      'segments: # why\n      include: [42]\n      exclude: [1] # old',
    ],
    ['where there is no section', 'fields: [] # none', 'segments: { include: [42] }\n    fields: [] # none'],
  ])('%s leaves everything else as it is', (_where, before, after) => {
    const file = (part: string) => `# top\nobjects:\n  contacts: # people\n    ${part}\n  companies: {}   # later\n`;
    expect(chooseSegment(file(before), 'contacts', '42')).toBe(file(after));
  });

  test('writes a name as plainly as it can be read back', () => {
    const chosen = (name: string) => chooseSegment('objects: { a: { fields: [] } }', 'a', name);
    expect(chosen('Customers DE')).toContain('[Customers DE]');
    for (const name of ['true', 'a, b', '#1', '[x]', "it's", '1.5', ' x ']) {
      expect(parseDocument(chosen(name)).toJS()).toEqual({
        objects: { a: { fields: [], segments: { include: [name] } } },
      });
    }
  });

  test('works in an object on one line', () => {
    expect(chooseSegment('objects: { contacts: { fields: [] } } # x\n', 'contacts', '42')).toBe(
      'objects: { contacts: { segments: { include: [42] }, fields: [] } } # x\n',
    );
  });

  test.each([
    [
      'a list over several lines',
      'objects:\n  contacts:\n    segments:\n      include:\n        - 1 # old\n        - 2\n      exclude: [3]\n',
    ],
    [
      'a list at the margin of its key',
      'objects:\n  contacts:\n    segments:\n      include:\n      - 1\n      - 2\n      exclude: [3]\n',
    ],
    ['something that is no list', 'objects:\n  contacts:\n    segments: { include: 1, exclude: [3] }\n'],
    ['nothing', 'objects:\n  contacts:\n    segments: { include: , exclude: [3] }\n'],
  ])('replaces %s', (_what, text) => {
    const doc = parseDocument(chooseSegment(text, 'contacts', 'Old "A": #1'));
    expect(doc.errors).toEqual([]);
    expect(doc.toJS()).toEqual({ objects: { contacts: { segments: { include: ['Old "A": #1'], exclude: [3] } } } });
  });

  test('replaces sections that hold nothing', () => {
    for (const text of [
      'objects:\n  contacts: {}\n',
      'objects:\n  contacts: { segments: }\n',
      'objects: { contacts: { segments: {} } }\n',
    ]) {
      expect(parseDocument(chooseSegment(text, 'contacts', '7')).toJS()).toEqual({
        objects: { contacts: { segments: { include: [7] } } },
      });
    }
  });

  test('refuses a file that cannot be read, and an object that it does not have', () => {
    expect(() => chooseSegment('objects: [', 'contacts', '7')).toThrow("can't be edited");
    expect(() => chooseSegment('objects: { a: {}, b: {} }', 'contacts', '7')).toThrow('it has a, b.');
    expect(() => chooseSegment('version: 1', 'contacts', '7')).toThrow('it has none.');
  });
});
