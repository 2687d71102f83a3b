import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder, writeScript } from '../support/folders.ts';

/** Runs `.ci/run` with an npm whose three commands say and answer what the test wants. */
async function ciRun(commands: { ci?: string; test: string; postgres: string }) {
  const bin = await temporaryFolder();
  const { ci = 'exit 0', test, postgres } = commands;
  const cases = [`ci) ${ci} ;;`, `test) ${test} ;;`, `run) [ "$2" = test:postgres ] || exit 9; ${postgres} ;;`];
  await writeScript(path.join(bin, 'npm'), 'case "$1" in', ...cases, '*) exit 9 ;;', 'esac');
  const { status, stdout } = spawnSync(path.resolve('.ci/run'), {
    env: { PATH: `${bin}:${process.env['PATH']}`, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

const says = (summary: string, status = 0): string =>
  `echo "Tests:       ${summary}" >&2; echo "Time: 1 s"; exit ${status}`;

test.each([
  {
    what: 'both runs pass',
    commands: { test: says('30 passed, 30 total'), postgres: says('12 passed, 12 total') },
    status: 0,
    lastLine: '42 passed, 0 failed',
  },
  {
    what: 'tests fail in both runs',
    commands: { test: says('2 failed, 28 passed, 30 total', 1), postgres: says('3 failed, 9 passed, 12 total', 1) },
    status: 1,
    lastLine: '37 passed, 5 failed',
  },
  {
    what: 'the first run fails before any test, and the second is run all the same',
    commands: { test: 'echo "types are wrong"; exit 2', postgres: says('12 passed, 12 total') },
    status: 1,
    lastLine: '12 passed, 1 failed',
  },
  {
    what: 'a file of tests does not load while all others pass',
    commands: { test: says('30 passed, 30 total', 1), postgres: says('12 passed, 12 total') },
    status: 1,
    lastLine: '42 passed, 1 failed',
  },
  {
    what: 'a run passes without having run a test',
    commands: { test: says('30 passed, 30 total'), postgres: 'exit 0' },
    status: 1,
    lastLine: '30 passed, 1 failed',
  },
  {
    what: 'the installation fails, and nothing is run',
    commands: { ci: 'exit 1', test: says('30 passed, 30 total'), postgres: says('12 passed, 12 total') },
    status: 1,
    lastLine: '0 passed, 1 failed',
  },
])('says "$lastLine" where $what', async ({ commands, status, lastLine }) => {
  expect(await ciRun(commands)).toEqual({ status, lastLine });
});
