import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../workers/caught.ts';
import { onShutdown } from '../../workers/shutdown.ts';
import { openBrowser } from './chromium.ts';
import type { DevTools } from './dev-tools.ts';
import { playScene, type Scene, type ShownWorkflow } from './scene.ts';

/**
 * Makes the pictures of the docs anew (`npm run pictures`): plays some situations on a local stack and photographs the
 * Temporal UI, and the page of a sandbox, with a headless Chromium.
 */
const width = 1_700;

/** The columns of both lists, and the views folded away. */
function arranged(namespace: string): Readonly<Record<string, unknown>> {
  const columns = (...labels: string[]) => ({ [namespace]: labels.map((label) => ({ label })) });
  const ours = ['SyncObject', 'SyncOutcome', 'SyncReason', 'SegmentId', 'HubSpotId', 'SalesforceId'];
  return {
    'namespace-workflow-table-columns': columns('Status', 'Workflow ID', ...ours),
    'namespace-schedules-table-columns': columns(
      'Status',
      'Schedule ID',
      'Workflow Type',
      'Recent Runs',
      'Upcoming Runs',
    ),
    savedQueryNavOpen: false,
  };
}

interface Picture {
  readonly name: string;
  readonly url: string;
  readonly height: number;
  /** Texts by which the page is known to be complete. */
  readonly shows: readonly string[];
}

const pageOf = ({ workflowId, runId }: ShownWorkflow): string =>
  `workflows/${encodeURIComponent(workflowId)}/${runId}/user-metadata`;

function picturesOf({ waiting, importing, uiUrl, namespace, sandboxUrl }: Scene): readonly Picture[] {
  const ui = (page: string): string => `${uiUrl}/namespaces/${namespace}/${page}`;
  return [
    { name: 'workflows', url: ui('workflows'), height: 800, shows: ['SyncOutcome', 'failed', 'waiting'] },
    { name: 'waiting-record', url: ui(pageOf(waiting)), height: 760, shows: ['Current Details'] },
    { name: 'import', url: ui(pageOf(importing)), height: 760, shows: ['Current Details'] },
    { name: 'schedules', url: ui('schedules'), height: 640, shows: ['members-nightly', 'compare'] },
    { name: 'sandbox', url: `${sandboxUrl}#segments`, height: 760, shows: ['New segment', 'GET'] },
  ];
}

async function take(devTools: DevTools, { name, url, height, shows }: Picture): Promise<void> {
  await devTools.call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await devTools.call('Page.navigate', { url });
  await devTools.untilShown(shows);
  const png = await devTools.screenshot();
  const file = path.join(import.meta.dirname, `${name}.png`);
  await writeFile(file, png);
  console.log(`${path.relative(process.cwd(), file)}  ${Math.ceil(png.length / 1_000)} kB`);
}

async function make(signal: AbortSignal): Promise<void> {
  const browser = await openBrowser({ width, height: 900 });
  try {
    const scene = await playScene(signal);
    try {
      const { devTools } = browser;
      await devTools.call('Page.enable');
      await devTools.call('Emulation.setTimezoneOverride', { timezoneId: 'UTC' });
      // The UI keeps there what its users have arranged, and finds it when it starts.
      const source = Object.entries(arranged(scene.namespace))
        .map(
          ([key, value]) => `localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(JSON.stringify(value))});`,
        )
        .join('\n');
      await devTools.call('Page.addScriptToEvaluateOnNewDocument', { source });
      for (const picture of picturesOf(scene)) await take(devTools, picture);
    } finally {
      await scene.stop();
    }
  } finally {
    await browser.close();
  }
}

const { signal, release } = onShutdown();
try {
  await make(signal);
} catch (error) {
  if (!signal.aborted) console.error(messageOf(error));
  process.exitCode = signal.aborted ? 130 : 1;
}
release();
