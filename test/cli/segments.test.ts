import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { filterFor } from '../../core/segment-condition.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import { catalog } from '../core/settings-catalog.ts';
import { hubspotWorld } from '../crm/hubspot-world.ts';
import { withLedger } from '../ledger/with-ledger.ts';
import { systemsWith } from '../workers/service-systems.ts';
import { withCommandLine } from './command-line.ts';
import { servicesOn, yaml } from './services-on.ts';

const line = withCommandLine();
const ledger = withLedger();

describe('tandem segment', () => {
  const services = () => servicesOn(ledger, systemsWith(catalog.segments), catalog);

  test('lists the segments of an object', async () => {
    line.write('tandem.yaml', yaml);
    await line.run(['settings', 'apply'], services());
    const { status, out } = await line.run(['segment', 'list', 'contacts'], services());
    expect(status).toBe(0);
    expect(out).toMatch(/^42 +Customers +active +complete +chosen$/m);
    expect(out).toMatch(/^43 +Fair visitors +static +complete$/m);
    const unknown = await line.run(['segment', 'list', 'people'], services());
    expect([unknown.status, unknown.err]).toEqual([2, '"people" is not in the settings that run; known: contacts.']);
  });

  test('chooses a segment in the file, whose comments stay, and applies it', async () => {
    line.write('tandem.yaml', yaml);
    const { status, out } = await line.run(['segment', 'use', 'contacts', '46'], services());
    expect([status, out]).toEqual([
      0,
      expect.stringContaining('The segment of contacts is 46; members sync at their next change.'),
    ]);
    expect(line.read('tandem.yaml')).toBe(yaml.replace('[Customers]', '[46]'));
    expect((await ledger.settings.current())?.settings.objects['contacts']?.segments.include).toEqual(['46']);
  });

  test('adds the choice where there was none', async () => {
    line.write('tandem.yaml', yaml.replace(/ +segments.*\n/, ''));
    expect((await line.run(['segment', 'use', 'contacts', 'Customers'], services())).status).toBe(0);
    expect(parseSettings(line.read('tandem.yaml')).settings?.objects['contacts']?.segments).toEqual({
      include: ['Customers'],
      exclude: [],
    });
  });

  test('leaves the file alone where the choice is refused', async () => {
    line.write('tandem.yaml', yaml);
    const { status, out } = await line.run(['segment', 'use', 'contacts', '43'], services());
    expect([status, out]).toEqual([2, expect.stringContaining('which is static')]);
    expect(line.read('tandem.yaml')).toBe(yaml);
  });

  test('names the objects that the file has', async () => {
    line.write('tandem.yaml', yaml);
    const { status, err } = await line.run(['segment', 'use', 'people', '42'], services());
    expect([status, err]).toEqual([2, 'The settings file has no object "people"; it has contacts.']);
  });
});

describe('tandem segment, with a HubSpot', () => {
  let world: Awaited<ReturnType<typeof hubspotWorld>>;
  beforeEach(async () => {
    world = await hubspotWorld();
  });
  afterEach(() => world.close());

  const properties = async () => ({
    properties: Object.fromEntries(await world.reader.properties('contacts')),
    zone: 'UTC',
  });
  const person = (name: string, lifecyclestage: string) =>
    world.sandbox.people.create('contacts', { email: `${name}@example.com`, lifecyclestage }).id;
  /** Runs with a catalog that knows the account's own segments. */
  const services = async () => {
    const segments = await world.reader.listSegments('0-1');
    return servicesOn(
      ledger,
      { hubspot: world.reader, salesforce: systemsWith().salesforce },
      { ...catalog, segments },
    );
  };
  const run = async (argv: readonly string[], person: Parameters<typeof line.run>[2] = {}) =>
    await line.run(argv, await services(), person);
  const stage = (value: string) => `lifecyclestage = ${value}`;
  const where = (text: string) => ['--where', text];
  const create = (name: string, how: readonly string[]) =>
    run(['segment', 'create', 'contacts', '--name', name, ...how]);
  /** HubSpot has evaluated every list once somebody has looked at one by its id. */
  const evaluatedAtFirstLook = () =>
    world.intercept(async (request, answer) => {
      const answered = await answer(request);
      if (request.url.includes('listIds=')) world.sandbox.runEvaluation();
      return answered;
    });
  const useNone = async () => {
    line.write('tandem.yaml', yaml.replace(/ +segments.*\n/, ''));
    expect((await run(['settings', 'apply'])).status).toBe(0);
  };

  test('creates a segment from a condition, shows it as HubSpot stored it and waits until it is evaluated', async () => {
    await useNone();
    person('ann', 'customer');
    person('bob', 'lead');
    evaluatedAtFirstLook();
    const { status, out, err } = await create('Customers', where('not lifecyclestage != customer or is unknown'));
    expect(err).toMatch(/condition +lifecyclestage = customer$/m);
    expect(err).toMatch(/kind +active, (processing|complete)$/m);
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^HubSpot has evaluated segment \d+: 1 member\.\nNothing syncs by it until you choose it/),
    ]);
    expect((await ledger.settings.current())?.settings.objects['contacts']?.segments.include).toEqual([]);
    const listed = await run(['segment', 'list', 'contacts']);
    expect(listed.out).toMatch(/Customers +active +complete +1$/m);
  });

  test("takes HubSpot's own filter from a file", async () => {
    await useNone();
    const filter = {
      filterType: 'PROPERTY',
      property: 'firstname',
      operation: { operationType: 'MULTISTRING', operator: 'HAS_EVER_BEEN_EQUAL_TO', values: ['x'] },
    };
    const branch = { filterBranchType: 'AND', filterBranches: [], filters: [filter] };
    line.write('filter.json', JSON.stringify({ filterBranchType: 'OR', filterBranches: [branch], filters: [] }));
    evaluatedAtFirstLook();
    const { status, err } = await create('Once x', ['--filter', 'filter.json']);
    expect(status).toBe(0);
    expect(err).toContain('"HAS_EVER_BEEN_EQUAL_TO"');
  });

  test.each([
    ['nothing said', [], 'either --where'],
    ['both said', ['--where', 'email is known', '--filter', 'x.json'], 'either --where'],
    ['a file that is not there', ['--filter', 'x.json'], "can't be read from x.json (ENOENT)"],
    ['a file that is not JSON', ['--filter', 'bad.json'], 'bad.json is not JSON'],
    ['a file that is no filter', ['--filter', 'other.json'], 'holds no filter of HubSpot'],
    ['a property that is not there', where('emial is known'), 'At character 1: there is no property emial'],
    ['a filter that HubSpot refuses', ['--filter', 'refused.json'], 'HubSpot does not take this filter'],
    ['an empty name', ['--name', ' ', '--where', 'email is known'], 'name'],
  ])('refuses %s with the reason, and creates nothing', async (_what, how, says) => {
    await useNone();
    line.write('bad.json', '{');
    line.write('other.json', '[]');
    line.write('refused.json', '{"filterBranchType":"OR","filters":[],"filterBranches":[{"filterBranchType":"XOR"}]}');
    const { status, err } = await create('Customers', how);
    expect([status, err]).toEqual([2, expect.stringContaining(says)]);
    expect(await world.reader.listSegments('0-1')).toEqual([]);
  });

  test('refuses a name that is taken', async () => {
    await useNone();
    await world.reader.createSegment('0-1', 'Customers', filterFor('email is known', await properties()));
    const { status, err } = await create('customers', where(stage('customer')));
    expect([status, err]).toEqual([1, 'HubSpot has a segment named "customers" already: choose another name.']);
  });

  describe('and two segments', () => {
    let [customers, leads] = ['', ''];
    const listOf = async (name: string, value: string): Promise<string> => {
      const filterBranch = filterFor(stage(value), await properties());
      return world.sandbox.people.createList({ name, filterBranch });
    };
    beforeEach(async () => {
      customers = await listOf('Customers', 'customer');
      leads = await listOf('Leads', 'lead');
      for (const name of ['ann', 'bea', 'cleo']) person(name, 'customer');
      for (const name of ['dan', 'eve']) person(name, 'lead');
      person('fay', 'subscriber');
      world.sandbox.runEvaluation();
      line.write('tandem.yaml', yaml);
      expect((await run(['settings', 'apply'])).status).toBe(0);
    });

    test('shows who is added and removed before another one is chosen', async () => {
      const { status, err } = await run(['segment', 'use', 'contacts', 'Leads']);
      expect([status, err]).toEqual([0, 'Of 6 records, 3 may sync now and 2 then: 2 added, 3 removed, 0 unknown.']);
      expect((await ledger.settings.current())?.settings.objects['contacts']?.segments.include).toEqual([leads]);
    });

    test('leaves those out whom another segment excludes', async () => {
      line.write('tandem.yaml', yaml.replace('include: [Customers]', 'include: [Customers], exclude: [Leads]'));
      await run(['settings', 'apply']);
      const api = (await services()).api();
      expect(await api.previewChoice('contacts', [])).toEqual({
        all: 6,
        before: 3,
        after: 4,
        added: 1,
        removed: 0,
        unknown: 0,
      });
      expect(await api.previewChoice('contacts', [leads, customers])).toMatchObject({ after: 3, added: 0, removed: 0 });
    });

    test('says that it is unknown while HubSpot evaluates', async () => {
      await listOf('Fresh', 'subscriber');
      const { status, err } = await run(['segment', 'use', 'contacts', 'Fresh']);
      expect([status, err]).toEqual([
        0,
        'HubSpot does not tell now who is added or removed: unknown for up to 6 records.',
      ]);
    });

    test('clears the choice only with consent, told the number of records that become eligible', async () => {
      const asked: string[] = [];
      const refusing = async (question: string) => {
        asked.push(question);
        return false;
      };
      const counts = 'Of 6 records, 3 may sync now and 6 then: 3 added, 0 removed, 0 unknown.';
      const refused = await run(['segment', 'clear', 'contacts'], { confirm: refusing });
      expect(refused).toMatchObject({ status: 0, out: 'Nothing was changed.', err: expect.stringContaining(counts) });
      expect(asked).toEqual(['Go on?']);
      expect(await run(['segment', 'clear', 'contacts'])).toMatchObject({
        status: 2,
        err: expect.stringContaining('--yes says that you agree'),
      });
      expect(line.read('tandem.yaml')).toBe(yaml);
      expect((await run(['segment', 'clear', 'contacts', '--yes'])).status).toBe(0);
      expect(line.read('tandem.yaml')).toBe(yaml.replace('[Customers]', '[]'));
      expect((await ledger.settings.current())?.settings.objects['contacts']?.segments.include).toEqual([]);
      expect(await run(['segment', 'clear', 'contacts', '--yes'])).toMatchObject({
        status: 2,
        err: 'tandem.yaml includes no segment for contacts: every record may sync.',
      });
    });

    test('lets HubSpot alone decide only with consent, and only until that is taken back or the filter changes', async () => {
      const trust = (...more: string[]) => run(['segment', 'trust', 'contacts', customers, ...more]);
      expect(await trust()).toMatchObject({ status: 2, err: expect.stringContaining('may still be written') });
      const { version } = await (await services()).api().segment('contacts', customers);
      const named = `Version ${version} of segment ${customers} ("Customers") is judged`;
      expect(await trust('--yes')).toMatchObject({ status: 0, out: `${named} by HubSpot's answer alone now.` });
      expect(await trust()).toMatchObject({ status: 0, out: `${named} by HubSpot's answer alone already.` });
      expect((await run(['segment', 'list', 'contacts'])).out).toMatch(/Customers .*chosen, trusted$/m);
      expect(await trust('--undo')).toMatchObject({ status: 0, out: `${named} by its filter now.` });
      expect((await run(['segment', 'list', 'contacts'])).out).toMatch(/Customers .*chosen$/m);

      await trust('--yes');
      world.sandbox.people.updateListFilters(customers, filterFor(stage('lead'), await properties()));
      expect((await run(['segment', 'show', 'contacts', customers])).out).not.toContain('alone');
      expect(await run(['segment', 'trust', 'contacts', leads])).toMatchObject({
        status: 2,
        err: `Segment ${leads} is not chosen for contacts: \`tandem segment use contacts ${leads}\` chooses it.`,
      });
    });

    test('shows one segment in words, and says so where there is none', async () => {
      const shown = await run(['segment', 'show', 'contacts', customers]);
      expect(shown.out).toMatch(/^chosen +yes\nversion +\S+\ncondition +lifecyclestage = customer$/m);
      expect(await run(['segment', 'show', 'contacts', '999'])).toMatchObject({
        status: 1,
        err: 'HubSpot has no segment 999 of contacts: `tandem segment list contacts` shows those that are.',
      });
    });
  });
});
