import { expect, test } from '@jest/globals';
import { requireNode } from '../../workers/node-version.ts';

test.each(['24.0.0', '24.21.0', '26.1.0'])('takes Node %s', (version) => {
  expect(() => requireNode(version)).not.toThrow();
});

test.each(['20.19.4', '22.18.0', '8.0.0'])('refuses Node %s in one sentence that says what to do', (version) => {
  expect(() => requireNode(version)).toThrow(
    `Tandem needs Node 24 or newer and this is Node ${version}: run it by npm (npm ci brings the right Node), or install Node 24.`,
  );
});
