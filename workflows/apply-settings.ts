import { CancellationScope, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { finishes, isAlive } from './activity-options.ts';
import type { ApplySettingsInput, ApplySettingsResult } from './messages.ts';

/** A row of a markdown table: a bar or a new line would end the cell or the row. */
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;

/**
 * Makes a stored draft the running settings: checks it against both systems, activates it, then starts and ends the
 * watches and polls that it asks for. A draft with a problem changes nothing.
 */
export async function applySettings(input: ApplySettingsInput): Promise<ApplySettingsResult> {
  const { activateSettings, arrangeWorkflows } = proxyActivities<Activities>({
    ...finishes,
    ...isAlive,
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
  const result = await activateSettings(input);
  if (!result.applied) {
    setCurrentDetails(
      [
        `Draft ${input.draft} was refused; nothing changed.`,
        '',
        '| where | found | expected |',
        '|---|---|---|',
        ...result.problems.map(({ path, found, expected }) => row(`\`${path}\``, found, expected)),
      ].join('\n'),
    );
    return result;
  }
  setCurrentDetails(`Draft ${input.draft} runs as version ${result.version}.`);
  // What runs has what it needs, even where the workflow was cancelled meanwhile.
  await CancellationScope.nonCancellable(() => arrangeWorkflows({ version: result.version }));
  return result;
}
