import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type GateException, permitFor, type Verdict } from '../../core/gate.ts';
import { type Permit, PermitRefused, spendPermit } from '../../core/permit.ts';
import type { RecordRef, System } from '../../core/record-ref.ts';

const ref: RecordRef = { system: 'hubspot', object: 'contacts', id: '11' };
const write = { target: 'salesforce', ref, readId: 'run/1/1/1' } as const;
const open: Verdict = { kind: 'open', basis: 'settled', segmentVersion: '7' };
const closed: Verdict = { kind: 'closed', segmentId: '1', segmentVersion: '7' };
const undecided: Verdict = { kind: 'undecided', reason: 'segmentProcessing', waits: [], overdue: false };

function permitToWrite(): Permit {
  const permit = permitFor(write, open);
  if (!permit) throw new Error('no permit');
  return permit;
}

describe('the gate issues', () => {
  test('a permit on an open verdict, with its basis and version, for either system', () => {
    for (const target of ['hubspot', 'salesforce'] as const) {
      expect(permitFor({ ...write, target }, open)).toEqual({
        ...write,
        target,
        basis: 'settled',
        segmentVersion: '7',
      });
    }
  });

  const exceptions: [GateException, readonly System[]][] = [
    ['identity', ['hubspot']],
    ['autoCreate', ['hubspot']],
    ['firstSync', ['salesforce']],
    ['projected', ['hubspot']],
    ['exitPolicy', ['hubspot', 'salesforce']],
  ];

  test.each(exceptions)('a permit for %s to write %j only, whatever else the verdict is', (exception, systems) => {
    for (const verdict of [closed, undecided, undefined]) {
      for (const target of ['hubspot', 'salesforce'] as const) {
        const permit = permitFor({ ...write, target }, verdict, exception);
        expect(permit?.basis).toBe(systems.includes(target) ? exception : undefined);
        expect(permit?.segmentVersion).toBeUndefined();
      }
    }
  });

  test('no permit without an open verdict or an exception', () => {
    for (const verdict of [closed, undecided, undefined]) expect(permitFor(write, verdict)).toBeUndefined();
  });

  test('the open verdict as basis where an exception would have done as well', () => {
    expect(permitFor(write, open, 'firstSync')?.basis).toBe('settled');
  });
});

describe('a permit', () => {
  test('lets its write through once', () => {
    const permit = permitToWrite();
    expect(() => spendPermit(permit, write)).not.toThrow();
    expect(() => spendPermit(permit, write)).toThrow(PermitRefused);
  });

  test('can not be changed after it was issued', () => {
    const permit = permitToWrite();
    expect(() => Object.assign(permit, { target: 'hubspot' })).toThrow(TypeError);
    expect(permit.target).toBe('salesforce');
  });

  const forgeries: [string, (permit: Permit) => Permit | undefined][] = [
    ['missing', () => undefined],
    ['a copy', (permit) => ({ ...permit })],
    ['a look-alike that inherits from one', (permit) => Object.create(permit) as Permit],
    ['one that went through JSON', (permit) => JSON.parse(JSON.stringify(permit)) as Permit],
  ];

  test.each(forgeries)('that is %s is refused', (_, forge) => {
    const permit = permitToWrite();
    expect(() => spendPermit(forge(permit), write)).toThrow(PermitRefused);
    expect(() => spendPermit(permit, write)).not.toThrow(); // the true one is still good
  });

  const foreign: [string, Partial<typeof write> | { target: System } | { ref: RecordRef } | { readId: string }][] = [
    ['system', { target: 'hubspot' }],
    ['record', { ref: { ...ref, id: '12' } }],
    ['object', { ref: { ...ref, object: 'companies' } }],
    ['side of the pair', { ref: { ...ref, system: 'salesforce' } }],
    ['read', { readId: 'run/1/1/2' }],
    ['attempt', { readId: 'run/1/2/1' }],
  ];

  test.each(foreign)('of another %s is refused, and stays good for its own', (_, changes) => {
    const permit = permitToWrite();
    expect(() => spendPermit(permit, { ...write, ...changes })).toThrow(PermitRefused);
    expect(() => spendPermit(permit, write)).not.toThrow();
  });

  test('that is refused is told by record and system', () => {
    expect(() => spendPermit(undefined, write)).toThrow('A write to salesforce for contacts/hubspot/11 has no permit.');
  });
});

test('nothing but the gate issues permits, and nothing but the way to the vendors spends them', () => {
  const folders = ['activities', 'bench', 'cli', 'client', 'core', 'crm', 'ledger', 'workers', 'workflows'];
  const sources = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
    )
    .filter((file) => file.endsWith('.ts'));
  const users = (name: string): string[] => sources.filter((file) => readFileSync(file, 'utf8').includes(name)).sort();
  expect(users('issuePermit')).toEqual(['core/gate.ts', 'core/permit.ts']);
  expect(users('spendPermit')).toEqual(['activities/send.ts', 'core/permit.ts']);
});
