import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mustTandem, runTandem, serveTandem, type Tandem } from '../support/command.ts';
import { temporaryFolder } from '../support/folders.ts';
import { liveSettings, makeSalesforceKey, syncOneContact } from '../support/live-sync.ts';

jest.setTimeout(180_000);

const exec = promisify(execFile);
const root = path.resolve('.');

/** The Node of this run comes first, also for npm. */
const env = { ...process.env, PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter) };

const npm = async (cwd: string, ...args: string[]): Promise<string> =>
  (await exec('npm', args, { cwd, env, maxBuffer: 10_000_000 })).stdout;

let folder = '';
let files: readonly string[] = [];
let tandem: Tandem;

beforeAll(async () => {
  folder = await temporaryFolder();
  const [packed] = JSON.parse(await npm(root, 'pack', '--json', '--silent', '--pack-destination', folder)) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  files = packed.files.map((file) => file.path);
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await npm(folder, 'install', `./${packed.filename}`, ...quietly);
  const installation = `t${randomBytes(6).toString('hex')}`;
  tandem = {
    program: process.execPath,
    args: [path.join(folder, 'node_modules/.bin/tandem')],
    cwd: folder,
    env: {
      PATH: env.PATH,
      TEMPORAL_ADDRESS: process.env['TEMPORAL_ADDRESS'],
      TEMPORAL_NAMESPACE: process.env['TEMPORAL_NAMESPACE'],
      TANDEM_INSTALLATION: installation,
      TANDEM_URL: 'http://127.0.0.1:0',
    },
  };
}, 600_000);

describe('the package', () => {
  test('holds what was built, its types, the bundled workflows and the licence, and no sources', () => {
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'cli/bin.js', 'dist/client/index.d.ts', 'dist/workflow-bundle.js']),
    );
    const others = files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file));
    expect(others.filter((file) => !['LICENSE', 'README.md', 'cli/bin.js', 'package.json'].includes(file))).toEqual([]);
  });

  test('gives the client library, typed', async () => {
    const file = path.join(folder, 'service.ts');
    await writeFile(
      file,
      [
        "import { BadRef, type RecordView, Tandem, TandemApi } from 'tandem-sync';",
        "const api = new TandemApi({ url: 'http://127.0.0.1:4000', token: 'x' });",
        "export const record: Promise<RecordView> = api.record({ system: 'hubspot', object: 'contacts', id: '1' });",
        '// @ts-expect-error a system that is none',
        "api.record({ system: 'pipedrive', object: 'contacts', id: '1' }).catch(() => {});",
        'record.catch(() => {});',
        'console.log(BadRef.name, Tandem.name);',
      ].join('\n'),
    );
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const strict = [
      '--strict',
      '--skipLibCheck',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      '',
    ];
    await exec(process.execPath, [tsc, ...strict, file], { cwd: folder });
    expect((await exec(process.execPath, [file], { cwd: folder })).stdout).toBe('BadRef Tandem\n');
  });

  test('says its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await runTandem(tandem, '--version')).toMatchObject({ status: 0, out: `${version}\n` });
  });

  test('checks settings', async () => {
    await writeFile(path.join(folder, 'tandem.yaml'), liveSettings);
    await writeFile(path.join(folder, 'bad.yaml'), liveSettings.replace('version: 1', 'version: 7'));
    expect(await runTandem(tandem, 'settings', 'check')).toMatchObject({ status: 0 });
    expect(await runTandem(tandem, 'settings', 'check', '--file', 'bad.yaml')).toMatchObject({
      status: 2,
      said: expect.stringContaining('version'),
    });
  });

  test('syncs both ways between its sandboxes, and ends in good order when it is asked to', async () => {
    const sandboxes = await serveTandem(tandem, 'sandbox', '--hubspot-port', '0', '--salesforce-port', '0');
    const { HUBSPOT_BASE_URL: hubspot = '', SALESFORCE_LOGIN_URL: salesforce = '' } = sandboxes.env;
    await makeSalesforceKey({ hubspot, salesforce });
    const connected = { ...tandem, env: { ...tandem.env, ...sandboxes.env } };
    const serve = await serveTandem(connected, 'serve');
    const commands = { ...connected, env: { ...connected.env, ...serve.env } };
    await mustTandem(commands, 'setup');
    await mustTandem(commands, 'settings', 'apply');
    await syncOneContact({ hubspot, salesforce });
    const ready = await fetch(`${serve.env['TANDEM_URL']}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, problems: [] }]);
    for (const running of [serve, sandboxes]) {
      running.child.kill('SIGTERM');
      expect(await running.ended).toBe(0);
    }
  });
});
