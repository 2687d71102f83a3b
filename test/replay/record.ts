// Records the histories that the replay test plays: those that are missing, or those that are named. A history that
// exists stands for workflows which run in some installation; name it only when none of those may run any longer.
import process from 'node:process';
import globalSetup from '../support/global-setup.ts';
import globalTeardown from '../support/global-teardown.ts';
import { recordedHistories, storeHistory } from './histories.ts';
import { stories } from './stories.ts';

await globalSetup();
// Not before: the stage finds the server by the environment that the setup leaves behind.
const { openStage } = await import('../workflows/stage.ts');
const stage = await openStage();
try {
  const known = new Set((await recordedHistories()).map(({ name }) => name));
  const named = process.argv.slice(2);
  const names = named.length > 0 ? named : Object.keys(stories).filter((name) => !known.has(name));
  for (const name of names) {
    const story = stories[name];
    if (!story) throw new Error(`There is no story "${name}"; there are: ${Object.keys(stories).join(', ')}.`);
    const handle = await story(stage);
    await storeHistory(name, await handle.fetchHistory());
    process.stdout.write(`${name}\n`);
  }
  const left = await stage.left();
  if (left.length > 0) throw new Error(`Not played to the end: ${left.join('; ')}`);
} finally {
  await stage.close();
  await globalTeardown();
}
