import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { servicesOf } from '../../cli/services.ts';
import { table } from '../../cli/table.ts';
import { withCommandLine } from './command-line.ts';

const line = withCommandLine(80);

/** The command lines of all commands that do something. */
function commandLines(command: Command, before: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...before]];
  return command.commands.flatMap((child) => commandLines(child, [...before, child.name()]));
}

const io = {
  env: {},
  cwd: '',
  columns: undefined,
  terminal: undefined,
  confirm: undefined,
  out: () => {},
  err: () => {},
};
const all = commandLines(createProgram({ io, services: servicesOf({}), status: 0 }));

describe('the command line', () => {
  test.each(all.map((argv) => [argv.join(' '), argv] as const))('%s --help has an example', async (name, argv) => {
    const { status, out } = await line.run([...argv, '--help']);
    expect(status).toBe(0);
    expect(out).toContain(`\nExample:\n  $ tandem ${name}`);
  });

  test.each(['imports.md', 'settings.md', 'concepts.md'])('has every command that docs/%s names', (page) => {
    const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
    const named = [...text.matchAll(/(?:^\$ |`)tandem ((?:[a-z]+ ?)+)/gm)].map(([, words = '']) => words.trim());
    const known = [...all, ...all.map((argv) => argv.slice(0, 1))].map((argv) => argv.join(' '));
    expect(named.length).toBeGreaterThan(0);
    for (const words of named) expect(known.some((name) => `${words} `.startsWith(`${name} `))).toBe(true);
  });

  test.each([[['nosuch']], [['settings', 'nosuch']], [['segment', 'use']], [['health', '--nosuch']], [[]]])(
    'ends %j with 2',
    async (argv) => {
      const { status, err } = await line.run(argv);
      expect([status, err]).toEqual([2, expect.stringMatching(/^(error|Usage): /)]);
    },
  );

  test('names what the environment lacks, all at once, with 2', async () => {
    const services = servicesOf({ TANDEM_URL: 'nowhere', TANDEM_LOG_LEVEL: 'loud' });
    const { status, err } = await line.run(['health'], services);
    expect([status, err.split('\n')]).toEqual([
      2,
      [expect.stringContaining('TANDEM_URL must be an address'), expect.stringContaining('TANDEM_LOG_LEVEL is "loud"')],
    ]);
  });

  test.each([
    ['WorkflowFailedError', 'The workflow failed (There is no draft 7: save one first.): its page'],
    ['WorkflowExecutionAlreadyStartedError', 'The same is under way already: try again when it has ended.'],
  ])('has a sentence for %s', async (name, sentence) => {
    const cause = new Error('Activity task failed', { cause: new Error('There is no draft 7: save one first.') });
    const failure = Object.assign(new Error('Workflow execution failed', { cause }), { name });
    const { status, err } = await line.run(['record', 'sync', 'contacts/hubspot/1'], {
      withTandem: () => Promise.reject(failure),
    });
    expect([status, err]).toEqual([1, expect.stringContaining(sentence)]);
    expect(err.split('\n')).toHaveLength(1);
  });

  test('shows the trace of what nobody expected', async () => {
    const { status, err } = await line.run(['health'], {
      api: () => {
        throw new Error('canary');
      },
    });
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^Something unexpected went wrong.*\nError: canary\n +at /),
    ]);
  });
});

describe('the launcher', () => {
  const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));

  test('tells an old Node what to do, in one sentence', () => {
    const pretend = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";
    const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, bin, '--help'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Tandem needs Node 24 or newer and this is Node 20\.1\.0: run it by npm .*\n$/);
  });

  test('starts the command on a Node that is new enough', () => {
    const { status, stdout } = spawnSync(process.execPath, [bin, 'settings', '--help'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: tandem settings')]);
  });
});

describe('tables', () => {
  test('wrap their widest columns where the terminal is narrow', () => {
    const lines = table(['a', 'b'], [['short', 'word '.repeat(30)]], 40).split('\n');
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(40);
    expect(lines.join(' ').match(/word/g)).toHaveLength(30);
  });

  test('cut no word, however narrow the terminal is', () => {
    const id = 'contacts/salesforce/00Q000000000001AAA';
    const text = table(['record', 'because'], [[id, 'a record that another one would duplicate']], 40);
    expect(text).toContain(id);
    expect(text.split('\n').length).toBeGreaterThan(2);
  });

  test('keep a row on one line where nobody looks', () => {
    expect(table(['a', 'b'], [['short', 'word '.repeat(30)]]).split('\n')).toHaveLength(2);
  });

  test('let no name from outside steer the terminal', () => {
    expect(table(['name'], [['a\u001b[2Jb\nc']])).toBe('name\na [2Jb c');
  });
});
