import { runProgram, type ScriptProcess } from './child.ts';

/** How a test starts the `tandem` command: the program with its first arguments, where, and with which environment. */
export interface Tandem {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a command that has ended came to. */
export interface Ended {
  readonly status: number | string;
  readonly out: string;
  /** Both outputs. */
  readonly said: string;
}

/** Runs `tandem …` to its end. */
export async function runTandem(tandem: Tandem, ...argv: string[]): Promise<Ended> {
  const { ended, answers, output } = start(tandem, argv);
  const status = await ended;
  return { status, out: answers.text, said: output.text };
}

/** Runs `tandem …`; throws what it said unless it ends with 0. */
export async function mustTandem(tandem: Tandem, ...argv: string[]): Promise<Ended> {
  const result = await runTandem(tandem, ...argv);
  if (result.status !== 0) throw new Error(`tandem ${argv.join(' ')} ended with ${result.status}:\n${result.said}`);
  return result;
}

/** A command that runs until it is stopped, and says as JSON where it answers. */
export interface Serving extends ScriptProcess {
  readonly addresses: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts `tandem … --json`, a command that runs until it is stopped, and returns when it says where it answers. */
export async function serveTandem(tandem: Tandem, ...argv: string[]): Promise<Serving> {
  const process = start({ ...tandem, env: { TANDEM_LOG_LEVEL: 'error', ...tandem.env } }, [...argv, '--json']);
  await Promise.race([process.answers.shows('\n}\n'), endedEarly(process, argv)]);
  return { ...process, ...(JSON.parse(process.answers.text) as Pick<Serving, 'addresses' | 'env'>) };
}

const start = ({ program, args, cwd, env }: Tandem, argv: readonly string[]): ScriptProcess =>
  runProgram(program, [...args, ...argv], { cwd, env });

async function endedEarly({ ended, output }: ScriptProcess, argv: readonly string[]): Promise<never> {
  const status = await ended;
  throw new Error(`tandem ${argv.join(' ')} ended with ${status} before it answered:\n${output.text}`);
}
