import { describe, expect, test } from '@jest/globals';
import { TandemApi } from '../../client/api.ts';
import { catalog } from '../core/settings-catalog.ts';
import { withLedger } from '../ledger/with-ledger.ts';
import { systemsWith } from '../workers/service-systems.ts';
import { withCommandLine } from './command-line.ts';
import { servicesOn, yaml } from './services-on.ts';

const line = withCommandLine();
const ledger = withLedger();

const services = () => servicesOn(ledger, systemsWith(catalog.segments), catalog);

describe('tandem settings check', () => {
  test('finds nothing wrong, without asking anybody', async () => {
    line.write('tandem.yaml', yaml);
    const { status, out } = await line.run(['settings', 'check']);
    expect([status, out]).toEqual([0, expect.stringContaining('tandem.yaml is well formed: contacts (1 field).')]);
    expect(JSON.parse((await line.run(['settings', 'check', '--json'])).out)).toEqual({ problems: [] });
  });

  test('lists every problem as a table, and ends with 2', async () => {
    line.write('other.yaml', yaml.replace('twoWay', 'twoways').replace('version: 1', 'version: 1\nlimits: {}'));
    const { status, out, err } = await line.run(['settings', 'check', '--file', 'other.yaml']);
    expect([status, err]).toEqual([2, '']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^line +where +found +expected$/),
      expect.stringMatching(/^3 +limits +the key limits +no such key: it is not supported yet; leave it out$/),
      expect.stringMatching(/^8 +objects\.contacts\.fields\[email\]\.rule +twoways +one of .*did you mean twoWay\?$/),
      '',
      '2 problems.',
    ]);
  });

  test('lists them for machines too', async () => {
    line.write('tandem.yaml', 'version: 1\nobjects: {}');
    const { status, out } = await line.run(['settings', 'check', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(out)).toEqual({
      problems: [{ line: 2, path: 'objects', found: 'no object', expected: 'at least one, such as contacts' }],
    });
  });

  test('says what to do where there is no file', async () => {
    const { status, err } = await line.run(['settings', 'check']);
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/tandem\.yaml can't be read \(ENOENT\): .*--file names another\.$/),
    ]);
  });
});

describe('tandem settings apply and show', () => {
  test('makes a file the version that runs', async () => {
    line.write('tandem.yaml', yaml);
    const applied = await line.run(['settings', 'apply'], services());
    expect([applied.status, applied.out]).toEqual([0, 'Version 1 of the settings runs: contacts (1 field).']);
    const shown = await line.run(['settings', 'show'], services());
    expect([shown.status, shown.out]).toEqual([
      0,
      expect.stringMatching(/^# version 1, since .*\n# who may sync\nversion: 1\n/),
    ]);
    expect(JSON.parse((await line.run(['settings', 'show', '--json'], services())).out)).toMatchObject({
      version: 1,
      yaml,
    });
  });

  test('lists what is wrong with the file and what the systems lack together, with lines, and changes nothing', async () => {
    line.write(
      'tandem.yaml',
      yaml.replace('Customers', '43').replace('hubspot: email', 'hubspot: emial').replace('twoWay', 'never'),
    );
    const { status, out } = await line.run(['settings', 'apply'], services());
    expect(status).toBe(2);
    expect(out).toMatch(/^5 +objects\.contacts\.segments\.include\[0\] +43 "Fair visitors", which is static/m);
    expect(out).toMatch(/^7 +objects\.contacts\.fields\[emial\]\.rule +never/m);
    expect(out).toMatch(/^7 +objects\.contacts\.fields\[emial\]\.hubspot +emial .*did you mean email\?$/m);
    expect(out).toMatch(/problems\. Nothing was changed\.$/);
    expect(await ledger.settings.currentVersion()).toBeUndefined();
  });

  test('shows nothing before something runs', async () => {
    const { status, out } = await line.run(['settings', 'show'], services());
    expect([status, out]).toEqual([1, 'No settings run yet: apply some with `tandem settings apply`.']);
  });

  test('says how to reach a service that does not answer', async () => {
    line.write('tandem.yaml', yaml);
    const api = new TandemApi({
      url: 'http://tandem.test',
      token: '',
      fetch: () => Promise.reject(new TypeError('refused')),
    });
    const shown = await line.run(['settings', 'show', '--json'], { api: () => api });
    const message = 'No Tandem service answers at http://tandem.test: start it with `tandem serve` or set TANDEM_URL.';
    expect([shown.status, shown.err]).toEqual([1, message]);
    expect(JSON.parse(shown.out)).toEqual({ error: { name: 'Unreachable', message } });
  });
});
