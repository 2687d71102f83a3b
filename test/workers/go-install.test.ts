import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { stampOf } from '../../workers/processes.ts';
import { temporalCacheDir } from '../../workers/temporal/cache.ts';
import { goInstall } from '../../workers/temporal/go-install.ts';
import { runScript } from '../support/child.ts';
import { temporaryFolder, writeScript } from '../support/folders.ts';
import { RecordingTerminal } from '../support/terminal.ts';

/** A machine whose `go` leaves half a file, says its process id, and goes on when the test opens the gate of that process. */
async function machineWithGo() {
  const home = await temporaryFolder();
  const bin = path.join(home, 'bin');
  await mkdir(bin);
  const [begun, gates, log] = ['begun', 'gates', 'log'].map((name) => path.join(home, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(gates);
  execFileSync('mkfifo', [begun]);
  await writeScript(
    path.join(bin, 'go'),
    `echo "$@" >> ${log}`,
    'echo "go: downloading example.com/module v1.0.0" >&2',
    'echo "example.com/module/package" >&2',
    'printf "#!/bin/sh\\n" > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"',
    `PATH=/usr/bin:/bin mkfifo ${gates}/$$`, // one for each, so that none takes what opens another's
    `echo $$ > ${begun}`,
    `read -r _ < ${gates}/$$`,
    `echo 'echo "temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)"' >> "$GOBIN/temporal"`,
  );
  const env: NodeJS.ProcessEnv = { HOME: home, PATH: bin };
  return {
    env,
    bin,
    cached: path.join(temporalCacheDir(env), 'temporal'),
    /** Waits until go has begun, and returns its process id. */
    begun: async () => Number(await readFile(begun, 'utf8')),
    openGate: (pid: number) => writeFile(path.join(gates, String(pid)), '\n'),
    builds: async () => (await readFile(log, 'utf8')).trim().split('\n'),
  };
}

test('two processes at once build once', async () => {
  const machine = await machineWithGo();
  const first = runScript('workers/scripts/build-cli.ts', [], machine.env);
  const go = await machine.begun();
  const second = runScript('workers/scripts/build-cli.ts', [], machine.env);
  await second.output.shows('Another process is fetching the Temporal CLI');
  await machine.openGate(go);
  expect([await first.ended, await second.ended]).toEqual([0, 0]);
  expect(first.output.text).toContain('found: go install\n');
  expect(second.output.text).toContain('found: cache\n');
  expect(await machine.builds()).toEqual(['install -v -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v1.5.1']);
});

test('a process that waits builds anew where the first is killed, and never takes the half of it', async () => {
  const machine = await machineWithGo();
  const first = runScript('workers/scripts/build-cli.ts', [], machine.env);
  const orphan = await machine.begun();
  const second = runScript('workers/scripts/build-cli.ts', [], machine.env);
  await second.output.shows('Another process is fetching the Temporal CLI');
  first.child.kill('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  const go = await machine.begun();
  expect(readdirSync(path.dirname(machine.cached)).filter((name) => name.startsWith('fetching-'))).toHaveLength(1);
  process.kill(orphan, 'SIGKILL');
  await machine.openGate(go);
  expect(await second.ended).toBe(0);
  expect(second.output.text).toContain('found: go install\n');
  expect(execFileSync(machine.cached, { encoding: 'utf8' })).toContain('Server 1.29.1');
  expect(readdirSync(path.dirname(machine.cached)).toSorted()).toEqual(['fetch.lock', 'temporal']);
});

test('shows how long and how far it is', async () => {
  const machine = await machineWithGo();
  const terminal = new RecordingTerminal();
  const fetching = goInstall.fetch({ env: machine.env, terminal, workDir: await temporaryFolder() });
  await machine.openGate(await machine.begun());
  await fetching;
  expect(terminal.text).toMatch(
    /^Building .* \(the first time about 1300 packages and 5 minutes\) …\nBuilding .*: \d+ s, modules downloaded: 1, packages compiled: 1, done\n$/,
  );
});

test('ends go when it is asked to stop', async () => {
  const machine = await machineWithGo();
  const controller = new AbortController();
  const { signal } = controller;
  const terminal = new RecordingTerminal();
  const fetching = goInstall.fetch({ env: machine.env, terminal, workDir: await temporaryFolder(), signal });
  const pid = await machine.begun();
  controller.abort(new Error('stopped'));
  await expect(fetching).rejects.toThrow('stopped');
  expect(stampOf(pid)).toBeUndefined();
});

test('fails with what go said last', async () => {
  const { env, bin } = await machineWithGo();
  await writeScript(path.join(bin, 'go'), 'echo "go: module lookup disabled by GOPROXY=off" >&2', 'exit 1');
  const fetching = goInstall.fetch({ env, terminal: new RecordingTerminal(), workDir: await temporaryFolder() });
  await expect(fetching).rejects.toThrow(/^go: module lookup disabled by GOPROXY=off$/);
});

test('is closed where there is no Go', async () => {
  const env = { PATH: await temporaryFolder() };
  const fetching = goInstall.fetch({ env, terminal: new RecordingTerminal(), workDir: await temporaryFolder() });
  await expect(fetching).rejects.toThrow('there is no Go on PATH');
});
