import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../cli/services.ts';
import type { RunDetail } from '../../client/answers.ts';
import { TandemApi } from '../../client/api.ts';
import { AlreadyRunning } from '../../client/errors.ts';
import type { StartedRun } from '../../client/run.ts';
import type { ResyncSegment, StartImport, Tandem } from '../../client/tandem.ts';
import type { RunResult, RunStatus } from '../../workflows/run-messages.ts';
import { tandemThat, withCommandLine } from './command-line.ts';

const line = withCommandLine();

const preview = {
  draft: 7,
  segmentId: null,
  counts: [
    { what: 'Contact', records: 1200 },
    { what: 'Lead', records: null },
  ],
};

const workflowId = 'tandem/import/contacts/spring';
const detail: RunDetail = {
  id: `${workflowId}/1`,
  workflowId,
  kind: 'import',
  object: 'contacts',
  name: 'spring',
  state: 'done',
  // As the ledger gives them back: in no order.
  counts: { 'full fields, Lead/synced': 1, 'identity, Lead/synced': 2, 'full fields, Lead/failed:duplicates': 1 },
  startedAt: '2026-05-01T10:00:00.000Z',
  endedAt: '2026-05-01T10:05:00.000Z',
  rows: [
    {
      ref: { system: 'salesforce', object: 'contacts', id: '00Q000000000001AAA' },
      outcome: 'failed',
      reason: 'duplicates',
    },
  ],
  moreRows: true,
};
const { rows: _rows, moreRows: _more, ...view } = detail;

/** The API's answers by path; what was asked stands in `asked`. */
function apiWith(answers: Readonly<Record<string, unknown>> = {}) {
  const asked: string[] = [];
  const all: Readonly<Record<string, unknown>> = {
    '/api/runs/preview': preview,
    '/api/runs': { runs: [view] },
    [`/api/runs/${detail.id}`]: detail,
    ...answers,
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname}${search} ${await request.text()}`.trim());
    const found = all[pathname];
    if (found instanceof Response) return found.clone();
    if (found !== undefined) return Response.json(found);
    return Response.json({ error: { name: 'NotFound', message: 'nothing there' } }, { status: 404 });
  };
  const api = new TandemApi({ url: 'http://tandem.test', token: 't', fetch: answer });
  return { asked, api: () => api };
}

const refusal = (status: number, name: string, message: string) =>
  Response.json({ error: { name, message } }, { status });

const result: RunResult = { runId: detail.id, counts: [] };
const status = (changes: Partial<RunStatus> = {}): RunStatus => ({
  state: 'running',
  pausedBecause: null,
  phase: 'identity, Lead',
  done: 1,
  total: 2,
  counts: [],
  ...changes,
});

const startedRun = (changes: Partial<StartedRun> = {}): StartedRun =>
  ({ workflowId, result: async () => result, status: async () => status(), ...changes }) as StartedRun;

/** A client library that starts one run, and notes what it was asked. */
function starting(run: () => Promise<StartedRun> = async () => startedRun()) {
  const started: unknown[] = [];
  const start = async (input: StartImport | ResyncSegment, previewed: unknown) => {
    started.push([input, previewed]);
    return await run();
  };
  return { started, tandem: { startImport: start, resyncSegment: start } as unknown as Partial<Tandem> };
}

const services = (api: ReturnType<typeof apiWith>, tandem: Partial<Tandem>): Partial<Services> => ({
  api: api.api,
  ...tandemThat(tandem),
});

describe('starting an import', () => {
  test('shows the counts and asks; with a yes it starts what was shown', async () => {
    const api = apiWith();
    const { started, tandem } = starting();
    const questions: string[] = [];
    const confirm = async (question: string) => questions.push(question) > 0;
    const argv = ['import', 'start', 'contacts', '--where', "Company = 'A'", '--name', 'spring'];
    const done = await line.run(argv, services(api, tandem), { confirm });
    expect([done.status, done.out]).toEqual([0, `${workflowId} is under way.`]);
    expect(done.err).toMatch(/^it looks at +records\nContact +1200\nLead +not known$/m);
    expect(questions).toEqual(['Go on?']);
    expect(api.asked).toEqual([
      `POST /api/runs/preview ${JSON.stringify({ kind: 'import', forecast: true, object: 'contacts', where: "Company = 'A'" })}`,
    ]);
    expect(started).toEqual([[{ object: 'contacts', where: "Company = 'A'", name: 'spring' }, preview]]);
  });

  test('starts nothing with a no', async () => {
    const { started, tandem } = starting();
    const done = await line.run(['import', 'start', 'contacts'], services(apiWith(), tandem), {
      confirm: async () => false,
    });
    expect([done.status, done.out, started]).toEqual([1, 'Nothing was started.', []]);
  });

  test('shows the counts and refuses with 2 where nobody can be asked', async () => {
    const { started, tandem } = starting();
    const done = await line.run(['import', 'start', 'contacts', '--json'], services(apiWith(), tandem));
    expect([done.status, started]).toEqual([2, []]);
    expect(done.err).toMatch(/^Contact +1200$/m);
    expect(done.err).toContain('--yes says that you agree');
    expect(JSON.parse(done.out)).toMatchObject({ error: { name: 'UsageError' } });
  });

  test('asks nobody with --yes', async () => {
    const { started, tandem } = starting();
    const done = await line.run(['import', 'start', 'contacts', '--yes', '--json'], services(apiWith(), tandem));
    expect([done.status, JSON.parse(done.out)]).toEqual([0, { started: true, workflowId, preview }]);
    expect(started).toEqual([[{ object: 'contacts' }, preview]]);
  });

  test.each([
    [refusal(400, 'UnknownObject', '"people" is not in the settings that run; known: contacts.'), 2],
    [refusal(400, 'BadCondition', 'Salesforce does not take the condition for Lead: unexpected token'), 2],
    [refusal(409, 'SegmentNotReady', 'HubSpot is still evaluating segment 42'), 1],
    [refusal(502, 'VendorError', 'salesforce GET /query Lead: connection (TIMEOUT).'), 1],
  ])('passes on a refusal before anything starts (%#)', async (answer, expected) => {
    const { started, tandem } = starting();
    const api = apiWith({ '/api/runs/preview': answer });
    const done = await line.run(['import', 'start', 'contacts', '--yes'], services(api, tandem));
    const { error } = (await answer.clone().json()) as { error: { message: string } };
    expect([done.status, done.err, started]).toEqual([expected, error.message, []]);
  });

  test('says what to do where the name is under way', async () => {
    const { tandem } = starting(() => Promise.reject(new AlreadyRunning(workflowId)));
    const done = await line.run(['import', 'start', 'contacts', '--yes', '--json'], services(apiWith(), tandem));
    const message = `${workflowId} is under way already: wait until it has ended, or give this run another name.`;
    expect([done.status, done.err]).toEqual([1, message]);
    expect(JSON.parse(done.out)).toEqual({ error: { name: 'AlreadyRunning', message } });
  });

  test.each(['a b', '', '../x', 'a/b', '-', 'x'.repeat(64)])(
    'refuses the name %j before it asks anybody',
    async (name) => {
      const done = await line.run(['import', 'start', 'contacts', '--yes', `--name=${name}`]);
      expect([done.status, done.err]).toEqual([2, expect.stringMatching(/^A run's name is a letter or digit/)]);
    },
  );
});

describe('watching a run', () => {
  const watch = ['import', 'start', 'contacts', '--yes', '--watch'];

  test('tells what became of it, and the first refused records', async () => {
    const { tandem } = starting();
    const done = await line.run(watch, services(apiWith(), tandem));
    expect(done.status).toBe(0);
    expect(done.out).toMatch(/^run +import of contacts: spring\nstate +done$/m);
    expect(done.out).toMatch(
      /^identity, Lead +synced +2\nfull fields, Lead +failed:duplicates +1\nfull fields, Lead +synced +1$/m,
    );
    expect(done.out).toMatch(/^contacts\/salesforce\/00Q000000000001AAA +failed +duplicates +The other system holds/m);
    expect(done.out).toContain('More than these 1 are in the list.');
    expect(done.err).toContain('identity, Lead: 1 of 2 records');
  });

  test('gives machines one answer', async () => {
    const { tandem } = starting();
    const done = await line.run([...watch, '--json'], services(apiWith(), tandem));
    expect(JSON.parse(done.out)).toEqual({ started: true, workflowId, preview, run: detail });
  });

  test('ends with 1 where the run failed, and says why', async () => {
    const failure = Object.assign(new Error('Workflow execution failed', { cause: new Error('no segment') }), {
      name: 'WorkflowFailedError',
    });
    const run = startedRun({ result: () => Promise.reject(failure), status: () => Promise.reject(new Error('gone')) });
    const { tandem } = starting(async () => run);
    const failed = { ...view, state: 'failed' };
    const api = apiWith({
      '/api/runs': { runs: [failed] },
      [`/api/runs/${detail.id}`]: { ...detail, state: 'failed' },
    });
    const done = await line.run(watch, services(api, tandem));
    expect(done.status).toBe(1);
    expect(done.out).toMatch(/^state +failed$/m);
    expect(done.out).toContain('The workflow failed (no segment)');
  });

  test('ends with 1 also where the run was refused before it began', async () => {
    const failure = Object.assign(new Error('x', { cause: new Error('refused') }), { name: 'WorkflowFailedError' });
    const { tandem } = starting(async () => startedRun({ result: () => Promise.reject(failure) }));
    const done = await line.run(watch, services(apiWith({ '/api/runs': { runs: [] } }), tandem));
    expect([done.status, done.out]).toEqual([1, expect.stringContaining('The workflow failed (refused)')]);
  });
});

describe('tandem resync', () => {
  test("segment starts the object's included segments, or the one that is named", async () => {
    const { started, tandem } = starting();
    const named = { ...preview, segmentId: '42' };
    await line.run(['resync', 'segment', 'contacts', '--yes'], services(apiWith(), tandem));
    const api = apiWith({ '/api/runs/preview': named });
    await line.run(['resync', 'segment', 'contacts', 'My people', '--yes', '--name', 'a'], services(api, tandem));
    expect(api.asked).toEqual([
      `POST /api/runs/preview ${JSON.stringify({ kind: 'resync', object: 'contacts', segment: 'My people' })}`,
    ]);
    expect(started).toEqual([
      [{ object: 'contacts' }, preview],
      [{ object: 'contacts', segment: 'My people', name: 'a' }, named],
    ]);
  });

  test('record syncs one record now', async () => {
    const tandem = tandemThat({ syncNow: async () => ({ outcome: { kind: 'synced' }, workflowId: 'w' }) });
    const done = await line.run(['resync', 'record', 'contacts/hubspot/51'], tandem);
    expect([done.status, done.out]).toEqual([0, 'contacts/hubspot/51: synced\nworkflow w']);
    expect((await line.run(['resync', 'record', '51'])).status).toBe(2);
  });
});

describe('tandem import status and run show', () => {
  test.each(['spring', workflowId, detail.id])('find a run by %s', async (given) => {
    for (const argv of [
      ['import', 'status'],
      ['run', 'show'],
    ]) {
      const done = await line.run([...argv, given], apiWith());
      expect([done.status, done.out]).toEqual([0, expect.stringMatching(/^run +import of contacts: spring$/m)]);
    }
  });

  test('say where a run stands that is under way', async () => {
    const paused = status({ state: 'paused', pausedBecause: 'maintenance', done: 400, total: 1200 });
    const running = { ...view, state: 'running', endedAt: null };
    const api = apiWith({
      '/api/runs': { runs: [running] },
      [`/api/runs/${detail.id}`]: { ...running, rows: [], moreRows: false },
    });
    const run = () => startedRun({ status: async () => paused });
    const done = await line.run(['import', 'status', 'spring'], services(api, { run }));
    expect(done.out).toMatch(/^now +paused \(maintenance\)\nphase +identity, Lead\nrecords +400 of 1200$/m);
    const silent = () => startedRun({ status: () => Promise.reject(new Error('no worker')) });
    const unknown = await line.run(['import', 'status', 'spring', '--json'], services(api, { run: silent }));
    expect([unknown.status, JSON.parse(unknown.out)]).toEqual([0, expect.objectContaining({ now: null })]);
  });

  test('name what does not exist, with 2', async () => {
    const done = await line.run(['import', 'status', 'summer'], apiWith());
    expect([done.status, done.err]).toEqual([2, expect.stringContaining('There is no import "summer"')]);
  });
});

describe('tandem run retry', () => {
  const retry = (more: readonly string[], state = 'done', counts: Record<string, number> = detail.counts) => {
    const asked: string[] = [];
    const api = apiWith({
      '/api/runs': { runs: [{ ...view, state, counts }] },
      [`/api/runs/${detail.id}`]: { ...detail, state, counts },
    });
    const retryRun: Tandem['retryRun'] = async (id) => {
      asked.push(id);
      return { records: 1, runs: [startedRun({})] };
    };
    return { asked, done: line.run(['run', 'retry', 'spring', ...more], services(api, { retryRun })) };
  };

  test('asks first, with the number, and tells what is under way', async () => {
    const unasked = retry([]);
    expect(await unasked.done).toMatchObject({
      status: 2,
      err: expect.stringContaining('import of contacts: spring: 1 failed.'),
    });
    expect(unasked.asked).toEqual([]);
    const asked = retry(['--yes']);
    expect(await asked.done).toMatchObject({ status: 0, out: `1 records are tried again:\n  ${workflowId}` });
    expect(asked.asked).toEqual([detail.id]);
  });

  test('starts nothing where nothing failed, or where it still runs', async () => {
    const clean = retry(['--yes'], 'done', { 'full fields, Lead/synced': 3 });
    expect(await clean.done).toMatchObject({ status: 0, out: 'import of contacts: spring: nothing failed.' });
    const running = retry(['--yes'], 'running');
    expect(await running.done).toMatchObject({ status: 2, err: expect.stringContaining('is under way') });
    expect([...clean.asked, ...running.asked]).toEqual([]);
  });
});

describe('tandem run list', () => {
  test('lists runs with their ends and how many records failed', async () => {
    const api = apiWith();
    const argv = ['run', 'list', '--kind', 'import', '--object', 'contacts', '--limit', '5'];
    const { out } = await line.run(argv, api);
    expect(api.asked).toEqual(['GET /api/runs?kind=import&object=contacts&limit=5']);
    expect(out).toMatch(/^import +contacts +spring +done +2026-05-01T10:00:00.000Z +2026-05-01T10:05:00.000Z +1$/m);
    expect(JSON.parse((await line.run([...argv, '--json'], api)).out)).toEqual({ runs: [view] });
  });

  test('says that there is none, and refuses another kind', async () => {
    const { out } = await line.run(['run', 'list'], apiWith({ '/api/runs': { runs: [] } }));
    expect(out).toBe('There is no such run yet.');
    expect((await line.run(['run', 'list', '--kind', 'export'])).status).toBe(2);
  });
});

describe('tandem pause and resume', () => {
  const pausing = () => {
    const asked: unknown[] = [];
    const reach = async (...args: unknown[]) => {
      asked.push(args);
      return [{ workflowId: 'tandem/poll/hubspot' }];
    };
    return { asked, services: tandemThat({ pause: reach, resume: reach }) };
  };

  test('reach everything, an object, or one workflow', async () => {
    const { asked, services } = pausing();
    const all = await line.run(['pause', '--reason', 'maintenance'], services);
    expect([all.status, all.out]).toEqual([0, 'paused:\n  tandem/poll/hubspot']);
    await line.run(['pause', 'contacts', '--reason', 'why'], services);
    await line.run(['resume', workflowId], services);
    await line.run(['resume', '--reason', 'done'], services);
    expect(asked).toEqual([
      ['everything', 'maintenance'],
      [{ object: 'contacts' }, 'why'],
      [{ workflowId }, undefined],
      ['everything', 'done'],
    ]);
  });

  test('say that nothing was reached', async () => {
    const { out } = await line.run(['pause', 'contacts', '--reason', 'x'], tandemThat({ pause: async () => [] }));
    expect(out).toBe('Nothing was paused: no watch and no run of it is under way.');
  });

  test('the workflow of one record is refused', async () => {
    const done = await line.run(['pause', 'tandem/record/contacts/hubspot/51', '--reason', 'x'], tandemThat({}));
    expect([done.status, done.err]).toEqual([2, expect.stringContaining('takes no pause')]);
  });

  test('a pause without a reason is refused', async () => {
    const done = await line.run(['pause']);
    expect([done.status, done.err]).toEqual([2, expect.stringContaining('--reason')]);
  });
});
