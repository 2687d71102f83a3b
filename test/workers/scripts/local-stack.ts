import { startLocalStack } from '../../../workers/local-stack.ts';
import { onShutdown } from '../../../workers/shutdown.ts';

// Runs a local stack of Temporal alone on the data folder of its argument, until it is asked to stop.
const [, , dataDir = ''] = process.argv;
const { signal } = onShutdown();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const stack = await startLocalStack({ env: process.env, dataDir, parts: [], say, terminal: process.stderr, signal });
say('up');
await stack.ended;
say('stopped');
process.exit();
