import { expect, test } from '@jest/globals';
import { AlreadyRunning, NoSuchSchedule } from '../../client/errors.ts';
import type { Schedules, ScheduleView } from '../../client/schedules.ts';
import { tandemThat, withCommandLine } from './command-line.ts';

const line = withCommandLine();

const nightly: ScheduleView = {
  name: 'nightly',
  run: { kind: 'resync', object: 'contacts', segmentId: '42' },
  cron: '0 3 * * *',
  timezone: 'Europe/Berlin',
  overlap: 'skip',
  scheduleId: 'tandem/schedule/nightly',
  exists: true,
  pausedBecause: null,
  nextAt: '2026-05-02T01:00:00.000Z',
  last: { at: '2026-05-01T01:00:00.000Z', workflowId: 'tandem/resync/contacts/nightly-2026-05-01T01:00:00Z' },
  running: false,
};

const schedules = (functions: Partial<Schedules>) => tandemThat({ schedules: functions as Schedules });

test('schedule list shows clock, runs and why one is paused', async () => {
  const compare = { ...nightly, name: 'compare', run: { kind: 'reconcile', object: 'contacts' } as const };
  const all = [
    { ...nightly, running: true },
    { ...compare, pausedBecause: 'moving', nextAt: null, last: null },
    { ...compare, name: 'lost', exists: false, nextAt: null, last: null },
  ];
  const services = schedules({ list: async () => all });
  const { status, out } = await line.run(['schedule', 'list'], services);
  expect(status).toBe(0);
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^name +runs +cron +time zone +next +last +state$/),
    expect.stringMatching(
      /^nightly +resync of contacts, segment 42 +0 3 \* \* \* +Europe\/Berlin +2026-05-02T01\S+ +2026-05-01T01\S+ +running$/,
    ),
    expect.stringMatching(/^compare +reconcile of contacts +0 3 \* \* \* +Europe\/Berlin +paused \(moving\)$/),
    expect.stringMatching(/^lost .*not in Temporal: apply the settings again$/),
  ]);
  expect(JSON.parse((await line.run(['schedule', 'list', '--json'], services)).out)).toEqual({ schedules: all });
  const none = await line.run(['schedule', 'list'], schedules({ list: async () => [] }));
  expect(none.out).toBe('The settings that run have no schedule.');
});

test('schedule run, pause and resume pass on name and reason', async () => {
  const asked: unknown[] = [];
  const reach =
    (what: string) =>
    async (...args: unknown[]) => {
      asked.push([what, ...args]);
      return nightly;
    };
  const services = schedules({ run: reach('run'), pause: reach('pause'), resume: reach('resume') });
  expect((await line.run(['schedule', 'run', 'nightly'], services)).out).toBe(
    'nightly: resync of contacts, segment 42 is started. `tandem run list` shows it.',
  );
  expect((await line.run(['schedule', 'pause', 'nightly', '--reason', 'moving'], services)).out).toBe(
    'nightly is paused (moving).',
  );
  expect((await line.run(['schedule', 'resume', 'nightly'], services)).out).toBe(
    'nightly runs again, next 2026-05-02T01:00:00.000Z.',
  );
  expect(asked).toEqual([
    ['run', 'nightly'],
    ['pause', 'nightly', 'moving'],
    ['resume', 'nightly', undefined],
  ]);
  expect((await line.run(['schedule', 'pause', 'nightly'], services)).status).toBe(2);
});

test.each([
  [new NoSuchSchedule('The settings that run have no schedule "x"; known: nightly.'), 2],
  [new AlreadyRunning('tandem/resync/contacts/x-2026'), 1],
])('schedule run says why it did not: %s', async (error, expected) => {
  const done = await line.run(['schedule', 'run', 'x'], schedules({ run: () => Promise.reject(error) }));
  expect([done.status, done.err]).toEqual([expected, error.message]);
});
