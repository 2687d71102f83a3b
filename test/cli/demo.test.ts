import { describe, expect, jest, test } from '@jest/globals';
import type { Finding, Table } from '../../workers/demo/narrator.ts';
import type { Cast } from '../../workers/demo/prepare.ts';
import type { Demo, DemoOptions } from '../../workers/demo/start-demo.ts';

const steps = [
  {
    title: 'An edit crosses',
    findings: [{ isTrue: true, says: 'title in Salesforce: "Head of Tea"' }],
    table: { head: ['outcome', 'records'], rows: [['synced', 4]] },
  },
  { title: 'Another does not', findings: [{ isTrue: false, says: 'fields written: Title' }] },
] as const;

let failing = false;
let stops = 0;

/** Plays what a demo tells, without anything that runs. */
async function startDemo({ narrator }: DemoOptions): Promise<Demo> {
  const told: { title: string; findings: readonly Finding[]; table?: Table }[] = failing ? [...steps] : [steps[0]];
  for (const [i, result] of told.entries()) {
    narrator.begins(i + 1, { title: result.title, does: 'word '.repeat(40), expects: 'b', waitsFor: 'c' });
    narrator.ends(result);
    await narrator.pauses('Nobody looks.');
  }
  const cast = { ada: { hubspotId: '7' }, ben: { hubspotId: '8' } } as Cast;
  return {
    addresses: { 'Temporal UI': 'http://127.0.0.1:8233' },
    env: { HUBSPOT_BASE_URL: 'http://127.0.0.1:4010' },
    story: { steps: told, failed: failing ? steps[1].title : undefined, cast },
    place: {
      dataDir: '/somewhere/.tandem/demo',
      settingsFile: '/somewhere/.tandem/demo/tandem.yaml',
      env: {},
      installation: 'demo',
      variables: {},
    },
    failed: failing ? new Promise(() => {}) : Promise.resolve(new Error('the worker failed')),
    stop: async () => void (stops += 1),
  };
}
jest.unstable_mockModule('../../workers/demo/start-demo.ts', () => ({ startDemo }));

const { withCommandLine } = await import('./command-line.ts');
const line = withCommandLine(80);

describe('demo --once', () => {
  test('ends with 0 when every step came true, and stops what it started', async () => {
    failing = false;
    stops = 0;
    const { status, out } = await line.run(['demo', '--once']);
    expect(status).toBe(0);
    expect(out).toMatch(/✓ title in Salesforce: "Head of Tea"\n\nThe story came true: 1 steps? in \d+ s\.$/);
    expect(stops).toBe(1);
  });

  test('names the step that did not come true, with 1', async () => {
    failing = true;
    const { status, out } = await line.run(['demo', '--once']);
    expect(status).toBe(1);
    expect(out).toMatch(/✗ fields written: Title\n.*\n\nThe story did not come true\. It failed at: Another does not$/);
  });

  test('shows what Tandem says of a step as a table, before it is judged', async () => {
    failing = false;
    const { out } = await line.run(['demo', '--once']);
    expect(out).toMatch(/\n    outcome  records\n    synced   4\n    ✓ title/);
  });

  test('breaks long texts at words, within the terminal', async () => {
    failing = false;
    const { out } = await line.run(['demo', '--once']);
    expect(out.match(/word/g)).toHaveLength(40);
    expect(Math.max(...out.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
  });
});

test('demo stays up and says what to try, until a part of it fails', async () => {
  failing = false;
  stops = 0;
  const { status, out, err } = await line.run(['demo']);
  expect(out).toContain('curl -X PATCH http://127.0.0.1:4010/_sandbox/people/contacts/8 ');
  expect(out).toContain('export TANDEM_DATA_DIR=/somewhere/.tandem/demo\n');
  expect(out).toContain('http://127.0.0.1:8233/namespaces/default/workflows?query=SyncOutcome%3D%22waiting%22');
  expect([status, err]).toEqual([1, expect.stringContaining('the worker failed')]);
  expect(stops).toBe(1);
});
