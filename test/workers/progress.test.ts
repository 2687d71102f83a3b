import { expect, test } from '@jest/globals';
import { duration, withProgress } from '../../workers/progress.ts';
import { RecordingTerminal } from '../support/terminal.ts';

test('writes a line now and then elsewhere than on a terminal, with the newest detail', async () => {
  const terminal = new RecordingTerminal();
  const result = await withProgress({ terminal, everyMs: 1 }, 'Building', async (detail) => {
    detail('2 of 3');
    await terminal.shows(', 2 of 3\n');
    detail('3 of 3');
    return 'built';
  });
  expect(result).toBe('built');
  expect(terminal.text).toMatch(
    /^Building …\n(Building: \d+ s, 2 of 3\n)+(Building: .*)?Building: \d+ s, 3 of 3, done\n$/s,
  );
});

test('rewrites its line on a terminal', async () => {
  const terminal = new RecordingTerminal({ isTTY: true });
  await withProgress({ terminal, everyMs: 1 }, 'Building', () => terminal.shows('\r\u001b[KBuilding: '));
  expect(terminal.text.split('\n')).toHaveLength(2);
  expect(terminal.text.endsWith(', done\n')).toBe(true);
});

test('says that it came to nothing, and passes the reason on', async () => {
  const terminal = new RecordingTerminal();
  const failing = withProgress({ terminal }, 'Building', () => Promise.reject(new Error('no compiler')));
  await expect(failing).rejects.toThrow('no compiler');
  expect(terminal.text).toMatch(/^Building …\nBuilding: \d+ s, no success\n$/);
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [284_000, '4 min 44 s'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
