import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EmbeddedRefused, FolderTaken, type Ledger, openLedger } from '../../ledger/index.ts';

// Ends a test that hangs; nothing waits for it.
jest.setTimeout(180_000);

/** A ledger made once and copied, since making one takes seconds. */
const template = mkdtempSync(join(tmpdir(), 'tandem-template-'));
let folder = '';
let dataDir = '';
let opened: Ledger[] = [];
let children: ChildProcess[] = [];

beforeAll(async () => {
  await (await openLedger({ dataDir: template })).close();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-ledger-'));
  dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  cpSync(join(template, 'ledger'), join(dataDir, 'ledger'), { recursive: true });
});
afterEach(async () => {
  for (const ledger of opened) await ledger.close();
  for (const child of children) await kill(child);
  [opened, children] = [[], []];
  rmSync(folder, { recursive: true, force: true });
});

async function open(where: string = dataDir): Promise<Ledger> {
  const ledger = await openLedger({ dataDir: where });
  opened.push(ledger);
  return ledger;
}

async function close(ledger: Ledger): Promise<void> {
  opened = opened.filter((other) => other !== ledger);
  await ledger.close();
}

/** Another process that owns the ledger; `lines` are what it says. */
function child(commits: number): { process: ChildProcess; lines: AsyncIterableIterator<string> } {
  const script = join(import.meta.dirname, 'embedded-child.ts');
  const started = spawn(process.execPath, [script, dataDir, `${commits}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(started);
  return { process: started, lines: createInterface({ input: started.stdout })[Symbol.asyncIterator]() };
}

async function kill(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

/** Reads lines up to the one that begins so, and answers its number. */
async function numberAfter(word: string, lines: AsyncIterableIterator<string>): Promise<number> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    if (line.value.startsWith(`${word} `)) return Number(line.value.slice(word.length));
  }
  throw new Error(`The other process ended without saying "${word}".`);
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('an embedded ledger', () => {
  test('keeps what was noted, and its key, from one opening to the next', async () => {
    const first = await open();
    await first.cursors.put('poll', { since: 1 });
    await close(first);
    const second = await open();
    expect(await second.cursors.get('poll')).toEqual({ since: 1 });
    expect(second.identity.hmacKey).toEqual(first.identity.hmacKey);
    expect(second.identity.hmacKey).toHaveLength(32);
    expect(new Uint8Array(readFileSync(join(dataDir, 'ledger.key')))).toEqual(new Uint8Array(second.identity.hmacKey));
  });

  test('is for its user only, also where the folder was there before', async () => {
    await close(await open());
    chmodSync(join(dataDir, 'ledger'), 0o755);
    await open();
    for (const where of [dataDir, template]) {
      const modes = ['.', 'ledger', 'ledger.key'].map((name) => modeOf(join(where, name)));
      expect(modes).toEqual([0o700, 0o700, 0o600]);
    }
  });

  test('may be closed twice', async () => {
    const ledger = await open();
    await ledger.close();
    await ledger.close();
    await expect(ledger.ping()).rejects.toThrow('destroyed');
  });

  test('names a key of the wrong size', async () => {
    await close(await open());
    writeFileSync(join(dataDir, 'ledger.key'), 'short');
    await expect(open()).rejects.toThrow('should hold 32 bytes, it holds 5');
    // The lock was given back.
    rmSync(join(dataDir, 'ledger.key'));
    expect((await open()).identity.hmacKey).toHaveLength(32);
  });

  test('is refused in production unless it is allowed by name', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(openLedger({ dataDir })).rejects.toThrow(EmbeddedRefused);
      await expect(openLedger({ dataDir })).rejects.toThrow('DATABASE_URL');
      opened.push(await openLedger({ dataDir, allowEmbedded: true }));
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});

describe('the lock on its folder', () => {
  test('refuses a second opening in the same process, under any spelling of the folder', async () => {
    const owner = await open();
    const spelling = join(folder, 'link');
    symlinkSync(dataDir, spelling);
    await expect(open()).rejects.toThrow(FolderTaken);
    await expect(open(spelling)).rejects.toThrow(FolderTaken);
    await close(owner);
    expect(await (await open(spelling)).counts()).toMatchObject({ pairs: 0 });
  });

  test('refuses while another process owns the folder, and says what to do', async () => {
    const other = child(1_000_000);
    await numberAfter('found', other.lines);
    const refusal = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(FolderTaken);
    expect(String(refusal)).toContain(join(dataDir, 'ledger'));
    expect(String(refusal)).toContain('only one process may own an embedded ledger');
    expect(String(refusal)).toContain('DATABASE_URL');
  });

  test('is free at once when its owner was killed', async () => {
    const other = child(1_000_000);
    await numberAfter('noted', other.lines);
    await kill(other.process);
    expect((await (await open()).runs.list()).length).toBeGreaterThan(0);
  });
});

describe('durability', () => {
  test('no row is lost that was answered before a kill', async () => {
    let noted = 0;
    for (const acknowledged of [5, 150, 30]) {
      const { process, lines } = child(1_000_000);
      expect(await numberAfter('found', lines)).toBeGreaterThanOrEqual(noted);
      for (let i = 0; i < acknowledged; i++) noted = await numberAfter('noted', lines);
      await kill(process);
    }
    expect(await numberAfter('found', child(0).lines)).toBeGreaterThanOrEqual(noted);
    expect(noted).toBeGreaterThanOrEqual(185);
  });

  test('each commit reaches the disk: there are at least as many calls of fsync', async () => {
    expect(await numberAfter('synced', child(100).lines)).toBeGreaterThanOrEqual(100);
  });
});
