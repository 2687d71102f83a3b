import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { ParsedSettings } from '../core/settings/parse.ts';
import type { Problem } from '../core/settings/problem.ts';
import { codeOf } from '../workers/caught.ts';
import { type Answer, type Cli, UsageError } from './command.ts';
import { table } from './table.ts';

export interface FileOption {
  readonly file: string;
}

export interface SettingsFile {
  readonly path: string;
  readonly text: string;
}

/** Gives a command its `--file`. */
export const withFile = (command: Command): Command =>
  command.option('-f, --file <path>', 'the settings file', 'tandem.yaml');

/** Path and text of the settings file. Throws a `UsageError` where it can't be read. */
export function readSettingsFile(cli: Cli, { file }: FileOption): SettingsFile {
  const where = path.resolve(cli.io.cwd, file);
  try {
    return { path: where, text: readFileSync(where, 'utf8') };
  } catch (error) {
    const hint = 'docs/settings.md shows how to write one, and --file names another';
    throw new UsageError(`${where} can't be read (${codeOf(error) ?? 'unknown'}): ${hint}.`);
  }
}

/** The answer of a command that finds settings wrong: every problem, and status 2. */
export function refused(cli: Cli, problems: readonly Problem[], file: string): Answer {
  const rows = problems.map(({ line, path, found, expected }) => [line, path || file, found, expected]);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return {
    json: { problems },
    text: `${table(['line', 'where', 'found', 'expected'], rows, cli.io.columns)}\n\n${count}.`,
    status: 2,
  };
}

/** One line on what settings hold. */
export function summary({ readable }: ParsedSettings): string {
  const objects = Object.values(readable?.objects ?? {});
  return objects
    .map(({ name, fields }) => `${name} (${fields.length === 1 ? '1 field' : `${fields.length} fields`})`)
    .join(', ');
}
