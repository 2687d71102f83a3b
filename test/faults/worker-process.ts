import { once } from 'node:events';
import { startServe } from '../../workers/serve.ts';
import { onShutdown } from '../../workers/shutdown.ts';
import type { Timing } from '../../workflows/messages.ts';

/** What a test gives `tandem serve` beside the environment. */
export interface WorkerProcessOptions {
  /** Left out: worker and service. */
  readonly role?: 'worker' | 'service';
  readonly timing: Timing;
  readonly requestTimeoutMs: number;
  readonly workflowBundle: { readonly codePath: string };
}

/**
 * A process of its own that serves one installation: `node worker-process.ts {options as JSON}`. It says where it
 * answers, and `ended` when it was asked to stop and has.
 */
const options = JSON.parse(process.argv[2] ?? '') as WorkerProcessOptions;
const { signal, release } = onShutdown();
const { addresses, failed, stop } = await startServe({ env: process.env, ...options });
console.log(`answers on ${addresses['Tandem'] ?? addresses['Health']}`);
const failure = await Promise.race([once(signal, 'abort').then(() => undefined), ...(failed ? [failed] : [])]);
await stop();
release();
if (failure) throw failure;
console.log('ended');
