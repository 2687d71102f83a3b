import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dataDirOf } from '../environment.ts';
import { clearOrphan } from '../pid-file.ts';
import { freePorts, isPortFree } from '../ports.ts';
import { tryLock } from '../process-lock.ts';
import { StartError } from '../start-error.ts';
import { demoSettings } from './settings.ts';

/** Where a demo runs: apart from any other Tandem on this machine. */
export interface Place {
  /** Its data folder, inside that of the environment. */
  readonly dataDir: string;
  /** The settings of the story, for whoever wants to change and apply them. */
  readonly settingsFile: string;
  /** The environment without anything that is meant for another Tandem. */
  readonly env: NodeJS.ProcessEnv;
  readonly installation: string;
  /** What the demo's Tandem runs with. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Gets the place ready. Throws a `StartError` where a demo runs there already. */
export async function makePlace(outer: NodeJS.ProcessEnv): Promise<Place> {
  const dataDir = path.join(dataDirOf(outer), 'demo');
  await emptyFolder(dataDir);
  const settingsFile = path.join(dataDir, 'tandem.yaml');
  await writeFile(settingsFile, demoSettings);
  const env = Object.fromEntries(
    Object.entries(outer).filter(([name]) => !/^(TANDEM_|HUBSPOT_|SALESFORCE_|DATABASE_URL)/.test(name)),
  );
  const [free] = (await isPortFree(4000)) ? [4000] : await freePorts(1);
  // On a Temporal that outlives it, each demo has workflows of its own.
  const installation = env['TEMPORAL_ADDRESS'] ? `demo-${randomBytes(3).toString('hex')}` : 'demo';
  const variables = {
    TANDEM_DATA_DIR: dataDir,
    TANDEM_URL: `http://127.0.0.1:${free}`,
    TANDEM_INSTALLATION: installation,
    TANDEM_LOG_LEVEL: outer['TANDEM_LOG_LEVEL'] || 'warn',
  };
  return { dataDir, settingsFile, env, installation, variables };
}

/** Ends a Temporal server that a killed demo left in the folder, then empties it. */
async function emptyFolder(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const lock = tryLock(path.join(dataDir, 'stack.lock'));
  if (!lock) throw new StartError(`A demo runs on ${dataDir} already: stop it, or name another TANDEM_DATA_DIR.`);
  try {
    await clearOrphan(path.join(dataDir, 'temporal', 'temporal.pid.json'));
    for (const name of await readdir(dataDir)) {
      if (!name.startsWith('stack.lock')) await rm(path.join(dataDir, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}
