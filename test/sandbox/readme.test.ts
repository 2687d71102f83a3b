import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';

interface Row {
  readonly calls: readonly string[];
  readonly source: string;
  readonly tests: readonly string[];
}

/** The rows of HubSpot's endpoint table. */
function rows(): Row[] {
  const text = readFileSync(new URL('../../sandbox/README.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('## HubSpot'), text.indexOf('## Salesforce'));
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.includes('.test.ts'))
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return {
        calls: [...(cells[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, call]) => call ?? ''),
        source: cells[3] ?? '',
        tests: (cells[6] ?? '').split(', '),
      };
    });
}

test('every call that the HubSpot sandbox models stands once in the table of its README, and no other', () => {
  const documented = rows().flatMap(({ calls }) => calls);
  expect(documented.toSorted()).toEqual([...createHubSpotSandbox().calls].toSorted());
});

test('every row names its source and tests that there are', () => {
  for (const { calls, source, tests } of rows()) {
    expect({ calls, source }).toEqual({ calls, source: expect.stringMatching(/^\[.+\]\(https:\/\/.+\)$/) });
    for (const name of tests) {
      expect({ name, exists: existsSync(new URL(name, import.meta.url)) }).toEqual({ name, exists: true });
    }
  }
});
