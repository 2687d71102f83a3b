import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const product = ['activities', 'cli', 'client', 'core', 'crm', 'ledger', 'workers', 'workflows'];

/** Files of the product whose code, comments aside, holds this. */
function filesWith(pattern: RegExp): string[] {
  return product
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        path.join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => {
      const code = readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return pattern.test(code);
    })
    .toSorted();
}

test('one module alone calls what writes records at the vendors', () => {
  expect(filesWith(/\bwriter\b/).filter((file) => !file.startsWith('crm/'))).toEqual([
    'activities/engine.ts', // the types
    'activities/send.ts',
  ]);
  expect(filesWith(/\b(HubSpot|Salesforce)Writer\b/).filter((file) => !file.startsWith('crm/'))).toEqual([
    'activities/engine.ts',
  ]);
});

test('one module alone makes permits', () => {
  expect(filesWith(/\bissuePermit\b/)).toEqual(['core/gate.ts', 'core/permit.ts']);
});
