import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { codeOf } from '../caught.ts';

const oldestServer = { major: 1, minor: 29 };

/** Why a file can't serve as the Temporal CLI, for people; undefined when it can. Runs `temporal --version`. */
export async function cliProblem(file: string): Promise<string | undefined> {
  let said: string;
  try {
    said = (await promisify(execFile)(file, ['--version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    return `does not run (${codeOf(error) ?? 'no answer'})`;
  }
  const server = /Server (\d+)\.(\d+)/.exec(said);
  if (!server) return 'is not the Temporal CLI';
  const [major, minor] = [Number(server[1]), Number(server[2])];
  if (major > oldestServer.major || (major === oldestServer.major && minor >= oldestServer.minor)) return undefined;
  return `holds server ${major}.${minor} and Tandem needs ${oldestServer.major}.${oldestServer.minor} or newer`;
}
