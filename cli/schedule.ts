import type { Command } from 'commander';
import type { ScheduleView } from '../client/schedules.ts';
import { answering, type Cli, withExample } from './command.ts';
import { table } from './table.ts';

/** `tandem schedule …` */
export function addSchedule(program: Command, cli: Cli): void {
  const schedule = program
    .command('schedule')
    .description('see and pause what runs by the clock; the settings say which schedules there are');

  const list = schedule.command('list').description('the schedules of the settings, with their next and last runs');
  withExample(list, 'tandem schedule list');
  answering(cli, list, async () => {
    const schedules = await cli.services.withTandem((tandem) => tandem.schedules.list());
    const heads = ['name', 'runs', 'cron', 'time zone', 'next', 'last', 'state'];
    const text =
      schedules.length === 0
        ? 'The settings that run have no schedule.'
        : table(heads, schedules.map(row), cli.io.columns);
    return { json: { schedules }, text };
  });

  const run = schedule.command('run <name>').description('start a run now, beside the clock');
  withExample(run, 'tandem schedule run members-nightly');
  answering(cli, run, async (name: string) => {
    const view = await cli.services.withTandem((tandem) => tandem.schedules.run(name));
    return { json: view, text: `${name}: ${whatOf(view)} is started. \`tandem run list\` shows it.` };
  });

  const pause = schedule
    .command('pause <name>')
    .description('no more runs by the clock, until it is resumed; one under way goes on')
    .requiredOption('--reason <text>', 'why, for whoever looks at the schedule');
  withExample(pause, 'tandem schedule pause members-nightly --reason "moving the org"');
  answering(cli, pause, async (name: string, { reason }: { reason: string }) => {
    const view = await cli.services.withTandem((tandem) => tandem.schedules.pause(name, reason));
    return { json: view, text: `${name} is paused (${reason}).` };
  });

  const resume = schedule
    .command('resume <name>')
    .description('let it run by the clock again')
    .option('--reason <text>', 'why, for whoever looks at the schedule');
  withExample(resume, 'tandem schedule resume members-nightly');
  answering(cli, resume, async (name: string, { reason }: { reason?: string }) => {
    const view = await cli.services.withTandem((tandem) => tandem.schedules.resume(name, reason));
    return { json: view, text: `${name} runs again, next ${view.nextAt ?? 'never'}.` };
  });
}

const whatOf = ({ run: { kind, object, segmentId } }: ScheduleView): string =>
  `${kind} of ${object}${segmentId === undefined ? '' : `, segment ${segmentId}`}`;

const row = (schedule: ScheduleView) => {
  const { name, cron, timezone, nextAt, last, pausedBecause, running, exists } = schedule;
  const states = [
    ...(exists ? [] : ['not in Temporal: apply the settings again']),
    ...(pausedBecause === null ? [] : [`paused (${pausedBecause})`]),
    ...(running ? ['running'] : []),
  ];
  return [name, whatOf(schedule), cron, timezone, nextAt, last?.at, states.join(', ')];
};
