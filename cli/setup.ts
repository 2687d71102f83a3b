import type { Command } from 'commander';
import { parseSettings } from '../core/settings/parse.ts';
import { keyLabels, type SetUpReport, setUp } from '../workers/set-up.ts';
import { answering, type Cli, withExample } from './command.ts';
import { type FileOption, readSettingsFile, refused, withFile } from './settings-file.ts';
import { table } from './table.ts';

/** `tandem setup` */
export function addSetup(program: Command, cli: Cli): void {
  const setup = withFile(program.command('setup')).description(
    "make the property in HubSpot that carries Salesforce's id, and say how to make its counterpart in Salesforce",
  );
  withExample(setup, 'tandem setup --file tandem.yaml');
  answering(cli, setup, async (options: FileOption) => {
    const { settings, problems } = parseSettings(readSettingsFile(cli, options).text);
    if (!settings) return refused(cli, problems, options.file);
    const report = await setUp(await cli.services.systems(), settings);
    const isDone = report.salesforce.every(({ result }) => result === 'present');
    return { json: report, text: describe(report, cli.io.columns), status: isDone ? 0 : 1 };
  });
}

function describe(report: SetUpReport, columns: number | undefined): string {
  const rows = [
    ...report.hubspot.map(({ type, property, result }) => ['HubSpot', type, property, result]),
    ...report.salesforce.map(({ type, field, result }) => ['Salesforce', type, field, result]),
  ];
  const todo = report.salesforce.filter(({ result }) => result !== 'present');
  return [
    table(['system', 'type', 'field', ''], rows, columns),
    ...todo.map(({ type, field, result }) => clicks(type, field, result === 'wrong')),
    todo.length === 0 ? 'Both id fields are there.' : 'When that is done, run `tandem setup` again.',
  ].join('\n\n');
}

/** What a Salesforce admin does, as Setup names it. */
function clicks(type: string, field: string, exists: boolean): string {
  const name = field.replace(/__c$/i, '');
  return [
    exists
      ? `${type}.${field} exists, but is no unique external id in text that the integration user may write. In Salesforce, delete it or choose another name for keys.salesforce; then:`
      : `In Salesforce, an admin makes ${type}.${field}:`,
    `  1. Setup, Object Manager, ${type}, Fields & Relationships, New.`,
    '  2. Data type Text, Next.',
    `  3. Field Label "${keyLabels.salesforce}", Length 32, Field Name ${name}.`,
    '  4. Tick Unique (treat "ABC" and "abc" as duplicate values) and External ID, Next.',
    "  5. Make it visible and not read-only for the integration user's profile, Next, Save.",
  ].join('\n');
}
