import { accessSync, constants, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { SegmentChange } from '../client/answers.ts';
import { ApiError } from '../client/api-error.ts';
import { parseSettings } from '../core/settings/parse.ts';
import { codeOf } from '../workers/caught.ts';
import { applyText } from './apply.ts';
import { type Answer, answering, type Cli, UsageError, withExample } from './command.ts';
import { consents } from './consent.ts';
import { chooseSegment } from './edit-settings.ts';
import { waitingFor } from './io.ts';
import { addCreate } from './segment-create.ts';
import { addTrust } from './segment-trust.ts';
import { figure, inWords, records } from './segment-words.ts';
import { type FileOption, readSettingsFile, type SettingsFile, withFile } from './settings-file.ts';
import { table } from './table.ts';

/** `tandem segment …` */
export function addSegment(program: Command, cli: Cli): void {
  const segment = program
    .command('segment')
    .description('list and create segments, and choose the one whose members may sync');

  const list = segment.command('list <object>').description("show the segments of an object's HubSpot type");
  withExample(list, 'tandem segment list contacts');
  answering(cli, list, async (object: string) => {
    const segments = await cli.services.api().segments(object);
    const rows = segments.map(({ id, name, active, processingStatus, chosen, size, trusted }) => [
      id,
      name,
      active ? 'active' : 'static',
      processingStatus.toLowerCase(),
      size === null ? '' : figure(size),
      [...(chosen ? ['chosen'] : []), ...(trusted ? ['trusted'] : [])].join(', '),
    ]);
    const text =
      segments.length === 0
        ? `HubSpot has no segment for ${object}.`
        : table(['id', 'name', 'kind', 'status', 'members', ''], rows, cli.io.columns);
    return { json: { segments }, text };
  });

  const show = segment.command('show <object> <id>').description('show one segment, with its filter in words');
  withExample(show, 'tandem segment show contacts 42');
  answering(cli, show, async (object: string, id: string) => {
    const shown = await cli.services.api().segment(object, id);
    return { json: shown, text: inWords(shown) };
  });

  addCreate(segment, cli);

  const use = withFile(segment.command('use <object> <segment>'))
    .description(
      'choose the segment, by id or exact name, whose members may sync: edits the settings file and applies it',
    )
    .addHelpText('after', '\nChoosing a segment syncs nobody: members sync at their next change.');
  withExample(use, 'tandem segment use contacts 42', 'tandem segment use contacts "Customers and prospects"');
  answering(cli, use, (object: string, name: string, options: FileOption) => useSegment(cli, object, name, options));

  const clear = withFile(segment.command('clear <object>'))
    .option('-y, --yes', 'go on without a question')
    .description('include every record again: edits the settings file and applies it, after a question with the number')
    .addHelpText('after', '\nIt syncs nobody: who becomes eligible syncs at the next change.');
  withExample(clear, 'tandem segment clear contacts');
  answering(cli, clear, (object: string, options: FileOption & { yes?: true }) => clearSegment(cli, object, options));

  addTrust(segment, cli);
}

async function useSegment(cli: Cli, object: string, segment: string, options: FileOption): Promise<Answer> {
  const apply = chosenIn(cli, readSettingsFile(cli, options), options, object, segment);
  const change = await previewed(cli, object, [segment]);
  cli.io.err(changeInWords(change));
  const answer = await apply();
  if (answer.status !== undefined) return answer;
  return {
    ...answer,
    text: `${answer.text}\nThe segment of ${object} is ${segment}; members sync at their next change.`,
  };
}

async function clearSegment(cli: Cli, object: string, options: FileOption & { yes?: true }): Promise<Answer> {
  const file = readSettingsFile(cli, options);
  const { readable } = parseSettings(file.text);
  if (readable?.objects[object]?.segments.include.length === 0) {
    throw new UsageError(`${options.file} includes no segment for ${object}: every record may sync.`);
  }
  const apply = chosenIn(cli, file, options, object, undefined);
  const change = await previewed(cli, object, []);
  const question = `Every record of ${object} may sync then. ${changeInWords(change)}`;
  if (!(await consents(cli, question, options.yes))) return { json: { applied: false }, text: 'Nothing was changed.' };
  const answer = await apply();
  if (answer.status !== undefined) return answer;
  return { ...answer, text: `${answer.text}\n${object} has no segment; each record syncs at its next change.` };
}

/** What the choice changes; the reason where that can't be told before the settings run. */
async function previewed(cli: Cli, object: string, include: readonly string[]): Promise<SegmentChange | string> {
  try {
    return await waitingFor(cli.io, 'Counting members', () => cli.services.api().previewChoice(object, include));
  } catch (error) {
    // What is wrong with the choice itself is told when it is applied, with its place in the file.
    if (error instanceof ApiError && error.status !== undefined && error.status < 500) return error.message;
    throw error;
  }
}

function changeInWords(change: SegmentChange | string): string {
  if (typeof change === 'string') return `Members were not counted: ${change}`;
  const { all, before, after, added, removed, unknown } = change;
  if (added === null || removed === null || before === null || after === null) {
    return `HubSpot does not tell now who is added or removed: unknown for up to ${records(unknown)}.`;
  }
  const changes = `${figure(added)} added, ${figure(removed)} removed, ${figure(unknown)} unknown`;
  return `Of ${records(all)}, ${figure(before)} may sync now and ${figure(after)} then: ${changes}.`;
}

/**
 * Applies the settings file's text with another choice. The file is written only when that runs, so that it never holds a
 * choice that was refused; throws a `UsageError` where it can't be written.
 */
function chosenIn(
  cli: Cli,
  { path, text }: SettingsFile,
  { file }: FileOption,
  object: string,
  segment: string | undefined,
): () => Promise<Answer> {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `${path} can't be written (${codeOf(error) ?? 'unknown'}), and a chosen segment is kept there.`,
    );
  }
  const edited = chooseSegment(text, object, segment);
  return async () => {
    const answer = await applyText(cli, edited, file);
    if (answer.status === undefined) writeFileSync(path, edited);
    return answer;
  };
}
