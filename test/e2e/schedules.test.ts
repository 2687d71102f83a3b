import { afterAll, describe, expect, test } from '@jest/globals';
import { run } from '../../cli/program.ts';
import { pollChangesId, scheduleId, segmentWatchId } from '../../workflows/ids.ts';
import { watchStatusQuery } from '../../workflows/messages.ts';
import { calls } from '../support/doorkeeper.ts';
import { contactSettings, until, useWorld, type World } from './world.ts';

/** No clock comes to this moment while the tests run: what runs was started by hand. */
const rarely = '30 4 29 2 *';

/** One command against the world, as a person without a terminal types it. */
async function tandem(world: World, ...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await run(
    argv,
    {
      env: {},
      cwd: '/',
      columns: undefined,
      terminal: undefined,
      confirm: undefined,
      out: (text) => out.push(text),
      err: (text) => err.push(text),
    },
    {
      api: () => world.api,
      withTandem: (work) => work(world.tandem),
      systems: () => Promise.reject(new Error('not here')),
    },
  );
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const withSchedules = (segment: string, ...rows: string[]): string =>
  [contactSettings([`segments: { include: [${segment}] }`]), ...(rows.length > 0 ? ['schedules:', ...rows] : [])].join(
    '\n',
  );

const resyncRow = (name: string, more = '') =>
  `  - { name: ${name}, resync: { object: contacts }, cron: '${rarely}'${more} }`;

/** What Temporal has of one schedule; undefined where it has none. */
async function described({ temporal, installation }: World, name: string) {
  try {
    return await temporal.client.schedule.getHandle(scheduleId(installation, name)).describe();
  } catch {
    return undefined;
  }
}

/** Records that this run has brought into step, from outside of the run. */
const salesforceEmails = (world: World): string[] =>
  world.salesforce.records('Contact', {}).map(({ Email }) => String(Email));

describe('schedules of the settings', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    for (const name of ['ann', 'ben']) {
      const properties = { email: `${name}@example.com`, lastname: name, lifecyclestage: 'customer' };
      made.hubspot.people.create('contacts', properties);
    }
    made.hubspot.people.create('contacts', { email: 'out@example.com', lastname: 'Out', lifecyclestage: 'lead' });
    made.hubspot.runEvaluation();
    await made.apply(withSchedules(segment, resyncRow('nightly', ', timezone: Europe/Berlin')));
  });
  afterAll(async () => {
    for (const name of ['nightly', 'compare', 'weekly']) {
      if (await described(world(), name)) {
        await world().temporal.client.schedule.getHandle(scheduleId(world().installation, name)).delete();
      }
    }
  });

  test('are made with the settings, by their clock', async () => {
    const { status, out } = await tandem(world(), 'schedule', 'list', '--json');
    expect([status, JSON.parse(out)]).toEqual([
      0,
      {
        schedules: [
          {
            name: 'nightly',
            run: { kind: 'resync', object: 'contacts' },
            cron: rarely,
            timezone: 'Europe/Berlin',
            overlap: 'skip',
            scheduleId: `${world().installation}/schedule/nightly`,
            exists: true,
            pausedBecause: null,
            nextAt: expect.stringMatching(/-02-29T03:30:00.000Z$/),
            last: null,
            running: false,
          },
        ],
      },
    ]);
  });

  test('run by hand: the members are in step afterwards, nobody else is, and the run is listed', async () => {
    await world().twoMorePolls();
    expect(salesforceEmails(world())).toEqual([]);

    const { status, out } = await tandem(world(), 'schedule', 'run', 'nightly');
    expect([status, out]).toEqual([0, expect.stringContaining('resync of contacts is started')]);
    const done = await until(async () => (await world().api.runs({ kind: 'resync', state: 'done' }))[0]);
    expect(done).toMatchObject({ object: 'contacts', name: 'nightly', counts: { [`segment ${segment}/synced`]: 2 } });
    expect(salesforceEmails(world()).sort()).toEqual(['ann@example.com', 'ben@example.com']);

    const [view] = await until(async () => {
      const views = await world().tandem.schedules.list();
      return views[0]?.last && !views[0].running ? views : undefined;
    });
    expect(done.workflowId).toBe(view?.last?.workflowId);
    expect((await tandem(world(), 'run', 'show', 'nightly')).out).toMatch(/^segment \d+ +synced +2$/m);
  });

  test('are not run twice at once, which is said', async () => {
    const first = world().doors.hubspot.hold('before', calls('GET', `/lists/${segment}/memberships?`));
    await world().tandem.schedules.run('nightly');
    await first.here;
    await until(async () => (await world().tandem.schedules.list())[0]?.running);
    const again = await tandem(world(), 'schedule', 'run', 'nightly');
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('is under way already')]);
    first.release();
    await until(async () => (await world().tandem.schedules.list())[0]?.running === false);
  });

  test('are paused and resumed with a reason, and a pause stays over new settings that change them', async () => {
    const { tandem: library } = world();
    const paused = await tandem(world(), 'schedule', 'pause', 'nightly', '--reason', 'moving the org');
    expect([paused.status, paused.out]).toEqual([0, 'nightly is paused (moving the org).']);
    const changed = resyncRow('nightly', ', timezone: Asia/Tokyo, overlap: bufferOne');
    const compare = `  - { name: compare, reconcile: [contacts], cron: '${rarely}' }`;
    await world().apply(withSchedules(segment, changed, compare));

    expect(await library.schedules.list()).toMatchObject([
      { name: 'nightly', timezone: 'Asia/Tokyo', pausedBecause: 'moving the org', nextAt: null },
      { name: 'compare', run: { kind: 'reconcile', object: 'contacts' }, pausedBecause: null },
    ]);
    expect((await described(world(), 'nightly'))?.policies.overlap).toBe('BUFFER_ONE');
    const resumed = await tandem(world(), 'schedule', 'resume', 'nightly');
    // 4:30 in Tokyo is still the day before in UTC.
    expect([resumed.status, resumed.out]).toEqual([
      0,
      expect.stringMatching(/^nightly runs again, next \d{4}-02-28T19:30:00.000Z\.$/),
    ]);
  });

  test('start a reconcile too', async () => {
    await world().tandem.schedules.run('compare');
    const done = await until(async () => (await world().api.runs({ kind: 'reconcile', state: 'done' }))[0]);
    expect(done).toMatchObject({ object: 'contacts', name: 'compare', counts: { 'pairs/unchanged': 2 } });
  });

  test('are left alone by settings that are refused', async () => {
    const bad = withSchedules(segment, resyncRow('nightly').replace(rarely, '99 4 * * *'), resyncRow('weekly'));
    const result = await world().tandem.applySettings(bad);
    expect(result).toMatchObject({ applied: false, problems: [{ path: 'schedules[nightly].cron' }] });
    const other = withSchedules(
      segment,
      '  - { name: weekly, resync: { object: contacts, segment: Nobody }, cron: "0 3 * * *" }',
    );
    expect(await world().tandem.applySettings(other)).toMatchObject({
      applied: false,
      problems: [{ path: 'schedules[weekly].resync.segment', found: 'Nobody, which HubSpot does not have' }],
    });
    expect(await described(world(), 'weekly')).toBeUndefined();
    expect(await described(world(), 'compare')).toBeDefined();
  });

  test('go with the settings that no longer have them', async () => {
    await world().apply(withSchedules(segment));
    expect(await described(world(), 'nightly')).toBeUndefined();
    expect(await described(world(), 'compare')).toBeUndefined();
    const unknown = await tandem(world(), 'schedule', 'run', 'nightly');
    expect([unknown.status, unknown.err]).toEqual([
      2,
      'The settings that run have no schedule "nightly"; known: none.',
    ]);
  });
});

describe('runs from the command line', () => {
  let segment = '';
  const world = useWorld(async (made) => {
    segment = made.createSegment();
    for (const name of ['ann', 'ben'])
      made.salesforce.people.create('Contact', { LastName: name, Email: `${name}@x.example` });
    made.hubspot.people.createList({ name: 'Static people', processingType: 'MANUAL' });
    await made.apply(contactSettings([`segments: { include: [${segment}] }`]));
  });
  const runsSoFar = async () => (await world().api.runs()).length;

  test.each([
    [['import', 'start', 'people'], '"people" is not in the settings that run; known: contacts.'],
    [
      ['import', 'start', 'contacts', '--where', "Statsu = 'Open'"],
      'Salesforce does not take the condition for Contact: ',
    ],
    [['import', 'start', 'contacts', '--where', "Company = 'A'"], "No such column 'Company' on entity 'Contact'"],
    [['import', 'start', 'contacts', '--where', "LastName = 'A"], 'unexpected token'],
    [['import', 'start', 'contacts', '--name', 'a b'], "A run's name is"],
    [['resync', 'segment', 'contacts', '999'], '999, which HubSpot does not have'],
    [['resync', 'segment', 'contacts', 'Static people'], 'which is static (MANUAL)'],
  ])('refuse %j before anything starts, with the reason', async (argv, reason) => {
    const before = await runsSoFar();
    const { status, err } = await tandem(world(), ...argv, '--yes');
    expect([status, err]).toEqual([2, expect.stringContaining(reason)]);
    expect(await runsSoFar()).toBe(before);
  });

  test('import: the counts, then the run to its end, watched', async () => {
    const refused = await tandem(world(), 'import', 'start', 'contacts');
    expect([refused.status, refused.err]).toEqual([
      2,
      expect.stringMatching(/^Contact +2\nContact: only HubSpot can tell +2\nLead +0$/m),
    ]);

    expect(await runsSoFar()).toBe(0);
    const { status, out } = await tandem(world(), 'import', 'start', 'contacts', '--name', 'all', '--yes', '--watch');
    expect([status, out]).toEqual([0, expect.stringMatching(/^state +done$/m)]);
    expect(out).toMatch(/^identity, Contact +synced +2$/m);
    expect(out).toMatch(/^full fields, Contact +skipped:notInSegment +2$/m);
    expect((await tandem(world(), 'import', 'status', 'all')).out).toMatch(/^run +import of contacts: all$/m);
  });

  test('a preview tells the size of a segment as HubSpot has it', async () => {
    const { counts, segmentId } = await world().tandem.previewRun({ kind: 'resync', object: 'contacts', segment });
    expect(segmentId).toBe(segment);
    expect(counts).toEqual([{ what: expect.stringContaining(`segment ${segment} "`), records: 0 }]);
  });

  test('a condition keeps the others out', async () => {
    const where = "LastName = 'ann'";
    const argv = ['import', 'start', 'contacts', '--where', where, '--yes', '--watch', '--json'];
    const { out } = await tandem(world(), ...argv);
    const { preview, run: ended } = JSON.parse(out) as Record<string, { counts: unknown }>;
    expect(preview?.counts).toEqual([
      { what: 'Contact', records: 1 },
      { what: 'Contact: would stay blank, outside the segment', records: 1 },
      { what: 'Lead', records: 0 },
    ]);
    expect(ended).toMatchObject({ state: 'done', counts: { 'identity, Contact/unchanged': 1 } });
  });

  test('a run stops for a pause and goes on; its name is taken meanwhile', async () => {
    const read = world().doors.salesforce.hold('before', calls('GET', 'SELECT Id FROM Contact'));
    const started = await world().tandem.startImport({ object: 'contacts', name: 'held' });
    await read.here;
    const again = await tandem(world(), 'import', 'start', 'contacts', '--name', 'held', '--yes');
    expect([again.status, again.err]).toEqual([
      1,
      expect.stringContaining('/import/contacts/held is under way already'),
    ]);

    const paused = await tandem(world(), 'pause', 'contacts', '--reason', 'a look first');
    expect(paused.out.split('\n').sort()).toEqual(
      ['paused:', `  ${started.workflowId}`, `  ${segmentWatchId(world().installation, segment)}`].sort(),
    );
    read.release();
    expect((await tandem(world(), 'import', 'status', 'held')).out).toMatch(/^now +paused \(a look first\)$/m);

    const resumed = await tandem(world(), 'resume', 'contacts');
    expect(resumed.out).toContain(started.workflowId);
    expect(await started.result()).toMatchObject({ runId: expect.stringContaining(started.workflowId) });
    expect((await started.status()).state).toBe('ended');
  });

  test('a pause of everything holds the polls; what happened meanwhile is found after it', async () => {
    const { installation, temporal } = world();
    const polls = (['hubspot', 'salesforce'] as const).map((system) => pollChangesId(installation, system));
    const states = async () =>
      await Promise.all(
        polls.map(async (id) => (await temporal.client.workflow.getHandle(id).query(watchStatusQuery)).state),
      );
    await tandem(world(), 'pause', '--reason', 'maintenance');
    await until(async () => (await states()).every((state) => state === 'paused'));
    const cleo = world().hubspot.people.create('contacts', { email: 'cleo@x.example', lifecyclestage: 'customer' });
    world().hubspot.runEvaluation();
    expect(await states()).toEqual(['paused', 'paused']);
    expect((await world().ledger.decisions.latest([world().ref('hubspot', cleo.id)])).size).toBe(0);

    await tandem(world(), 'resume');
    await world().decided(world().ref('hubspot', cleo.id), cleo.updatedAt);
    expect(await states()).not.toContain('paused');
  });

  test('one that is not there is named', async () => {
    const { status, err } = await tandem(
      world(),
      'pause',
      `${world().installation}/import/contacts/never`,
      '--reason',
      'x',
    );
    expect([status, err]).toEqual([1, expect.stringContaining('No workflow with this id runs')]);
  });

  test('resync record answers with the outcome', async () => {
    const { id } = world().hubspot.people.create('contacts', { email: 'dan@x.example', lastname: 'Dan' });
    world().hubspot.runEvaluation();
    const { status, out } = await tandem(world(), 'resync', 'record', `contacts/hubspot/${id}`);
    expect([status, out]).toEqual([0, expect.stringContaining('skipped (notInSegment)')]);
  });
});
