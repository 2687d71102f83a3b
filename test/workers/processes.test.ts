import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { clearOrphan, writePidFile } from '../../workers/pid-file.ts';
import { tryLock } from '../../workers/process-lock.ts';
import { isRunning, stampOf } from '../../workers/processes.ts';
import { runScript } from '../support/child.ts';
import { temporaryFolder } from '../support/folders.ts';

async function sleeper() {
  const { child, ended } = runScript('workers/scripts/sleeper.ts', [], { PATH: process.env['PATH'] });
  const stamp = stampOf(child.pid ?? 0);
  if (!stamp) throw new Error('the sleeper does not run');
  return { stamp, ended, kill: () => child.kill('SIGKILL') };
}

const ofTheDead = { pid: 2 ** 22 - 1, started: '1 nobody' };

test('a process is known by when it started, not by its id alone', async () => {
  const { stamp, ended, kill } = await sleeper();
  expect(isRunning(stamp)).toBe(true);
  expect(isRunning({ ...stamp, started: `0${stamp.started}` })).toBe(false);
  kill();
  await ended;
  expect(isRunning(stamp)).toBe(false);
});

test('ends the child of an owner that is gone, and removes the note', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'pid.json');
  const { stamp, ended } = await sleeper();
  await writeFile(file, JSON.stringify({ owner: ofTheDead, child: stamp }));
  expect(await clearOrphan(file)).toEqual({});
  expect(await ended).toBe('SIGTERM');
  expect(readdirSync(folder)).toEqual([]);
});

test('leaves another process alone that now has the id of the child', async () => {
  const file = path.join(await temporaryFolder(), 'pid.json');
  const { stamp } = await sleeper();
  await writeFile(file, JSON.stringify({ owner: ofTheDead, child: { ...stamp, started: `0${stamp.started}` } }));
  expect(await clearOrphan(file)).toEqual({});
  expect(isRunning(stamp)).toBe(true);
});

test('leaves the child of a living owner alone, and names the owner', async () => {
  const file = path.join(await temporaryFolder(), 'pid.json');
  const { stamp } = await sleeper();
  await writePidFile(file, stamp.pid);
  expect(await clearOrphan(file)).toEqual({ ownedBy: process.pid });
  expect(isRunning(stamp)).toBe(true);
});

test.each(['', '{}', '{"owner":'])('takes a note that holds %j for none', async (text) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'pid.json'), text);
  expect(await clearOrphan(path.join(folder, 'pid.json'))).toEqual({});
});

test('a lock has one holder at a time, in this process too', async () => {
  const file = path.join(await temporaryFolder(), 'a.lock');
  const lock = tryLock(file);
  expect(lock).toBeDefined();
  expect(tryLock(file)).toBeUndefined();
  lock?.release();
  const next = tryLock(file);
  expect(next).toBeDefined();
  next?.release();
});

test('a lock ends with the process that holds it', async () => {
  const file = path.join(await temporaryFolder(), 'a.lock');
  const { child, output, ended } = runScript('workers/scripts/sleeper.ts', [file], { PATH: process.env['PATH'] });
  await output.shows('locked');
  expect(tryLock(file)).toBeUndefined();
  child.kill('SIGKILL');
  await ended;
  const lock = tryLock(file);
  expect(lock).toBeDefined();
  lock?.release();
});
