import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { freePorts } from '../../workers/ports.ts';
import { type Sandboxes, startSandboxes } from '../../workers/sandboxes.ts';
import { startTemporalServer, type TemporalServer } from '../../workers/temporal/server.ts';
import { type Compose, type ComposeService, readCompose } from '../deploy/compose-file.ts';
import { freshDatabase } from '../ledger/with-ledger.ts';
import { runProgram, type ScriptProcess } from '../support/child.ts';
import { mustTandem, type Tandem } from '../support/command.ts';
import { temporaryFolder } from '../support/folders.ts';
import { liveSettings, makeSalesforceKey, syncOneContact } from '../support/live-sync.ts';
import { temporalCli } from '../support/temporal-cli.ts';

jest.setTimeout(120_000);

/** Longer than any of our processes needs to be ready, here or in the file. */
const healthyWithinMs = 60_000;

const bin = path.resolve('cli/bin.js');
const ours = ['service', 'worker'] as const;
type Ours = (typeof ours)[number];

/** One of our services as the compose file has it, as a plain process of this machine. */
interface Plain {
  /** With the environment of the service and nothing else. */
  readonly tandem: Tandem;
  /** Its command, after `tandem`. */
  readonly command: readonly string[];
  /** Its health check, after `node`. */
  readonly health: readonly string[];
}

let temporal: TemporalServer;
let sandboxes: Sandboxes;
let plain: Record<Ours, Plain>;
let drop = async (): Promise<void> => {};

beforeAll(async () => {
  const [folder, database, ports] = await Promise.all([temporaryFolder(), freshDatabase(), freePorts(2)]);
  drop = database.drop;
  sandboxes = await startSandboxes();
  temporal = await startTemporalServer({ cli: await temporalCli(), folder, database: 'memory' });
  const secrets = {
    tandem_api_token: randomBytes(24).toString('hex'),
    ledger_url: database.url,
    hubspot_access_token: sandboxes.env['HUBSPOT_ACCESS_TOKEN'] ?? '',
    salesforce_client_secret: sandboxes.env['SALESFORCE_CLIENT_SECRET'] ?? '',
  };
  for (const [name, value] of Object.entries(secrets)) await writeFile(path.join(folder, name), `${value}\n`);
  await writeFile(path.join(folder, 'tandem.yaml'), liveSettings);
  const compose = readCompose(sandboxes.env);
  const plainly = (name: Ours, port = 0) => asProcess(compose, name, { folder, port, servicePort: ports[0] ?? 0 });
  plain = { service: plainly('service', ports[0]), worker: plainly('worker', ports[1]) };
}, 120_000);

afterAll(async () => {
  await temporal?.stop();
  await sandboxes?.stop();
  await drop();
});

/** On this machine each host of the compose network is 127.0.0.1, so that the two need ports of their own. */
function asProcess(
  { services }: Compose,
  name: Ours,
  { folder, port, servicePort }: { folder: string; port: number; servicePort: number },
): Plain {
  const { command = [], environment = {}, healthcheck } = services[name] as ComposeService;
  const here = (text: string) =>
    text
      .replace(/^http:\/\/service:4000$/, `http://127.0.0.1:${servicePort}`)
      .replace(/(0\.0\.0\.0|127\.0\.0\.1):4000/, `127.0.0.1:${port}`)
      .replace(/^temporal:7233$/, temporal.address)
      .replace(/^\/run\/secrets/, folder);
  const [tandem, ...argv] = command;
  const [kind, node, ...health] = healthcheck?.test ?? [];
  expect([tandem, kind, node]).toEqual(['tandem', 'CMD', 'node']);
  const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)]));
  return {
    tandem: { program: process.execPath, args: [bin], cwd: folder, env: { PATH: process.env['PATH'], ...env } },
    command: argv,
    health: health.map(here),
  };
}

const start = ({ tandem: { program, args, cwd, env }, command }: Plain): ScriptProcess =>
  runProgram(program, [...args, ...command], { cwd, env });

const isHealthy = async ({ health, tandem: { env } }: Plain): Promise<boolean> =>
  (await runProgram(process.execPath, health, { env }).ended) === 0;

async function untilHealthy(service: Plain, { ended, output }: ScriptProcess): Promise<void> {
  const giveUpAt = performance.now() + healthyWithinMs;
  while (!(await isHealthy(service))) {
    const status = await Promise.race([ended, delay(200)]);
    if (status !== undefined || performance.now() > giveUpAt) {
      throw new Error(`Not healthy (${status ?? 'it still runs'}):\n${output.text}`);
    }
  }
}

describe('worker and service of docker-compose.yml, as plain processes', () => {
  test('become healthy, sync both ways, and end in good order on SIGTERM', async () => {
    expect(await Promise.all(ours.map((name) => isHealthy(plain[name])))).toEqual([false, false]);
    const running = ours.map((name) => ({ name, process: start(plain[name]) }));
    for (const { name, process } of running) await untilHealthy(plain[name], process);

    const second = start(plain.worker); // works before it finds its port taken, and has to end all that again
    expect([await second.ended, second.output.text]).toEqual([1, expect.stringContaining('set TANDEM_LISTEN')]);

    const { HUBSPOT_BASE_URL: hubspot = '', SALESFORCE_LOGIN_URL: salesforce = '' } = sandboxes.env;
    await makeSalesforceKey({ hubspot, salesforce });
    await mustTandem(plain.service.tandem, 'setup');
    await mustTandem(plain.service.tandem, 'settings', 'apply');
    await syncOneContact({ hubspot, salesforce });

    for (const { process } of running) process.child.kill('SIGTERM');
    const statuses = await Promise.all(running.map(({ process }) => process.ended));
    expect([statuses, running.map(({ process }) => process.output.text).join()]).toEqual([
      [0, 0],
      expect.not.stringContaining('did not stop well'),
    ]);
    expect(await Promise.all(ours.map((name) => isHealthy(plain[name])))).toEqual([false, false]);
  });

  test.each(ours)('the %s refuses a ledger that only one process can have', async (name) => {
    const { tandem, command } = plain[name];
    const { DATABASE_URL_FILE: _file, ...env } = tandem.env;
    const { ended, output } = start({ ...plain[name], tandem: { ...tandem, env }, command });
    expect([await ended, output.text]).toEqual([2, expect.stringContaining('DATABASE_URL is missing')]);
  });
});
