import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { stampOf } from '../../workers/processes.ts';
import { downloadBy } from '../../workers/temporal/sdk-download.ts';
import { temporaryFolder } from '../support/folders.ts';
import { RecordingTerminal } from '../support/terminal.ts';

/** Runs the download with a script in place of the SDK. Its `file` is where the SDK would put the CLI. */
async function download(body: string, beginWithinMs = 60_000) {
  const workDir = await temporaryFolder();
  const script = path.join(workDir, 'script.mjs');
  const header = `import fs from 'node:fs'; const file = process.argv[2] + '/temporal-' + process.argv[3];\n`;
  await writeFile(script, header + body);
  const terminal = new RecordingTerminal();
  const fetcher = downloadBy({ script, beginWithinMs, growWithinMs: 60_000 });
  return { workDir, terminal, result: fetcher.fetch({ env: process.env, terminal, workDir }) };
}

const hang = 'fs.writeFileSync(process.argv[2] + "/pid", String(process.pid)); setInterval(() => {}, 1000);';

test('returns the file once it is whole, and ends the process that would start a server with it', async () => {
  const { workDir, result } = await download(`${hang} fs.writeFileSync(file, 'cli');`);
  expect(await readFile(await result, 'utf8')).toBe('cli');
  const pid = Number(await readFile(path.join(workDir, 'pid'), 'utf8'));
  while (stampOf(pid)) await setTimeout(20); // it has been killed; the system takes a moment to let go of it
});

test('fails with the last reason of a chain, and says nothing, where the download does not begin', async () => {
  const { terminal, result } = await download(`process.stderr.write('failed to start: dns error: no such host');`);
  await expect(result).rejects.toThrow(/^no such host$/);
  expect(terminal.text).toBe('');
});

test('gives up where nothing comes', async () => {
  const { result } = await download(hang, 0);
  await expect(result).rejects.toThrow('no answer');
});

test('shows that it downloads, and fails where the download breaks off', async () => {
  const { terminal, result } = await download(`
    fs.writeFileSync(file + '.downloading', 'half');
    setTimeout(() => { fs.rmSync(file + '.downloading'); process.stderr.write('connection reset'); }, 500);`);
  await expect(result).rejects.toThrow('connection reset');
  expect(terminal.text).toMatch(/^Downloading the Temporal CLI v1\.5\.1 …\nDownloading .*: \d+ s.* no success\n$/);
});
