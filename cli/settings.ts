import type { Command } from 'commander';
import { parseSettings } from '../core/settings/parse.ts';
import { applyText } from './apply.ts';
import { answering, type Cli, withExample } from './command.ts';
import { type FileOption, readSettingsFile, refused, summary, withFile } from './settings-file.ts';

/** `tandem settings …` */
export function addSettings(program: Command, cli: Cli): void {
  const settings = program.command('settings').description('check, apply and show the settings');

  const check = withFile(settings.command('check')).description(
    'list all that is wrong with a file, without asking any system',
  );
  withExample(check, 'tandem settings check --file tandem.yaml');
  answering(cli, check, async (options: FileOption) => {
    const parsed = parseSettings(readSettingsFile(cli, options).text);
    if (!parsed.settings) return refused(cli, parsed.problems, options.file);
    const text = `${options.file} is well formed: ${summary(parsed)}. Whether both systems agree, \`tandem settings apply\` asks.`;
    return { json: { problems: [] }, text };
  });

  const apply = withFile(settings.command('apply')).description(
    'make a file the running version, once both systems agree with it',
  );
  withExample(apply, 'tandem settings apply', 'tandem settings apply --file tandem.yaml --json');
  answering(cli, apply, async (options: FileOption) =>
    applyText(cli, readSettingsFile(cli, options).text, options.file),
  );

  const show = settings.command('show').description('print the version that runs');
  withExample(show, 'tandem settings show > running.yaml');
  answering(cli, show, async () => {
    const running = await cli.services.api().settings();
    if (!running)
      return { json: null, text: 'No settings run yet: apply some with `tandem settings apply`.', status: 1 };
    const { version, activatedAt, yaml } = running;
    return { json: running, text: `# version ${version}, since ${activatedAt}\n${yaml.trimEnd()}` };
  });
}
