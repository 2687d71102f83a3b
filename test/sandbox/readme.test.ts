import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';

interface Row {
  readonly calls: readonly string[];
  readonly source: string;
  readonly tests: readonly string[];
}

/** The rows of a vendor's endpoint table. */
function rows(from: string, to: string, sourceAt: number): Row[] {
  const text = readFileSync(new URL('../../sandbox/README.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf(`## ${from}`), text.indexOf(`## ${to}`));
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.includes('.test.ts'))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return {
        calls: [...(cells[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, call]) => call ?? ''),
        source: cells[sourceAt] ?? '',
        tests: (cells.at(-2) ?? '').split(', '),
      };
    });
}

const vendors = [
  { name: 'HubSpot', rows: () => rows('HubSpot', 'Salesforce', 3), calls: createHubSpotSandbox().calls },
  { name: 'Salesforce', rows: () => rows('Salesforce', 'Worlds', 3), calls: createSalesforceSandbox().calls },
];

describe.each(vendors)('$name', ({ rows: table, calls }) => {
  test('every call that is modelled stands once in the table of the README, and no other', () => {
    expect(
      table()
        .flatMap((row) => row.calls)
        .toSorted(),
    ).toEqual(calls.toSorted());
  });

  test('every row names its source and tests that there are', () => {
    for (const { calls: named, source, tests } of table()) {
      expect({ named, source }).toEqual({ named, source: expect.stringMatching(/^\[.+\]\(https:\/\/.+\)$/) });
      for (const name of tests) {
        expect({ name, exists: existsSync(new URL(name, import.meta.url)) }).toEqual({ name, exists: true });
      }
    }
  });
});
