import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { dataDirOf } from './environment.ts';

const stackFile = z.object({ pid: z.int(), variables: z.record(z.string(), z.string()) });

const fileOf = (dataDir: string): string => path.join(dataDir, 'stack.json');

/**
 * Notes in the data folder how commands reach the local stack of this process; they need no environment then. Answers
 * how to take it back.
 */
export function noteStackVariables(dataDir: string, variables: Readonly<Record<string, string>>): () => void {
  const file = fileOf(dataDir);
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, variables }, undefined, 2)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Says where the local stack's own server is found, and leads commands to none. */
const leadsNowhere = 'TEMPORAL_CLI_PATH';

/**
 * The environment with what leads to the local stack of its data folder, while that runs. What is set stays; a group
 * (`HUBSPOT_…`) of which anything is set stays whole, so that two systems are never mixed.
 */
export function withStackVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = runningStack(dataDirOf(env));
  const groupOf = (name: string) => name.slice(0, name.indexOf('_'));
  const isSet = (name: string) => env[name] !== undefined && env[name] !== '';
  const taken = new Set(
    Object.keys(env)
      .filter((name) => groupOf(name) !== 'TANDEM' && name !== leadsNowhere && isSet(name))
      .map(groupOf),
  );
  const added = Object.entries(variables).filter(([name]) => !isSet(name) && !taken.has(groupOf(name)));
  return { ...env, ...Object.fromEntries(added) };
}

function runningStack(dataDir: string): Readonly<Record<string, string>> {
  try {
    const { pid, variables } = stackFile.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    process.kill(pid, 0); // throws where that process is gone
    return variables;
  } catch {
    return {};
  }
}
