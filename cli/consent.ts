import { type Cli, UsageError } from './command.ts';

/**
 * Whether to go on with what `counts` tells of: yes with `--yes`, else a person is asked. Where nobody can answer it
 * throws a `UsageError`.
 */
export async function consents(cli: Cli, counts: string, isAgreed: boolean | undefined): Promise<boolean> {
  const { io } = cli;
  if (isAgreed) return true;
  io.err(counts);
  if (io.confirm) return await io.confirm('Go on?');
  throw new UsageError('Nothing was done: where nobody can be asked, --yes says that you agree.');
}
