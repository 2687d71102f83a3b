import { withLines } from '../core/settings/lines.ts';
import { parseSettings } from '../core/settings/parse.ts';
import type { Answer, Cli } from './command.ts';
import { waitingFor } from './io.ts';
import { refused, summary } from './settings-file.ts';

/** Makes a settings text the running version; with any problem nothing changes and the answer lists all of them. */
export async function applyText(cli: Cli, text: string, file: string): Promise<Answer> {
  const parsed = parseSettings(text);
  if (!parsed.readable) return refused(cli, parsed.problems, file);
  const result = await waitingFor(cli.io, 'Asking both systems', () =>
    cli.services.withTandem((tandem) => tandem.applySettings(text)),
  );
  if (!result.applied) {
    const answer = refused(cli, withLines(text, result.problems), file);
    return { ...answer, text: `${answer.text} Nothing was changed.` };
  }
  return { json: result, text: `Version ${result.version} of the settings runs: ${summary(parsed)}.` };
}
