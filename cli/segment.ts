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
import { inWords, records } from './segment-words.ts';
import { type FileOption, readSettingsFile, withFile } from './settings-file.ts';
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
    const rows = segments.map(({ id, name, active, processingStatus, chosen, size }) => [
      id,
      name,
      active ? 'active' : 'static',
      processingStatus.toLowerCase(),
      size === null ? '' : size.toLocaleString('en'),
      chosen ? 'chosen' : '',
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
}

async function useSegment(cli: Cli, object: string, segment: string, options: FileOption): Promise<Answer> {
  const edit = editable(cli, options, object, segment);
  const change = await previewed(cli, object, [segment]);
  cli.io.err(changeInWords(change));
  const answer = await edit();
  if (answer.status !== undefined) return answer;
  return {
    ...answer,
    text: `${answer.text}\nThe segment of ${object} is ${segment}; members sync at their next change.`,
  };
}

async function clearSegment(cli: Cli, object: string, options: FileOption & { yes?: true }): Promise<Answer> {
  const { readable } = parseSettings(readSettingsFile(cli, options).text);
  if (readable?.objects[object]?.segments.include.length === 0) {
    throw new UsageError(`${options.file} includes no segment for ${object}: every record may sync.`);
  }
  const edit = editable(cli, options, object, undefined);
  const change = await previewed(cli, object, []);
  const question = `Every record of ${object} may sync then. ${changeInWords(change)}`;
  if (!(await consents(cli, question, options.yes))) return { json: { applied: false }, text: 'Nothing was changed.' };
  const answer = await edit();
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
  return `Of ${records(all)}, ${before.toLocaleString('en')} may sync now and ${after.toLocaleString('en')} then: ${added.toLocaleString('en')} added, ${removed.toLocaleString('en')} removed, ${unknown} unknown.`;
}

/** Edits the settings file by one choice. It is written only when the edited text runs, so that it never holds one that was refused. */
function editable(cli: Cli, options: FileOption, object: string, segment: string | undefined): () => Promise<Answer> {
  const { path: file, text } = readSettingsFile(cli, options);
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `${file} can't be written (${codeOf(error) ?? 'unknown'}), and a chosen segment is kept there.`,
    );
  }
  const edited = chooseSegment(text, object, segment);
  return async () => {
    const answer = await applyText(cli, edited, options.file);
    if (answer.status === undefined) writeFileSync(file, edited);
    return answer;
  };
}
