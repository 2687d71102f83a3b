import { accessSync, constants, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { codeOf } from '../workers/caught.ts';
import { applyText } from './apply.ts';
import { type Answer, answering, type Cli, UsageError, withExample } from './command.ts';
import { chooseSegment } from './edit-settings.ts';
import { type FileOption, readSettingsFile, withFile } from './settings-file.ts';
import { table } from './table.ts';

/** `tandem segment …` */
export function addSegment(program: Command, cli: Cli): void {
  const segment = program.command('segment').description('list segments, and choose the one whose members may sync');

  const list = segment.command('list <object>').description("show the segments of an object's HubSpot type");
  withExample(list, 'tandem segment list contacts');
  answering(cli, list, async (object: string) => {
    const segments = await cli.services.api().segments(object);
    const rows = segments.map(({ id, name, active, processingStatus, chosen }) => [
      id,
      name,
      active ? 'active' : 'static',
      processingStatus.toLowerCase(),
      chosen ? 'chosen' : '',
    ]);
    const text =
      segments.length === 0
        ? `HubSpot has no segment for ${object}.`
        : table(['id', 'name', 'kind', 'status', ''], rows, cli.io.columns);
    return { json: { segments }, text };
  });

  const use = withFile(segment.command('use <object> <segment>'))
    .description(
      'choose the segment, by id or exact name, whose members may sync: edits the settings file and applies it',
    )
    .addHelpText('after', '\nChoosing a segment syncs nobody: members sync at their next change.');
  withExample(use, 'tandem segment use contacts 42', 'tandem segment use contacts "Customers and prospects"');
  answering(cli, use, (object: string, name: string, options: FileOption) => useSegment(cli, object, name, options));
}

/** The file is written only when the edited text runs, so that it never holds a choice that was refused. */
async function useSegment(cli: Cli, object: string, segment: string, options: FileOption): Promise<Answer> {
  const { path, text } = readSettingsFile(cli, options);
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `${path} can't be written (${codeOf(error) ?? 'unknown'}), and a chosen segment is kept there.`,
    );
  }
  const edited = chooseSegment(text, object, segment);
  const answer = await applyText(cli, edited, options.file);
  if (answer.status !== undefined) return answer;
  writeFileSync(path, edited);
  return {
    ...answer,
    text: `${answer.text}\nThe segment of ${object} is ${segment}; members sync at their next change.`,
  };
}
