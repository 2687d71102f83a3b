import { readEnvironment } from './environment.ts';
import { startLocalStack } from './local-stack.ts';
import type { RunningPart } from './parts.ts';
import { isPortFree } from './ports.ts';
import { type Terminal, withProgress } from './progress.ts';
import { type SandboxesOptions, startSandboxes } from './sandboxes.ts';
import { startServe } from './serve.ts';
import { noteStackVariables } from './stack-variables.ts';

export interface DevOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly sandboxes: SandboxesOptions;
  /** Left out: Temporal's usual ports, or free ones where those are taken. */
  readonly ports?: { readonly temporal: number | undefined; readonly temporalUi: number | undefined };
  /** Variables that Tandem runs with here, whatever the environment says; commands find them too. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Temporal's own ports, where its users look for it. */
const usual = { temporal: 7233, temporalUi: 8233 };

/**
 * Starts the local stack with both sandboxes and `serve` on it. Credentials of real systems in the environment are left
 * aside: what is tried here never reaches them. Commands find the stack by the data folder.
 */
export async function startDev(given: DevOptions): Promise<RunningPart> {
  const { env, sandboxes, ports, variables: own, ...options } = given;
  const outer = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HUBSPOT|SALESFORCE)_/.test(name)));
  const local = { ...outer, ...own };
  const { dataDir } = readEnvironment(local);
  const temporal = ports?.temporal ?? (await ifFree(usual.temporal));
  const temporalUi = ports?.temporalUi ?? (await ifFree(usual.temporalUi));
  const stack = await startLocalStack({
    ...options,
    env: local,
    dataDir,
    ports: { ...(temporal && { temporal }), ...(temporalUi && { temporalUi }) },
    parts: [
      { name: 'Sandboxes', start: () => startSandboxes(sandboxes) },
      {
        name: 'Tandem',
        start: (stackEnv) =>
          withProgress({ terminal: given.terminal }, 'Starting Tandem', () => startServe({ env: stackEnv })),
      },
    ],
  });
  const variables = Object.fromEntries(
    Object.entries(stack.env).flatMap(([name, value]) =>
      value !== undefined && value !== outer[name] ? [[name, value] as const] : [],
    ),
  );
  const forget = noteStackVariables(dataDir, variables);
  return {
    addresses: stack.temporalUiUrl ? { 'Temporal UI': stack.temporalUiUrl } : {},
    env: variables,
    failed: failureOf(stack.ended),
    stop: async () => {
      forget();
      await stack.stop();
    },
  };
}

const ifFree = async (port: number): Promise<number | undefined> => ((await isPortFree(port)) ? port : undefined);

/** Never resolves where the stack was stopped: that is no failure. */
const failureOf = (ended: Promise<void>): Promise<Error> =>
  new Promise((resolve) => {
    ended.catch((error: unknown) => resolve(error instanceof Error ? error : new Error(String(error))));
  });
